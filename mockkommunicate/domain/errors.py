"""Everything that can go wrong, and the words it is answered with.

    EmulatorError
    ├── ApiError                what the emulated API answers in its error envelope
    │   ├── ApplicationError    Kommunicate's own refusals: HTTP 200, attested codes only
    │   │   ├── UserNotFound            AL-U-01
    │   │   ├── ConversationNotFound    AL-G-01
    │   │   ├── ConversationExists      AL-G-02
    │   │   └── UnauthorizedUser        AL-UN-01
    │   ├── MethodNotAllowed    AL-MA-01, HTTP 405
    │   ├── MaliciousContent    MALICIOUS_CONTENT, flat, HTTP 200
    │   ├── BadBody             MOCK-BODY, HTTP 400 or 413
    │   ├── BadParameters       MOCK-PARAM, HTTP 400, every problem at once
    │   ├── UnknownRoute        MOCK-ROUTE, HTTP 404
    │   ├── NotEmulated         MOCK-ROUTE, HTTP 501
    │   ├── FileRefused         MOCK-FILE, HTTP 403, 404 or 413
    │   ├── TooManyApps         MOCK-APPS, HTTP 503
    │   ├── StoreUnavailable    MOCK-STORE, HTTP 503
    │   └── OwnFault            MOCK-INTERNAL, HTTP 500: a bug of ours
    ├── GatewayRefusal          what the key-checking gateway in front of Kommunicate answers
    │   ├── KeyMissing
    │   ├── KeyRepeated
    │   └── KeyUnknown
    ├── ControlError            what our own control API answers
    └── StartError              why the emulator cannot start
        └── ScenarioError       a faulty scenario, with its file and position

Codes that begin with ``AL-`` are attested by Kommunicate's documentation or clients; what we had to invent begins with ``MOCK-``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


class EmulatorError(Exception):
    """The root of the tree."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one parameter of a request: `where` is body, query or header."""

    where: str
    name: str
    message: str

    def __str__(self) -> str:
        return f"{self.where} {self.name!r}: {self.message}" if self.name else f"{self.where}: {self.message}"


class ApiError(EmulatorError):
    """An error that the emulated API answers in its envelope."""

    code: ClassVar[str]
    http_status: int = 400

    def __init__(self, description: str, display_message: str = "unable to process") -> None:
        super().__init__(description)
        self.description = description
        self.display_message = display_message


class ApplicationError(ApiError):
    """A refusal of Kommunicate itself, which comes with HTTP 200 (deduced from five official clients)."""

    http_status = 200


class UserNotFound(ApplicationError):
    """No such user, or an assignee who is neither agent nor bot (documented: "Wrong agent id")."""

    code = "AL-U-01"

    def __init__(self) -> None:
        super().__init__("user not found")


class ConversationNotFound(ApplicationError):
    """No such conversation (documented: "Wrong conversation id")."""

    code = "AL-G-01"

    def __init__(self) -> None:
        super().__init__("group not found")


class ConversationExists(ApplicationError):
    """The clientGroupId is used already (observed in official clients' captures)."""

    code = "AL-G-02"

    def __init__(self) -> None:
        super().__init__("group already exists")


class UnauthorizedUser(ApplicationError):
    """The user may not be changed so (documented for group rights, inferred for agents in user/update)."""

    code = "AL-UN-01"

    def __init__(self) -> None:
        super().__init__("unauthorized user", "Unable to process")


class MethodNotAllowed(ApiError):
    """A known path with another method (observed body; the HTTP status is inferred)."""

    code = "AL-MA-01"
    http_status = 405

    def __init__(self, method: str) -> None:
        super().__init__("method not allowed", f"Request method '{method}' not supported")


class MaliciousContent(ApiError):
    """A file in which a virus was found (observed: a flat object; the HTTP status is inferred)."""

    code = "MALICIOUS_CONTENT"
    http_status = 200

    def __init__(self) -> None:
        super().__init__("the file is malicious, and was not stored")


class BadBody(ApiError):
    """A body that cannot be read as a JSON object."""

    code = "MOCK-BODY"

    def __init__(self, description: str, *, http_status: int = 400) -> None:
        super().__init__(description)
        self.http_status = http_status


class BadParameters(ApiError):
    """Parameters that are missing or wrong, all of them at once."""

    code = "MOCK-PARAM"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = list(problems)


class UnknownRoute(ApiError):
    """A path that Kommunicate is not known to have."""

    code = "MOCK-ROUTE"
    http_status = 404

    def __init__(self, path: str, nearest: str | None) -> None:
        hint = f"; the nearest known route is {nearest}" if nearest else ""
        super().__init__(f"no such route: {path}{hint}")


class NotEmulated(ApiError):
    """A path that Kommunicate is known to have and that we do not emulate."""

    code = "MOCK-ROUTE"
    http_status = 501

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} exists in Kommunicate and is not emulated here")


class FileRefused(ApiError):
    """A file that the app does not have or take, or a link that does not open it: HTTP 404, 413 or 403."""

    code = "MOCK-FILE"

    def __init__(self, description: str, *, http_status: int) -> None:
        super().__init__(description)
        self.http_status = http_status


class TooManyApps(ApiError):
    """The bound on the number of apps is reached."""

    code = "MOCK-APPS"
    http_status = 503

    def __init__(self, limit: int) -> None:
        super().__init__(f"there are {limit} apps already (--max-apps); delete some or raise the bound")


class StoreUnavailable(ApiError):
    """The database is locked, full or gone; nothing was written."""

    code = "MOCK-STORE"
    http_status = 503

    def __init__(self, reason: str) -> None:
        super().__init__(f"the database did not answer, nothing was written: {reason}")


class OwnFault(ApiError):
    """A bug of the emulator, which is in its log with a traceback."""

    code = "MOCK-INTERNAL"
    http_status = 500

    def __init__(self) -> None:
        super().__init__("the emulator failed; its log says where. Please report it")


class GatewayRefusal(EmulatorError):
    """What the gateway in front of Kommunicate answers: a bare object, HTTP 401 (inferred from Kong's documentation)."""

    message: ClassVar[str]


class KeyMissing(GatewayRefusal):
    """A request without an API key."""

    message = "No API key found in request"


class KeyRepeated(GatewayRefusal):
    """A request with several API keys in one place."""

    message = "Duplicate API key found"


class KeyUnknown(GatewayRefusal):
    """A request with a key that belongs to no app."""

    message = "Invalid authentication credentials"


class ControlError(EmulatorError):
    """A refusal of the control API: what was wrong, and what would be right."""

    def __init__(self, code: str, message: str, *, hint: str = "", http_status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.http_status = http_status


class StartError(EmulatorError):
    """Why the emulator cannot start, in one line."""


class ScenarioError(StartError):
    """A faulty scenario: its name or file, the position, what is wrong and what would be right."""

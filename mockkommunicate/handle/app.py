"""App: a handle on one app of a running emulator."""

from collections.abc import Mapping
from typing import Any, Literal, Unpack, overload
from urllib.parse import quote, urlencode

from mockkommunicate.handle import waiting
from mockkommunicate.handle.calls import Caller, plain
from mockkommunicate.handle.clock import Clock
from mockkommunicate.handle.deliveries import Deliveries
from mockkommunicate.handle.faults import Fault, Latency, Rule, written
from mockkommunicate.handle.people import People
from mockkommunicate.handle.results import (
    JSON,
    Conversation,
    Delivery,
    File,
    Message,
    Request,
    Requests,
    Result,
    Snapshot,
    Unread,
)
from mockkommunicate.handle.verification import VerificationFailed, counted, what_came

_ANY: Any = object()
"""What stands for an expectation that was not given: None is a JSON value."""


Expected = Mapping[str, object] | None

_KINDS: Mapping[str, type[Result]] = {
    "message": Message,
    "request": Request,
    "delivery": Delivery,
    "assignment": Conversation,
}


class App(Deliveries, People):
    """One app of a running emulator: a world of its own, reached by its API key."""

    def __init__(
        self,
        url: str,
        application_id: str,
        api_key: str,
        *,
        token: str | None = None,
        caller: Caller | None = None,
    ) -> None:
        self.url = url
        self.application_id = application_id
        self.api_key = api_key
        self._caller = caller or Caller(url, token=token)
        self.clock = Clock(self.control)
        self.forks: list[App] = []
        self._settled = 0

    def __repr__(self) -> str:
        """Show where it is, not its key."""
        return f"<App {self.application_id} at {self.url}>"

    @property
    def headers(self) -> dict[str, str]:
        """The headers that a client sends."""
        return {"Api-Key": self.api_key, "Content-Type": "application/json"}

    @property
    def seed(self) -> int:
        """What everything made up in the app follows from."""
        return int(self.control("GET", "")["seed"])

    def settings(self, changes: Mapping[str, object] | None = None) -> dict[str, Any]:
        """Answer the settings, after merging changes if there are any."""
        return self.control("PATCH" if changes else "GET", "settings", changes)

    def conversation(self, conversation_id: int) -> Conversation:
        """Answer one conversation."""
        return Conversation.of(self.control("GET", f"conversations/{conversation_id}"))

    def conversations(self, **filters: object) -> list[Conversation]:
        """List the conversations, of one `status` or `assignee` if given."""
        return [Conversation.of(entry) for entry in self._pages("conversations", filters)]

    def waiting(self, team: str | None = None) -> list[int]:
        """List the ids of the conversations that wait for an agent, of one `team` if given; the longest waiting first."""
        asked = "queue" if team is None else f"queue?team={quote(team, safe='')}"
        return [int(entry) for entry in self.control("GET", asked)["waiting"]]

    def messages(self, conversation_id: int) -> list[Message]:
        """List the messages of a conversation, the oldest first."""
        return [Message.of(entry) for entry in self._pages(f"conversations/{conversation_id}/messages", {})]

    def upload(self, name: str, content: bytes, content_type: str = "application/octet-stream") -> File:
        """Put in a file, as if a client had uploaded it; no request of it is in the journal."""
        path = self._path(f"files?{urlencode({'name': name})}")
        return File.of(self._caller.put_in(path, content, content_type))

    def files(self) -> list[File]:
        """List the uploaded files in the order of upload."""
        return [File.of(entry) for entry in self._pages("files", {})]

    def requests(self, **filters: object) -> Requests:
        """List the requests received, the oldest first; those of one `method`, `path`, `operation`, ... if given."""
        pages = list(self._caller.pages(self._path("requests"), filters))
        entries = [Request.of(entry) for page in pages for entry in page["requests"]]
        return Requests(entries, dropped=pages[-1]["dropped"])

    def request(self, request_id: int) -> Request:
        """Answer one request received."""
        return Request.of(self.control("GET", f"requests/{request_id}"))

    def ignored(self) -> list[Unread]:
        """List what was sent and no handler read."""
        return [Unread.of(entry) for entry in self._pages("requests/ignored", {})]

    def verify(
        self,
        method: object = _ANY,
        path: object = _ANY,
        *,
        operation: object = _ANY,
        query: object = _ANY,
        headers: object = _ANY,
        body: object = _ANY,
        times: int | None = None,
        at_least: int | None = None,
        at_most: int | None = None,
    ) -> int:
        """Answer how many such requests came; raise VerificationFailed unless as many as expected, at least one."""
        __tracebackhide__ = True
        expected = {"method": method, "path": path, "operation": operation}
        expected |= {"query": query, "headers": headers, "body": body}
        asked: dict[str, Any] = {"request": {name: e for name, e in expected.items() if e is not _ANY}}
        count = counted(times, at_least, at_most)
        return self._verify(asked if count is None else asked | {"times": count})

    def verify_sequence(self, *expected: Mapping[str, object]) -> None:
        """Raise VerificationFailed unless such requests came one after the other; others may lie between."""
        __tracebackhide__ = True
        self._verify({"sequence": expected})

    def fail(self, operation: str | None = None, **rule: Unpack[Rule]) -> Fault:
        """Make requests fail: of an operation, or with the `method`, `path`, ... given; see docs/pytest.md."""
        return self._fail({"operation": operation, **rule})

    def slow(self, operation: str | None = None, *, ms: Latency, **rule: Unpack[Rule]) -> Fault:
        """Make requests wait so many milliseconds before they are answered."""
        return self._fail({"operation": operation, **rule, "latency": ms})

    def faults(self) -> list[Fault]:
        """List the faults there are."""
        return [Fault(self.control, fault) for fault in self.control("GET", "faults")["faults"]]

    def snapshot(self, name: str) -> Snapshot:
        """Keep the app as it is under a name."""
        return Snapshot.of(self.control("PUT", f"snapshots/{quote(name, safe='')}"))

    def snapshots(self) -> list[Snapshot]:
        """List the snapshots."""
        return [Snapshot.of(entry) for entry in self.control("GET", "snapshots")["snapshots"]]

    def restore(self, name: str) -> None:
        """Make the app as it was when the snapshot was taken."""
        self.control("POST", f"snapshots/{quote(name, safe='')}/restore")

    def fork(self, *, snapshot: str | None = None, **wanted: object) -> "App":
        """Create an app like this one, or like a snapshot of it; `wanted` as in `create_app`."""
        origin = {"from": self.application_id} | ({} if snapshot is None else {"snapshot": snapshot})
        made = self._caller.call("POST", "/_mock/apps", {**origin, **wanted})
        fork = App(self.url, made["applicationId"], made["apiKey"], caller=self._caller)
        self.forks.append(fork)
        return fork

    def state(self) -> dict[str, Any]:
        """Export everything in the app as one document."""
        return self.control("GET", "state")

    def load_state(self, document: Mapping[str, object]) -> None:
        """Import a document in place of everything in the app."""
        self.control("PUT", "state", document)

    @overload
    def wait_for(
        self, what: Literal["message"], matching: Expected = ..., *, timeout: float = ...
    ) -> Message: ...
    @overload
    def wait_for(
        self, what: Literal["request"], matching: Expected = ..., *, timeout: float = ...
    ) -> Request: ...
    @overload
    def wait_for(
        self, what: Literal["delivery"], matching: Expected = ..., *, timeout: float = ...
    ) -> Delivery: ...
    @overload
    def wait_for(
        self, what: Literal["assignment"], matching: Expected = ..., *, timeout: float = ...
    ) -> Conversation: ...
    def wait_for(self, what: str, matching: Expected = None, *, timeout: float = 5.0) -> Result:
        """Answer the "message", "request", "delivery" or "assignment" waited for; raise TimeoutError for none."""

        def ask(seconds: float) -> dict[str, Any]:
            wanted = {"for": what, "matching": matching or {}, "timeoutMs": round(seconds * 1000)}
            return self._caller.call("POST", self._path("wait"), wanted, longer=seconds)

        answer = waiting.wait(ask, timeout)
        if not answer["met"]:
            expected = f"no {what} {matching or ''} within {timeout} s"
            raise TimeoutError(f"{expected}; {what_came(self.requests(last=5))}")
        return _KINDS.get(what, Result).of(answer["found"])

    def reset(self, **to: object) -> dict[str, Any]:
        """Fill the app anew, from its own scenario and seed unless `scenario` and `seed` say otherwise."""
        return self.control("POST", "reset", to)

    def delete(self) -> None:
        """Delete the app and everything in it."""
        self.control("DELETE", "")

    def within(self, seconds: float) -> "App":
        """Answer a handle on the same app that waits no longer for an answer."""
        return App(self.url, self.application_id, self.api_key, caller=self._caller.within(seconds))

    def _fail(self, rule: Mapping[str, object]) -> Fault:
        return Fault(self.control, self.control("POST", "faults", written(rule)))

    def _verify(self, expected: JSON) -> int:
        __tracebackhide__ = True
        asked = plain(expected)
        answer = self.control("POST", "requests/verify", asked)
        if not answer["matched"]:
            raise VerificationFailed(asked, answer)
        return int(answer["count"])

"""Scenarios: what an app holds at first, from a shipped one, a file of one's own, or an object; put in at once."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from mockkommunicate import shipped
from mockkommunicate.domain.errors import ScenarioError
from mockkommunicate.domain.suggestions import nearest
from mockkommunicate.domain.users import SYSTEM_BOT, Role
from mockkommunicate.operations import generated, pace, stories, users
from mockkommunicate.operations.filling import Filling
from mockkommunicate.operations.scenario_check import Fault, check_document, check_values, of_error
from mockkommunicate.operations.story import Story
from mockkommunicate.operations.work import Work, dump
from mockkommunicate.store.records import User
from mockkommunicate.wire import documents
from mockkommunicate.wire import settings as wire
from mockkommunicate.wire.document_error import DocumentError

_SUFFIXES = (".yaml", ".yml", ".json")


def folder() -> Path:
    """Answer where the shipped scenarios are."""
    return shipped.folder("fixtures") / "scenarios"


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Path]:
    return {path.stem: path for path in sorted(folder().iterdir()) if path.suffix in _SUFFIXES}


def names() -> list[str]:
    """List the names of the shipped scenarios."""
    return list(_shipped())


def read_shipped(name: str) -> str:
    """Answer the text of a shipped scenario."""
    return _shipped()[name].read_text(encoding="utf-8")


def load(source: str | Mapping[str, Any]) -> dict[str, Any]:
    """Read and check a scenario: by the name of a shipped one, by a file's path, as an object or as its JSON text.

    Raises ScenarioError, naming file, position, what is wrong and what would be right.
    """
    if not isinstance(source, str):
        return load_object(source)
    if source.startswith("{"):
        return _sound("scenario", *_check_text(source, is_json=True))
    path = _find(source)
    return _load_file(path, _read(path))


def load_object(values: Mapping[str, Any]) -> dict[str, Any]:
    """Check a scenario given as JSON values; raise ScenarioError, naming the path of whatever is wrong."""
    return _sound("scenario", *check_values(values))


def check(name_or_file: str) -> tuple[dict[str, Any], list[Fault]]:
    """Read a scenario; answer it and its faults. Raises ScenarioError when there is nothing to read."""
    path = _find(name_or_file)
    return _check_bytes(_read(path), is_json=path.suffix == ".json")


@lru_cache(maxsize=16)
def _load_file(path: Path, raw: bytes) -> dict[str, Any]:
    """Load what a file holds, the same once: nobody changes what was loaded."""
    return _sound(f"scenario {path}", *_check_bytes(raw, is_json=path.suffix == ".json"))


def _check_bytes(raw: bytes, *, is_json: bool) -> tuple[dict[str, Any], list[Fault]]:
    try:
        text = documents.decode(raw)
    except DocumentError as error:
        return {}, [of_error(error)]
    return _check_text(text, is_json=is_json)


def _check_text(text: str, *, is_json: bool) -> tuple[dict[str, Any], list[Fault]]:
    try:
        return check_document(documents.read(text, is_json=is_json))
    except DocumentError as error:
        return {}, [of_error(error)]


def _sound(what: str, scenario: dict[str, Any], faults: list[Fault]) -> dict[str, Any]:
    if faults:
        raise ScenarioError(f"{what}: {'; '.join(map(str, faults))}")
    return scenario


def _find(name_or_file: str) -> Path:
    """Find a shipped scenario by its name or a file by its path; raise ScenarioError."""
    path = _shipped().get(name_or_file) or Path(name_or_file)
    if path.suffix in _SUFFIXES and _is_file(path):
        return path
    known = names()
    near = nearest(name_or_file, known)
    hint = f"did you mean {near!r}? " if near else ""
    raise ScenarioError(
        f"scenario {name_or_file!r}: {hint}there is no such name ({', '.join(known)}), nor such a .yaml or .json file"
    )


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # such as a name that is too long
        return False


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ScenarioError(f"scenario {path}: cannot be read: {error.strerror}") from error


def count(scenario: Mapping[str, Any]) -> dict[str, int]:
    """Count the users, conversations and messages that an app holds after a scenario is put in."""
    wanted = scenario.get("generate") or {"agents": 0, "customers": 0, "conversations": 0, "messages": 0}
    told = scenario["conversations"]
    people = {user["user_id"] for user in scenario["users"]} | {SYSTEM_BOT}
    people |= {*generated.agent_ids(wanted), *generated.customer_ids(wanted)}
    people.update(*(conversation["member_ids"] for conversation in told))
    messages = sum(len(conversation.get("messages", [])) for conversation in told)
    return {
        "users": len(people),
        "conversations": len(told) + wanted["conversations"],
        "messages": messages + wanted["conversations"] * wanted["messages"],
    }


def apply(work: Work, scenario: dict[str, Any]) -> None:
    """Fill an empty app; its conversations happened before the present time of the work."""
    wanted = scenario.get("generate")
    maker = None if wanted is None else generated.Maker(wanted, seed=work.app.seed, now=work.now)
    told = _stories(work, scenario, maker)
    settings = wire.merge(work.settings, scenario.get("settings", {}))
    work.app = work.app._replace(settings=dump(asdict(settings)))
    created_at = max(0, min((story.began - pace.HOUR for story in told), default=work.now))
    people = [user._replace(created_at=created_at) for user in _people(work, scenario, maker)]
    taken = [story.client_group_id for story in told if story.client_group_id is not None]
    filling = Filling(work, people, taken=taken)
    for story in told:
        filling.tell(story)
    filling.store()


def _stories(work: Work, scenario: dict[str, Any], maker: generated.Maker | None) -> list[Story]:
    """Answer the conversations, those that are made up after those that are told."""
    made_up = [] if maker is None else maker.stories()
    before = made_up[0].began if made_up else work.now
    return [*stories.tell(scenario["conversations"], now=work.now, before=before), *made_up]


def _people(work: Work, scenario: dict[str, Any], maker: generated.Maker | None) -> Iterator[User]:
    """Make the users: those listed, the system user if he is not among them, and those that are made up."""
    for user in scenario["users"]:
        yield users.new(work, **{**user, "role": Role(user["role"])})
    if SYSTEM_BOT not in [user["user_id"] for user in scenario["users"]]:
        yield users.new(work, SYSTEM_BOT, role=Role.BOT)
    for user in [] if maker is None else maker.people():
        yield users.new(work, **user)

"""Scenarios: files that describe the content of an app, checked whole before anything is done."""

import difflib
from pathlib import Path
from typing import Any

from mockkommunicate.domain.conversations import Status
from mockkommunicate.domain.errors import Problem, ScenarioError
from mockkommunicate.domain.users import SYSTEM_BOT, Role
from mockkommunicate.operations import (
    app_settings,
    consistency,
    conversations,
    generated,
    messages,
    users,
)
from mockkommunicate.operations.work import Work
from mockkommunicate.wire import reading
from mockkommunicate.wire.documents import Document, DocumentError, read
from mockkommunicate.wire.scenarios import Scenario

_SUFFIXES = (".yaml", ".yml", ".json")
_MINUTE = 60_000


def folder() -> Path:
    """Answer where the shipped scenarios are: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    shipped = package / "_fixtures" / "scenarios"
    return shipped if shipped.is_dir() else package.parent / "fixtures" / "scenarios"


def names() -> list[str]:
    """List the names of the shipped scenarios."""
    return sorted(path.stem for path in folder().iterdir() if path.suffix in _SUFFIXES)


def load(name_or_file: str) -> dict[str, Any]:
    """Read and check a scenario by the name of a shipped one or by a file's path.

    Raises ScenarioError, naming file, position, what is wrong and what would be right.
    """
    path = _find(name_or_file)
    try:
        text = path.read_text(encoding="utf-8")
        document = read(text, is_json=path.suffix == ".json")
    except (OSError, UnicodeDecodeError, DocumentError) as error:
        raise ScenarioError(f"scenario {path}: {error}") from error
    scenario, problems = reading.load(Scenario(), _object(path, document), "")
    problems = problems or consistency.check(scenario)
    if problems:
        found = [_located(document, problem) for problem in problems]
        raise ScenarioError(f"scenario {path}: {'; '.join(found)}")
    return scenario


def _find(name_or_file: str) -> Path:
    for suffix in _SUFFIXES:
        if name_or_file in names() and (path := folder() / f"{name_or_file}{suffix}").is_file():
            return path
    path = Path(name_or_file)
    if path.suffix in _SUFFIXES and path.is_file():
        return path
    nearest = difflib.get_close_matches(name_or_file, names(), n=1, cutoff=0.5)
    hint = f"did you mean {nearest[0]!r}? " if nearest else ""
    known = ", ".join(names())
    raise ScenarioError(
        f"scenario {name_or_file!r}: {hint}there is no such name ({known}), nor such a .yaml or .json file"
    )


def _object(path: Path, document: Document) -> dict[str, Any]:
    if not isinstance(document.values, dict):
        raise ScenarioError(
            f"scenario {path}: line 1, column 1: must be a mapping with users, conversations, ..."
        )
    return document.values


def _located(document: Document, problem: Problem) -> str:
    line, column = document.position(problem.name)
    return f"line {line}, column {column}: {problem.name or 'the document'} {problem.message}"


def apply(work: Work, scenario: dict[str, Any]) -> None:
    """Fill an empty app; its conversations happened in the hours before the present time of the work."""
    for user in scenario["users"]:
        users.add(work, **{**user, "role": Role(user["role"])})
    if SYSTEM_BOT not in [user["user_id"] for user in scenario["users"]]:
        users.add(work, SYSTEM_BOT, role=Role.BOT)
    app_settings.change(work, scenario.get("settings", {}))
    told = [*scenario["conversations"], *generated.make(work, scenario.get("generate"))]
    now = work.now
    for age, conversation in zip(range(len(told), 0, -1), told, strict=True):
        work.now = now - age * 30 * _MINUTE
        _tell(work, conversation)
    work.now = now


def _tell(work: Work, told: dict[str, Any]) -> None:
    """Let one conversation of a scenario happen, its messages a minute apart."""
    metadata = dict(told.get("metadata", {}))
    if "assignee" in told:
        metadata["SKIP_ROUTING"] = "true"
        metadata["CONVERSATION_ASSIGNEE"] = told["assignee"] or ""
    status = Status[told.get("status", "open").upper()]
    metadata["CONVERSATION_STATUS"] = str(status.value)
    created = conversations.create(
        work,
        name=told["name"],
        member_ids=told["member_ids"],
        client_group_id=told.get("client_group_id"),
        metadata=metadata,
    )
    conversation = created.conversation
    for message in told.get("messages", []):
        work.now += _MINUTE
        sender = users.get_or_add(work, message["sender_id"])
        conversation = messages.send(work, conversation, sender=sender, draft=message["draft"]).conversation

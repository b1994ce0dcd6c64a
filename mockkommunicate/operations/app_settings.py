"""An app's settings: looked at, and changed as a whole or not at all."""

from dataclasses import asdict
from typing import Any

from mockkommunicate.domain.apps import AppSettings
from mockkommunicate.domain.errors import BadParameters, Problem
from mockkommunicate.domain.users import Role
from mockkommunicate.operations.work import Work, dump
from mockkommunicate.store import users
from mockkommunicate.wire import settings as wire


def change(work: Work, changes: dict[str, Any]) -> AppSettings:
    """Merge loaded changes into the settings; raise BadParameters for an agent or bot that the app does not have."""
    merged = wire.merge(work.settings, changes)
    problems = _unknown(work, changes.get("routing", {}))
    if problems:
        raise BadParameters(problems)
    work.app = work.app._replace(settings=dump(asdict(merged)))
    return merged


def _unknown(work: Work, routing: dict[str, Any]) -> list[Problem]:
    staff = users.list_staff(work.connection, work.app_id) if routing else []
    agents = [user.user_id for user in staff if Role(user.role).is_agent]
    bots = [user.user_id for user in staff if user.role == Role.BOT]
    problems = []
    for field, key, known, kind in (
        ("default_agent", "defaultAgent", agents, "an agent"),
        ("assign_new_conversations_to", "assignNewConversationsTo", bots, "a bot"),
    ):
        named = routing.get(field)
        if named is not None and named not in known:
            message = f"must be {kind} of this app ({', '.join(known) or 'there is none'}); got {named!r}"
            problems.append(Problem("body", f"routing.{key}", message))
    return problems

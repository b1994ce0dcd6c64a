"""An app's settings: looked at, and changed as a whole or not at all."""

import json
from dataclasses import asdict
from typing import Any

from mockkommunicate.domain import teams
from mockkommunicate.domain.apps import AppSettings
from mockkommunicate.domain.errors import BadParameters, Problem
from mockkommunicate.domain.suggestions import hint, listed
from mockkommunicate.domain.users import Role
from mockkommunicate.operations import queue
from mockkommunicate.operations.work import Work, dump
from mockkommunicate.store import users
from mockkommunicate.wire import settings as wire
from mockkommunicate.wire import staffing


def change(work: Work, changes: dict[str, Any]) -> AppSettings:
    """Merge loaded changes into the settings, and let those go who wait and need not any more.

    Raises BadParameters for an agent or bot that the app does not have.
    """
    had_queue = teams.has_any_queue(work.settings)
    merged = wire.merge(work.settings, changes)
    problems = _unknown(work, changes)
    if problems:
        raise BadParameters(problems)
    work.app = work.app._replace(settings=dump(asdict(merged)))
    _forget_turns(work, merged)
    queue.after_settings_changed(work, had_queue=had_queue)
    return merged


def _unknown(work: Work, changes: dict[str, Any]) -> list[Problem]:
    """List whom changes name and the app does not have."""
    if not changes.keys() & {"routing", "teams"}:
        return []
    staff = users.list_staff(work.connection, work.app_id)
    agents = [user.user_id for user in staff if Role(user.role).is_agent]
    bots = [user.user_id for user in staff if user.role == Role.BOT]
    return [
        Problem(
            "body",
            one.field,
            f"must be {one.kind} of this app ({listed(one.known)}); got {one.named!r}{hint(one.named, one.known)}",
        )
        for one in staffing.unknown(wire.write_changes(changes), agents=agents, bots=bots)
    ]


def _forget_turns(work: Work, settings: AppSettings) -> None:
    """Forget whose turn it is in teams that are no more."""
    rotations = json.loads(work.app.team_rotations)
    left = {team.team_id for team in settings.teams}
    if rotations.keys() - left:
        kept = {team_id: rotation for team_id, rotation in rotations.items() if team_id in left}
        work.app = work.app._replace(team_rotations=dump(kept))

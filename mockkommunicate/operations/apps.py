"""Apps: created, filled, emptied, deleted. The unit of isolation."""

import secrets
from dataclasses import asdict
from typing import Any

from mockkommunicate.domain import conversations
from mockkommunicate.domain.apps import AppSettings
from mockkommunicate.domain.users import Role
from mockkommunicate.operations import app_settings, scenarios, users
from mockkommunicate.operations.work import Work, dump
from mockkommunicate.store import apps
from mockkommunicate.store.statements import Connection
from mockkommunicate.store.tables import App

LARGEST_MADE_UP_SEED = 2**31


def new(*, application_id: str | None, api_key: str | None, scenario: str, seed: int | None, now: int) -> App:
    """Make an empty app's record, not yet stored; id, key and seed are made up when not given."""
    application_id = application_id or f"app-{secrets.token_hex(8)}"
    seed = secrets.randbelow(LARGEST_MADE_UP_SEED) if seed is None else seed
    return App(
        application_id=application_id,
        api_key=api_key or f"key-{secrets.token_hex(16)}",
        scenario=scenario,
        seed=seed,
        created_at=now,
        settings=dump(asdict(AppSettings())),
        rotation="[]",
        last_conversation_id=conversations.first_id(seed),
        last_user_number=0,
    )


def fill(
    work: Work, scenario: dict[str, Any], *, users_too: list[dict[str, Any]], settings: dict[str, Any]
) -> None:
    """Fill an empty app from a loaded scenario, then with further users and settings."""
    scenarios.apply(work, scenario)
    for user in users_too:
        users.put(work, **{**user, "role": Role(user["role"])})
    app_settings.change(work, settings)


def reset(work: Work, scenario: dict[str, Any], *, name: str, seed: int) -> dict[str, int]:
    """Empty an app and fill it again as if it were new; its id and key stay. Answer what was removed, by kind."""
    removed = apps.delete_content(work.connection, work.app_id)
    fresh = new(
        application_id=work.app_id,
        api_key=work.app.api_key,
        scenario=name,
        seed=seed,
        now=work.app.created_at,
    )
    work.app = fresh
    scenarios.apply(work, scenario)
    return removed


def delete(connection: Connection, app: App) -> dict[str, int]:
    """Delete an app and everything in it; answer what was removed, by kind."""
    removed = apps.delete_content(connection, app.application_id)
    apps.delete(connection, app.application_id)
    return removed

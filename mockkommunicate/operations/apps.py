"""Apps: created, filled, emptied, deleted. The unit of isolation."""

import json
import secrets
from dataclasses import asdict
from typing import Any

from mockkommunicate.domain import clock, conversations
from mockkommunicate.domain.apps import GATEWAY, AppSettings
from mockkommunicate.domain.users import Role
from mockkommunicate.operations import app_settings, scenarios, users
from mockkommunicate.operations.work import Work, dump
from mockkommunicate.store import apps, copies, deliveries, journal
from mockkommunicate.store.records import App
from mockkommunicate.store.statements import Connection

LARGEST_MADE_UP_SEED = 2**31


def new(
    *,
    scenario: str,
    application_id: str | None = None,
    api_key: str | None = None,
    seed: int | None = None,
    at: int | None = None,
) -> App:
    """Make an empty app's record, not yet stored; id, key and seed are made up when not given.

    Its clock is frozen `at` an instant in milliseconds, or runs.
    """
    application_id = application_id or f"app-{secrets.token_hex(8)}"
    seed = secrets.randbelow(LARGEST_MADE_UP_SEED) if seed is None else seed
    return App(
        application_id=application_id,
        api_key=api_key or f"key-{secrets.token_hex(16)}",
        scenario=scenario,
        seed=seed,
        created_at=clock.now_ms() if at is None else at,
        settings=dump(asdict(AppSettings())),
        rotation="[]",
        last_conversation_id=conversations.first_id(seed),
        last_user_number=0,
        last_file_number=0,
        hidden=False,
        starts_at=at,
        clock_offset=0,
        frozen_at=at,
        faults="[]",
        last_fault_id=0,
        last_request_id=0,
        dropped_requests=0,
        last_delivery_id=0,
        dropped_deliveries=0,
        last_queue_number=0,
        team_rotations="{}",
        changes=0,
    )


def gateway() -> App:
    """Make the record of what keeps the journal of requests that belong to no app; no client can send its key."""
    return new(scenario="", seed=0, application_id=GATEWAY, api_key=" ")._replace(
        application_id=GATEWAY, hidden=True
    )


def lock_gateway(connection: Connection) -> App:
    """Answer what keeps the journal of requests that belong to no app, locked; it is made when it is not there."""
    apps.add_if_new(connection, gateway())
    return apps.find(connection, GATEWAY, lock=True) or gateway()


def fill(
    work: Work, scenario: dict[str, Any], *, users_too: list[dict[str, Any]], settings: dict[str, Any]
) -> None:
    """Fill an empty app from a loaded scenario, then with further users and settings."""
    scenarios.apply(work, scenario)
    extend(work, users_too=users_too, settings=settings)


def extend(work: Work, *, users_too: list[dict[str, Any]], settings: dict[str, Any]) -> None:
    """Add users to an app, or change those it has, then its settings."""
    for user in users_too:
        users.put(work, **{**user, "role": Role(user["role"])})
    app_settings.change(work, settings)


def reset(work: Work, scenario: dict[str, Any], *, name: str, seed: int) -> dict[str, int]:
    """Empty an app and fill it again as if it were new; answer what was removed, by kind.

    Its id, its key and its snapshots stay; its journal, its deliveries and its faults go, and its clock is as at the
    beginning.
    """
    removed = apps.delete_content(work.connection, work.app_id)
    removed["requests"] = journal.delete_all(work.connection, work.app_id)
    removed["deliveries"] = deliveries.delete_all(work.connection, work.app_id)
    removed["faults"] = len(json.loads(work.app.faults))
    fresh = new(
        application_id=work.app_id,
        api_key=work.app.api_key,
        scenario=name,
        seed=seed,
        at=work.app.starts_at,
    )
    work.app = fresh._replace(created_at=work.app.created_at, changes=work.app.changes)
    work.now = work.clock.now()
    scenarios.apply(work, scenario)
    return removed


def delete(connection: Connection, app: App) -> dict[str, int]:
    """Delete an app, everything in it and its snapshots; answer what was removed, by kind."""
    removed = apps.delete_content(connection, app.application_id)
    removed["requests"] = journal.delete_all(connection, app.application_id)
    removed["deliveries"] = deliveries.delete_all(connection, app.application_id)
    removed["snapshots"] = copies.delete_snapshots(connection, app.application_id)
    apps.delete(connection, app.application_id)
    return removed

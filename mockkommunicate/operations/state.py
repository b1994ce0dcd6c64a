"""An app's state as one document: read at one moment; put into an app as a whole or not at all; kept in a file."""

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from mockkommunicate.domain.apps import AppSettings
from mockkommunicate.domain.errors import BadBody, ControlError, StartError
from mockkommunicate.domain.faults import Tally
from mockkommunicate.operations import state_rows
from mockkommunicate.operations.work import Work, dump, read_settings
from mockkommunicate.settings import Settings
from mockkommunicate.store import apps, copies, deliveries
from mockkommunicate.store.records import App
from mockkommunicate.wire import reading
from mockkommunicate.wire import settings as wire_settings
from mockkommunicate.wire import state as wire

log = logging.getLogger("mockkommunicate")


class Seen(NamedTuple):
    """An app and everything in it as they were at one moment."""

    app: App
    content: copies.Content


def look(work: Work) -> Seen:
    """Read all of an app at one moment, while others write; raise ControlError when it has just been deleted."""
    with copies.one_moment(work.connection):
        app = apps.find(work.connection, work.app_id)
        if app is None:
            raise ControlError("APP_NOT_FOUND", f"no app {work.app_id!r}", http_status=404)
        return Seen(app, copies.list_content(work.connection, work.app_id))


def write(seen: Seen) -> str:
    """Write what was seen as a document."""
    app, content = seen
    rotation, team_rotations = json.loads(app.rotation), json.loads(app.team_rotations)
    turns = [user_id for one in (rotation, *team_rotations.values()) for user_id in one]
    files = state_rows.files(content)
    return wire.write(
        {
            "format": wire.FORMAT,
            "scenario": app.scenario,
            "seed": app.seed,
            "settings": wire_settings.write(read_settings(app.settings)),
            "rotation": rotation,
            **({"teamRotations": team_rotations} if team_rotations else {}),
            "sequences": _sequences(app),
            "clock": _clock(app),
            "faults": [_fault(entry) for entry in json.loads(app.faults)],
            "users": state_rows.users(content),
            "formerUsers": state_rows.former_users(content, turns),
            "conversations": state_rows.conversations(content),
            **({"files": files} if files else {}),
        }
    )


def replace(work: Work, state: Mapping[str, Any]) -> dict[str, int]:
    """Put a loaded state into an app in the place of all it holds; answer what was put in, by kind.

    Its id, its key, its journal, its snapshots and what it has delivered stay; what it owes is forgotten.
    """
    content = state_rows.content(work.app_id, state)
    apps.delete_content(work.connection, work.app_id)
    deliveries.delete_pending(work.connection, work.app_id)
    copies.add_content(work.connection, content)
    settings = wire_settings.merge(AppSettings(), state["settings"])
    clock = state["clock"]
    work.app = work.app._replace(
        scenario=state["scenario"],
        seed=state["seed"],
        settings=dump(asdict(settings)),
        rotation=dump(state["rotation"]),
        team_rotations=dump(state.get("team_rotations", {})),
        starts_at=clock.get("starts_at"),
        clock_offset=clock.get("offset", 0),
        frozen_at=clock.get("now"),
        faults=dump([_fault_entry(fault) for fault in state["faults"]]),
        **{"last_queue_number": 0, **state["sequences"]},
    )
    counts = {kind: len(rows) for kind, rows in content._asdict().items()}
    return {**counts, "faults": len(state["faults"])}


def load(file: str) -> dict[str, Any]:
    """Read and check a state's file; raise StartError, naming the file, the path in it and what is wrong there."""
    try:
        given = reading.parse_object(Path(file).read_bytes())
    except (OSError, BadBody) as error:
        raise StartError(f"import {file}: {error}") from error
    state, problems = reading.load(wire.State(), given, "")
    if problems:
        found = (f"{problem.name or 'the document'} {problem.message}" for problem in problems)
        raise StartError(f"import {file}: {'; '.join(found)}")
    return state


def load_first(settings: Settings) -> dict[str, Any] | None:
    """Load the state that the default app begins with, if there is one; raise StartError as `load` does.

    A file that is also written at the end need not be there at first.
    """
    file = settings.import_file
    if file is None:
        return None
    if file == settings.export_on_exit and not Path(file).exists():
        log.info("%s is not there yet: it will be written at the end", file)
        return None
    return load(file)


def _sequences(app: App) -> dict[str, Any]:
    """Answer the sequences; where no file was ever uploaded, nothing tells of files."""
    return wire.Sequences().written({**app._asdict(), "last_file_number": app.last_file_number or None})


def _clock(app: App) -> dict[str, Any]:
    """Answer the clock; how far one that is frozen was ahead says nothing any more."""
    mode: dict[str, Any] = {"mode": "running", "offset": app.clock_offset}
    if app.frozen_at is not None:
        mode = {"mode": "frozen", "now": app.frozen_at}
    return wire.ClockState().written({**mode, "starts_at": app.starts_at})


def _fault(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {**entry, "tally": wire.TallyState().written(Tally(*entry["tally"])._asdict())}


def _fault_entry(fault: Mapping[str, Any]) -> dict[str, Any]:
    entry = {"id": fault["id"], "tally": Tally(**fault["tally"]), "rule": fault["rule"]["given"]}
    return {**entry, "expiresAt": fault["expires_at"]} if "expires_at" in fault else entry

"""The JSON of an app's state: one document with a format number, keys sorted, that any app can take in."""

import json
from collections.abc import Mapping
from itertools import islice
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from mockkommunicate.domain.clock import LATEST_MS
from mockkommunicate.wire import contradictions
from mockkommunicate.wire.control import LARGEST_SEED
from mockkommunicate.wire.faults import FaultRule
from mockkommunicate.wire.fields import Text, choice, identifier
from mockkommunicate.wire.settings import Settings
from mockkommunicate.wire.state_content import MOST, ConversationState, FileState, UserState
from mockkommunicate.wire.state_fields import (
    MOST_PROBLEMS,
    Rotations,
    Stated,
    Whole,
    instant,
    limited,
    put,
    with_nearest,
)

FORMAT = 1
"""Counts up when a document of an older version cannot be read any more.

What is only added, as `files` was, is optional: older documents are read, and older versions refuse the new by name.
"""

_FEW_FAULTS = validate.Length(max=1_000, error="must have at most 1000 faults")


class Format(Whole):
    """The number of the format that a document is in."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:  # noqa: ANN401
        number = super()._deserialize(value, attr, data, **kwargs)
        if number != FORMAT:
            newer = "is newer than this version of mockkommunicate reads; it" if number > FORMAT else ""
            raise ValidationError(f"{newer} must be {FORMAT}".strip())
        return number


class Sequences(Stated):
    """The last number that was taken of each of the app's sequences; of the queue, once somebody has waited."""

    optional = ("last_file_number", "last_queue_number")

    last_conversation_id = Whole(data_key="conversation")
    last_user_number = Whole(data_key="user", most=MOST)
    last_fault_id = Whole(data_key="fault", most=MOST)
    last_file_number = Whole(data_key="file", most=MOST, load_default=0)
    last_queue_number = Whole(data_key="queue", least=1, most=MOST)

    def written(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Answer the sequences, without that of a queue in which nobody has stood."""
        return super().written({**values, "last_queue_number": values["last_queue_number"] or None})


class ClockState(Stated):
    """The app's clock: frozen where it stands, or so much ahead of the wall clock; and where it began, if frozen."""

    optional = ("now", "offset", "starts_at")

    mode = choice("running", "frozen")
    now = instant()
    offset = Whole(data_key="offsetMs", least=-2 * LATEST_MS, most=2 * LATEST_MS)
    starts_at = instant(data_key="startsAt")

    @validates_schema
    def require_one(self, values: dict[str, Any], **_: object) -> None:
        """Refuse a frozen clock that stands nowhere, a running one that does, and the like."""
        needed, other = ("now", "offsetMs") if values["mode"] == "frozen" else ("offsetMs", "now")
        given = {"now": "now" in values, "offsetMs": "offset" in values}
        wrong = {} if given[needed] else {needed: [f"is missing: a {values['mode']} clock has it"]}
        if given[other]:
            wrong[other] = [f"must be left out: a {values['mode']} clock has none"]
        if wrong:
            raise ValidationError(wrong)


class TallyState(Stated):
    """What a fault has counted, and the window that it counts in."""

    seen = Whole(most=MOST)
    hits = Whole(most=MOST)
    window_at = instant(data_key="windowAt")
    window_seen = Whole(data_key="windowSeen", most=MOST)


class FaultState(Stated):
    """A fault: its number, the rule as it was given, what it has counted, and when it goes."""

    optional = ("expires_at",)

    id = Whole(least=1, most=MOST)
    rule = fields.Nested(FaultRule)
    tally = fields.Nested(TallyState)
    expires_at = instant(data_key="expiresAt")


class StateSettings(Stated, Settings):
    """The settings; one that is left out has its default."""

    optional = tuple(Settings().fields)


class State(Stated):
    """Everything that makes an app what it is, but its id, its key and its journal.

    `formerUsers` are the ids of deleted users that messages and the like still name; `teamRotations` the rotations of
    those teams that have had a turn.
    """

    optional = ("files", "team_rotations")

    format = Format(error_messages={"required": f"is missing: {FORMAT}"})
    scenario = Text()
    seed = Whole(most=LARGEST_SEED)
    settings = fields.Nested(StateSettings)
    rotation = fields.List(identifier())
    team_rotations = Rotations(data_key="teamRotations")
    sequences = fields.Nested(Sequences)
    clock = fields.Nested(ClockState)
    faults = fields.List(fields.Nested(FaultState), validate=_FEW_FAULTS)
    users = fields.List(fields.Nested(UserState))
    former_users = fields.List(identifier(), data_key="formerUsers")
    conversations = fields.List(fields.Nested(ConversationState))
    files = fields.List(fields.Nested(FileState), load_default=[])

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def refuse_contradictions(self, _values: object, given: dict[str, Any], **_: object) -> None:
        """Refuse what contradicts itself, such as a sender who is no user."""
        wrong: dict[Any, Any] = {}
        for path, message in islice(contradictions.find(given), MOST_PROBLEMS + 1):
            put(wrong, path, message)
        if wrong:
            raise ValidationError(wrong)

    def handle_error(self, error: ValidationError, data: Any, *, many: bool, **kwargs: Any) -> None:  # noqa: ANN401, ARG002
        """Say what is nearest to each unknown field, and no more problems than can be read."""
        if isinstance(error.messages, dict):
            error.messages = limited(with_nearest(self, error.messages))


def write(document: Mapping[str, Any]) -> str:
    """Write a state so that it diffs well: keys sorted, a line for each value, a newline at the end."""
    return json.dumps(document, sort_keys=True, indent=2) + "\n"

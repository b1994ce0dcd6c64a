"""Socket faults: the ways in which a connection can go wrong, whatever was to be answered on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class SocketKind(StrEnum):
    """What becomes of the connection."""

    HANG = "hang"
    EMPTY = "empty"
    RESET = "reset"
    TRUNCATE = "truncate"
    WRONG_LENGTH = "wrong-length"
    GARBAGE = "garbage"
    DRIBBLE = "dribble"


EFFECTS: Mapping[SocketKind, str] = {
    SocketKind.HANG: "No answer: the connection stays open until the client gives up, then it is closed.",
    SocketKind.EMPTY: "The connection is closed without a byte.",
    SocketKind.RESET: "The connection is reset (RST).",
    SocketKind.TRUNCATE: "The answer with its right length, cut in the middle of its body.",
    SocketKind.WRONG_LENGTH: "The answer with half of its length announced: clients read half a body as if whole.",
    SocketKind.GARBAGE: "Bytes that are no HTTP.",
    SocketKind.DRIBBLE: "The right answer, whole, a few bytes at a time.",
}
"""One line on each kind, for whoever chooses one."""


@dataclass(frozen=True, kw_only=True)
class SocketFault:
    """One connection's fate. `hold_ms` is how long a hang lasts at most; a dribble sends chunks, and pauses between."""

    kind: SocketKind
    hold_ms: int = 60_000
    chunk_bytes: int = 32
    pause_ms: int = 50

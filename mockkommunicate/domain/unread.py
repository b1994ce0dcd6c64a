"""What nobody read in a request, and which known name a name was meant to be."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from mockkommunicate.domain.errors import Problem

Where = Literal["body", "query", "header"]

LONGEST_NAME = 100
"""A longer name is like none that is known."""

LIKE = 0.65
"""How like a known name an unknown one is to be for a suggestion."""

SLIP = 1.0
"""Less likeness is no slip of the pen."""

SHORTEST_PART = 3
"""So short a text is a part of many names."""

VERY_LIKE = 0.92
"""How like a key that means something a key of the caller's own is to be for a mistake."""

SHORTEST_MISSPELT = 6
"""A shorter key differs from a key of the caller's own by a letter too easily."""

REMEMBERED = 4_096
"""How many answers are kept: the same few names come with every request."""


@dataclass(frozen=True)
class Unread:
    """One thing that a request holds and that had no effect: `name` is a path such as `metadata.SKIP_ROUTNG`.

    `ignored` is known and does nothing here, `unknown` is known nowhere. `nearest` is the name that was probably
    meant, with the place before it where that is another: `query groupId`.
    """

    where: Where
    name: str
    kind: Literal["ignored", "unknown"]
    nearest: str | None = None


def problems(unread: Iterable[Unread]) -> list[Problem]:
    """List what is wrong where unknown input is refused: what is merely ignored is no mistake."""
    return [Problem(one.where, one.name, _message(one)) for one in unread if one.kind == "unknown"]


def _message(unread: Unread) -> str:
    if unread.nearest is None:
        return "is not known here"
    place, space, name = unread.nearest.rpartition(" ")
    return f"is not known here; did you mean {place}{space}{name!r}?"


class _Name(NamedTuple):
    """A name, and what it is compared by: its letters in order, and which they are."""

    name: str
    folded: str
    letters: frozenset[str]


def fold(name: str) -> str:
    """Answer a name without its case, underscores and hyphens."""
    return name.lower().replace("_", "").replace("-", "")


def nearest(name: str, known: tuple[str, ...], *, at_least: float = LIKE) -> str | None:
    """Answer the known name that a name is most like, the first of several; None if it is like none."""
    return None if len(name) > LONGEST_NAME else _nearest(name, known, at_least)


@lru_cache(maxsize=REMEMBERED)
def _nearest(name: str, known: tuple[str, ...], at_least: float) -> str | None:
    given = _describe(name)
    likenesses = {one.name: _likeness(given, one, at_least=at_least) for one in _described(known)}
    best = max(likenesses, key=likenesses.__getitem__, default=None)
    return best if best is not None and likenesses[best] >= at_least else None


def _likeness(given: _Name, known: _Name, *, at_least: float) -> float:
    """Compare: equal letters are more than one slip of the pen, and that is more than any other likeness."""
    if given.folded == known.folded:
        return SLIP + 2
    if _is_one_slip(given, known):
        return SLIP + _ratio(given, known, at_least=0)
    shorter, longer = sorted((given.folded, known.folded), key=len)
    is_part = len(shorter) > SHORTEST_PART and shorter in longer
    return max(_ratio(given, known, at_least=at_least), LIKE if is_part else 0)


def misspelt(name: str, known: tuple[str, ...]) -> str | None:
    """Answer the known name that a name nearly is, where a name of the caller's own is just as legal; else None.

    Another number, or a word more or less, makes a name of its own.
    """
    return None if len(name) > LONGEST_NAME else _misspelt(name, known)


@lru_cache(maxsize=REMEMBERED)
def _misspelt(name: str, known: tuple[str, ...]) -> str | None:
    given = _describe(name)
    near = [one for one in _described(known) if _is_near(given, one)]
    best = max(near, key=lambda one: _likeness(given, one, at_least=VERY_LIKE), default=None)
    return best and best.name


def _is_near(given: _Name, known: _Name) -> bool:
    if given.folded == known.folded:
        return True
    if len(known.folded) < SHORTEST_MISSPELT:
        return False
    if not _is_one_slip(given, known) and _ratio(given, known, at_least=VERY_LIKE) < VERY_LIKE:
        return False
    words, others = _words(given.name), _words(known.name)
    return _digits(given.name) == _digits(known.name) and not (words <= others or others <= words)


def _is_one_slip(given: _Name, known: _Name) -> bool:
    """Tell whether one character was dropped, added or changed, or two neighbours swapped."""
    one, other = given.folded, known.folded
    if abs(len(one) - len(other)) > 1 or len(given.letters ^ known.letters) > 2:  # noqa: PLR2004 - one for another
        return False
    pairs = zip(one, other, strict=False)
    start = next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
    one, other = one[start:], other[start:]
    if one[1:] == other[1:] or one[1:] == other or one == other[1:]:
        return True
    return one[:2] == other[1::-1] and one[2:] == other[2:]


def _ratio(one: _Name, other: _Name, *, at_least: float) -> float:
    """Answer difflib's ratio; 0 where their lengths or letters alone keep it under a bound."""
    both = len(one.folded) + len(other.folded)
    most = min(2 * len(one.folded), 2 * len(other.folded), both - len(one.letters ^ other.letters))
    if most < at_least * both:
        return 0
    return SequenceMatcher(None, one.folded, other.folded, autojunk=False).ratio()


@cache
def _described(known: tuple[str, ...]) -> tuple[_Name, ...]:
    return tuple(_describe(name) for name in known)


def _describe(name: str) -> _Name:
    folded = fold(name)
    return _Name(name, folded, frozenset(folded))


def _words(name: str) -> Counter[str]:
    """Count the words of a name such as `KM_TEAM_ID` or `skipBot`, in lower case."""
    return Counter(word.lower() for word in re.findall(r"[A-Z]*[^\W\d_A-Z]+|[A-Z]+", name))


def _digits(name: str) -> str:
    return "".join(filter(str.isdigit, name))

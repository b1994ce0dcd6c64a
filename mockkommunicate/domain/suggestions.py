"""The name that was probably meant by one that is unknown."""

import difflib
from collections.abc import Iterable, Sequence
from itertools import islice

MOST = 10
"""How many names an error lists."""

_COMPARED = 500
_COMPARED_IDS = 2_000
"""Among how many ids, of apps for instance, the nearest is looked for."""

_SHOWN = 5
"""How many ids an error names."""

_SHORTEST = 3
_LONGEST = 200


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Answer the known name nearest to a word, whatever its case, or None when none is near."""
    by_case = {name.lower(): name for name in islice(known, _COMPARED)}
    wanted = word[:_LONGEST].lower()
    near = difflib.get_close_matches(wanted, by_case, n=1)
    inside = [name for name in by_case if len(wanted) >= _SHORTEST and wanted in name]
    found = [*near, *inside]
    return by_case[found[0]] if found else None


def hint(word: object, known: Iterable[str]) -> str:
    """Write what follows an error about an unknown name: `; did you mean 'x'?`, or nothing."""
    name = nearest(word, known) if isinstance(word, str) else None
    return "" if name is None else f"; did you mean {name!r}?"


def closest(word: str, known: Sequence[str]) -> str:
    """Write which known name is nearest, or else which there are."""
    name = nearest(word, known)
    return f"there are {', '.join(known)}" if name is None else f"did you mean {name!r}?"


def listed(known: Sequence[str]) -> str:
    """Write the names there are, the first few of them."""
    more = f", ... {len(known)} in all" if len(known) > MOST else ""
    return f"{', '.join(known[:MOST])}{more}" or "there is none"


def name_some(wanted: str, known: Sequence[str]) -> str:
    """Say which names there are, the first few of them, and which is the nearest to one that there is not."""
    if not known:
        return "there is none yet"
    more = ["..."] if len(known) > _SHOWN else []
    hint = f"there are: {', '.join([*known[:_SHOWN], *more])}"
    nearest = difflib.get_close_matches(wanted[:100], known[:_COMPARED_IDS], n=1)
    return f"{hint}; did you mean {nearest[0]!r}?" if nearest else hint

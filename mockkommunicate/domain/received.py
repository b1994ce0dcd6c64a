"""Received: one request of the emulated API as it came."""

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any, NoReturn


class _Absent(Enum):
    ABSENT = "nothing there"

    def __repr__(self) -> str:
        return self.name


ABSENT: Any = _Absent.ABSENT
"""What stands for a body that is no JSON, or a value that is not there."""

MASK = "***"
"""What stands for a key wherever it would be shown."""

_NO_UTF_8 = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, kw_only=True)
class Received:
    """One request. A body that is not UTF-8 holds each wrong byte as a lone surrogate (`surrogateescape`).

    `operation` is the name of the emulated operation, None where no route fits.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    operation: str | None = None

    @cached_property
    def json(self) -> Any:  # noqa: ANN401 - any JSON
        """The body as a JSON value, ABSENT when it is none."""
        if not self.body.isascii() and _NO_UTF_8.search(self.body):
            return ABSENT
        try:
            return json.loads(self.body, parse_constant=_refuse, parse_float=_finite)
        except (ValueError, RecursionError):
            return ABSENT

    @cached_property
    def query_values(self) -> dict[str, str | list[str]]:
        """The query's parameters; one that is repeated has the list of its values."""
        return _gathered(self.query)

    @cached_property
    def header_values(self) -> dict[str, str]:
        """The headers, those that are repeated joined by commas."""
        gathered = _gathered(self.headers)
        return {
            name: value if isinstance(value, str) else ", ".join(value) for name, value in gathered.items()
        }


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse(text)


def _gathered(pairs: Iterable[tuple[str, str]]) -> dict[str, str | list[str]]:
    values: dict[str, list[str]] = defaultdict(list)
    for name, value in pairs:
        values[name].append(value)
    return {name: several[0] if len(several) == 1 else several for name, several in values.items()}

"""Patterns that users write: checked when they are given, and never searched for longer than they may be."""

import math
import re
import time
from collections.abc import Callable
from functools import lru_cache

import regex
from marshmallow import ValidationError

LONGEST_PATTERN = 500
LONGEST_TEXT = 10_000
"""How much of a text is searched."""

PATIENCE_S = 0.1
"""How long all the patterns that are tried on one text may take together; an honest one takes microseconds."""

_LONGEST_REASON = 120


def check(pattern: str) -> None:
    """Refuse what is no regular expression, or a very long one."""
    if not 1 <= len(pattern) <= LONGEST_PATTERN:
        raise ValidationError(f"must have 1 to {LONGEST_PATTERN} characters")
    try:
        _compile(pattern)
    except (regex.error, OverflowError, RecursionError, ValueError, Warning) as error:
        reason = re.sub(r"\s+", " ", str(error))[:_LONGEST_REASON]
        raise ValidationError(f"is no regular expression: {reason}") from error


def searcher() -> Callable[[str, str], bool]:
    """Make a function that tells whether a pattern is anywhere in a text, in any case.

    It raises TimeoutError when its patterns have taken longer than they may, and holds no other thread up meanwhile.
    """
    until = time.monotonic() + PATIENCE_S

    def is_found(pattern: str, text: str) -> bool:
        nonlocal until
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        try:
            found = _compile(pattern).search(text[:LONGEST_TEXT], timeout=left, concurrent=True)
        except TimeoutError:
            until = -math.inf  # regex counts the time of all threads, which may be more than has passed
            raise
        return found is not None

    return is_found


@lru_cache(maxsize=1_000)
def _compile(pattern: str) -> regex.Pattern[str]:
    return regex.compile(pattern, regex.IGNORECASE)

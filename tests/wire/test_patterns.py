"""Patterns that users write hang nobody."""

import time

import pytest
from marshmallow import ValidationError

from mockkommunicate.wire import patterns


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("order", "My ORDER"),
        ("^hello", "Hello there"),
        (r"\bgröße\b", "Die GRÖSSE? größe!"),
        ("", "a"),
        ("(?s)a.b", "a\nb"),
    ],
)
def test_a_pattern_is_found_anywhere_in_any_case(pattern: str, text: str) -> None:
    assert patterns.searcher()(pattern, text)


@pytest.mark.parametrize(("pattern", "text"), [("order", "ordr"), ("^b", "ab"), ("a.b", "a\nb")])
def test_what_is_not_there_is_not_found(pattern: str, text: str) -> None:
    assert not patterns.searcher()(pattern, text)


def test_no_more_of_a_text_is_searched_than_a_message_is_long() -> None:
    found = patterns.searcher()

    assert found("b", "a" * (patterns.LONGEST_TEXT - 1) + "b")
    assert not found("b", "a" * patterns.LONGEST_TEXT + "b")


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(x+x+)+y|(a*)*b$"])
def test_a_pattern_that_would_run_for_ever_is_given_up(pattern: str) -> None:
    is_found = patterns.searcher()
    began = time.process_time()

    with pytest.raises(TimeoutError):
        is_found(pattern, "a" * 5_000 + "!")
    with pytest.raises(TimeoutError):
        is_found("a", "a")
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("(", "is no regular expression: missing )"),
        ("[a", "is no regular expression"),
        ("a{2,1}", "is no regular expression"),
        ("*", "is no regular expression"),
        ("", "must have 1 to 500 characters"),
        ("a" * 501, "must have 1 to 500 characters"),
    ],
)
def test_what_is_no_pattern_is_refused(pattern: str, why: str) -> None:
    with pytest.raises(ValidationError, match="^" + why.replace("(", r"\(").replace(")", r"\)")):
        patterns.check(pattern)

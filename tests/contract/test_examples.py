"""The comparer of the contract files can fail."""

from typing import Any

import pytest
import requests

from tests.contract import examples

ENVELOPE = {"status": "success", "generatedAt": 1620143658894, "response": {"id": 7, "names": ["a", "b"]}}


def changed(**values: Any) -> dict[str, Any]:
    """Answer the envelope with another response."""
    return {**ENVELOPE, "response": {**ENVELOPE["response"], **values}}  # type: ignore[dict-item]


def answered(text: str, status: int = 200) -> requests.Response:
    """Make an answer as `requests` does."""
    response = requests.Response()
    response.status_code = status
    response._content = text.encode()
    return response


def test_equal_values_do_not_differ() -> None:
    assert examples.differences(ENVELOPE, changed()) == []


@pytest.mark.parametrize(
    ("actual", "path"),
    [
        pytest.param(changed(id=8), "response.id", id="a wrong literal"),
        pytest.param(changed(id="7"), "response.id", id="a number as a string"),
        pytest.param(changed(id=7.0), "response.id", id="a whole number as a fraction"),
        pytest.param(changed(id=None), "response.id", id="a null"),
        pytest.param(changed(more=1), "response.more", id="an extra key"),
        pytest.param(changed(names=["a"]), "response.names", id="a short list"),
        pytest.param(changed(names=["b", "a"]), "response.names.0", id="another order"),
        pytest.param(changed(names={"0": "a"}), "response.names", id="an object as a list"),
        pytest.param({**ENVELOPE, "response": {"id": 7}}, "response.names", id="a missing key"),
        pytest.param([ENVELOPE], "all", id="a list as an object"),
    ],
)
def test_a_difference_is_found_and_its_place_named(actual: object, path: str) -> None:
    found = examples.differences(ENVELOPE, actual)

    assert found
    assert found[0].startswith(path)


def test_true_is_not_one() -> None:
    assert examples.differences({"unread": 1}, {"unread": True})


def test_a_path_compared_by_type_may_have_another_value_but_no_other_type() -> None:
    by_type = ["generatedAt", "response.names.*"]

    assert examples.differences(ENVELOPE, {**changed(names=["c", "d"]), "generatedAt": 1}, by_type) == []
    assert examples.differences(ENVELOPE, {**ENVELOPE, "generatedAt": "1"}, by_type)
    assert examples.differences(ENVELOPE, changed(names=["c", 4]), by_type)
    assert examples.differences(ENVELOPE, {"status": "success", "response": ENVELOPE["response"]}, by_type)


def test_a_path_compared_by_type_must_be_in_the_answer() -> None:
    assert examples.unused({"body": ENVELOPE, "by_type": ["generatedAt", "response.names.*"]}) == []
    assert examples.unused({"body": ENVELOPE, "by_type": ["generated"]}) == ["generated"]


@pytest.mark.parametrize(
    ("answer", "response"),
    [
        pytest.param({"status": 200, "body": {"a": 1}}, answered('{"a":1}', 400), id="another status"),
        pytest.param(
            {"status": 200, "body": {"a": 1, "b": 2}}, answered('{"b":2,"a":1}'), id="another order of keys"
        ),
        pytest.param({"status": 200, "body": {"a": 1}}, answered('{"a": 1}'), id="JSON that is not compact"),
        pytest.param({"status": 200, "body": {"a": 1}}, answered("<html>"), id="HTML"),
        pytest.param({"status": 200, "text": "error"}, answered("errors"), id="another text"),
        pytest.param({"status": 200, "has": {"a": 1}}, answered('{"b":1}'), id="a missing key of a part"),
        pytest.param(
            {"status": 200, "headers": {"Allow": "POST"}, "body": {"a": 1}},
            answered('{"a":1}'),
            id="a missing header",
        ),
    ],
)
def test_an_answer_that_is_not_the_expected_one_fails(
    answer: dict[str, Any], response: requests.Response
) -> None:
    assert examples.check({"answer": answer}, response, {})


def test_an_answer_with_what_was_added_to_the_documented_one_passes() -> None:
    added = {"at": "", "fields": {"b": "${name}"}}

    assert (
        examples.check(
            {"answer": {"status": 200, "body": {"a": 1}, "adds": [added]}},
            answered('{"a":1,"b":2}'),
            {"name": 2},
        )
        == []
    )


def test_a_variable_alone_keeps_its_type_and_inside_a_text_becomes_text() -> None:
    filled = examples.fill({"a": "${id}", "b": ["${id:string}", "/x/${id}", "${7*7}"]}, {"id": 7})

    assert filled == {"a": 7, "b": ["7", "/x/7", "${7*7}"]}


def test_a_variable_that_nobody_saved_is_a_failure() -> None:
    with pytest.raises(KeyError, match="id"):
        examples.fill("/x/${id}", {})

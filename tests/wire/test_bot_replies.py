"""What a bot's webhook may answer, and why what it may not answer is useless."""

from typing import Any

import pytest
from marshmallow import ValidationError

from mockkommunicate.domain.messages import ContentType, Draft
from mockkommunicate.wire import bots, reading


def loaded(*reply: Any) -> list[Draft]:
    return bots.load_reply(list(reply))


def refused(reply: Any) -> str:
    """Answer why a reply is refused."""
    with pytest.raises(ValidationError) as error:
        bots.load_reply(reply)
    return "; ".join(map(str, reading.list_problems("the answer", error.value.messages, reply)))


def test_each_object_is_a_message_in_order() -> None:
    assert loaded({"message": "a"}, {"message": "b"}) == [Draft(text="a"), Draft(text="b")]


def test_an_empty_array_is_no_message() -> None:
    assert loaded() == []


def test_metadata_becomes_strings_and_a_payload_json() -> None:
    payload = [{"title": "Größe", "message": "a"}]
    metadata = {
        "contentType": 300,
        "templateId": "6",
        "payload": payload,
        "a": True,
        "b": None,
        "c": {"d": 1.5},
    }

    (draft,) = loaded({"message": "Hi", "metadata": metadata})

    assert draft.metadata == {
        "contentType": "300",
        "templateId": "6",
        "payload": '[{"title":"Größe","message":"a"}]',
        "a": "true",
        "c": '{"d":1.5}',
    }


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"messageType": "html"}, ContentType.TEXT_HTML),
        ({"messageType": "text"}, ContentType.DEFAULT),
        ({"messageType": "html", "contentType": 0}, ContentType.DEFAULT),
        ({"contentType": "1"}, ContentType.ATTACHMENT),
        ({"platform": "kommunicate"}, ContentType.DEFAULT),
        ({"platform": 7, "anything": []}, ContentType.DEFAULT),
    ],
    ids=str,
)
def test_a_message_may_be_html_or_anything_that_a_message_is(
    given: dict[str, Any], kind: ContentType
) -> None:
    assert loaded({"message": "<b>a</b>", **given}) == [Draft(text="<b>a</b>", content_type=kind)]


def test_a_message_may_be_a_file_or_metadata_alone() -> None:
    assert loaded({"contentType": 1, "fileMeta": {"name": "a"}}, {"metadata": {"KM_ASSIGN_TO": ""}}) == [
        Draft(content_type=ContentType.ATTACHMENT, file_meta={"name": "a"}),
        Draft(metadata={"KM_ASSIGN_TO": ""}),
    ]


@pytest.mark.parametrize("hides", [True, "true"])
def test_plain_texts_are_hidden_where_a_message_says_so(hides: object) -> None:
    rich = {"message": "rich", "metadata": {"a": "b"}, "ignoreTextResponse": hides}

    assert [draft.text for draft in loaded({"message": "plain"}, rich)] == ["rich"]
    assert [draft.text for draft in loaded({"message": "plain"}, rich | {"ignoreTextResponse": False})] == [
        "plain",
        "rich",
    ]


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ({"message": "a"}, "must be a JSON array of messages"),
        ("a", "must be a JSON array of messages"),
        (None, "must be a JSON array of messages"),
        ([{"message": "a"}] * 101, "must have at most 100 messages"),
        (["a"], '[0]\': must be an object with a message, metadata or both; got "a"'),
        ([{"message": "a"}, None], "[1]': must be an object with a message, metadata or both"),
        ([[{"message": "a"}]], "[0]': must be an object"),
        ([{}], "[0]': has nothing to show: a message, metadata or fileMeta; got {}"),
        ([{"message": "a"}, {"message": "", "platform": "kommunicate"}], "[1]': has nothing to show"),
        ([{"metadata": {}}], "[0]': has nothing to show"),
        ([{"message": 1}], "[0].message': must be a string; got 1"),
        ([{"message": "a", "metadata": "b"}], '[0].metadata\': must be an object; got "b"'),
        ([{"message": "a", "metadata": [1]}], "[0].metadata': must be an object"),
        ([{"message": "a", "contentType": 300}], "[0].contentType': must be one of 0, 1"),
        ([{"message": "a", "fileMeta": []}], "[0].fileMeta': must be an object"),
        ([{"message": "a", "ignoreTextResponse": 1}], "[0].ignoreTextResponse': must be true or false"),
        ([{"message": 1}, {"metadata": 2}], "[1].metadata': must be an object"),
    ],
)
def test_what_is_no_reply_is_refused_by_name(reply: Any, why: str) -> None:
    assert why in refused(reply)

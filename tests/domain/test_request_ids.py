"""Ids of requests: a client's own where a log may repeat it, or else what follows from the journal."""

import pytest

from mockkommunicate.domain import request_ids


@pytest.mark.parametrize("name", ["X-Request-Id", "x-request-id", "X-REQUEST-ID"])
@pytest.mark.parametrize(
    "value", ["7", "f058ebd6-02f7-4d3f-942e-904344e8cde5", "Root=1-67891233:a/b+c~d@e", "x" * 128]
)
def test_a_client_names_its_request(name: str, value: str) -> None:
    headers = [("Accept", "*/*"), (name, value), ("X-Requested-By", "me")]

    assert request_ids.find(headers) == value


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "a b",
        "x" * 129,
        "a\nb",
        "a\r",
        "\x1b[31m",
        "a\u202eb",
        "é",
        "a,b",
        '"a"',
        "a status=200",
        "a\n",
        "apiKey=s3cr3t",
        "x/Api-Key:s3cr3t",
        "authorization:s3cr3t",
    ],
)
def test_an_id_that_a_log_had_better_not_repeat_is_none(value: str) -> None:
    assert request_ids.given(value) is None
    assert request_ids.find([("X-Request-Id", value)]) is None


def test_who_gives_none_gets_what_follows_from_the_journal() -> None:
    assert request_ids.find([("X-Request-Ib", "7")]) is None
    assert request_ids.numbered("shop", 3) == "shop:3"
    assert request_ids.numbered("", 4) == "gateway:4"

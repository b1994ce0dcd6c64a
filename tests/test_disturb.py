"""`disturb` of the handle, faults of deliveries on the command line, and in what is exported."""

import json
from datetime import timedelta
from typing import Any

import pytest

from mockkommunicate import App, ControlFailed, MockKommunicate
from tests.client import Client
from tests.commanded import Commanded

MATCH = {"delivery": "webhook"}
NOWHERE = {"webhook": {"url": "http://127.0.0.1:9/nobody"}}


@pytest.mark.parametrize(
    ("keywords", "rule"),
    [
        ({"duplicate": True}, {"do": {"deliver": "duplicate"}}),
        ({"duplicate": 3, "times": 1}, {"do": {"deliver": "duplicate", "copies": 3}, "when": {"times": 1}}),
        ({"reorder": True, "after": 2}, {"do": {"deliver": "reorder"}, "when": {"after": 2}}),
        ({"reorder": timedelta(seconds=5)}, {"do": {"deliver": "reorder", "withinMs": 5_000}}),
        ({"delay": "PT1H", "ttl": 50}, {"do": {"deliver": "delay", "delayMs": "PT1H"}, "ttlMs": 50}),
        ({"drop": True, "duplicate": False}, {"do": {"deliver": "drop"}}),
        (
            {"corrupt": "token", "conversation": 7, "url": "http://x", "body": {"message": str}},
            {
                "do": {"deliver": "corrupt", "part": "token"},
                "match": {
                    **MATCH,
                    "conversation": 7,
                    "url": "http://x",
                    "body": {"message": {"$type": "string"}},
                },
            },
        ),
    ],
    ids=str,
)
def test_the_keywords_make_a_rule(app: App, keywords: dict[str, Any], rule: dict[str, Any]) -> None:
    fault = app.disturb("webhook", **keywords)

    assert fault.rule == {"id": 1, "hits": 0, "seen": 0, "match": MATCH, **rule}


def test_without_a_kind_it_is_for_every_delivery(app: App) -> None:
    assert app.disturb(drop=True).rule["match"] == {"delivery": "any"}


def test_it_ends_with_its_block_and_its_hits_stay(app: App, client: Client) -> None:
    app.settings(NOWHERE)
    group_id = client.created("carl")["id"]
    with app.disturb("webhook", drop=True) as fault:
        client.send(group_id, "carl")
    client.send(group_id, "carl")

    assert fault.hits == 1
    assert [delivery.fault for delivery in app.deliveries()] == [{"id": 1, "deliver": "drop"}, None]
    assert app.faults() == []


WRONG: list[tuple[dict[str, Any], str]] = [
    ({}, "disturb() takes one of duplicate, reorder, delay, drop, corrupt; got none"),
    ({"drop": False}, "disturb() takes one of duplicate, reorder, delay, drop, corrupt; got none"),
    (
        {"drop": True, "delay": 5},
        "disturb() takes one of duplicate, reorder, delay, drop, corrupt; got delay and drop",
    ),
    ({"drop": 2}, "disturb() takes drop=True; got 2"),
    ({"dupliacte": True}, "disturb() has no 'dupliacte'; did you mean 'duplicate'?"),
    (
        {"drop": True, "phase": "after"},
        "disturb() has no 'phase'; there are times, after, every, probability, until, limit, window, ttl, conversation",
    ),
]


@pytest.mark.parametrize(("keywords", "message"), WRONG, ids=str)
def test_keywords_that_make_none_are_an_error(app: App, keywords: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError) as error:
        app.disturb("webhook", **keywords)

    assert str(error.value).startswith(message)
    assert app.faults() == []


def test_what_the_control_api_refuses_is_refused(app: App) -> None:
    with pytest.raises(ControlFailed, match=r"match\.delivery.* must be one of webhook, bot, any"):
        app.disturb("webhok", drop=True)  # type: ignore[arg-type]
    with pytest.raises(ControlFailed, match=r"do\.delayMs"):
        app.disturb("webhook", delay=True)


def test_the_commands_add_list_and_show_what_befell_a_delivery(server: MockKommunicate) -> None:
    app = Commanded(server.url, settings=NOWHERE)
    rule = {"match": MATCH, "do": {"deliver": "drop"}}
    assert app.done("fault", "add", json.dumps(rule)) == "added fault 1\n"
    app.client.send(app.client.created("carl")["id"], "carl")

    assert app.done("fault", "list").splitlines()[1].split()[:3] == ["1", "1", "1"]
    head, row = app.done("deliveries", "list").splitlines()
    assert head.split() == ["ID", "CREATED", "KIND", "CONVERSATION", "STATE", "TRIES", "FAULT", "LAST", "URL"]
    assert "failed      1  1 drop  dropped: a fault of the app lets it go nowhere  http" in row


def test_a_rule_of_deliveries_goes_on_where_its_state_is_imported(app: App, server: MockKommunicate) -> None:
    app.settings(NOWHERE)
    app.disturb("webhook", drop=True, every=2)
    other = server.create_app()
    for each in (app, other):
        if each is other:
            each.load_state(app.state())
        client = Client(each.url, each.api_key)
        client.send(client.created("carl")["id"], "carl")
    (fault,) = other.faults()

    assert {**fault.rule, "match": MATCH} == {
        "id": 1,
        "seen": 2,
        "hits": 1,
        "match": MATCH,
        "when": {"every": 2},
        "do": {"deliver": "drop"},
    }
    assert [delivery.state for delivery in other.deliveries()] == ["failed"]


def test_a_fork_and_a_snapshot_have_the_rules_too(app: App) -> None:
    app.disturb("webhook", drop=True)
    app.snapshot("before")
    fork = app.fork(snapshot="before")

    assert [fault.rule["do"] for fault in fork.faults()] == [{"deliver": "drop"}]

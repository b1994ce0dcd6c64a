"""The journal shows no key."""

import json
import secrets
from collections.abc import Callable
from typing import Any

import pytest
import requests

from mockkommunicate import App, MockKommunicate
from tests.client import Client
from tests.control.journal.kept import (
    GATEWAY,
    SEND,
    at_gateway,
    journal,
    path,
)

KEY_PLACES: dict[str, Callable[[str], dict[str, Any]]] = {
    "header": lambda key: {"headers": {"Api-Key": key}},
    "header in small letters": lambda key: {"headers": {"api-key": key}},
    "header in capitals": lambda key: {"headers": {"API-KEY": key}},
    "query": lambda key: {"params": {"apiKey": key}},
    "both": lambda key: {"params": {"apiKey": key}, "headers": {"Api-Key": key}},
    "twice in the query": lambda key: {"params": {"apiKey": [key, key]}},
    "query in another case": lambda key: {"params": {"apikey": key, "api_key": key, "API-Key": key}},
    "a header that is nearly right": lambda key: {"headers": {"X-Api-Key": key, "Apikey": key}},
    "Authorization": lambda key: {"headers": {"Api-Key": key, "Authorization": f"Bearer {key}"}},
    "Cookie": lambda key: {"headers": {"Api-Key": key, "cookie": f"key={key}"}},
    "Referer": lambda key: {"headers": {"Api-Key": key, "Referer": f"http://x/?a=1&apiKey={key}&b=2"}},
    "body": lambda key: {"headers": {"Api-Key": key}, "json": {"apiKey": key, "a": [{"Api-Key": key}]}},
    "form": lambda key: {"headers": {"Api-Key": key}, "data": {"apiKey": key, "a": "1"}},
}


@pytest.mark.parametrize("place", KEY_PLACES)
@pytest.mark.parametrize("right", [True, False], ids=["right", "wrong"])
def test_a_key_is_shown_nowhere(server: MockKommunicate, app: App, place: str, *, right: bool) -> None:
    key = app.api_key if right else f"wrong-{secrets.token_hex(8)}"
    requests.post(f"{server.url}{SEND}", timeout=60, **KEY_PLACES[place](key))

    seen = [
        requests.get(f"{server.url}{GATEWAY}", timeout=60),
        requests.get(f"{server.url}{path(app)}", timeout=60),
        requests.get(f"{server.url}{path(app, '/ignored')}", timeout=60),
        requests.post(f"{server.url}{path(app, '/verify')}", json={"request": {"path": "/x"}}, timeout=60),
    ]
    assert [response.status_code for response in seen] == [200] * 4
    assert not [response.text for response in seen if key in response.text]
    assert len(journal(app)) + len(at_gateway(server, last=1)) >= 1


def test_the_rest_of_a_text_around_a_key_is_kept(app: App, client: Client) -> None:
    body = {"message": 'the "apiKey" of mine', "apiKey": "secret", "z": "apiKey: none"}
    client.call("POST", SEND, data=json.dumps(body, indent=1), headers={"Referer": "/?apiKey=secret&b=2"})

    (kept,) = journal(app)
    assert kept["body"] == body | {"apiKey": "***"}
    assert kept["headers"]["Referer"] == "/?apiKey=***&b=2"


def test_other_headers_are_shown_as_they_came(app: App, client: Client) -> None:
    sent = {"X-Trace": "a, b", "Of-User-Id": "J%C3%B6rg", "X-Keyboard": "de"}
    client.call("GET", "/rest/ws/x", headers=sent)

    (kept,) = journal(app)
    assert {name: kept["headers"][name] for name in sent} == sent
    assert "Host" not in kept["headers"]

"""What the tests of the journal ask of it, and how an entry looks."""

from typing import Any

import requests

from mockkommunicate import App, MockKommunicate

NOON = 1_900_000_000_000
SEND = "/rest/ws/message/v2/send"
CREATE = "/rest/ws/group/conversation"
STATUS = "/rest/ws/group/status/change"
GATEWAY = "/_mock/requests"
ANY = {"path": {"$regex": "^/"}}


def path(app: App, rest: str = "") -> str:
    return f"/_mock/apps/{app.application_id}/requests{rest}"


def journal(app: App, **query: Any) -> list[dict[str, Any]]:
    """List the journal with a client that has no key."""
    response = requests.get(f"{app.url}{path(app)}", params=query, timeout=60)
    assert response.status_code == 200, response.text
    return list(response.json()["requests"])


def at_gateway(server: MockKommunicate, **query: Any) -> list[dict[str, Any]]:
    return list(requests.get(f"{server.url}{GATEWAY}", params=query, timeout=60).json()["requests"])


def entry(response: requests.Response, **details: Any) -> dict[str, Any]:
    """Answer what the journal says of a request that was answered so, at noon and with nothing unread."""
    sent = response.request
    headers = {name.title(): value for name, value in sent.headers.items()}
    whole = {
        "id": 1,
        "at": NOON,
        "durationMs": 0,
        "method": sent.method,
        "path": sent.path_url.partition("?")[0],
        "query": {},
        "headers": {**headers, "Api-Key": "***"},
        "status": response.status_code,
        "answer": response.json(),
        "unread": [],
        **details,
    }
    return {name: value for name, value in whole.items() if value is not None}

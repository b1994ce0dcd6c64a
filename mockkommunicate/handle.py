"""The handle of one app of a running emulator: thin calls over the control API."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode


class ControlFailed(Exception):
    """The control API refused a call: `status`, `code` and `hint` say why."""

    def __init__(self, status: int, error: Mapping[str, str]) -> None:
        super().__init__(
            " ".join(filter(None, (error["message"], error.get("hint") and f"({error['hint']})")))
        )
        self.status = status
        self.code = error["code"]
        self.hint = error.get("hint", "")


class App:
    """One app of a running emulator: a world of its own, reached by its API key."""

    def __init__(self, url: str, application_id: str, api_key: str, *, token: str | None = None) -> None:
        self.url = url
        self._token = token
        self.application_id = application_id
        self.api_key = api_key

    @property
    def headers(self) -> dict[str, str]:
        """The headers that a client sends."""
        return {"Api-Key": self.api_key, "Content-Type": "application/json"}

    def add_agent(self, user_id: str, *, limit: int | None = None, **details: object) -> dict[str, Any]:
        """Add an agent, online unless `availability` says otherwise; `limit` is his handling limit."""
        return self._add(user_id, "agent", handlingLimit=limit, **details)

    def add_bot(self, user_id: str, **details: object) -> dict[str, Any]:
        """Add a bot."""
        return self._add(user_id, "bot", **details)

    def add_customer(self, user_id: str, **details: object) -> dict[str, Any]:
        """Add a customer."""
        return self._add(user_id, "customer", **details)

    def settings(self, changes: Mapping[str, object] | None = None) -> dict[str, Any]:
        """Answer the settings, after merging changes if there are any."""
        return self._call("PATCH" if changes else "GET", "settings", changes)

    def conversation(self, conversation_id: int) -> dict[str, Any]:
        """Answer one conversation: the wire's group object with `status`, `assignee` and `routing`."""
        return self._call("GET", f"conversations/{conversation_id}")

    def conversations(self, **filters: object) -> Sequence[dict[str, Any]]:
        """List the conversations, of one `status` or `assignee` if given."""
        return self._list("conversations", filters)

    def messages(self, conversation_id: int) -> Sequence[dict[str, Any]]:
        """List the messages of a conversation, the oldest first."""
        return self._list(f"conversations/{conversation_id}/messages", {})

    def reset(self, **to: object) -> dict[str, Any]:
        """Fill the app anew, from its own scenario and seed unless `scenario` and `seed` say otherwise."""
        return self._call("POST", "reset", to)

    def delete(self) -> None:
        """Delete the app and everything in it."""
        self._call("DELETE", "")

    def _add(self, user_id: str, role: str, **details: object) -> dict[str, Any]:
        given = {name: value for name, value in details.items() if value is not None}
        return self._call("POST", "users", {"userId": user_id, "role": role, **given})

    def _list(self, kind: str, filters: Mapping[str, object]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        after: object = 0
        while after is not None:
            page = self._call("GET", f"{kind}?{urlencode({**filters, 'after': after})}")
            found += page[kind.rpartition("/")[2]]
            after = page.get("next")
        return found

    def _call(self, method: str, path: str, body: Mapping[str, object] | None = None) -> dict[str, Any]:
        base = f"{self.url}/_mock/apps/{quote(self.application_id)}"
        return call(method, f"{base}/{path}".rstrip("/"), body, token=self._token)


def call(
    method: str, url: str, body: Mapping[str, object] | None = None, *, token: str | None = None
) -> dict[str, Any]:
    """Call the control API; raise ControlFailed when it refuses."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310 - our own server
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request) as response:
            return dict(json.load(response))
    except urllib.error.HTTPError as error:
        with error:
            raise ControlFailed(error.code, json.load(error)["error"]) from None

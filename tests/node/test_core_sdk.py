"""An official client drives the emulator: the API client of @applozic/core-sdk, unchanged but for its host."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mockkommunicate import App, MockKommunicate
from tests.client import ADMIN, Client


def driven(workshop: Path, *arguments: str) -> dict[str, Any]:
    """Run the client; answer what each of its calls got."""
    done = subprocess.run(
        ["node", "core-sdk.js", *arguments], cwd=workshop, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.fixture(scope="module")
def app() -> Iterator[App]:
    """An app that answers as this client reads it."""
    with MockKommunicate() as server:
        yield server.create_app(settings={"dialect": "observed"})


def test_every_call_that_the_client_has_of_ours_is_understood_on_both_sides(
    app: App, workshop: Path, tmp_path: Path
) -> None:
    client = Client(app.url, app.api_key)
    made = client.created("carl", clientGroupId="group-1")
    (tmp_path / "note.txt").write_bytes(b"Hello, file")
    told = driven(workshop, app.url, app.api_key, str(tmp_path / "note.txt"))
    first, second = app.messages(made["id"])

    assert told["send"] == {"messageKey": first.key, "createdAt": first["createdAtTime"]}
    assert (first.text, first.metadata) == ("Hello", {"category": "ARCHIVE", "skipBot": "true"})
    assert told["sendToNobody"] is None
    assert [user["userId"] for user in told["details"]] == ["carl", ADMIN]
    assert told["update"] == "success"
    assert told["wrongKey"] == 401
    assert client.download(told["upload"]["blobKey"]).content == b"Hello, file"
    assert (second.key, second["fileMeta"]) == (told["attach"]["messageKey"], told["upload"])
    (carl,) = client.detail("carl").json()["response"]
    assert {"userName": "Carl", "email": "carl@example.com"}.items() <= carl.items()

"""/_mock/apps/APP/files, and files in forks, snapshots, resets and states."""

import base64
import hashlib
from typing import Any

import pytest
import requests

from mockkommunicate import App, ControlFailed, MockKommunicate
from tests.client import Client
from tests.eicar import EICAR
from tests.expected import NOW, Like
from tests.pictures import PNG
from tests.worlds import AT, World, error


@pytest.fixture
def world(server: MockKommunicate) -> World:
    """An app whose clock stands still."""
    return World(server.url)


def listed(world: World, **query: Any) -> dict[str, Any]:
    response = world.control("GET", "/files", params=query)
    assert response.status_code == 200, response.text
    return dict(response.json())


def put_in(
    world: World, query: str, content: bytes = b"abc", kind: str | None = "text/plain"
) -> requests.Response:
    headers = {} if kind is None else {"Content-Type": kind}
    return world.control("POST", f"/files?{query}", data=content, headers=headers)


def test_the_files_are_listed_in_the_order_of_upload(world: World) -> None:
    text = world.client.uploaded("b.txt", b"abc", "text/plain")
    photo = world.client.call(
        "POST", "/rest/ws/upload/image", files={"file": ("a.png", PNG, "image/png")}
    ).json()

    assert listed(world) == {
        "files": [
            {
                "id": 1,
                "name": "b.txt",
                "contentType": "text/plain",
                "size": 3,
                "sha1": hashlib.sha1(b"abc").hexdigest(),
                "blobKey": text["blobKey"],
                "private": True,
                "uploadedAt": AT,
            },
            {
                "id": 2,
                "name": "a.png",
                "contentType": "image/png",
                "size": len(PNG),
                "sha1": hashlib.sha1(PNG).hexdigest(),
                "blobKey": photo["blobKey"],
                "thumbnailBlobKey": photo["thumbnailBlobKey"],
                "private": False,
                "uploadedAt": AT,
            },
        ]
    }


def test_the_list_goes_on_where_it_is_told(world: World) -> None:
    for number in range(5):
        world.client.uploaded(f"{number}.txt")

    first = listed(world, limit=2)
    assert ([file["id"] for file in first["files"]], first["next"]) == ([1, 2], 2)
    last = listed(world, after=3)
    assert ([file["id"] for file in last["files"]], "next" in last) == ([4, 5], False)


def test_a_new_app_has_no_files(world: World) -> None:
    assert listed(world) == {"files": []}


def test_a_file_is_put_in_as_a_client_would(world: World) -> None:
    response = put_in(world, "name=photo.png", PNG, "image/png")

    assert response.status_code == 201
    assert response.json() == listed(world)["files"][0]
    assert world.client.download(response.json()["blobKey"]).content == PNG
    assert world.ok("GET", "/requests?operation=file.upload_image")["requests"] == []


def test_a_file_that_is_put_in_has_the_key_that_an_uploaded_one_would_have(server: MockKommunicate) -> None:
    one, other = World(server.url), World(server.url)

    assert put_in(one, "name=a.txt").json()["blobKey"] == other.client.uploaded()["blobKey"]


@pytest.mark.parametrize(
    ("query", "name"), [("name=a/b.txt", "b.txt"), ("name=Gr%C3%B6%C3%9Fe", "Größe"), ("name=+", None)]
)
def test_its_name_is_as_that_of_an_upload(world: World, query: str, name: str | None) -> None:
    response = put_in(world, query)

    if name is None:
        assert error(response, 400)["message"] == "query 'name': has no file name; one is needed; got \" \""
    else:
        assert response.json()["name"] == name


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "query 'name': is missing: the file's name"),
        ("name=a&nmae=b", "query 'nmae': is not known here; did you mean 'name'?"),
        ("name=a&name=b", "query 'name': is repeated; it may be given once"),
        ("name=a&private=maybe", "query 'private': must be true or false"),
        ("name=a%0Ab", "query 'name': has a file name with control characters"),
    ],
)
def test_a_file_that_cannot_be_put_in_is_refused_by_name(world: World, query: str, message: str) -> None:
    entry = error(put_in(world, query), 400)

    assert entry["message"].startswith(message)
    assert listed(world) == {"files": []}


def test_a_file_of_no_type_is_bytes(world: World) -> None:
    assert put_in(world, "name=a", kind=None).json()["contentType"] == "application/octet-stream"


def test_a_file_over_the_limit_and_a_virus_are_refused_here_too(world: World) -> None:
    world.ok("PATCH", "/settings", {"files": {"maxBytes": 100}})

    large = error(put_in(world, "name=a", b"x" * 101), 413)
    assert (large["code"], large["message"]) == (
        "MOCK-FILE",
        "the file has 101 bytes, over the limit of 100 (the setting files.maxBytes)",
    )
    virus = error(put_in(world, "name=a", EICAR), 422)
    assert (virus["code"], virus["message"]) == (
        "MALICIOUS_CONTENT",
        "the file is malicious, and was not stored",
    )
    assert listed(world) == {"files": []}


def test_a_file_is_deleted_and_no_other(world: World) -> None:
    keys = [world.client.uploaded(f"{number}.txt")["blobKey"] for number in range(3)]

    assert world.ok("DELETE", "/files/2") == {"deleted": 2}
    assert [world.client.download(key).status_code for key in keys] == [200, 404, 200]
    assert [file["id"] for file in listed(world)["files"]] == [1, 3]
    assert put_in(world, "name=next.txt").json()["id"] == 4


def test_all_files_are_deleted(world: World) -> None:
    for _ in range(3):
        world.client.uploaded()

    assert world.ok("DELETE", "/files") == {"deleted": 3}
    assert world.ok("DELETE", "/files") == {"deleted": 0}
    assert listed(world) == {"files": []}


def test_of_a_file_that_there_is_not_nothing_is_deleted(world: World) -> None:
    world.client.uploaded()
    entry = error(world.control("DELETE", "/files/7"), 404)

    assert (entry["code"], entry["message"]) == ("FILE_NOT_FOUND", "no file 7")
    assert len(listed(world)["files"]) == 1


@pytest.mark.parametrize("value", [0, -1, 100_000_001, "1.5", None, True])
def test_the_limit_must_be_one(world: World, value: object) -> None:
    entry = error(world.control("PATCH", "/settings", json={"files": {"maxBytes": value}}), 400)

    assert entry["message"].startswith("body 'files.maxBytes': ")


# Copies.


def contents(world: World) -> list[tuple[str, bytes]]:
    """List the names and bytes of an app's files, thumbnails too."""
    keys = [
        (file["name"], key)
        for file in listed(world)["files"]
        for key in (file["blobKey"], file.get("thumbnailBlobKey"))
        if key is not None
    ]
    return [(name, world.client.download(key).content) for name, key in keys]


@pytest.fixture
def furnished(world: World) -> World:
    """An app with a page and a picture."""
    return world.furnish()


def test_a_fork_has_the_files_and_keeps_its_own(furnished: World) -> None:
    fork = furnished.fork()
    assert contents(fork) == contents(furnished) != []
    fork.client.uploaded("new.txt", b"new")
    furnished.ok("DELETE", "/files")

    assert listed(furnished) == {"files": []}
    assert [name for name, _ in contents(fork)][-1] == "new.txt"


def test_a_fork_with_another_seed_keeps_the_keys_there_are(furnished: World) -> None:
    fork = furnished.fork(seed=99)

    assert [file["blobKey"] for file in listed(fork)["files"]] == [
        file["blobKey"] for file in listed(furnished)["files"]
    ]
    assert fork.client.uploaded()["blobKey"] != furnished.client.uploaded()["blobKey"]


def test_a_snapshot_brings_the_files_back(furnished: World) -> None:
    before, state = contents(furnished), furnished.state
    furnished.ok("PUT", "/snapshots/it")
    furnished.ok("DELETE", "/files/1")
    furnished.client.uploaded("new.txt")
    furnished.ok("POST", "/snapshots/it/restore")

    assert contents(furnished) == before
    assert furnished.state == state


def test_a_url_of_the_app_is_good_after_a_restore(furnished: World) -> None:
    url = furnished.client.signed(listed(furnished)["files"][0]["blobKey"])
    furnished.ok("PUT", "/snapshots/it")
    furnished.ok("POST", "/snapshots/it/restore")

    assert requests.get(url, timeout=20).status_code == 200


def test_a_reset_removes_the_files_and_begins_to_count_anew(furnished: World) -> None:
    first = listed(furnished)["files"][0]["blobKey"]
    assert furnished.ok("POST", "/reset")["removed"]["files"] == 2

    assert listed(furnished) == {"files": []}
    assert furnished.client.uploaded("a.html", b"<p>\x00\xff</p>")["blobKey"] == first


def test_a_state_has_the_files_with_their_bytes(world: World) -> None:
    world.client.uploaded("a.txt", b"abc", "text/plain")
    photo = world.client.uploaded("photo.png", PNG, "image/png")
    thumbnail = world.client.download(photo["thumbnailBlobKey"]).content
    document = world.document

    assert document["sequences"]["file"] == 2
    assert document["files"] == [
        {
            "number": 1,
            "id": Like("[0-9a-f-]{36}"),
            "name": "a.txt",
            "contentType": "text/plain",
            "private": True,
            "createdAtTime": AT,
            "content": "YWJj",
        },
        {
            "number": 2,
            "id": photo["blobKey"][:36],
            "name": "photo.png",
            "contentType": "image/png",
            "private": True,
            "createdAtTime": AT,
            "content": base64.b64encode(PNG).decode(),
            "thumbnail": base64.b64encode(thumbnail).decode(),
        },
    ]


def test_a_state_without_files_says_nothing_of_them(world: World) -> None:
    assert "files" not in world.document
    assert "file" not in world.document["sequences"]


def test_a_state_whose_files_are_gone_still_says_how_many_there_were(world: World) -> None:
    world.client.uploaded()
    world.ok("DELETE", "/files")

    assert "files" not in world.document
    assert world.document["sequences"]["file"] == 1


def test_an_imported_state_has_the_files(server: MockKommunicate, furnished: World) -> None:
    other = World(server.url, seed=99)
    other.client.uploaded("old.txt")

    assert other.put(furnished.state).json()["imported"]["files"] == 2
    assert contents(other) == contents(furnished)
    assert other.state == furnished.state
    assert other.client.uploaded()["blobKey"] == furnished.client.uploaded()["blobKey"]


def test_a_state_of_a_version_that_knew_no_files_is_read(world: World) -> None:
    document = world.document
    del document["settings"]["files"]
    world.client.uploaded()

    assert world.put(document).status_code == 200
    assert listed(world) == {"files": []}
    assert world.client.uploaded()["blobKey"] == World(world.url).client.uploaded()["blobKey"]


WRONG: list[tuple[str, Any, str]] = [
    ("files", {}, "files: must be a list"),
    ("files[0]", None, "files[0]: must be an object"),
    ("files[0].number", 0, "files[0].number: must be from 1"),
    ("files[0].number", 2, "files[1].number: stands here twice"),
    ("files[0].id", "x", "files[0].id: must be a UUID in lower case"),
    ("files[0].id", "2953A1E4-5777-4952-82D1-DE3729EC5585", "files[0].id: must be a UUID in lower case"),
    ("files[0].name", "", "files[0].name: has no file name; one is needed"),
    ("files[0].name", "a/b", "files[0].name: must be a name without a path"),
    ("files[0].name", "a\nb", "files[0].name: has a file name with control characters"),
    ("files[0].name", 7, "files[0].name: must be a string"),
    (
        "files[0].contentType",
        "x",
        "files[0].contentType: must be a content type such as application/octet-stream",
    ),
    ("files[0].contentType", "a/b\r\nX: 1", "files[0].contentType: must be a content type"),
    ("files[0].private", 1, "files[0].private: must be true or false"),
    ("files[0].content", "äöü", "files[0].content: must be bytes in Base64"),
    ("files[0].content", "YWJ", "files[0].content: must be bytes in Base64"),
    ("files[0].content", ["YWJj"], "files[0].content: must be bytes in Base64"),
    ("files[0].content", ..., "files[0].content: is missing: bytes in Base64"),
    ("files[1].thumbnail", None, "files[1].thumbnail: must be bytes in Base64"),
    ("files[0].nmae", "a", "files[0].nmae: is unknown; did you mean 'name'?"),
    ("sequences.file", 1, "sequences.file: must be at least 2, the highest number in files"),
    ("sequences.file", ..., "sequences.file: must be at least 2, the highest number in files"),
]


@pytest.mark.parametrize(
    ("place", "value", "problem"), WRONG, ids=[f"{place} {value}" for place, value, _ in WRONG]
)
def test_a_wrong_file_in_a_state_is_named_and_nothing_is_changed(
    furnished: World, place: str, value: Any, problem: str
) -> None:
    document, before = furnished.document, furnished.state
    *path, last = place.replace("[", ".").replace("]", "").split(".")
    inside: Any = document
    for step in path:
        inside = inside[int(step) if step.isdigit() else step]
    key: Any = int(last) if last.isdigit() else last
    if value is ...:
        del inside[key]
    else:
        inside[key] = value

    where, _, what = problem.partition(": ")
    assert f"body '{where}': {what}" in error(furnished.put(document), 400)["message"]
    assert furnished.state == before


def test_two_files_of_one_id_are_refused(furnished: World) -> None:
    document = furnished.document
    document["files"][1]["id"] = document["files"][0]["id"]

    assert "files[1].id" in error(furnished.put(document), 400)["message"]


# In Python.


def test_the_handle_puts_in_and_lists(app: App, client: Client) -> None:
    made = app.upload("photo.png", PNG, "image/png")

    assert (made.id, made.name, made.content_type, made.size) == (1, "photo.png", "image/png", len(PNG))
    assert (made.private, made.uploaded_at) == (True, NOW)
    assert made.sha1 == hashlib.sha1(PNG).hexdigest()
    assert client.download(made.blob_key).content == PNG
    assert client.download(str(made.thumbnail_blob_key)).status_code == 200
    assert app.files() == [made]


def test_the_handle_puts_in_bytes_of_no_type_and_of_any_name(app: App) -> None:
    made = app.upload("Größe & mehr?.bin", b"\x00\xff")

    assert (made.name, made.content_type, made.thumbnail_blob_key) == (
        "Größe & mehr?.bin",
        "application/octet-stream",
        None,
    )


def test_the_handle_says_why_a_file_was_refused(app: App) -> None:
    app.settings({"files": {"maxBytes": 2}})

    with pytest.raises(ControlFailed, match="over the limit of 2") as refusal:
        app.upload("a.txt", b"abc")
    assert (refusal.value.status, refusal.value.code) == (413, "MOCK-FILE")

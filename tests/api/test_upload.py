"""POST rest/ws/upload/image, upload/file and aws/file/url."""

import asyncio
import hashlib
import random
import socket
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import requests
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mockkommunicate import App, MockKommunicate
from tests import expected
from tests.client import ADMIN, Client, ok, refused
from tests.eicar import EICAR
from tests.expected import NOW, Like
from tests.pictures import PNG, opened, picture
from tests.worlds import AT, World

IMAGE = "/rest/ws/upload/image"
FILE = "/rest/ws/upload/file"
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
BOUNDARY = "----1735049558019----"


def sha1(content: bytes) -> str:
    return hashlib.sha1(content).hexdigest()


def key_like(name: str, content: bytes) -> Like:
    return Like(f"{UUID}_{sha1(content)}_KM_BUCKET_{name}")


def meta(client: Client, name: str, content: bytes, kind: str) -> dict[str, Any]:
    """The fileMeta of a private file that is no picture, its name percent-encoded already."""
    key = key_like(name, content)
    return {
        "blobKey": key,
        "name": name,
        "url": Like(f"{client.url}/rest/ws/aws/file/{key.pattern}"),
        "size": len(content),
        "contentType": kind,
        "createdAtTime": NOW,
    }


def form(*parts: bytes, boundary: str = BOUNDARY) -> bytes:
    """Write a form by hand."""
    lines = [b"--%s\r\n%s\r\n" % (boundary.encode(), part) for part in parts]
    return b"".join(lines) + b"--%s--\r\n" % boundary.encode()


def post(client: Client, body: Any, boundary: str = BOUNDARY, path: str = IMAGE) -> requests.Response:
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    return client.call("POST", path, data=body, headers=headers)


def part(filename: str, content: bytes = b"abc", name: str = "file", more: str = "") -> bytes:
    """Write a part whose file name stands in the header as it is given."""
    head = f'Content-Disposition: form-data; name="{name}"; {filename}\r\n{more}\r\n'
    return head.encode() + content


# The plain case.


def test_the_answer_is_the_files_meta(client: Client) -> None:
    response = client.upload("notes.txt", b"abc", "text/plain")

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == meta(client, "notes.txt", b"abc", "text/plain")
    assert list(response.json()) == ["blobKey", "name", "url", "size", "contentType", "createdAtTime"]


def test_a_picture_has_a_thumbnail(client: Client) -> None:
    content = picture(size=(800, 300))
    told = client.uploaded("photo.png", content, "image/png")
    thumbnail = client.download(told["thumbnailBlobKey"])

    assert told["thumbnailBlobKey"] == key_like("thumbnail_photo.png", thumbnail.content)
    assert told["thumbnailUrl"] == f"{client.url}/rest/ws/aws/file/{told['thumbnailBlobKey']}"
    assert thumbnail.headers["Content-Type"] == "image/png"
    assert opened(thumbnail.content).size == (200, 75)
    assert client.download(told["blobKey"]).content == content


def test_the_meta_is_sent_with_a_message_as_it_is(app: App, client: Client) -> None:
    told = client.uploaded("photo.png", PNG, "image/png")
    group_id = client.created("user-1")["id"]
    assert client.attach(group_id, fileMeta=told).status_code == 200

    (message,) = app.messages(group_id)
    assert message["fileMeta"] == told


def test_a_profile_picture_is_answered_by_its_url(client: Client) -> None:
    response = client.call("POST", FILE, files={"file": ("face.png", PNG, "image/png")})

    assert response.headers["Content-Type"] == "text/plain;charset=UTF-8"
    assert response.text == Like(
        rf"{client.url}/rest/ws/aws/file/{key_like('face.png', PNG).pattern}\?app=[\w-]+&signature=[0-9a-f]{{64}}"
    )
    assert requests.get(response.text, timeout=20).content == PNG
    client.created("carl")
    assert ok(client.update("carl", imageLink=response.text)) == "success"
    assert client.detail("carl").json()[0]["imageLink"] == response.text


def test_the_two_steps_of_older_clients(client: Client) -> None:
    where = client.call("GET", "/rest/ws/aws/file/url?data=1735049558019")
    assert where.headers["Content-Type"] == "text/plain;charset=UTF-8"
    response = requests.post(where.text, files={"files[]": ("a.txt", b"abc", "text/plain")}, timeout=20)

    told = response.json()["fileMeta"]
    assert response.json() == {"fileMeta": meta(client, "a.txt", b"abc", "text/plain") | {"url": told["url"]}}
    assert requests.get(told["url"], timeout=20).content == b"abc"


def test_a_link_to_upload_expires_by_the_apps_clock(app: App, client: Client) -> None:
    app.clock.freeze(AT)
    where = client.call("GET", "/rest/ws/aws/file/url").text
    sent = {"files[]": ("a.txt", b"abc")}
    app.clock.advance(899_999)
    assert requests.post(where, files=sent, timeout=20).status_code == 200
    app.clock.advance(1)

    entry = refused(requests.post(where, files=sent, timeout=20), 403)
    assert entry == expected.error(
        "MOCK-FILE",
        f"the link has expired: it was good until {AT + 900_000}, and the app's clock shows {AT + 900_000}",
    )
    assert len(app.files()) == 1


def test_a_link_to_a_file_is_no_link_to_upload(app: App, client: Client) -> None:
    query = client.signed(client.uploaded()["blobKey"]).partition("?")[2]
    response = requests.post(
        f"{client.url}/rest/ws/aws/file/url?{query}", files={"files[]": ("a.txt", b"x")}, timeout=20
    )

    assert refused(response, 403)["errorCode"] == "MOCK-FILE"
    assert len(app.files()) == 1


def test_equal_calls_on_equal_apps_make_equal_keys(server: MockKommunicate) -> None:
    def keys(seed: int) -> list[str]:
        client = World(server.url, seed=seed).client
        return [client.uploaded("a.txt", content)["blobKey"] for content in (b"1", b"2", b"1")]

    first = keys(7)
    assert first == keys(7)
    assert len(set(first)) == 3
    assert not set(first) & set(keys(8))


@pytest.mark.parametrize(
    ("query", "opens"), [("aclsPrivate=true", False), ("aclsPrivate=false", True), ("", True)]
)
def test_only_a_private_files_url_needs_the_key(client: Client, query: str, *, opens: bool) -> None:
    told = client.call("POST", f"{IMAGE}?{query}", files={"file": ("photo.png", PNG, "image/png")}).json()

    for name in ("url", "thumbnailUrl"):
        assert requests.get(told[name], timeout=20).status_code == (200 if opens else 401)
        assert client.session.get(told[name], timeout=20).status_code == 200


# Real clients.


def test_httpx_uploads(client: Client) -> None:
    response = httpx.post(
        f"{client.url}{IMAGE}",
        headers={"Api-Key": str(client.session.headers["Api-Key"])},
        files={"file": ("Größe.txt", b"abc", "text/plain")},
        trust_env=False,
    )

    assert response.json()["name"] == "Größe.txt"
    assert client.download(response.json()["blobKey"]).content == b"abc"


def test_many_upload_at_once_and_each_has_a_key_of_its_own(app: App, client: Client) -> None:
    async def upload_all() -> list[dict[str, Any]]:
        headers = {"Api-Key": app.api_key}
        async with httpx.AsyncClient(base_url=app.url, headers=headers, trust_env=False, timeout=60) as many:
            sent = [many.post(IMAGE, files={"file": ("a.txt", b"%d" % n)}) for n in range(40)]
            return [answer.json() for answer in await asyncio.gather(*sent)]

    told = asyncio.run(upload_all())

    assert len({one["blobKey"] for one in told}) == 40
    assert [file.id for file in app.files()] == list(range(1, 41))
    for number, one in enumerate(told):
        assert client.download(one["blobKey"]).content == b"%d" % number


def test_a_body_in_chunks_is_taken(client: Client) -> None:
    content = random.Random(1).randbytes(300_000)
    body = form(part('filename="a.bin"', content))
    pieces = (body[start : start + 7_001] for start in range(0, len(body), 7_001))

    assert client.download(post(client, pieces).json()["blobKey"]).content == content


def test_an_upload_of_the_android_sdk_is_taken_as_it_is_written(client: Client) -> None:
    # It ends a file with two line ends, of which a form has one: the other belongs to the file.
    boundary = "--1735049558019--"
    content = b"abc\r\n"
    body = form(
        part(
            'filename="AWS-ENCRYPTED-a b.xyz"',
            content,
            more="Content-Type: null\r\nContent-Transfer-Encoding: binary\r\n",
        ),
        boundary=boundary,
    )
    told = post(client, body, boundary).json()

    assert (told["name"], told["contentType"]) == ("AWS-ENCRYPTED-a b.xyz", "application/octet-stream")
    assert client.download(told["blobKey"]).content == content


def test_an_upload_of_the_ios_sdk_is_taken_as_it_is_written(client: Client) -> None:
    boundary = "------ApplogicBoundary4QuqLuM1cE5lMwCy"
    body = form(part('filename="a.jpeg"', PNG, more="Content-Type:image/jpeg\r\n"), boundary=boundary)
    told = post(client, body, boundary).json()

    assert (told["name"], told["contentType"]) == ("a.jpeg", "image/jpeg")
    assert client.download(told["blobKey"]).content == PNG


# Bytes.


@given(content=st.binary(max_size=5_000) | st.text("\r\n-", max_size=50).map(str.encode))
@example(b"")
@example(b"\r\n")
@example(b"\r\n--" + BOUNDARY.encode()[:-1] + b"\r\n")
@example(b"--" + BOUNDARY.encode() + b"--\r\n")
@example(bytes(range(256)))
@example(b"\x00" * 70_000 + b"\r")
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_bytes_come_back_as_they_were(client: Client, content: bytes) -> None:
    told = client.uploaded("a.bin", content, "application/octet-stream")
    response = client.download(told["blobKey"])

    assert (response.content, told["size"]) == (content, len(content))
    assert told["blobKey"] == key_like("a.bin", content)
    assert int(response.headers["Content-Length"]) == len(content)


@given(data=st.data())
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_file_behind_other_parts_comes_back_as_it_was(client: Client, data: st.DataObject) -> None:
    before = data.draw(st.lists(st.integers(65_300, 65_600), max_size=2))
    content = data.draw(st.binary(max_size=200))
    parts = [("other", (None, b"x" * size)) for size in before]
    sent: Any = [*parts, ("file", ("a.bin", content))]
    told = client.call("POST", IMAGE, files=sent).json()

    assert client.download(told["blobKey"]).content == content


def test_a_boundary_is_one_wherever_it_lies(app: App, client: Client) -> None:
    # Where it lies around 64 KiB, werkzeug's parser takes it for bytes of the file, if it is fed in pieces.
    head = len(form(part('filename="a"', b"")).partition(b"\r\n\r\n")[0]) + 4
    sizes = range(65_536 - head - len(BOUNDARY) - 12, 65_536 - head + 3)
    for size in sizes:
        assert post(client, form(part('filename="a"', b"x" * size))).json()["size"] == size

    assert [file.size for file in app.files()] == list(sizes)


def test_a_large_file_comes_back_as_it_was(client: Client) -> None:
    content = random.Random(2).randbytes(24_999_999) + b"\n"
    told = client.uploaded("large.bin", content, "application/octet-stream")

    assert told["size"] == 25_000_000
    assert client.download(told["blobKey"]).content == content


# Names.

NAMES = {
    "Screenshot 2024-12-10 at 2.55.46 PM.png": "Screenshot%202024-12-10%20at%202.55.46%20PM.png",
    "../../etc/passwd": "passwd",
    "Größe 😀.png": "Gr%C3%B6%C3%9Fe%20%F0%9F%98%80.png",
    "photo\u202egnp.exe": "photo%E2%80%AEgnp.exe",
    "a&b=c?d#e+f%20g.txt": "a%26b%3Dc%3Fd%23e%2Bf%2520g.txt",
    "<script>.html": "%3Cscript%3E.html",
    "a'b;c.txt": "a%27b%3Bc.txt",
    "x" * 300: "x" * 300,
    "ü" * 1_000: "%C3%BC" * 1_000,
    "...": "...",
}


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:20])
def test_a_file_of_any_name_comes_back_under_its_key(client: Client, name: str) -> None:
    told = client.uploaded(name, b"abc", "text/plain")

    assert told["name"] == name.rpartition("/")[2]
    assert told["blobKey"] == key_like(NAMES[name].replace("+", r"\+"), b"abc")
    for key in (told["blobKey"], quote(told["blobKey"])):
        url = client.call("GET", f"/rest/ws/file/url?key={key}").text
        assert client.download(key).content == requests.get(url, timeout=20).content == b"abc"
    header = client.download(told["blobKey"]).headers["Content-Disposition"]
    assert header.startswith('attachment; filename="')
    assert header.isascii()


@pytest.mark.parametrize(
    ("filename", "name"),
    [
        ('filename="a\\"b.txt"', 'a"b.txt'),
        ('filename="..\\\\..\\\\boot.ini"', "boot.ini"),
        ('filename="C:\\\\a.txt"', "a.txt"),
        ("filename*=UTF-8''%2E%2E%2Fa.txt", "a.txt"),
        ("filename=a.txt", "a.txt"),
    ],
)
def test_a_name_that_is_hard_to_write_is_only_a_name(client: Client, filename: str, name: str) -> None:
    told = post(client, form(part(filename))).json()
    response = client.download(told["blobKey"])

    assert told["name"] == name
    assert (response.status_code, response.content) == (200, b"abc")


@pytest.mark.parametrize(
    ("filename", "problem"),
    [
        ('filename=""', "has no file name; one is needed"),
        ('filename=".."', "has no file name; one is needed"),
        ('filename="a/"', "has no file name; one is needed"),
        ('filename="  "', "has no file name; one is needed"),
        ("filename*=UTF-8''a%0D%0AX-Evil%3A%201.txt", "has a file name with control characters"),
        ("filename*=UTF-8''a%00b.txt", "has a file name with control characters"),
        ("filename*=UTF-8''%7F", "has a file name with control characters"),
        (f'filename="{"x" * 1_001}"', "has a file name of more than 1000 characters"),
        ('filename="a\r\nb"', "is a text, not a file: a file's part has a filename"),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_a_name_that_is_none_is_refused(app: App, client: Client, filename: str, problem: str) -> None:
    entry = refused(post(client, form(part(filename))), 400)

    assert entry["errorCode"] == "MOCK-PARAM"
    assert entry["description"].startswith(f"body 'file': {problem}")
    assert len(entry["description"]) < 300
    assert app.files() == []


# Refusals: whatever is wrong, nothing is stored.

NO_FORM = "the body is no multipart/form-data"
UNREADABLE = "the form cannot be read: "

BODIES: dict[str, tuple[str | None, bytes, str]] = {
    "JSON": ("application/json", b"{}", f"{NO_FORM}; its type is 'application/json'"),
    "the bytes alone": ("image/png", PNG, f"{NO_FORM}; its type is 'image/png'"),
    "a form without files": ("application/x-www-form-urlencoded", b"file=abc", NO_FORM),
    "no type": (None, b"abc", f"{NO_FORM}; a form with the file"),
    "nothing": (None, b"", NO_FORM),
    "no boundary": ("multipart/form-data", b"abc", "the header Content-Type names no boundary"),
    "an odd boundary": (
        'multipart/form-data; boundary="ü"',
        b"abc",
        "the header Content-Type names no boundary",
    ),
    "another boundary": ("multipart/form-data; boundary=b", form(part('filename="a"')), UNREADABLE),
    "no part": ("multipart/form-data; boundary=b", b"", UNREADABLE),
    "no end": (
        "multipart/form-data; boundary=b",
        form(part('filename="a"'), boundary="b")[:-10],
        UNREADABLE,
    ),
    "a part without a head": ("multipart/form-data; boundary=b", b"--b\r\n\r\nabc\r\n--b--", UNREADABLE),
    "a head that is no UTF-8": (
        "multipart/form-data; boundary=b",
        form(part('filename="a"').replace(b'"a"', b'"\xff"'), boundary="b"),
        f"{UNREADABLE}the headers of a part are not UTF-8",
    ),
    "too many parts": (
        "multipart/form-data; boundary=b",
        form(*[part('filename="a"')] * 101, boundary="b"),
        "the form has more than 100 parts",
    ),
}


@pytest.mark.parametrize("path", [IMAGE, FILE, "/rest/ws/aws/file/url"])
@pytest.mark.parametrize("body", BODIES)
def test_a_body_that_is_no_form_is_refused(app: App, client: Client, path: str, body: str) -> None:
    content_type, content, problem = BODIES[body]
    headers = {} if content_type is None else {"Content-Type": content_type.encode()}
    entry = refused(client.call("POST", path, data=content, headers=headers), 400)

    assert entry["errorCode"] == "MOCK-BODY"
    assert entry["description"].startswith(problem)
    assert app.files() == []


FILE_PART = ("file", ("a.txt", b"abc"))
FORMS: dict[str, tuple[list[tuple[str, Any]], str]] = {
    "another name": (
        [("File", ("a.txt", b"abc")), ("image", ("b.txt", b"abc"))],
        "body 'file': is missing: the file, a part of the form; the parts that came: 'File', 'image'",
    ),
    "two files": ([FILE_PART] * 2, "body 'file': is repeated; it may be given once"),
    "a file and a text": (
        [FILE_PART, ("file", (None, "abc"))],
        "body 'file': is repeated; it may be given once",
    ),
    "a text": ([("file", (None, "abc"))], "body 'file': is a text, not a file: a file's part has a filename"),
}


@pytest.mark.parametrize("path", [IMAGE, FILE])
@pytest.mark.parametrize("sent", FORMS)
def test_a_form_without_just_the_file_is_refused(app: App, client: Client, path: str, sent: str) -> None:
    parts, problem = FORMS[sent]
    entry = refused(client.call("POST", path, files=parts), 400)

    assert entry["errorCode"] == "MOCK-PARAM"
    assert entry["description"].startswith(problem)
    assert app.files() == []


def test_a_part_that_nobody_reads_is_told(app: App, client: Client) -> None:
    sent: Any = {"file": ("a.txt", b"abc"), "data": (None, '{"groupId":1}'), "fil": ("b.txt", b"x")}
    assert client.call("POST", IMAGE, files=sent).status_code == 200
    found = {(one.where, one.name, one.kind, one.nearest) for one in app.ignored()}
    assert found == {("body", "data", "unknown", None), ("body", "fil", "unknown", "file")}

    app.settings({"strict": True})
    assert "body 'fil'" in refused(client.call("POST", IMAGE, files=sent), 400)["description"]
    assert len(app.files()) == 1


def test_a_wrong_parameter_is_named(app: App, client: Client) -> None:
    entry = refused(client.call("POST", f"{IMAGE}?aclsPrivate=maybe", files={"file": ("a.txt", b"abc")}), 400)

    assert entry["description"] == "query 'aclsPrivate': must be true or false; got \"maybe\""
    assert app.files() == []


@pytest.mark.parametrize("path", [IMAGE, FILE])
def test_the_key_comes_first(server: MockKommunicate, path: str) -> None:
    response = requests.post(f"{server.url}{path}", files={"file": ("a.txt", b"abc")}, timeout=20)

    assert (response.status_code, response.json()) == (401, {"message": "No API key found in request"})


# The limit.


def test_a_file_may_be_as_large_as_the_limit_and_no_byte_larger(app: App, client: Client) -> None:
    app.settings({"files": {"maxBytes": 1_000}})
    assert client.upload(content=b"x" * 1_000).status_code == 200

    for path, name in ((IMAGE, "file"), (FILE, "file"), ("/rest/ws/aws/file/url", "files[]")):
        response = client.call("POST", path, files={name: ("a.txt", b"x" * 1_001)})
        assert refused(response, 413) == expected.error(
            "MOCK-FILE", "the file has 1001 bytes, over the limit of 1000 (the setting files.maxBytes)"
        )
    assert [file.size for file in app.files()] == [1_000]


def test_the_limit_is_that_of_the_official_widget(app: App, client: Client) -> None:
    assert app.settings()["files"] == {"maxBytes": 25_000_000}

    response = client.upload("large.bin", b"x" * 25_000_001, "application/octet-stream")
    assert refused(response, 413)["description"] == (
        "the file has 25000001 bytes, over the limit of 25000000 (the setting files.maxBytes)"
    )


def test_the_bodys_own_limit_names_its_option() -> None:
    with MockKommunicate(max_body=10_000) as server:
        app = server.create_app()
        app.settings({"files": {"maxBytes": 20_000}})
        client = Client(app.url, app.api_key)

        assert client.upload(content=b"x" * 9_000).status_code == 200
        assert refused(client.upload(content=b"x" * 10_000), 413) == expected.error(
            "MOCK-BODY", "the body has more than 10000 bytes, the limit (--max-body)"
        )
        assert len(app.files()) == 1


def test_a_body_that_breaks_off_leaves_nothing(app: App, client: Client) -> None:
    host, port = client.url.removeprefix("http://").split(":")
    head = (
        f"POST {IMAGE} HTTP/1.1\r\nHost: x\r\nApi-Key: {app.api_key}\r\nContent-Length: 1000\r\n"
        f"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(head.encode() + form(part('filename="a.txt"'), boundary="b"))
        connection.shutdown(socket.SHUT_WR)
        assert b"400" in connection.recv(10_000).partition(b"\r\n")[0]

    assert app.files() == []


# What is malicious.


@pytest.mark.parametrize("path", [IMAGE, FILE, "/rest/ws/aws/file/url"])
@pytest.mark.parametrize("padding", [b"", b"\r\n"])
def test_the_eicar_file_is_told_of_and_not_stored(
    app: App, client: Client, path: str, padding: bytes
) -> None:
    name = "files[]" if path.endswith("url") else "file"
    response = client.call("POST", path, files={name: ("eicar.com", EICAR + padding)})

    assert (response.status_code, response.text) == (200, '{"errorCode":"MALICIOUS_CONTENT"}')
    assert response.headers["Content-Type"] == "application/json"
    assert app.files() == []


def test_a_virus_takes_no_number(server: MockKommunicate) -> None:
    clean, infected = World(server.url).client, World(server.url).client
    infected.upload("eicar.com", EICAR)

    assert infected.uploaded()["blobKey"] == clean.uploaded()["blobKey"]


def test_any_file_can_be_told_to_be_malicious(app: App, client: Client) -> None:
    with app.fail("file.upload_image", documented="MALICIOUS_CONTENT", times=1) as fault:
        assert client.upload().json() == {"errorCode": "MALICIOUS_CONTENT"}
    assert fault.hits == 1
    assert app.files() == []


# Faults, journal, verification.


def test_an_upload_can_fail_before_and_after_it_is_done(app: App, client: Client) -> None:
    app.fail("file.upload_image", body={"file": {"name": "a.txt"}}, gateway=503, times=1)
    assert client.upload("b.txt").status_code == 200
    assert client.upload("a.txt").status_code == 503
    app.fail("file.upload_image", socket="reset", phase="after", times=1)
    with pytest.raises(requests.ConnectionError):
        client.upload("c.txt")

    assert [file.name for file in app.files()] == ["b.txt", "c.txt"]


def test_the_journal_shows_what_came_and_not_its_bytes(app: App, client: Client) -> None:
    content = random.Random(3).randbytes(100_000)
    sent: Any = [("file", ("dir/a.bin", content, "a/b")), ("text", (None, "abc")), ("text", (None, "d"))]
    response = client.call("POST", IMAGE, files=sent)

    (entry,) = app.requests()
    assert entry.operation == "file.upload_image"
    assert entry.body == {
        "file": {"name": "dir/a.bin", "contentType": "a/b", "size": 100_000, "sha1": sha1(content)},
        "text": ["abc", "d"],
    }
    assert entry.answer == response.json()
    assert len(str(entry.raw)) < 2_500


def test_an_upload_is_verified_by_what_is_shown_of_it(app: App, client: Client) -> None:
    client.upload("invoice.pdf", b"%PDF", "application/pdf")

    file = {"name": "invoice.pdf", "contentType": "application/pdf", "size": 4, "sha1": sha1(b"%PDF")}
    assert app.verify("POST", IMAGE, body={"file": file}, query={"aclsPrivate": "true"}, times=1) == 1
    assert app.verify(operation="file.upload_image", body={"file": {"name": "other.pdf"}}, times=0) == 0


def test_bytes_that_are_no_form_are_shown_as_what_they_are_known_by(app: App, client: Client) -> None:
    content = b"\xff" * 100_001
    client.call("POST", IMAGE, data=content, headers={"Content-Type": "image/png"})
    client.call("POST", IMAGE, data=content[1:], headers={"Content-Type": "image/png"})

    first, second = app.requests()
    assert first.body_text == f"100001 bytes with the SHA-1 {sha1(content)}"
    assert second.body_text == "\udcff" * 100_000


def test_a_long_text_of_a_form_is_shown_by_its_length(app: App, client: Client) -> None:
    sent: Any = {"a": (None, "x" * 100_000), "b": (None, "x" * 100_001)}
    client.call("POST", IMAGE, files=sent)

    (entry,) = app.requests()
    assert entry.body == {"a": "x" * 100_000, "b": f"100001 characters with the SHA-1 {sha1(b'x' * 100_001)}"}


def test_a_key_in_a_form_is_not_shown(app: App, client: Client) -> None:
    sent: Any = {"apiKey": (None, app.api_key), "file": ("a.txt", b"abc")}
    client.call("POST", IMAGE, files=sent)

    assert app.api_key not in client.call("GET", f"/_mock/apps/{app.application_id}/requests").text


def test_a_form_for_another_operation_is_shown_by_its_parts_too(app: App, client: Client) -> None:
    client.call("POST", "/rest/ws/message/send", files={"file": ("a.txt", b"abc")})

    (entry,) = app.requests()
    assert entry.body["file"]["name"] == "a.txt"
    assert entry.status == 400


@pytest.fixture
def furnished(server: MockKommunicate) -> World:
    """An app with something of everything."""
    return World(server.url).furnish()


def test_a_file_of_one_app_is_none_of_another(server: MockKommunicate, furnished: World) -> None:
    other = World(server.url, seed=8)
    for file in furnished.ok("GET", "/files")["files"]:
        for key in filter(None, (file["blobKey"], file.get("thumbnailBlobKey"))):
            assert furnished.client.download(key).status_code == 200
            assert refused(other.client.download(key), 404)["errorCode"] == "MOCK-FILE"
            url = other.client.call("GET", "/rest/ws/file/url", params={"key": key})
            assert refused(url, 404)["errorCode"] == "MOCK-FILE"
    assert other.ok("GET", "/files") == {"files": []}


def test_the_sender_of_a_message_need_not_have_uploaded_its_file(app: App, client: Client) -> None:
    group_id = client.created("user-1")["id"]
    unknown = {"blobKey": f"{'0' * 8}-0000-4000-8000-{'0' * 12}_{'0' * 40}_KM_BUCKET_a.png", "name": "a.png"}

    assert client.attach(group_id, ADMIN, fileMeta=unknown).status_code == 200
    assert app.messages(group_id)[0]["fileMeta"] == unknown

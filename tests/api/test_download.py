"""GET rest/ws/file/url and aws/file/<blobKey>: who may have which bytes, and what a browser may do with them."""

import random
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

import pytest
import requests

from mockkommunicate import App, MockKommunicate
from tests import expected
from tests.client import Client, refused
from tests.expected import Like
from tests.pictures import PNG, picture
from tests.worlds import AT, World

WRONG = expected.error(
    "MOCK-FILE", "the signature of the link is wrong: it was made for another file, app or time"
)
SAFE = {
    "Accept-Ranges": "bytes",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


def get(url: str, **options: Any) -> requests.Response:
    """Get a URL as a page does: without a key."""
    return requests.get(url, timeout=20, **options)


def unknown(key: str) -> dict[str, str]:
    return expected.error("MOCK-FILE", f"this app has no file with the blobKey '{key}'")


@pytest.fixture
def key(client: Client) -> str:
    """The blobKey of a file with a blank in its name."""
    return str(client.uploaded("a b.txt", b"0123456789", "text/plain")["blobKey"])


# Signed links.


def test_a_signed_url_opens_the_file_without_a_key(client: Client, key: str) -> None:
    url = client.signed(key)
    response = get(url)

    assert url == Like(
        rf"{client.url}/rest/ws/aws/file/{key}\?app=[\w-]+&expires=\d{{13}}&signature=[0-9a-f]{{64}}"
    )
    assert (response.status_code, response.content) == (200, b"0123456789")


def test_the_answer_is_a_bare_text(client: Client, key: str) -> None:
    response = client.call("GET", "/rest/ws/file/url", params={"key": key})

    assert response.headers["Content-Type"] == "text/plain;charset=UTF-8"
    assert response.text.startswith("http://")


def test_a_signed_url_is_good_for_fifteen_minutes_of_the_apps_clock(
    app: App, client: Client, key: str
) -> None:
    app.clock.freeze(AT)
    url = client.signed(key)
    app.clock.advance("PT14M59.999S")
    assert get(url).status_code == 200
    app.clock.advance(1)

    assert refused(get(url), 403) == expected.error(
        "MOCK-FILE",
        f"the link has expired: it was good until {AT + 900_000}, and the app's clock shows {AT + 900_000}",
    )
    assert get(client.signed(key)).status_code == 200


def test_a_picture_of_a_user_stays_where_it_is(app: App, client: Client) -> None:
    url = client.call("POST", "/rest/ws/upload/file", files={"file": ("face.png", PNG, "image/png")}).text
    app.clock.advance("P9000D")

    assert get(url).content == PNG


@pytest.mark.parametrize(
    "change",
    [
        {"signature": "0" * 64},
        {"signature": ""},
        {"signature": None},
        {"expires": "9999999999999"},
        {"expires": None},
        {"signature": "ü" * 64},
    ],
    ids=str,
)
def test_a_url_in_which_something_was_changed_is_refused(
    client: Client, key: str, change: dict[str, str | None]
) -> None:
    path, _, query = client.signed(key).partition("?")
    changed = {
        name: value for name, value in {**dict(parse_qsl(query)), **change}.items() if value is not None
    }

    assert refused(get(f"{path}?{urlencode(changed)}"), 403) == WRONG


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("expires=soon", "query 'expires': must be a whole number; got \"soon\""),
        ("expires=1&expires=2", "query 'expires': is repeated; it may be given once"),
        ("app={app}&app={app}", "query 'app': is repeated; it may be given once"),
    ],
)
def test_a_url_that_cannot_be_one_is_refused_by_name(
    app: App, client: Client, key: str, change: str, problem: str
) -> None:
    query = f"app={app.application_id}&signature=0&{change.format(app=app.application_id)}"
    entry = refused(get(f"{client.url}/rest/ws/aws/file/{key}?{query}"), 400)

    assert problem in entry["description"]


def test_a_url_of_one_file_opens_no_other(client: Client, key: str) -> None:
    other = client.uploaded("c.txt", b"other")["blobKey"]
    query = client.signed(key).partition("?")[2]

    assert refused(get(f"{client.url}/rest/ws/aws/file/{other}?{query}"), 403) == WRONG


def test_a_url_of_a_thumbnail_does_not_open_the_picture(client: Client) -> None:
    told = client.uploaded("photo.png", picture(), "image/png")
    query = client.signed(told["thumbnailBlobKey"]).partition("?")[2]

    assert refused(get(f"{client.url}/rest/ws/aws/file/{told['blobKey']}?{query}"), 403) == WRONG


def test_a_key_does_not_make_up_for_a_wrong_signature(client: Client, key: str) -> None:
    assert refused(client.session.get(client.signed(key) + "0", timeout=20), 403) == WRONG


def test_a_url_that_names_no_app_is_the_gateways_business(
    server: MockKommunicate, client: Client, key: str
) -> None:
    path, _, query = client.signed(key).partition("?")
    for app in ("nobody", "", "default", "@", "a@b"):
        changed = urlencode({**dict(parse_qsl(query)), "app": app})
        response = get(f"{path}?{changed}")
        assert (response.status_code, response.json()) == (
            401,
            {"message": "Invalid authentication credentials"},
        )
    gateway = get(f"{server.url}/_mock/requests?last=1").json()["requests"]
    assert gateway[0]["operation"] == "file.download"


def test_a_url_is_kept_in_the_journal_of_its_app_right_or_wrong(app: App, client: Client, key: str) -> None:
    url = client.signed(key)
    get(url)
    get(url + "0")

    found = [(entry.operation, entry.status) for entry in app.requests()]
    assert found[-3:] == [("file.url", 200), ("file.download", 200), ("file.download", 403)]
    assert app.ignored() == []


def test_a_url_of_one_app_does_not_open_anothers_file(server: MockKommunicate) -> None:
    one, other = World(server.url), World(server.url)
    keys = {world.client.uploaded()["blobKey"] for world in (one, other)}
    assert len(keys) == 1  # the same seed and the same calls
    (key,) = keys
    url = one.client.signed(key)
    forged = url.replace(f"app={one.id}", f"app={other.id}")

    assert get(url).status_code == 200
    assert refused(get(forged), 403) == WRONG
    assert other.client.session.get(url, timeout=20).status_code == 403


def test_of_a_file_that_is_gone_a_good_url_says_so(app: App, client: Client, key: str) -> None:
    url = client.signed(key)
    app.control("DELETE", "files")

    assert refused(get(url), 404) == unknown(unquote(key))


def test_a_url_of_a_deleted_app_is_refused(server: MockKommunicate) -> None:
    world = World(server.url)
    url = world.client.signed(world.client.uploaded()["blobKey"])
    world.ok("DELETE")

    assert get(url).status_code == 401


@pytest.mark.parametrize("name", ["undefined", "null", "", "x" * 500, "ü", "%00"])
def test_there_is_no_url_of_what_is_no_file(client: Client, name: str) -> None:
    response = client.call("GET", "/rest/ws/file/url", params={"key": name})

    assert refused(response, 404) == unknown(name[:200])


def test_a_key_that_is_not_quite_the_files_is_none(client: Client, key: str) -> None:
    for wrong in (key[:-1], key + "x", key.replace("_KM_BUCKET_", "_"), key[:36], key[:77], key.upper()):
        assert refused(client.call("GET", "/rest/ws/file/url", params={"key": wrong}), 404) == unknown(wrong)
        assert refused(client.download(quote(wrong)), 404) == unknown(wrong)


@pytest.mark.parametrize("wrong", ["\0", "a\0b", "\x1b", "é", "٣" * 36])
def test_characters_that_no_key_has_are_of_no_file(client: Client, wrong: str) -> None:
    response = client.call("GET", "/rest/ws/file/url", params={"key": wrong})

    told = f"this app has no file with the blobKey {wrong!r}"
    assert refused(response, 404) == expected.error("MOCK-FILE", told)


def test_the_file_wanted_must_be_named_once(client: Client, key: str) -> None:
    missing = refused(client.call("GET", "/rest/ws/file/url"), 400)
    twice = refused(client.call("GET", f"/rest/ws/file/url?key={key}&key={key}"), 400)

    assert missing["description"] == "query 'key': is missing: a blobKey, or a thumbnailBlobKey"
    assert twice["description"] == "query 'key': is repeated; it may be given once"


# Bytes, and what a browser makes of them.


@pytest.mark.parametrize("form", ["key", "unquoted", "quoted"])
def test_a_blob_key_is_understood_as_clients_put_it_into_a_url(client: Client, key: str, form: str) -> None:
    written = {"key": key, "unquoted": unquote(key), "quoted": quote(key)}[form]

    assert client.download(written).content == b"0123456789"
    assert get(client.call("GET", f"/rest/ws/file/url?key={written}").text).content == b"0123456789"


def test_a_picture_may_be_shown(client: Client) -> None:
    response = client.download(client.uploaded("photo.png", PNG, "image/png")["blobKey"])
    headers = {name: response.headers[name] for name in SAFE}

    assert headers == SAFE
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Content-Disposition"] == 'inline; filename="photo.png"'


PAGES = {
    "page.html": ("text/html", b"<script>alert(document.domain)</script>"),
    "page.xhtml": ("application/xhtml+xml", b"<html xmlns='http://www.w3.org/1999/xhtml'/>"),
    "picture.svg": (
        "image/svg+xml",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    ),
    "page.pdf": ("application/pdf", b"%PDF-1.4"),
    "script.js": ("text/javascript", b"alert(1)"),
    "mixed": ("multipart/x-mixed-replace", b"--x"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_never_shown_in_our_origin(client: Client, name: str) -> None:
    kind, content = PAGES[name]
    told = client.call("POST", "/rest/ws/upload/image", files={"file": (name, content, kind)}).json()

    for response in (get(told["url"]), client.download(told["blobKey"]), get(client.signed(told["blobKey"]))):
        assert response.content == content
        assert response.headers["Content-Type"] == kind
        assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert {header: response.headers[header] for header in SAFE} == SAFE


def test_a_page_that_says_it_is_a_picture_is_only_ever_read_as_one(client: Client) -> None:
    content = b"<script>alert(1)</script>"
    response = client.download(client.uploaded("a.png", content, "image/png")["blobKey"])

    assert response.content == content
    assert response.headers["Content-Type"] == "image/png"
    assert {header: response.headers[header] for header in SAFE} == SAFE


def test_head_tells_of_a_file_without_its_bytes(client: Client, key: str) -> None:
    whole, head = client.download(key), client.call("HEAD", f"/rest/ws/aws/file/{key}")

    assert head.content == b""
    told = {name: value for name, value in head.headers.items() if name not in {"Date", "Connection"}}
    assert told == {name: whole.headers[name] for name in told}
    assert head.headers["Content-Length"] == "10"


def test_a_range_is_for_get_alone(client: Client, key: str) -> None:
    head = client.call("HEAD", f"/rest/ws/aws/file/{key}", headers={"Range": "bytes=0-1"})

    assert (head.status_code, head.headers["Content-Length"]) == (200, "10")


@pytest.mark.parametrize(
    ("wanted", "content", "told"),
    [
        ("bytes=0-", b"0123456789", "bytes 0-9/10"),
        ("bytes=0-0", b"0", "bytes 0-0/10"),
        ("bytes=3-5", b"345", "bytes 3-5/10"),
        ("bytes=9-", b"9", "bytes 9-9/10"),
        ("bytes=5-1000", b"56789", "bytes 5-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
    ],
)
def test_a_range_of_bytes_is_answered(
    client: Client, key: str, wanted: str, content: bytes, told: str
) -> None:
    response = client.download(key, headers={"Range": wanted})

    assert (response.status_code, response.content) == (206, content)
    assert response.headers["Content-Range"] == told
    assert response.headers["Content-Length"] == str(len(content))


def test_the_journal_says_that_it_was_a_range(app: App, client: Client, key: str) -> None:
    client.download(key, headers={"Range": "bytes=0-1"})

    (entry,) = app.requests(operation="file.download")
    assert (entry.status, entry.answer["size"]) == (206, 10)


@pytest.mark.parametrize("wanted", ["bytes=10-", "bytes=99-100"])
def test_a_range_behind_the_end_cannot_be_answered(client: Client, key: str, wanted: str) -> None:
    response = client.download(key, headers={"Range": wanted})

    assert (response.status_code, response.content) == (416, b"")
    assert response.headers["Content-Range"] == "bytes */10"


@pytest.mark.parametrize("wanted", ["bytes=0-1,3-4", "lines=1-2", "bytes", "bytes=b-a", "bytes=5-2", ""])
def test_a_range_that_is_none_or_many_is_answered_whole(client: Client, key: str, wanted: str) -> None:
    response = client.download(key, headers={"Range": wanted})

    assert (response.status_code, response.content) == (200, b"0123456789")
    assert "Content-Range" not in response.headers


def test_an_empty_file_is_empty(client: Client) -> None:
    key = client.uploaded("a.txt", b"")["blobKey"]

    assert (client.download(key).status_code, client.download(key).content) == (200, b"")
    assert client.download(key, headers={"Range": "bytes=0-"}).status_code == 416


def test_the_journal_shows_what_was_downloaded_and_not_its_bytes(app: App, client: Client) -> None:
    content = random.Random(4).randbytes(100_000)
    told = client.uploaded("a.bin", content, "a/b")
    client.download(told["blobKey"])

    (entry,) = app.requests(operation="file.download")
    sha1 = told["blobKey"].split("_")[1]
    assert entry.answer == {"name": "a.bin", "contentType": "a/b", "size": 100_000, "sha1": sha1}
    assert len(str(entry.raw)) < 1_500


def test_a_download_can_fail(app: App, client: Client, key: str) -> None:
    with app.fail("file.download", socket="truncate") as fault, pytest.raises(requests.RequestException):
        client.download(key)
    assert fault.hits == 1
    with app.fail("file.download", gateway=503):
        assert get(client.signed(key)).status_code == 503

    assert client.download(key).content == b"0123456789"


def test_without_a_key_or_a_signature_it_is_the_gateways_business(client: Client, key: str) -> None:
    for path in (f"/rest/ws/aws/file/{key}", f"/rest/ws/file/url?key={key}", "/rest/ws/aws/file/url"):
        response = get(f"{client.url}{path}")
        assert (response.status_code, response.json()) == (401, {"message": "No API key found in request"})


def test_a_signature_stands_for_no_key_elsewhere(client: Client, key: str) -> None:
    query = client.signed(key).partition("?")[2]

    for path in ("/rest/ws/file/url", "/rest/ws/user/v2/detail", "/rest/ws/upload/image"):
        assert requests.post(f"{client.url}{path}?{query}", timeout=20).status_code in {401, 405}


@pytest.mark.parametrize("path", ["/rest/ws/aws/file/", "/rest/ws/aws/file", "/rest/ws/aws/file//x"])
def test_a_path_without_a_blob_key_is_no_route(client: Client, path: str) -> None:
    assert refused(client.call("GET", path), 404)["errorCode"] == "MOCK-ROUTE"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/rest/ws/upload/image", "POST"),
        ("PUT", "/rest/ws/upload/file", "POST"),
        ("POST", "/rest/ws/file/url", "GET"),
        ("DELETE", "/rest/ws/aws/file/x", "GET"),
        ("PATCH", "/rest/ws/aws/file/url", "GET, POST"),
    ],
)
def test_another_method_is_refused_as_everywhere(
    client: Client, method: str, path: str, allowed: str
) -> None:
    response = client.call(method, path)

    assert refused(response, 405) == expected.error(
        "AL-MA-01", "method not allowed", f"Request method '{method}' not supported"
    )
    assert response.headers["Allow"] == allowed


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd"]
)
def test_no_path_leads_out_of_the_database(client: Client, name: str) -> None:
    session = client.session
    request = requests.Request("GET", "http://x", headers=dict(session.headers)).prepare()
    request.url = f"{client.url}/rest/ws/aws/file/{name}"
    response = session.send(request, timeout=20)

    assert response.status_code == 404
    assert "root" not in response.text

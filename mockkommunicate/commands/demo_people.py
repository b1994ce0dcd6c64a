"""The people of the demo: customers who write over the public API like any client, and who hears of each message."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

import urllib3

from mockkommunicate.commands.demo_stories import BOT, SCRIPT, STORIES, Line, Story
from mockkommunicate.handle import App

BETWEEN_S = 22.0
"""How long after a customer the next one comes; the first comes soon."""

FIRST_S = 2.0
_TIMEOUT_S = 10.0


class Ended(Exception):
    """The demo is over."""


@contextmanager
def at_work(app: App, pace: float) -> Iterator[None]:
    """Let the bot answer and customers come, until the end of the block; `pace` is how many times as fast as people."""
    ended = threading.Event()
    with _webhook() as url:
        _prepare(app, url)
        customers = Customers(app, ended, pace)
        thread = threading.Thread(target=customers.come, name="mockkommunicate-demo", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join(_TIMEOUT_S)


def _prepare(app: App, webhook: str) -> None:
    """Teach the bot its script, let it get every new conversation, and let the webhook hear of each message."""
    app.control("PATCH", f"users/{BOT}", {"builtIn": SCRIPT})
    app.control("PATCH", "users/jane@example.com", {"handlingLimit": 8})
    app.control("PATCH", "users/omar@example.com", {"handlingLimit": 5})
    app.settings({"routing": {"assignNewConversationsTo": BOT}, "webhook": {"url": webhook, "token": "demo"}})


class Customers:
    """The customers, one after the other, over and over; what is refused they take as it is."""

    def __init__(self, app: App, ended: threading.Event, pace: float) -> None:
        self._url = app.url
        self._headers = {"Api-Key": app.api_key}
        self._ended = ended
        self._pace = pace
        self._pool = urllib3.PoolManager(timeout=_TIMEOUT_S, retries=False)

    def come(self) -> None:
        """Come until the demo is over."""
        with suppress(Ended):
            self._wait(FIRST_S)
            for number in count():
                story = STORIES[number % len(STORIES)]
                threading.Thread(target=self._live, args=[story], daemon=True).start()
                self._wait(BETWEEN_S)

    def _live(self, story: Story) -> None:
        with suppress(Ended):
            self._tell(story)

    def _tell(self, story: Story) -> None:
        """Begin a conversation, and write what there is to say in it."""
        made = self._call(
            "POST",
            "group/conversation",
            {"groupName": story.conversation, "groupMemberList": [story.customer]},
        )
        if not isinstance(made, dict):
            return
        self._call("POST", "user/update", {"displayName": story.name}, actor=story.customer)
        for line in story.lines:
            self._wait(line.after)
            self._write(story, int(made["id"]), line)

    def _write(self, story: Story, conversation: int, line: Line) -> None:
        body: dict[str, Any] = {"groupId": conversation, "message": line.text}
        if line.file is None:
            self._call("POST", "message/v2/send", {**body, "fromUserName": story.customer})
            return
        content = f"{line.text}\n{story.name}\n".encode()
        form = {"file": (line.file, content, "text/plain")}
        told = self._send("POST", "upload/image?aclsPrivate=true", fields=form)
        if told is not None:
            file = {"contentType": 1, "fileMeta": told}
            self._call("POST", "message/send", {**body, **file}, actor=story.customer)

    def _call(self, method: str, path: str, body: dict[str, Any], *, actor: str | None = None) -> Any:  # noqa: ANN401
        """Call the API; answer what is in the envelope, None for what was refused."""
        acting = {} if actor is None else {"Of-User-Id": actor}
        answer = self._send(method, path, json=body, headers=self._headers | acting)
        return None if answer is None else answer.get("response", answer)

    def _send(self, method: str, path: str, **request: Any) -> dict[str, Any] | None:  # noqa: ANN401
        try:
            response = self._pool.request(
                method, f"{self._url}/rest/ws/{path}", **{"headers": self._headers, **request}
            )
            answer = json.loads(response.data)
        except (urllib3.exceptions.HTTPError, ValueError):
            return None
        return answer if response.status == 200 and isinstance(answer, dict) else None  # noqa: PLR2004

    def _wait(self, seconds: float) -> None:
        if self._ended.wait(seconds / self._pace):
            raise Ended


@contextmanager
def _webhook() -> Iterator[str]:
    """Listen on a port of our own, as the service would whose webhook it is; answer its URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Listener)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=[0.05], daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/webhook"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Listener(BaseHTTPRequestHandler):
    """What takes everything that the webhook is sent."""

    def do_POST(self) -> None:
        """Take it."""
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"taken": true}')

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its own name
        """Say nothing on stderr."""

"""A running emulator, reached by its URL."""

from typing import Any
from urllib.parse import quote

from mockkommunicate.handle.app import App
from mockkommunicate.handle.calls import Caller
from mockkommunicate.handle.results import JSON


class RunningServer:
    """A running emulator, wherever it runs, reached by its URL."""

    def __init__(self, url: str, *, token: str | None = None) -> None:
        self._caller = Caller(url, token=token)
        self.url = self._caller.url

    @property
    def default_app(self) -> App:
        """The app that exists from the start."""
        return self.app("default")

    def app(self, application_id: str) -> App:
        """Answer the handle of an app by its id; raise ControlFailed when there is none."""
        return self._app(self._caller.call("GET", f"/_mock/apps/{quote(application_id, safe='')}"))

    def apps(self) -> list[dict[str, Any]]:
        """List the apps there are, each with its id, key, scenario and seed."""
        return list(self._caller.call("GET", "/_mock/apps")["apps"])

    def create_app(self, **wanted: object) -> App:
        """Create an app of its own: `scenario`, `seed`, `settings`, `users`, `at`, as the control API takes them."""
        return self._app(self._caller.call("POST", "/_mock/apps", wanted))

    def info(self) -> dict[str, Any]:
        """Answer the server's version, what it emulates, and the scenarios it has."""
        return self._caller.call("GET", "/_mock/info")

    def close(self) -> None:
        """Close the connections that are kept."""
        self._caller.close()

    def _app(self, described: JSON) -> App:
        return App(self.url, described["applicationId"], described["apiKey"], caller=self._caller)

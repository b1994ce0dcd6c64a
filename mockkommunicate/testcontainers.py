"""The emulator as a container of the Testcontainers library: extra `testcontainers`, and an image built from the Dockerfile."""

import dataclasses
import secrets
from typing import Any, Self

from mockkommunicate.handle import App, RunningServer
from mockkommunicate.handle.calls import Caller
from mockkommunicate.settings import Settings

try:
    from testcontainers.core.container import DockerContainer
    from testcontainers.core.exceptions import ContainerStartException
    from testcontainers.core.waiting_utils import WaitStrategy, WaitStrategyTarget
except ImportError as error:
    needed = "mockkommunicate.testcontainers needs the library: pip install 'mockkommunicate[testcontainers]'"
    raise ImportError(needed) from error

IMAGE = "mockkommunicate:latest"
PORT = 8080
HOST = "host.docker.internal"
"""The name that a container has for the machine it runs on."""

START_S = 60
LOOK_S = 0.1
ANSWER_S = 2.0
"""How long it may take to be ready, how often that is looked at, how long it may take to say so; in seconds."""

_FIXED = {
    "host": "in a container it listens on every address",
    "ready_file": "start() waits until it is ready",
}
_NAMES = {"import_file": "import"}
"""The fields of Settings whose environment names are not their own."""


class MockKommunicateContainer(DockerContainer):
    """A container with an emulator in it. Use it with `with`.

    The options are those of `Settings`, and of DockerContainer. The control API's token is made up unless it is given.
    """

    def __init__(
        self,
        image: str = IMAGE,
        *,
        port: int = PORT,
        control_token: str | None = None,
        **options: Any,  # noqa: ANN401
    ) -> None:
        for name in options.keys() & _FIXED.keys():
            raise TypeError(f"{name} cannot be set: {_FIXED[name]}")
        named = {field.name for field in dataclasses.fields(Settings)}
        settings = {name: options.pop(name) for name in named & options.keys()}
        super().__init__(image, **options)
        self.port = port
        self.control_token = control_token or secrets.token_urlsafe(24)
        self._server: RunningServer | None = None
        allowed = (HOST, *settings.pop("allow_outbound", ()))
        everywhere = "0.0.0.0"  # noqa: S104 - inside of the container
        own = {
            "host": everywhere,
            "port": port,
            "control_token": self.control_token,
            "allow_outbound": allowed,
        }
        self.with_envs(**variables(settings | own))
        self.with_exposed_ports(port)
        self.waiting_for(Ready(port))

    def start(self) -> Self:
        """Start it, and wait until it is ready; raise ContainerStartException, with its last words, when it ends."""
        super().start()
        self._server = RunningServer(self.url, token=self.control_token)
        return self

    def stop(self, force: bool = True, delete_volume: bool = True) -> None:  # noqa: FBT001, FBT002 - the library's own
        """Stop and remove it."""
        if self._server is not None:
            self._server.close()
            self._server = None
        super().stop(force, delete_volume)

    @property
    def url(self) -> str:
        """The base URL for whoever is on this machine."""
        self.get_container_id()
        return f"http://{self.get_container_host_ip()}:{self.get_exposed_port(self.port)}"

    @property
    def network_url(self) -> str:
        """The base URL for other containers of its network."""
        if self._network is None or not self._network_aliases:
            raise ValueError("other containers have no name for it: give it network= and network_aliases=")
        return f"http://{self._network_aliases[0]}:{self.port}"

    @property
    def server(self) -> RunningServer:
        """The running server, to create apps on."""
        if self._server is None:
            raise ContainerStartException("the container is not started: use it with `with`, or call start()")
        return self._server

    @property
    def app(self) -> App:
        """The app that exists from the start."""
        return self.server.default_app

    def create_app(self, **wanted: object) -> App:
        """Create an app of its own, as `RunningServer.create_app` does."""
        return self.server.create_app(**wanted)

    @staticmethod
    def host_url(port: int, path: str = "") -> str:
        """Answer the URL at which it reaches a server on this machine: of a webhook or a bot under test."""
        return f"http://{HOST}:{port}{path}"

    def _configure(self) -> None:
        """Let it know this machine by its name, also where the engine does not tell it by itself."""
        hosts = {HOST: "host-gateway", **self._kwargs.get("extra_hosts", {})}
        self.with_kwargs(**{**self._kwargs, "extra_hosts": hosts})


class Ready(WaitStrategy):
    """Waits until the emulator in a container is ready, or the container has ended."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._port = port
        self.with_startup_timeout(START_S).with_poll_interval(LOOK_S)

    def wait_until_ready(self, container: WaitStrategyTarget) -> None:
        """Wait; raise ContainerStartException when the container has ended, TimeoutError when it takes too long."""
        if self._poll(lambda: self._is_ready(container)):
            return
        if _has_ended(container):
            words = b"".join(container.get_logs()).decode(errors="replace").strip().splitlines()
            raise ContainerStartException(
                f"the emulator did not start: {words[-1] if words else 'it said nothing'}"
            )
        raise TimeoutError(f"the emulator was not ready within {self._startup_timeout:.0f} seconds")

    def _is_ready(self, container: WaitStrategyTarget) -> bool:
        container.reload()
        if _has_ended(container):
            raise StopIteration
        url = f"http://{container.get_container_host_ip()}:{container.get_exposed_port(self._port)}"
        caller = Caller(url, timeout=ANSWER_S)
        try:
            return bool(caller.call("GET", "/_mock/readyz"))
        finally:
            caller.close()


def variables(settings: dict[str, Any]) -> dict[str, str]:
    """Write settings as the environment that the server reads; what is None is left to the image."""
    written = {
        name: " ".join(value) if isinstance(value, tuple | list) else str(value)
        for name, value in settings.items()
        if value is not None
    }
    return {f"MOCKKOMMUNICATE_{_NAMES.get(name, name)}".upper(): value for name, value in written.items()}


def _has_ended(container: WaitStrategyTarget) -> bool:
    return container.status in {"exited", "dead"}

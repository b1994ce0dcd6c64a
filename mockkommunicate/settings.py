"""Settings: every option of a server and its default. The command line reads their environment names."""

import os
import secrets
from dataclasses import dataclass, replace

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What one server is started with.

    `database` is a SQLAlchemy URL, or None for a temporary SQLite file; `scenario` a name or a file; `max_body`
    is in bytes; `store_timeout` is how many seconds a request waits for a database that is locked or gone. The default
    app begins with the state in `import_file`, and leaves its state in `export_on_exit`. `deliveries` says who sends
    what is owed; `allow_outbound` which hosts it may call besides this machine and private networks.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    database: str | None = None
    scenario: str | None = None
    seed: int = 0
    api_key: str | None = None
    application_id: str = "mock-app"
    workers: int = 1
    threads: int = 8
    ready_file: str | None = None
    log_format: str = "text"
    control_token: str | None = None
    max_apps: int = 10_000
    max_body: int = 10_000_000
    store_timeout: float = 5.0
    import_file: str | None = None
    export_on_exit: str | None = None
    deliveries: str = "pump"
    allow_outbound: tuple[str, ...] = ()

    @property
    def default_scenario(self) -> str:
        """The scenario of the default app and of apps that a made-up key makes."""
        return self.scenario or "empty"

    @property
    def default_api_key(self) -> str:
        """The default app's key, where its database does not know another."""
        return self.api_key or "mock-api-key"

    @property
    def is_loopback(self) -> bool:
        """Tell whether only this machine can reach the server."""
        return self.host in LOOPBACK

    def guarded(self) -> "Settings":
        """Answer settings that have a control token where other machines can reach the server."""
        if self.is_loopback or self.control_token:
            return self
        return replace(self, control_token=secrets.token_urlsafe(24))

    def url(self, port: int) -> str:
        """Answer the base URL for a client on this machine, for the port that was really bound."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - compared, not bound
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def has_gunicorn() -> bool:
    """Tell whether gunicorn can run here: it needs fork, which Windows lacks."""
    return os.name == "posix"

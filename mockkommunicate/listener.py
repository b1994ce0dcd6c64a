"""Take a port before anything serves on it."""

import socket

from mockkommunicate.domain.errors import StartError
from mockkommunicate.settings import Settings

BACKLOG = 2_048
"""How many clients may wait to be answered."""


def take_port(settings: Settings) -> socket.socket:
    """Listen as the settings say; who connects from now on waits. Raises StartError when the port cannot be had."""
    try:
        family, _, _, _, address = socket.getaddrinfo(
            settings.host or "*", settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as error:
        message = f"cannot listen on {settings.host}:{settings.port}: {error.strerror or error}"
        raise StartError(f"{message}; try another --host or --port (0 takes a free port)") from error

"""Three clients that tell what they saw: requests, httpx, and a raw socket."""

import re
import socket

import httpx
import requests

SHORT_S = 0.5
"""How long clients wait for a byte that never comes."""
DATE = re.compile(rb"Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n")


def patience(url: str) -> float:
    """Answer how many seconds to wait for each byte."""
    return SHORT_S if "kind=hang" in url and "hold_ms" not in url else 20


def by_requests(url: str, method: str = "POST") -> tuple[int, bytes] | tuple[type[Exception], str]:
    """Ask by requests; answer the status and the body, or the exception and its text."""
    try:
        response = requests.request(method, url, timeout=patience(url))
    except requests.RequestException as error:
        return type(error), re.sub(r"port=\d+", "port=0", str(error))
    return response.status_code, response.content


def by_httpx(url: str, method: str = "POST") -> tuple[int, bytes] | tuple[type[Exception], str]:
    """Ask by httpx; answer the status and the body, or the exception and its text."""
    try:
        response = httpx.request(method, url, timeout=patience(url))
    except httpx.TransportError as error:
        return type(error), str(error)
    return response.status_code, response.content


def opened(url: str, method: str = "POST", length: int = 0) -> socket.socket:
    """Ask on a raw connection that would be kept alive; announce a body of a length."""
    host, target = url.removeprefix("http://").split("/", 1)
    name, port = host.split(":")
    connection = socket.create_connection((name, int(port)), timeout=patience(url))
    connection.sendall(
        f"{method} /{target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n".encode()
    )
    return connection


def received(connection: socket.socket) -> tuple[bytes, type[Exception] | None]:
    """Answer what comes, without its date, and how it ends: None is an orderly end."""
    chunks = []
    try:
        while chunk := connection.recv(65_536):
            chunks.append(chunk)
    except OSError as error:
        return DATE.sub(b"", b"".join(chunks)), type(error)
    return DATE.sub(b"", b"".join(chunks)), None


def by_socket(url: str, method: str = "POST") -> tuple[bytes, type[Exception] | None]:
    """Ask on a raw connection; answer what comes, and how it ends."""
    with opened(url, method) as connection:
        return received(connection)

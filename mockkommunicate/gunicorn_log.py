"""gunicorn's log: of requests only those that it refused by itself, for ours has the others."""

import logging
import secrets
from collections.abc import MutableMapping
from datetime import timedelta
from typing import Any

from gunicorn.glogging import Logger

from mockkommunicate.logs import REQUESTS, RequestLine, quoted
from mockkommunicate.observed import SEEN

log = logging.getLogger(REQUESTS)


class Refusals(Logger):
    """gunicorn's log without a line for each request: it makes that up even where nothing writes it."""

    def access(self, resp: Any, req: Any, environ: MutableMapping[str, Any], request_time: timedelta) -> None:  # noqa: ANN401, ARG002
        """Log a request that never came to the application."""
        if SEEN in environ:
            return
        line = RequestLine(
            method=quoted(str(environ["REQUEST_METHOD"])),
            path=quoted(str(environ["PATH_INFO"])),
            status=int(str(resp.status)[:3]),
            duration=request_time / timedelta(milliseconds=1),
            id=secrets.token_hex(8),
        )
        log.info(line)

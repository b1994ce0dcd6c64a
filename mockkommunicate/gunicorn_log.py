"""gunicorn's log, made cheaper."""

from gunicorn.glogging import Logger


class NoAccessLog(Logger):
    """gunicorn's log without a line for each request: it makes that up even where nothing writes it."""

    def access(self, *_: object) -> None:
        """Log nothing."""

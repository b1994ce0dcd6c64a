"""The error of a document that cannot be read, wherever in reading it is noticed."""


class DocumentError(Exception):
    """A document that cannot be read, with the line and column where."""

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(f"line {line}, column {column}: {message}")
        self.message = message
        self.line = line
        self.column = column

"""A form as it came: its parts by name, files and texts, and how it is shown where bytes would help nobody."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

LONGEST_TEXT = 100_000
"""Of a longer text of a form its length and its SHA-1 are shown."""


@dataclass(frozen=True, kw_only=True, repr=False)
class FilePart:
    """A file of a form, with the name and the type that the client says it has."""

    name: str
    content_type: str | None
    content: bytes

    @cached_property
    def sha1(self) -> str:
        """The SHA-1 of its bytes, in hexadecimal digits."""
        return digest(self.content)

    def __repr__(self) -> str:
        """Say what it is without its bytes."""
        return f"a file {self.name!r} of {len(self.content)} bytes"


Part = FilePart | str
Form = Mapping[str, Sequence[Part]]
"""The parts of a form by their names, each name with all its parts in their order."""


def digest(content: bytes) -> str:
    """Answer the SHA-1 of bytes, by which they are known, not protected."""
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def shown(form: Form) -> dict[str, object]:
    """Answer a form as JSON: files by name, type, size and SHA-1; a name that is repeated has a list."""
    return {
        name: _shown(parts[0]) if len(parts) == 1 else [_shown(part) for part in parts]
        for name, parts in form.items()
    }


def _shown(part: Part) -> object:
    if isinstance(part, str):
        told = f"{len(part)} characters with the SHA-1 {digest(part.encode('utf-8', 'surrogatepass'))}"
        return part if len(part) <= LONGEST_TEXT else told
    kind = {} if part.content_type is None else {"contentType": part.content_type}
    return {"name": part.name, **kind, "size": len(part.content), "sha1": part.sha1}

"""Files as rows: listed without their bytes."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from mockkommunicate.store import tables
from mockkommunicate.store.records import File, StoredFile
from mockkommunicate.store.statements import Command, Connection, Query

_files = tables.files
_in_app = _files.c.application_id == bindparam("app")
_is_it = _files.c.number == bindparam("number")
_told = select(*(_files.c[name] for name in File._fields))
_ADD = Command(_files.insert())
_FIND = Query(_files.select().where(_in_app, _files.c.id == bindparam("wanted")), StoredFile._make)
_FIND_TOLD = Query(_told.where(_in_app, _files.c.id == bindparam("wanted")), File._make)
_PAGE = Query(
    _told.where(_in_app, _files.c.number > bindparam("after"))
    .order_by(_files.c.number)
    .limit(bindparam("most")),
    File._make,
)
_DELETE = Command(_files.delete().where(_in_app, _is_it))
_DELETE_ALL = Command(_files.delete().where(_in_app))


def add(connection: Connection, file: StoredFile) -> None:
    """Add a file."""
    _ADD.run(connection, file._asdict())


def find(connection: Connection, application_id: str, file_id: str) -> File | None:
    """Find a file by its UUID, without its bytes."""
    return _FIND_TOLD.find(connection, {"app": application_id, "wanted": file_id})


def find_stored(connection: Connection, application_id: str, file_id: str) -> StoredFile | None:
    """Find a file by its UUID, whole."""
    return _FIND.find(connection, {"app": application_id, "wanted": file_id})


def list_page(connection: Connection, application_id: str, *, after: int, most: int) -> Sequence[File]:
    """List at most so many files in the order of upload, from behind the number `after`."""
    return _PAGE.list(connection, {"app": application_id, "after": after, "most": most})


def delete(connection: Connection, application_id: str, number: int) -> int:
    """Delete a file by its number; answer how many there were."""
    return _DELETE.run(connection, {"app": application_id, "number": number})


def delete_all(connection: Connection, application_id: str) -> int:
    """Delete every file of an app; answer how many there were."""
    return _DELETE_ALL.run(connection, {"app": application_id})

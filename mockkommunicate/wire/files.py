"""The JSON of files, and the forms they come in."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, post_load, validates_schema

from mockkommunicate.domain import files
from mockkommunicate.domain.files import Upload
from mockkommunicate.domain.forms import FilePart
from mockkommunicate.domain.links import Link
from mockkommunicate.wire.envelope import Answer
from mockkommunicate.wire.fields import Flag, Number, Text
from mockkommunicate.wire.reading import Input
from mockkommunicate.wire.settings import Strict

_LATEST = 2**53


class FileName(Text):
    """What a file is called; what looks like a path before it is left out."""

    default_error_messages = {"required": "is missing: the file's name"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:  # noqa: ANN401
        name = files.plain_name(str(super()._deserialize(value, attr, data, **kwargs)))
        if problem := files.name_problem(name):
            raise ValidationError(problem)
        return name


_name = FileName()


class UploadField(fields.Field[Upload]):
    """A file in a form, which may be there once. Loads as an Upload."""

    default_error_messages = {
        "repeated": "is repeated; it may be given once",
        "text": "is a text, not a file: a file's part has a filename",
    }
    json_schema: ClassVar[dict[str, Any]] = {"type": "string", "format": "binary"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Upload:  # noqa: ANN401, ARG002
        if len(value) > 1:
            raise self.make_error("repeated")
        (part,) = value
        if not isinstance(part, FilePart):
            raise self.make_error("text")
        return Upload(
            name=str(_name.deserialize(part.name)),
            content_type=files.plain_type(part.content_type),
            content=part.content,
        )


class UploadForm(Input):
    """The form of an upload: the file is its part `file` (observed)."""

    json_schema: ClassVar[dict[str, Any]] = {"required": ["file"]}
    part = "file"

    upload = UploadField(data_key="file")

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def require_file(self, _values: object, given: Mapping[str, Any], **_: object) -> None:
        """Refuse a form without the file, saying which parts it has."""
        if self.part not in given:
            came = (
                f"; the parts that came: {', '.join(map(repr, given))[:200]}" if given else "; no part came"
            )
            raise ValidationError({self.part: [f"is missing: the file, a part of the form{came}"]})


class SignedUploadForm(UploadForm):
    """The form of an upload by a signed link: there the part is called `files[]` (observed)."""

    json_schema: ClassVar[dict[str, Any]] = {"required": ["files[]"]}
    part = "files[]"

    upload = UploadField(data_key="files[]")


class UploadQuery(Input):
    """What the official clients say of an attachment: that it is private (observed; what that does is inferred)."""

    private = Flag(data_key="aclsPrivate", load_default=False)


class FileUrlQuery(Input):
    """Which file a link is wanted to: its blobKey, or that of its thumbnail."""

    key = Text(required=True, error_messages={"required": "is missing: a blobKey, or a thumbnailBlobKey"})


class SignedLink(Input):
    """The parameters of a signed link. Loads as `link`, if there is anything of it."""

    app = Text()
    expires = Number(most=_LATEST)
    signature = Text()

    @post_load
    def make(self, values: dict[str, Any], **_: object) -> dict[str, Any]:
        """Make the link; what is missing in it makes its signature wrong."""
        if not values:
            return {}
        return {"link": Link(**{"app": "", "signature": "", **values})}


class FileMeta(Answer):
    """A file's fileMeta, as a message takes it (observed: the fields; which are there without a user is inferred)."""

    blob_key = fields.String(data_key="blobKey")
    thumbnail_blob_key = fields.String(data_key="thumbnailBlobKey")
    name = fields.String(attribute="file.name")
    url = fields.String(attribute="link")
    size = fields.Integer(attribute="file.size")
    content_type = fields.String(attribute="file.content_type", data_key="contentType")
    thumbnail_url = fields.String(attribute="thumbnail_link", data_key="thumbnailUrl")
    created_at = fields.Integer(attribute="file.created_at", data_key="createdAtTime")


class WrappedFileMeta(Answer):
    """The answer of an upload by a signed link: there the fileMeta stands inside an object (observed)."""

    parts = (FileMeta,)

    file_meta = fields.Function(
        lambda meta: FileMeta().write(meta),
        data_key="fileMeta",
        metadata={"$ref": "#/components/schemas/FileMeta"},
    )


class FileInput(Strict):
    """What a file is called that is put in by the control API."""

    name = FileName(required=True)
    private = Flag(load_default=True)


class FileKey(Strict):
    """Which file."""

    key = Text(required=True, error_messages={"required": "is missing: the file's blobKey"})


class FileOutput(Answer):
    """A file in the control API's list."""

    number = fields.Integer(data_key="id")
    name = fields.String()
    content_type = fields.String(data_key="contentType")
    size = fields.Integer()
    sha1 = fields.String()
    blob_key = fields.Function(lambda file: files.blob_key(file.id, file.sha1, file.name), data_key="blobKey")
    thumbnail_blob_key = fields.Function(
        lambda file: files.thumbnail_key(file.id, file.thumbnail_sha1, file.name),
        data_key="thumbnailBlobKey",
    )
    private = fields.Boolean()
    created_at = fields.Integer(data_key="uploadedAt")

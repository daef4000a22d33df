"""Presigned URLs that take the bytes of an upload, each for exactly one length."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.presigned_url import PresignedUrl
from shared.presigner import Presigner
from shared.upload_checksum import UploadChecksum


@dataclass(frozen=True, slots=True)
class UploadUrl:
    """A URL for one PUT of `size` bytes, and the headers to send with it exactly as here."""

    url: PresignedUrl
    headers: Mapping[str, str]
    size: int


@dataclass(frozen=True, slots=True)
class WholeObject:
    """An object that is uploaded at once: `size` in bytes, `metadata` without `x-amz-meta-`.

    S3 compares the bytes with `checksum` where that has a value; `if_absent` asks that there is
    no object yet.
    """

    key: str
    size: int
    content_type: str
    metadata: Mapping[str, str]
    checksum: UploadChecksum | None = None
    if_absent: bool = False


@dataclass(frozen=True, slots=True)
class ObjectPart:
    """One part of an upload: `size` in bytes; S3 compares the bytes with `checksum`, if given."""

    key: str
    upload_id: str
    number: int
    size: int
    checksum: UploadChecksum | None = None


def sign_whole(presigner: Presigner, whole: WholeObject, expires_in: int) -> UploadUrl:
    """A URL that takes the object; S3 is not asked, so neither is IAM until it is used."""
    headers = {"Content-Type": whole.content_type}
    headers |= {f"x-amz-meta-{name}": value for name, value in whole.metadata.items()}
    parameters: dict[str, object] = {
        "ContentType": whole.content_type,
        "Metadata": dict(whole.metadata),
    }
    if whole.if_absent:
        parameters["IfNoneMatch"] = headers["If-None-Match"] = "*"
    return _sign(presigner, "put_object", whole, expires_in, parameters, headers)


def sign_part(presigner: Presigner, part: ObjectPart, expires_in: int) -> UploadUrl:
    """A URL that takes one part; without a checksum it asks for no header but the length."""
    parameters = {"UploadId": part.upload_id, "PartNumber": part.number}
    return _sign(presigner, "upload_part", part, expires_in, parameters, {})


def _sign(  # noqa: PLR0913, PLR0917 # what the two kinds of URLs have in common
    presigner: Presigner,
    operation: str,
    body: WholeObject | ObjectPart,
    expires_in: int,
    parameters: Mapping[str, object],
    headers: Mapping[str, str],
) -> UploadUrl:
    # A URL that is signed without its length would take any number of bytes.
    signed = {**parameters, "ContentLength": body.size}
    sent = {**headers, "Content-Length": str(body.size)}
    if body.checksum is not None and body.checksum.value is not None:
        signed[body.checksum.parameter] = body.checksum.value
        sent |= body.checksum.headers(body.checksum.value)
    return UploadUrl(presigner.sign(operation, body.key, expires_in, signed), sent, body.size)

"""What S3 tells about one object, and the bytes of one that is small enough to pass through."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from shared import deadline
from shared.object_errors import TooLargeForContent

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from types_boto3_s3.type_defs import GetObjectOutputTypeDef, HeadObjectOutputTypeDef

# Lambda answers with at most 6 MB, of which base64 takes a quarter.
MAX_CONTENT_BYTES: Final = 4_500_000

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/archived-objects.html; what lies in
# GLACIER_IR is read at once.
_ARCHIVES: Final = frozenset({"GLACIER", "DEEP_ARCHIVE"})
_BLOCK_BYTES: Final = 256 * 1024
# What is left to do once the bytes are here: base64 and the way back to API Gateway.
_ANSWER_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class ObjectHead:
    """An object's metadata: `size` of the whole object in bytes, `etag` with its quotes.

    `last_modified` is aware, in UTC; `metadata` has the caller's own names without `x-amz-meta-`;
    `archived` means that it has to be restored before it can be read; None means that S3 sent no
    such header.
    """

    size: int
    etag: str
    last_modified: datetime
    content_type: str
    storage_class: str
    version_id: str | None
    content_encoding: str | None
    content_language: str | None
    content_disposition: str | None
    cache_control: str | None
    metadata: Mapping[str, str]
    archived: bool = False


@dataclass(frozen=True, slots=True)
class NotModified:
    """S3's 304: the object is still what the caller's conditions name. `etag` is None if unsaid."""

    etag: str | None


@dataclass(frozen=True, slots=True)
class ObjectContent:
    """An object's bytes; `content_range` is None for the whole, else the header of a 206."""

    head: ObjectHead
    body: bytes = field(repr=False)
    content_range: str | None


def head_of(answer: "HeadObjectOutputTypeDef | GetObjectOutputTypeDef") -> ObjectHead:
    """The metadata in S3's answer to HeadObject, or to GetObject with or without a range."""
    # "bytes 0-9/100": ContentLength is that of the part.
    whole = answer.get("ContentRange", "").rpartition("/")[2]
    return ObjectHead(
        size=int(whole) if whole.isdecimal() else answer["ContentLength"],
        etag=answer["ETag"],
        last_modified=answer["LastModified"],
        content_type=answer.get("ContentType", "binary/octet-stream"),
        storage_class=answer.get("StorageClass", "STANDARD"),
        version_id=answer.get("VersionId"),
        content_encoding=answer.get("ContentEncoding"),
        content_language=answer.get("ContentLanguage"),
        content_disposition=answer.get("ContentDisposition"),
        cache_control=answer.get("CacheControl"),
        metadata=answer.get("Metadata", {}),
        archived=_archived(answer),
    )


def content_of(answer: "GetObjectOutputTypeDef") -> ObjectContent:
    """The content in S3's answer to GetObject; the stream is closed whatever happens.

    Raises TooLargeForContent before anything is read where the body has more than 4,500,000
    bytes, and DeadlineExceeded where the time runs out while reading.
    """
    with closing(answer["Body"]) as body:
        head = head_of(answer)
        if answer["ContentLength"] > MAX_CONTENT_BYTES:
            raise _too_large(head.size)
        return ObjectContent(head, b"".join(_blocks(body)), answer.get("ContentRange"))


def _archived(answer: "HeadObjectOutputTypeDef | GetObjectOutputTypeDef") -> bool:
    # Intelligent-Tiering keeps its class and tells the archive tier apart. A restored copy is
    # readable while it lasts: ongoing-request="false", expiry-date="…".
    shut = answer.get("StorageClass") in _ARCHIVES or bool(answer.get("ArchiveStatus"))
    return shut and 'ongoing-request="false"' not in answer.get("Restore", "")


def _blocks(body: "StreamingBody") -> Iterator[bytes]:
    while block := body.read(_BLOCK_BYTES):
        deadline.require(_ANSWER_SECONDS)
        yield block


def _too_large(size: int) -> TooLargeForContent:
    return TooLargeForContent(
        f"{size} bytes",
        members={"size": size, "maximum": MAX_CONTENT_BYTES},
        headers={"X-Object-Size": str(size)},
    )

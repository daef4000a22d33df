"""What S3 lists of uploads that are not complete: the uploads of a prefix, the parts of one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_plus

from shared.errors import InvalidCursor

if TYPE_CHECKING:
    from types_boto3_s3.type_defs import (
        ListMultipartUploadsOutputTypeDef,
        ListPartsOutputTypeDef,
        PartTypeDef,
    )

MAX_PAGE_SIZE: Final = 1000

_NUMBER: Final = re.compile(r"[0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class UploadedPart:
    """One part that is there: `size` in bytes, `etag` with its quotes.

    `checksums` has S3's values for it in base64 by their S3 names, such as `ChecksumSHA256`.
    """

    number: int
    size: int
    etag: str
    checksums: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PartPage:
    """Parts by rising number; `next_number` continues after it, None on the last page.

    `algorithm` is the checksum's that the upload was begun with, if any; `composite` tells that
    the object's will be one over the checksums of its parts.
    """

    parts: tuple[UploadedPart, ...]
    algorithm: str | None
    composite: bool
    next_number: int | None


@dataclass(frozen=True, slots=True)
class UnfinishedUpload:
    """An upload that was begun at `initiated` (aware, UTC) and neither completed nor aborted."""

    key: str
    upload_id: str
    initiated: datetime


@dataclass(frozen=True, slots=True)
class UploadMarker:
    """Behind which upload a page begins."""

    key: str
    upload_id: str

    def to_token(self) -> str:
        """The marker as one text; an upload id has no line break."""
        return f"{self.upload_id}\n{self.key}"

    @classmethod
    def from_token(cls, token: str) -> "UploadMarker":
        """The marker in what `to_token` made; InvalidCursor for anything else."""
        upload_id, separator, key = token.partition("\n")
        if not separator:
            raise InvalidCursor("no upload marker")
        return cls(key, upload_id)


@dataclass(frozen=True, slots=True)
class UploadPage:
    """Unfinished uploads by key; `next_marker` is None on the last page."""

    uploads: tuple[UnfinishedUpload, ...]
    next_marker: UploadMarker | None


def part_marker(token: str) -> int:
    """The part number behind which a page begins; InvalidCursor where the text is none."""
    if not _NUMBER.fullmatch(token):
        raise InvalidCursor("no part number")
    return int(token)


def part_page(answer: "ListPartsOutputTypeDef") -> PartPage:
    """The parts in S3's answer."""
    return PartPage(
        parts=tuple(
            UploadedPart(part["PartNumber"], part["Size"], part["ETag"], _checksums(part))
            for part in answer.get("Parts", ())
        ),
        algorithm=answer.get("ChecksumAlgorithm"),
        composite=answer.get("ChecksumType") == "COMPOSITE",
        next_number=answer["NextPartNumberMarker"] if answer["IsTruncated"] else None,
    )


def upload_page(answer: "ListMultipartUploadsOutputTypeDef") -> UploadPage:
    """The uploads in S3's answer, whose keys botocore does not decode as it does for objects."""
    encoded = answer.get("EncodingType") == "url"

    def decoded(key: str) -> str:
        return unquote_plus(key) if encoded else key

    marker = None
    if answer["IsTruncated"]:
        marker = UploadMarker(decoded(answer["NextKeyMarker"]), answer["NextUploadIdMarker"])
    return UploadPage(
        tuple(
            UnfinishedUpload(decoded(upload["Key"]), upload["UploadId"], upload["Initiated"])
            for upload in answer.get("Uploads", ())
        ),
        marker,
    )


def _checksums(part: "PartTypeDef") -> dict[str, str]:
    return {
        name: str(value) for name, value in part.items() if name.startswith("Checksum") and value
    }

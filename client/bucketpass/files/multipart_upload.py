"""One upload in parts, as S3 offers it."""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from s3transfer.utils import ReadFileChunk

from bucketpass.errors import AccessDenied, NotFound
from bucketpass.files.file_facts import encoded_crc32, md5_of_block
from bucketpass.files.s3_refusal import about

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class PartThere:
    """A part that S3 has; `crc32` None where S3 does not tell."""

    number: int
    size: int
    etag: str
    crc32: str | None

    def holds(self, block: bytes) -> bool:
        """Whether these are its bytes: by CRC-32, else by an ETag that is their MD5."""
        if len(block) != self.size:
            return False
        if self.crc32 is not None:
            return self.crc32 == encoded_crc32(zlib.crc32(block))
        return self.etag == md5_of_block(block)

    def reference(self) -> dict[str, Any]:
        """As the completion names it."""
        told = {"PartNumber": self.number, "ETag": self.etag}
        return told if self.crc32 is None else {**told, "ChecksumCRC32": self.crc32}


class MultipartUpload:
    """The upload of that id; its methods raise BucketpassError."""

    def __init__(self, client: Any, bucket: str, key: str, upload_id: str) -> None:  # noqa: ANN401 # boto3's
        self.client = client
        self.upload_id = upload_id
        self._key = key
        self._where = {"Bucket": bucket, "Key": key, "UploadId": upload_id}

    @classmethod
    def begin(
        cls,
        client: Any,  # noqa: ANN401 # boto3's
        bucket: str,
        key: str,
        headers: Mapping[str, str],
    ) -> "MultipartUpload":
        """A new upload, whose object will have the CRC-32 of the whole."""
        with about(key):
            told = client.create_multipart_upload(
                Bucket=bucket,
                Key=key,
                ChecksumAlgorithm="CRC32",
                ChecksumType="FULL_OBJECT",
                **headers,
            )
        return cls(client, bucket, key, told["UploadId"])

    def parts_there(self) -> dict[int, PartThere] | None:
        """The parts that S3 has, by number; None if it does not know the upload, or says so."""
        pages = self.client.get_paginator("list_parts").paginate(**self._where)
        try:
            with about(self._key):
                parts = [_part(item) for page in pages for item in page.get("Parts", ())]
        except (NotFound, AccessDenied):
            return None
        return {part.number: part for part in parts}

    def send(
        self, number: int, path: "Path", start: int, size: int, moved: Callable[[int], None]
    ) -> PartThere:
        """Send that stretch of the file; S3 refuses what does not arrive whole (Damaged)."""
        with about(self._key), _chunk(path, start, size, moved) as body:
            told = self.client.upload_part(
                Body=body, PartNumber=number, ChecksumAlgorithm="CRC32", **self._where
            )
        return PartThere(number, size, told["ETag"].strip('"'), told.get("ChecksumCRC32"))

    def complete(self, parts: list[PartThere], size: int, crc32: str) -> None:
        """Make the object; S3 refuses if the whole has another size or CRC-32 (Damaged)."""
        with about(self._key):
            self.client.complete_multipart_upload(
                MultipartUpload={"Parts": [part.reference() for part in parts]},
                ChecksumCRC32=crc32,
                ChecksumType="FULL_OBJECT",
                MpuObjectSize=size,
                **self._where,
            )

    def abort(self) -> None:
        """Give it up, with all parts; that S3 does not know it is no error."""
        try:
            with about(self._key):
                self.client.abort_multipart_upload(**self._where)
        except NotFound:
            pass


def _chunk(path: "Path", start: int, size: int, moved: Callable[[int], None]) -> ReadFileChunk:
    # callbacks are off until the request goes out: reading for a checksum sends nothing
    return ReadFileChunk.from_filename(
        str(path), start, size, [_by_keyword(moved)], enable_callbacks=False
    )


def _by_keyword(moved: Callable[[int], None]) -> Callable[..., None]:
    def callback(bytes_transferred: int) -> None:
        moved(bytes_transferred)

    return callback


def _part(item: dict[str, Any]) -> PartThere:
    return PartThere(
        item["PartNumber"], item["Size"], item["ETag"].strip('"'), item.get("ChecksumCRC32")
    )

"""The bucket as a place of files, by the person's own credentials."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from bucketpass.errors import AccessDenied, BucketpassError, NotFound
from bucketpass.files.object_facts import ObjectFacts, ObjectHead
from bucketpass.files.s3_refusal import about, of_code

_AT_ONCE: Final = 1000  # S3 API reference of DeleteObjects
# XML 1.0, section 2.2: what a request with a list of keys cannot carry
_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class BucketFiles:
    """Reads and removes objects of one bucket through a boto3 client.

    IAM decides what it may. Every method raises BucketpassError, of the class that names the
    cause: AccessDenied, NotFound, ChangedMeanwhile, Throttled, Unreachable …
    """

    def __init__(self, client: Any, bucket: str) -> None:  # noqa: ANN401 # boto3's classes arise at run time
        self.client = client
        self.bucket = bucket
        self.address = str(client.meta.endpoint_url)

    def below(self, prefix: str) -> Iterator[ObjectFacts]:
        """Every object whose key begins so, in the order of S3."""
        for page in self._pages(prefix):
            yield from map(_facts, page.get("Contents", ()))

    def folder(self, prefix: str) -> Iterator[ObjectFacts | str]:
        """The objects of one folder, and the prefixes of the folders in it."""
        for page in self._pages(prefix, Delimiter="/"):
            yield from (common["Prefix"] for common in page.get("CommonPrefixes", ()))
            yield from map(_facts, page.get("Contents", ()))

    def any_below(self, prefix: str) -> bool:
        """Whether there is an object whose key begins so."""
        with about(prefix or self.bucket):
            page = self.client.list_objects_v2(Bucket=self.bucket, Prefix=prefix, MaxKeys=1)
        return bool(page.get("Contents"))

    def head(self, key: str) -> ObjectHead:
        """What S3 tells of the object without its content."""
        told = self._headers(key)
        return ObjectHead(
            key=key,
            size=told["ContentLength"],
            modified=told["LastModified"],
            etag=told["ETag"].strip('"'),
            content_type=told.get("ContentType", ""),
            crc32=_whole(told.get("ChecksumCRC32")),
            encryption=told.get("ServerSideEncryption"),
            version_id=told.get("VersionId"),
            storage_class=told.get("StorageClass", "STANDARD"),
            metadata=tuple(sorted(told.get("Metadata", {}).items())),
        )

    def remove(self, key: str) -> None:
        """Remove one object; that there is none is no error to S3."""
        with about(key):
            self.client.delete_object(Bucket=self.bucket, Key=key)

    def remove_all(self, keys: Iterable[str]) -> Iterator[tuple[str, BucketpassError | None]]:
        """Remove objects, many at a time; each key with what kept it, None if it is gone."""
        rest = iter(keys)
        while batch := list(islice(rest, _AT_ONCE)):
            yield from self._remove_batch([key for key in batch if not _NOT_IN_XML.search(key)])
            for key in filter(_NOT_IN_XML.search, batch):
                yield key, self._kept(key)

    def _headers(self, key: str) -> dict[str, Any]:
        try:
            with about(key):
                told: dict[str, Any] = self.client.head_object(
                    Bucket=self.bucket, Key=key, ChecksumMode="ENABLED"
                )
        except AccessDenied:
            # S3 hides what is missing from who may list under a condition only, as all here do
            if self._is_missing(key):
                raise NotFound(f"{key}: {NotFound.default_sentence}") from None
            raise
        return told

    def _is_missing(self, key: str) -> bool:
        """Whether the listing, where it is allowed, goes past the key: it comes first if there."""
        try:
            with about(key):
                page = self.client.list_objects_v2(Bucket=self.bucket, Prefix=key, MaxKeys=1)
        except AccessDenied:
            return False
        return [item["Key"] for item in page.get("Contents", ())] != [key]

    def _remove_batch(self, keys: list[str]) -> Iterator[tuple[str, BucketpassError | None]]:
        if not keys:
            return
        with about(self.bucket):
            told = self.client.delete_objects(
                Bucket=self.bucket,
                Delete={"Objects": [{"Key": key} for key in keys], "Quiet": True},
            )
        errors = {
            item.get("Key"): of_code(item.get("Code", ""), item.get("Message", ""), item["Key"])
            for item in told.get("Errors", ())
        }
        for key in keys:
            yield key, errors.get(key)

    def _kept(self, key: str) -> BucketpassError | None:
        try:
            self.remove(key)
        except BucketpassError as error:
            return error
        return None

    def _pages(self, prefix: str, **options: str) -> Iterator[dict[str, Any]]:
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=prefix, **options
        )
        with about(prefix or self.bucket):
            yield from pages


def _facts(item: dict[str, Any]) -> ObjectFacts:
    return ObjectFacts(item["Key"], item["Size"], item["LastModified"], item["ETag"].strip('"'))


def _whole(checksum: str | None) -> str | None:
    """The checksum if it is that of the whole object: a composite ends in the count of parts."""
    return None if checksum is None or "-" in checksum else checksum

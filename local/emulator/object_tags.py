"""Rights to the tags of objects, which the emulator does not ask for where a write sets them.

Sources: S3 user guide, object-tagging: setting tags in PutObject takes s3:PutObjectTagging too; S3
API reference of CopyObject: x-amz-tagging-directive is COPY unless told otherwise, so that a copy
of a tagged object reads the tags of its source (s3:GetObjectTagging) and writes them.
"""

# ruff: noqa: ANN401, SLF001 # the emulator is untyped, its private names are what is replaced
from typing import Any

from ministack.core import iam_actions
from ministack.services import s3

from local.emulator.replacement import extend


def install() -> None:
    """Ask for the rights to tags along with the right to the object."""
    extend(iam_actions, "s3_additional_checks", "26e5e5602d743140", _additional_checks)


def _additional_checks(  # noqa: PLR0913, PLR0917 # the emulator's own signature
    original: Any, method: str, path: str, headers: Any, body: bytes, query: dict[str, Any]
) -> list[tuple[str, str]]:
    checks: list[tuple[str, str]] = original(method, path, headers, body, query)
    bucket, _, key = path.lstrip("/").partition("/")
    if not key or iam_actions._s3_action(method, path, query) != "PutObject":
        return checks
    reading = _reading_tags(headers) if "uploadId" not in query else []
    if headers.get("x-amz-tagging") or reading:
        return [*checks, *reading, ("s3:PutObjectTagging", f"arn:aws:s3:::{bucket}/{key}")]
    return checks


def _reading_tags(headers: Any) -> list[tuple[str, str]]:
    """The right that a copy takes to the tags of its source, if that has any."""
    source = iam_actions._s3_source_object(headers)
    if not source or headers.get("x-amz-tagging-directive", "COPY").upper() != "COPY":
        return []
    arn, version_id = source
    bucket, _, key = arn.removeprefix("arn:aws:s3:::").partition("/")
    stored = (s3._ensure_bucket(bucket) or {}).get("objects", {}).get(key, {})
    if not s3._object_tags.get((bucket, key, version_id or stored.get("version_id"))):
        return []
    return [("s3:GetObjectVersionTagging" if version_id else "s3:GetObjectTagging", arn)]

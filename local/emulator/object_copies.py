"""CopyObject, where the emulator ignores what S3 asks of the place that is copied to.

Source: S3 user guide, conditional-writes: CopyObject weighs If-None-Match and If-Match as PutObject
does.
"""

# ruff: noqa: ANN401, SLF001 # the emulator is untyped, its private names are what is replaced
from typing import Any

from ministack.services import s3

from local.emulator.replacement import extend


def install() -> None:
    """Weigh the conditions of a copy."""
    extend(s3, "_copy_object", "ce47e73298bef8a8", _copy_object)


def _copy_object(original: Any, bucket: str, key: str, headers: Any) -> Any:
    there = (s3._ensure_bucket(bucket) or {}).get("objects", {}).get(key)
    return s3._check_put_preconditions(headers, there) or original(bucket, key, headers)

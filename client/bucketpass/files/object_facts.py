"""What is known of an object."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ObjectFacts:
    """An object as a listing shows it; `etag` is without quotes, `modified` in UTC."""

    key: str
    size: int
    modified: datetime
    etag: str


@dataclass(frozen=True)
class ObjectHead(ObjectFacts):
    """An object as HEAD shows it.

    `crc32` is that of the whole object in base64; None where S3 keeps none. `encryption` is the
    method's name: only AES256 leaves the ETag of an object in one part its MD5.
    """

    content_type: str
    crc32: str | None = None
    encryption: str | None = None
    version_id: str | None = None
    storage_class: str = "STANDARD"
    metadata: tuple[tuple[str, str], ...] = ()

"""What is known of a file of this machine, and whether an object holds the same bytes."""

import base64
import hashlib
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bucketpass.files.object_facts import ObjectHead

_BLOCK: Final = 1024**2
_MD5: Final = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True)
class FileFacts:
    """Size in bytes and time of the last change in nanoseconds: together, one state of the file."""

    size: int
    mtime_ns: int

    @classmethod
    def of(cls, path: Path) -> "FileFacts":
        """Those of the file at the path, links followed; raises OSError."""
        found = path.stat()
        return cls(found.st_size, found.st_mtime_ns)


def crc32_of(path: Path, between: Callable[[], None] = lambda: None) -> str:
    """The CRC-32 of the content as S3 writes it; `between` is called from block to block."""
    crc = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            crc = zlib.crc32(block, crc)
            between()
    return encoded_crc32(crc)


def encoded_crc32(crc: int) -> str:
    """As in S3's headers: four bytes, big-endian, base64."""
    return base64.b64encode(crc.to_bytes(4, "big")).decode()


def md5_of(path: Path) -> str:
    """The MD5 of the content in hex; as a checksum, not against forgery."""
    with path.open("rb") as file:
        digest = hashlib.md5(usedforsecurity=False)
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def same_content(path: Path, head: ObjectHead) -> bool | None:
    """Whether the file holds the object's bytes; None if S3 keeps nothing to tell it by.

    By the CRC-32 of the whole object, else by the ETag where that is an MD5 (S3 API reference,
    "Object": in one part, encrypted with AES256 or not at all).
    """
    if path.stat().st_size != head.size:
        return False
    if head.crc32 is not None:
        return crc32_of(path) == head.crc32
    if _MD5.fullmatch(head.etag) and head.encryption in {None, "AES256"}:
        return md5_of(path) == head.etag
    return None


def md5_of_block(block: bytes) -> str:
    """The MD5 of these bytes in hex."""
    return hashlib.md5(block, usedforsecurity=False).hexdigest()

"""The checksums by which S3 proves that an upload arrived as it was sent.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html: a CRC
is one of the whole object, also where that comes in parts, and S3 computes what a part does not
tell. SHA-256 of parts cannot be joined: each part has to tell its own, and the object's is a
checksum of checksums.
"""

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from shared.errors import InvalidRequest

if TYPE_CHECKING:
    from types_boto3_s3.literals import ChecksumTypeType

AlgorithmName = Literal["SHA256", "CRC32", "CRC32C", "CRC64NVME"]

_DIGEST_BYTES: Final[dict[AlgorithmName, int]] = {
    "SHA256": 32,
    "CRC32": 4,
    "CRC32C": 4,
    "CRC64NVME": 8,
}
ALGORITHMS: Final[tuple[AlgorithmName, ...]] = tuple(_DIGEST_BYTES)


@dataclass(frozen=True, slots=True)
class UploadChecksum:
    """An algorithm and, where it is known, the value for the whole object in base64."""

    algorithm: AlgorithmName
    value: str | None = None

    @property
    def type(self) -> "ChecksumTypeType":
        """S3's word for what the value of an object in parts is computed over."""
        return "COMPOSITE" if self.algorithm == "SHA256" else "FULL_OBJECT"

    @property
    def of_each_part(self) -> bool:
        """Whether every part has to tell its own value."""
        return self.type == "COMPOSITE"

    @property
    def parameter(self) -> str:
        """What botocore calls the value."""
        return f"Checksum{self.algorithm}"

    def headers(self, value: str) -> dict[str, str]:
        """The header that carries a value."""
        return {f"x-amz-checksum-{self.algorithm.lower()}": value}


def parse_checksum(algorithm: str, value: str | None) -> UploadChecksum:
    """The checksum of an upload; `value` None where only the algorithm is known.

    Raises InvalidRequest for an unknown algorithm and for a value that is none of it.
    """
    for name in ALGORITHMS:
        if name == algorithm:
            checked = None if value is None else parse_value(name, value)
            return UploadChecksum(name, checked)
    raise InvalidRequest(
        "checksum algorithm", detail=f"A checksum's algorithm is one of {', '.join(ALGORITHMS)}."
    )


def parse_value(algorithm: AlgorithmName, value: str) -> str:
    """The value itself; InvalidRequest unless it is base64 of as many bytes as the digest has."""
    size = _DIGEST_BYTES[algorithm]
    try:
        digest = base64.b64decode(value, validate=True)
    except ValueError:
        digest = b""
    # One digest has one spelling.
    if len(digest) != size or base64.b64encode(digest).decode() != value:
        raise InvalidRequest(
            f"value of {algorithm}",
            detail=f"A checksum by {algorithm} is the base64 of {size} bytes.",
        )
    return value

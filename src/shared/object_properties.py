"""What a caller stores beside an object's bytes: its type, how to treat it, metadata."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from shared.errors import InvalidRequest

if TYPE_CHECKING:
    from types_boto3_s3.type_defs import PutObjectRequestTypeDef

DEFAULT_CONTENT_TYPE: Final = "application/octet-stream"
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html: the UTF-8 bytes of all
# names, without the prefix, and values.
MAX_METADATA_BYTES: Final = 2048
MAX_PROPERTY_CHARACTERS: Final = 1024

_PRINTABLE: Final = re.compile(r"[ -~]*")
# token of RFC 9110, section 5.6.2, in lower case: S3 does not keep the case of the names.
_NAME: Final = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]+")
_MEDIA_TYPE: Final = re.compile(
    r"[\w!#$&^.+-]{1,127}/[\w!#$&^.+-]{1,127}([ \t]*;[ -~\t]*)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class ObjectProperties:
    """Headers that S3 keeps and answers with; None means that the object has no such header."""

    content_type: str = DEFAULT_CONTENT_TYPE
    content_encoding: str | None = None
    content_language: str | None = None
    content_disposition: str | None = None
    cache_control: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)

    def add_to(self, request: "PutObjectRequestTypeDef") -> None:
        """Put the properties into the parameters of PutObject, under S3's names."""
        request["ContentType"] = self.content_type
        if self.content_encoding is not None:
            request["ContentEncoding"] = self.content_encoding
        if self.content_language is not None:
            request["ContentLanguage"] = self.content_language
        if self.content_disposition is not None:
            request["ContentDisposition"] = self.content_disposition
        if self.cache_control is not None:
            request["CacheControl"] = self.cache_control
        if self.metadata:
            request["Metadata"] = self.metadata


def parse_content_type(value: str | None) -> str:
    """The media type itself, `application/octet-stream` for None or an empty text.

    Raises InvalidRequest for a text that is no media type (RFC 9110, section 8.3.1).
    """
    if not value:
        return DEFAULT_CONTENT_TYPE
    if len(value) > MAX_PROPERTY_CHARACTERS or not _MEDIA_TYPE.fullmatch(value):
        raise InvalidRequest(
            "no media type", detail="The content type is a media type such as text/plain."
        )
    return value


def parse_property(name: str, value: str | None) -> str | None:
    """The header's value itself, None for None or an empty text.

    Raises InvalidRequest, naming `name`, for more than 1,024 characters or others than printable
    ASCII, and for the content encoding `aws-chunked`, which tells S3 how a body was sent.
    """
    if not value:
        return None
    if len(value) > MAX_PROPERTY_CHARACTERS or not _PRINTABLE.fullmatch(value):
        raise InvalidRequest(
            f"{name} not storable",
            detail=f"{name} is printable ASCII of at most {MAX_PROPERTY_CHARACTERS:,} characters.",
        )
    if name.lower() == "content-encoding" and "aws-chunked" in value.lower():
        raise InvalidRequest("aws-chunked", detail="aws-chunked is no encoding of an object.")
    return value


def parse_metadata(given: Mapping[str, str]) -> dict[str, str]:
    """The metadata by its names in lower case, without `x-amz-meta-`.

    Raises InvalidRequest for a name that no header can have, for a value that is not printable
    ASCII, for two names that differ in case only, and for more than 2,048 bytes in all.
    """
    metadata: dict[str, str] = {}
    for name, value in given.items():
        lower = name.lower()
        if not _NAME.fullmatch(lower) or lower in metadata:
            raise InvalidRequest(
                "metadata name", detail="A name of metadata is an HTTP header's name, given once."
            )
        if not _PRINTABLE.fullmatch(value):
            raise InvalidRequest(
                "metadata value", detail="A value of metadata is printable ASCII; encode others."
            )
        metadata[lower] = value.strip()
    size = sum(len(name) + len(value) for name, value in metadata.items())
    if size > MAX_METADATA_BYTES:
        raise InvalidRequest(
            f"{size} bytes of metadata",
            detail=f"Names and values of metadata have at most {MAX_METADATA_BYTES:,} bytes.",
        )
    return metadata

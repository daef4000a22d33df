"""Lists whose keys are to be percent-encoded, which the emulator does for lists of objects alone.

Sources: S3 API reference of ListObjectVersions and ListMultipartUploads: with encoding-type=url
Delimiter, KeyMarker, Prefix, NextKeyMarker and Key are encoded; some characters that a key may have
are none in XML 1.0, so that the list cannot be read otherwise.
"""

# ruff: noqa: ANN401, SLF001 # the emulator is untyped, its private names are what is replaced
import re
from typing import Any, Final
from xml.sax.saxutils import unescape

from ministack.services import s3

from local.emulator.replacement import extend

_OK: Final = 200
_NAMES: Final = re.compile(rb"<(Delimiter|Key|KeyMarker|NextKeyMarker|Prefix)>([^<]*)</\1>")


def install() -> None:
    """Encode what the caller asks to be encoded."""
    extend(s3, "_list_object_versions", "2a656b63124adf1c", _encoded)
    extend(s3, "_list_multipart_uploads", "b2b3f60ef4a57e08", _encoded)


def _encoded(original: Any, bucket: str, query: dict[str, Any]) -> Any:
    status, headers, body = original(bucket, query)
    if status != _OK or s3._qp(query, "encoding-type") != "url":
        return status, headers, body
    encoded = _NAMES.sub(_encoded_name, body)
    head, end, rest = encoded.partition(b"<IsTruncated>")
    return status, headers, head + b"<EncodingType>url</EncodingType>" + end + rest


def _encoded_name(found: re.Match[bytes]) -> bytes:
    name, text = found[1], unescape(found[2].decode())
    return b"<%b>%b</%b>" % (name, s3._url_encode(text).encode(), name)

"""The part of an object that a caller wants (RFC 9110, section 14.2)."""

import re
from typing import Final

_ONE_RANGE: Final = re.compile(r"bytes=(?:(\d{1,19})-(\d{0,19})|-\d{1,19})", re.ASCII)


def parse_byte_range(value: str | None, if_range: str | None = None) -> str | None:
    """The Range header to send to S3, or None for the whole object.

    A server may ignore Range: several ranges, another unit, a malformed one and one that ends
    before it starts are answered with the whole object, and so is a range with If-Range, which
    S3 would not weigh.
    """
    found = _ONE_RANGE.fullmatch(value or "")
    if if_range is not None or not found:
        return None
    first, last = found.groups()
    if last and int(last) < int(first):
        return None
    return found.group()

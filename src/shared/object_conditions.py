"""The conditions under which a caller wants an object (RFC 9110, section 13)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from shared.errors import InvalidRequest

if TYPE_CHECKING:
    from types_boto3_s3.type_defs import HeadObjectRequestTypeDef

_PRINTABLE: Final = re.compile(r"[ -~]+")


@dataclass(frozen=True, slots=True)
class ObjectConditions:
    """The four conditional headers, None where the caller sent none; S3 weighs them itself.

    The entity tags stay as sent, with their quotes; the times are aware, in UTC.
    """

    if_match: str | None = None
    if_none_match: str | None = None
    if_modified_since: datetime | None = None
    if_unmodified_since: datetime | None = None

    def add_to(self, request: "HeadObjectRequestTypeDef") -> None:
        """Put the conditions into the parameters of HeadObject or GetObject, under S3's names."""
        if self.if_match is not None:
            request["IfMatch"] = self.if_match
        if self.if_none_match is not None:
            request["IfNoneMatch"] = self.if_none_match
        if self.if_modified_since is not None:
            request["IfModifiedSince"] = self.if_modified_since
        if self.if_unmodified_since is not None:
            request["IfUnmodifiedSince"] = self.if_unmodified_since


UNCONDITIONAL: Final = ObjectConditions()


def parse_conditions(
    *,
    if_match: str | None,
    if_none_match: str | None,
    if_modified_since: str | None,
    if_unmodified_since: str | None,
) -> ObjectConditions:
    """The conditions out of the values of the four headers, None for a header that is not there.

    A date that is none is ignored (RFC 9110, sections 13.1.3 and 13.1.4). Raises InvalidRequest
    for an entity tag that is not printable ASCII.
    """
    return ObjectConditions(
        if_match=_entity_tags(if_match),
        if_none_match=_entity_tags(if_none_match),
        if_modified_since=_http_date(if_modified_since),
        if_unmodified_since=_http_date(if_unmodified_since),
    )


def _entity_tags(value: str | None) -> str | None:
    if value is not None and not _PRINTABLE.fullmatch(value):
        raise InvalidRequest("entity tag not printable", detail="An entity tag is printable ASCII.")
    return value


def _http_date(value: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(value or "")
        # -0000 is the one zone that the parser leaves without an offset.
        return date.replace(tzinfo=date.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None

"""`/objects`: list, look at and fetch the caller's objects."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayRouter

from handlers.caller import Caller, caller_of
from handlers.object_answer import content_answer, head_answer, link_answer, redirect_answer
from handlers.object_path import OBJECT_PATH, object_key
from handlers.request import (
    Event,
    header_text,
    query_choice,
    query_number,
    query_prefix,
    query_text,
)
from handlers.time_text import time_text
from shared.byte_range import parse_byte_range
from shared.cursor import Listing, continuation_token, make_cursor
from shared.errors import InvalidRequest
from shared.object_conditions import ObjectConditions, parse_conditions
from shared.object_key import expand_home, expand_home_prefix, parse_key, parse_prefix
from shared.object_page import MAX_PAGE_SIZE, ObjectPage
from shared.presigned_url import MAX_SECONDS
from shared.version_id import parse_version_id

DEFAULT_PAGE_SIZE = 100
DEFAULT_URL_SECONDS = 300

router = APIGatewayRouter()


def _event() -> Event:
    return router.current_event.raw_event


def _caller() -> Caller:
    return caller_of(_event(), router.context["services"])


@router.get("/objects")
def list_objects() -> dict[str, object]:
    """One page of a prefix, the caller's home where none is given."""
    event, caller = _event(), _caller()
    listing = _listing(event, caller)
    limit = query_number(event, "limit", DEFAULT_PAGE_SIZE, 1, MAX_PAGE_SIZE)
    cursor = query_text(event, "cursor")
    page = caller.objects.list(
        listing.prefix,
        delimiter=listing.delimiter,
        limit=limit,
        token=None if cursor is None else continuation_token(cursor, listing),
        start_after=listing.start_after,
    )
    return _page_answer(page, listing)


@router.head(OBJECT_PATH)
def head_object() -> Response[str]:
    """The object's metadata as headers."""
    event, caller = _event(), _caller()
    return head_answer(
        caller.objects.head(object_key(event, caller.home), _conditions(event), _version_id(event))
    )


@router.get(OBJECT_PATH)
def get_object() -> Response[str] | Response[bytes]:
    """The object: by a redirect to a presigned URL, as such a URL in JSON, or as its bytes."""
    event, caller = _event(), _caller()
    key, version_id = object_key(event, caller.home), _version_id(event)
    match query_choice(event, "as", ("redirect", "link", "content")):
        case "content":
            byte_range = parse_byte_range(
                header_text(event, "Range"), header_text(event, "If-Range")
            )
            content = caller.objects.get(key, _conditions(event), byte_range, version_id)
            return content_answer(key, content)
        case form:
            # The answer to a link is not ours any more: what can be refused is refused here,
            # with a problem document rather than S3's XML.
            seconds = query_number(event, "expiresIn", DEFAULT_URL_SECONDS, 1, MAX_SECONDS)
            head = caller.objects.readable_head(key, version_id)
            url = caller.objects.presigner().sign_get(key, seconds, version_id=version_id)
            return redirect_answer(url) if form == "redirect" else link_answer(url, head)


def _listing(event: Event, caller: Caller) -> Listing:
    prefix = query_prefix(event, "prefix")
    start_after = query_prefix(event, "startAfter")
    return Listing(
        sub=caller.principal.sub,
        prefix=caller.home
        if prefix is None
        else expand_home_prefix(parse_prefix(prefix), caller.home),
        delimiter=_delimiter(event),
        start_after=expand_home(parse_key(start_after), caller.home) if start_after else None,
    )


def _delimiter(event: Event) -> str | None:
    delimiter = query_text(event, "delimiter") or None
    # U+FFFD, too, is what API Gateway makes of bytes that are no UTF-8.
    if delimiter is not None and (not delimiter.isprintable() or "\ufffd" in delimiter):
        raise InvalidRequest("delimiter", detail="delimiter is printable text without U+FFFD.")
    return delimiter


def _version_id(event: Event) -> str | None:
    return parse_version_id(query_text(event, "versionId"))


def _conditions(event: Event) -> ObjectConditions:
    return parse_conditions(
        if_match=header_text(event, "If-Match"),
        if_none_match=header_text(event, "If-None-Match"),
        if_modified_since=header_text(event, "If-Modified-Since"),
        if_unmodified_since=header_text(event, "If-Unmodified-Since"),
    )


def _page_answer(page: ObjectPage, listing: Listing) -> dict[str, object]:
    return {
        "bucket": page.bucket,
        "prefix": page.prefix,
        "objects": [
            {
                "key": listed.key,
                "size": listed.size,
                "etag": listed.etag,
                "lastModified": time_text(listed.last_modified),
                "storageClass": listed.storage_class,
            }
            for listed in page.objects
        ],
        "prefixes": page.prefixes,
        "cursor": None if page.token is None else make_cursor(page.token, listing),
    }

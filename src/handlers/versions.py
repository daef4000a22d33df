"""`/versions` and `/restorations`: what was overwritten or deleted, and getting it back."""

from typing import Final

from aws_lambda_powertools.event_handler.router import APIGatewayRouter

from handlers import json_body
from handlers.caller import Caller, caller_of
from handlers.copies import MAX_BODY_BYTES
from handlers.copy_answer import copied_items
from handlers.copy_request import restorations
from handlers.item_problems import ItemProblems
from handlers.request import Event, query_number, query_prefix, query_text
from handlers.time_text import time_text
from shared.cursor import Listing, continuation_token, make_cursor
from shared.errors import InvalidRequest
from shared.object_key import expand_home, expand_home_prefix, parse_key, parse_prefix
from shared.object_versions import MAX_PAGE_SIZE, ObjectVersion, ObjectVersions, VersionMarker

DEFAULT_PAGE_SIZE: Final = 100

router = APIGatewayRouter()


@router.get("/versions")
def list_versions() -> dict[str, object]:
    """One page of the versions of one key, or of all keys with a prefix, by default the home."""
    event = router.current_event.raw_event
    caller = caller_of(event, router.context["services"])
    listing = _listing(event, caller)
    limit = query_number(event, "limit", DEFAULT_PAGE_SIZE, 1, MAX_PAGE_SIZE)
    cursor = query_text(event, "cursor")
    after = None
    if cursor is not None:
        after = VersionMarker.from_token(continuation_token(cursor, listing))
    versions = ObjectVersions(caller.objects.client, caller.objects.bucket, caller.credentials)
    look = versions.of if listing.kind == "versions of a key" else versions.below
    page = look(listing.prefix, limit=limit, after=after)
    marker = page.next_marker
    return {
        "versions": [_version(version) for version in page.versions],
        "cursor": None if marker is None else make_cursor(marker.to_token(), listing),
    }


@router.post("/restorations")
def restore_versions() -> dict[str, object]:
    """Each version becomes the latest one of its key again; what became of each."""
    event = router.current_event.raw_event
    caller = caller_of(event, router.context["services"])
    body = json_body.json_object(event, MAX_BODY_BYTES)
    with ItemProblems(event) as problems:
        return {"items": copied_items(problems, caller, restorations(body, caller))}


def _listing(event: Event, caller: Caller) -> Listing:
    key, prefix = query_text(event, "key"), query_prefix(event, "prefix")
    if key is not None:
        if prefix is not None:
            raise InvalidRequest("key and prefix", detail="Give either key or prefix.")
        real_key = expand_home(parse_key(key), caller.home)
        return Listing(caller.principal.sub, real_key, kind="versions of a key")
    real_prefix = caller.home
    if prefix is not None:
        real_prefix = expand_home_prefix(parse_prefix(prefix), caller.home)
    return Listing(caller.principal.sub, real_prefix, kind="versions")


def _version(version: ObjectVersion) -> dict[str, object]:
    return {
        "key": version.key,
        "versionId": version.version_id,
        "isLatest": version.is_latest,
        "deleted": version.deleted,
        "size": version.size,
        "etag": version.etag,
        "lastModified": time_text(version.last_modified),
    }

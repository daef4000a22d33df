"""`POST /links`: presigned URLs for many keys in one call."""

from dataclasses import replace
from functools import partial

from aws_lambda_powertools.event_handler.router import APIGatewayRouter

from handlers import json_body
from handlers.caller import Caller, authenticate, caller_for
from handlers.item_problems import ItemProblems
from handlers.json_body import JsonObject
from handlers.time_text import time_text
from shared.links import MAX_PUT_BYTES, METHODS, LinkRequest, sign_link
from shared.object_key import expand_home, parse_key
from shared.presigned_url import MAX_SECONDS
from shared.version_id import parse_version_id

MAX_ITEMS = 100
DEFAULT_URL_SECONDS = 300
# Less than the hour that credentials live when they are new.
MAX_MIN_TTL_SECONDS = 3300

_MEMBERS = {
    "method",
    "key",
    "expiresIn",
    "filename",
    "disposition",
    "contentType",
    "contentLength",
    "versionId",
}

router = APIGatewayRouter()


@router.post("/links")
def make_links() -> dict[str, object]:
    """One URL or one problem for each item, in the order asked; S3 is not asked about any."""
    event, services = router.current_event.raw_event, router.context["services"]
    principal = authenticate(event, services)
    body = json_body.json_object(event)
    json_body.only(body, {"items", "minTtl"})
    items = json_body.list_of_objects(body, "items", MAX_ITEMS)
    asked = [_read(item) for item in items]
    least = json_body.optional_whole_number(body, "minTtl", 1, MAX_MIN_TTL_SECONDS)
    caller = caller_for(principal, event, services, at_least=least or 0)
    with ItemProblems(event) as problems:
        return {
            "items": [
                problems.or_answer({"key": item.key}, partial(_answer, caller, item))
                for item in asked
            ]
        }


def _read(item: JsonObject) -> LinkRequest:
    json_body.only(item, _MEMBERS)
    inline = json_body.choice(item, "disposition", ("attachment", "inline")) == "inline"
    return LinkRequest(
        method=json_body.choice(item, "method", METHODS),
        key=json_body.text(item, "key"),
        expires_in=json_body.whole_number(
            item, "expiresIn", 1, MAX_SECONDS, default=DEFAULT_URL_SECONDS
        ),
        filename=json_body.optional_text(item, "filename"),
        disposition="inline" if inline else "attachment",
        content_type=json_body.optional_text(item, "contentType"),
        content_length=json_body.optional_whole_number(item, "contentLength", 0, MAX_PUT_BYTES),
        version_id=json_body.optional_text(item, "versionId"),
    )


def _answer(caller: Caller, asked: LinkRequest) -> dict[str, object]:
    key = expand_home(parse_key(asked.key), caller.home)
    parse_version_id(asked.version_id)
    link = sign_link(caller.objects.presigner(), replace(asked, key=key))
    return {
        "method": asked.method,
        "key": key,
        "url": link.url.url,
        "headers": dict(link.headers),
        "expiresAt": time_text(link.url.expires_at),
        "limitedBy": link.url.limited_by,
    }

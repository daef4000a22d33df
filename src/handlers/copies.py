"""`POST /copies`: copy and move objects within the bucket, some at once or a prefix by pages."""

from typing import Final

from aws_lambda_powertools.event_handler.router import APIGatewayRouter

from handlers import json_body
from handlers.caller import Caller, caller_of
from handlers.copy_answer import copied_item, copied_items
from handlers.copy_request import MAX_ITEMS, copies, if_absent
from handlers.item_problems import ItemProblems
from handlers.json_body import JsonObject
from shared.copy_cursor import CopyPosition
from shared.cursor import Listing, continuation_token, make_cursor
from shared.errors import InvalidRequest
from shared.object_copy import CopyRequest, ObjectCopy
from shared.object_key import expand_home_prefix, parse_prefix
from shared.prefix_copy import PrefixPair, copy_page

# As many pairs of keys of 1,024 bytes, in whatever way JSON escapes what is not ASCII.
MAX_BODY_BYTES: Final = 800_000

router = APIGatewayRouter()


@router.post("/copies")
def copy_objects() -> dict[str, object]:
    """What became of each copy, or of one page of the objects below a prefix."""
    event = router.current_event.raw_event
    caller = caller_of(event, router.context["services"])
    body = json_body.json_object(event, MAX_BODY_BYTES)
    with ItemProblems(event) as problems:
        if "items" in body:
            return {"items": copied_items(problems, caller, copies(body, caller))}
        return _copy_page(problems, caller, body)


def _copy_page(problems: ItemProblems, caller: Caller, body: JsonObject) -> dict[str, object]:
    json_body.only(
        body, {"items", "fromPrefix", "toPrefix", "move", "ifNoneMatch", "cursor", "limit"}
    )
    pair = PrefixPair(_prefix(body, "fromPrefix", caller), _prefix(body, "toPrefix", caller))
    kind = CopyRequest("", "", move=json_body.flag(body, "move"), if_absent=if_absent(body))
    listing = Listing(
        caller.principal.sub,
        pair.source,
        start_after=pair.to,
        kind="moves" if kind.move else "copies",
    )
    cursor = json_body.optional_text(body, "cursor")
    limit = json_body.whole_number(body, "limit", 1, MAX_ITEMS, default=MAX_ITEMS)
    position = CopyPosition()
    if cursor is not None:
        position = CopyPosition.from_token(continuation_token(cursor, listing))
    page = copy_page(ObjectCopy(caller.objects), pair, kind, limit, position)
    following = page.next_position
    return {
        "items": [
            copied_item(problems, {"from": request.source, "to": request.to}, request, outcome)
            for request, outcome in page.items
        ],
        "cursor": None if following is None else make_cursor(following.to_token(), listing),
    }


def _prefix(body: JsonObject, name: str, caller: Caller) -> str:
    prefix = json_body.text(body, name)
    if not prefix.endswith("/"):
        raise InvalidRequest(f"{name} without /", detail=f'{name} ends in "/".')
    return expand_home_prefix(parse_prefix(prefix), caller.home)

"""What the routes of copies and restorations read from a body."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from handlers import json_body
from handlers.caller import Caller
from handlers.json_body import JsonObject
from shared.copy_cursor import CopyPosition
from shared.cursor import Listing, continuation_token
from shared.errors import BucketpassError, InvalidRequest
from shared.object_copy import CopyRequest
from shared.object_key import expand_home, parse_key
from shared.version_id import parse_version_id

MAX_ITEMS: Final = 100


@dataclass(frozen=True, slots=True)
class CopyItem:
    """One item: what names it in the answer, and what it asks for or why it cannot."""

    names: Mapping[str, str]
    request: CopyRequest | BucketpassError


def copies(body: JsonObject, caller: Caller) -> list[CopyItem]:
    """The items of `POST /copies`; raises InvalidRequest."""
    return _untangled([_copy(item, caller) for item in _items(body)])


def restorations(body: JsonObject, caller: Caller) -> list[CopyItem]:
    """The items of `POST /restorations`: copies of a version onto its key. InvalidRequest."""
    return _untangled([_restoration(item, caller) for item in _items(body)])


def if_absent(body: JsonObject) -> bool:
    """Whether `ifNoneMatch` is `*`, the one value it can have."""
    return "ifNoneMatch" in body and json_body.choice(body, "ifNoneMatch", ("*",)) == "*"


def binding(caller: Caller, request: CopyRequest) -> Listing:
    """What the cursor of a copy in parts belongs to."""
    return Listing(
        sub=caller.principal.sub,
        prefix=request.source,
        delimiter=request.version_id,
        start_after=request.to,
        kind="move of one" if request.move else "copy of one",
    )


def _items(body: JsonObject) -> list[JsonObject]:
    json_body.only(body, {"items"})
    return json_body.list_of_objects(body, "items", MAX_ITEMS)


def _copy(item: JsonObject, caller: Caller) -> CopyItem:
    json_body.only(item, {"from", "to", "move", "ifNoneMatch", "versionId", "cursor"})
    asked = CopyRequest(
        source=json_body.text(item, "from"),
        to=json_body.text(item, "to"),
        version_id=json_body.optional_text(item, "versionId"),
        move=json_body.flag(item, "move"),
        if_absent=if_absent(item),
    )
    request = _real(asked, json_body.optional_text(item, "cursor"), caller)
    named = asked if isinstance(request, BucketpassError) else request
    return CopyItem({"from": named.source, "to": named.to}, request)


def _restoration(item: JsonObject, caller: Caller) -> CopyItem:
    json_body.only(item, {"key", "versionId", "cursor"})
    key, version_id = json_body.text(item, "key"), json_body.text(item, "versionId")
    asked = CopyRequest(source=key, to=key, version_id=version_id)
    request = _real(asked, json_body.optional_text(item, "cursor"), caller, onto_itself=True)
    named = asked if isinstance(request, BucketpassError) else request
    return CopyItem({"key": named.to, "versionId": version_id}, request)


def _real(
    asked: CopyRequest, cursor: str | None, caller: Caller, *, onto_itself: bool = False
) -> CopyRequest | BucketpassError:
    """What is asked, with real keys; or why it cannot be, which spoils no other item."""
    try:
        request = CopyRequest(
            source=expand_home(parse_key(asked.source), caller.home),
            to=expand_home(parse_key(asked.to), caller.home),
            version_id=parse_version_id(asked.version_id),
            move=asked.move,
            if_absent=asked.if_absent,
        )
        if not onto_itself:
            _refuse_pointless(request)
        return request if cursor is None else _going_on(request, cursor, caller)
    except BucketpassError as error:
        return error


def _refuse_pointless(request: CopyRequest) -> None:
    if request.source == request.to:
        raise InvalidRequest(
            "onto itself",
            detail="from and to are the same; POST /restorations brings back a version.",
        )
    if request.move and request.version_id is not None:
        raise InvalidRequest("move of a version", detail="A version can be copied, not moved.")


def _going_on(request: CopyRequest, cursor: str, caller: Caller) -> CopyRequest:
    token = continuation_token(cursor, binding(caller, request))
    return replace(request, started=CopyPosition.from_token(token).started_for(request.source))


def _untangled(items: Sequence[CopyItem]) -> list[CopyItem]:
    # The items are done side by side: which of two would come first is nobody's to say.
    requests = [item.request for item in items]
    names = Counter[str]()
    for request in requests:
        if isinstance(request, CopyRequest):
            names.update({request.source, request.to})
    for index, request in enumerate(requests):
        if not isinstance(request, CopyRequest):
            continue
        changed = {request.to, request.source} if request.move else {request.to}
        if any(names[key] > 1 for key in changed):
            raise InvalidRequest(
                "items that meet",
                detail=f"items[{index}] changes an object that another item names, too.",
            )
    return list(items)

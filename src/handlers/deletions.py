"""`POST /deletions`: many objects at once, or a prefix page by page, answered key by key."""

from typing import Final

from aws_lambda_powertools.event_handler.router import APIGatewayRouter

from handlers import json_body
from handlers.batch_key import key_or_error
from handlers.caller import Caller, caller_of
from handlers.item_problems import ItemProblems
from handlers.json_body import JsonObject
from shared.cursor import Listing, continuation_token, make_cursor
from shared.errors import BucketpassError, InvalidRequest
from shared.object_deletion import MAX_KEYS, DeletedObject, Deletion, ObjectDeletion
from shared.object_errors import TooLarge
from shared.object_key import MAX_KEY_BYTES, expand_home_prefix, parse_prefix
from shared.upstream_errors import DeadlineExceeded

# As many keys of 1,024 bytes, in whatever way JSON escapes what is not ASCII.
MAX_BODY_BYTES: Final = 3_200_000
# The answer names every key again, and Lambda's answer has at most 6 MB: a key that is none must
# not be what makes it too large once the others are gone.
MAX_BYTES_OF_KEYS: Final = MAX_KEYS * MAX_KEY_BYTES

router = APIGatewayRouter()


@router.post("/deletions")
def delete_objects() -> dict[str, object]:
    """What became of each key, or of one page of the keys below a prefix."""
    event = router.current_event.raw_event
    caller = caller_of(event, router.context["services"])
    body = json_body.json_object(event, MAX_BODY_BYTES)
    with ItemProblems(event) as problems:
        if "keys" in body:
            json_body.only(body, {"keys"})
            return _delete_keys(problems, caller, _keys(body))
        json_body.only(body, {"keys", "prefix", "cursor", "limit"})
        return _delete_page(problems, caller, body)


def _deletion(caller: Caller) -> ObjectDeletion:
    return ObjectDeletion(caller.objects.client, caller.objects.bucket, caller.credentials)


def _keys(body: JsonObject) -> list[str]:
    keys = json_body.list_of_texts(body, "keys", MAX_KEYS)
    size = sum(len(key.encode(errors="surrogatepass")) for key in keys)
    if size > MAX_BYTES_OF_KEYS:
        raise TooLarge(
            f"keys of {size} bytes",
            detail=f"The keys together have at most {MAX_BYTES_OF_KEYS:,} bytes of UTF-8.",
        )
    return keys


def _delete_keys(problems: ItemProblems, caller: Caller, texts: list[str]) -> dict[str, object]:
    named = [(text, key_or_error(text, caller.home)) for text in texts]
    keys = [key for _, key in named if isinstance(key, str)]
    became = dict(zip(keys, _deletion(caller).delete(keys), strict=True))
    return {
        "items": [
            _item(problems, key, became[key])
            if isinstance(key, str)
            else problems.of({"key": text}, key)
            for text, key in named
        ]
    }


def _delete_page(problems: ItemProblems, caller: Caller, body: JsonObject) -> dict[str, object]:
    prefix = _prefix(json_body.text(body, "prefix"), caller.home)
    listing = Listing(caller.principal.sub, prefix, kind="deletions")
    cursor = json_body.optional_text(body, "cursor")
    limit = json_body.whole_number(body, "limit", 1, MAX_KEYS, default=MAX_KEYS)
    after = None if cursor is None else continuation_token(cursor, listing)
    page = caller.objects.list(prefix, limit=limit, start_after=after)
    keys = [listed.key for listed in page.objects]
    became = _deletion(caller).delete(keys)
    done = _how_many_in_time(became)
    pairs = list(zip(keys, became, strict=True))
    # What is gone is not listed again: it is told now, and a cursor that got lost costs nothing.
    told = pairs[:done] + [pair for pair in pairs[done:] if isinstance(pair[1], DeletedObject)]
    if keys and not told:
        raise DeadlineExceeded("not one key of the page")
    more = page.token is not None or done < len(keys)
    reached = keys[done - 1] if done else after or ""
    return {
        "items": [_item(problems, *pair) for pair in told],
        "cursor": make_cursor(reached, listing) if more else None,
    }


def _prefix(text: str, home: str) -> str:
    if not text.endswith("/"):
        raise InvalidRequest("prefix without /", detail='The prefix of a deletion ends in "/".')
    return expand_home_prefix(parse_prefix(text), home)


def _how_many_in_time(became: list[Deletion]) -> int:
    late = (i for i, outcome in enumerate(became) if isinstance(outcome, DeadlineExceeded))
    return next(late, len(became))


def _item(problems: ItemProblems, key: str, outcome: Deletion) -> dict[str, object]:
    if isinstance(outcome, BucketpassError):
        return problems.of({"key": key}, outcome)
    version = {"versionId": outcome.version_id} if outcome.version_id else {}
    return {"key": key, "deleted": True, **version}

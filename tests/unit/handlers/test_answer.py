"""What every answer carries, whichever route or error made it."""

import pytest

from handlers.answer import completed
from tests.unit.handlers.fake_services import HOME, authorized
from tests.unit.handlers.gateway_event import REQUEST_ID, event, object_event

EVERY_KIND = [
    event("GET", "/health"),
    event("GET", "/me"),
    event("GET", "/nowhere"),
    event("PATCH", "/me"),
    event("GET", "/me", headers=authorized()),
    event("GET", "/locations", headers=authorized()),
    event("GET", "/objects", headers=authorized()),
    event("GET", "/objects", headers=authorized(), query={"limit": "0"}),
    object_event("HEAD", f"{HOME}report.txt", headers=authorized()),
    object_event("HEAD", f"{HOME}missing", headers=authorized()),
    object_event("GET", f"{HOME}report.txt", headers=authorized()),
    object_event("GET", f"{HOME}report.txt", headers=authorized(), query={"as": "link"}),
    object_event("GET", f"{HOME}report.txt", headers=authorized(), query={"as": "content"}),
    {},
]


@pytest.mark.parametrize("asked", EVERY_KIND)
def test_no_cache_keeps_it_and_no_browser_guesses_at_it(service, asked):
    """The headers against caches, sniffing and referrers, and the request id, once each."""
    headers = service(asked).headers
    assert headers["cache-control"] == "no-store"
    assert headers["vary"] == "Authorization, Origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-request-id"] == (REQUEST_ID if asked else "unknown")


@pytest.mark.parametrize("asked", EVERY_KIND)
def test_it_has_the_shape_that_api_gateway_takes(service, asked):
    """The four members of a proxy answer; each header name once, each value a text of one line."""
    raw = service(asked).raw
    assert set(raw) == {"statusCode", "multiValueHeaders", "body", "isBase64Encoded"}
    assert isinstance(raw["body"], str)
    names = [name.lower() for name in raw["multiValueHeaders"]]
    assert len(names) == len(set(names))
    for values in raw["multiValueHeaders"].values():
        assert len(values) == 1
        assert values[0].isprintable()


def test_what_a_route_said_about_caching_does_not_count():
    """A header of the same name is replaced, not doubled."""
    made = {"statusCode": 200, "body": "x", "multiValueHeaders": {"Cache-Control": ["max-age=9"]}}
    answer = completed(made, event("GET", "/me"))
    assert answer["multiValueHeaders"]["Cache-Control"] == ["no-store"]


@pytest.mark.parametrize("body", ["text", "dGV4dA=="])
def test_the_answer_to_head_has_no_body(body):
    """Whatever the route made, refusals included."""
    made = {"statusCode": 404, "body": body, "multiValueHeaders": {}, "isBase64Encoded": True}
    answer = completed(made, event("HEAD", "/objects/a"))
    assert (answer["body"], answer["isBase64Encoded"]) == ("", False)

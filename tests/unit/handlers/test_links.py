"""`POST /links`."""

import base64
import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from tests.unit.handlers.deployment import BUCKET
from tests.unit.handlers.fake_services import BOB, HOME, IDENTITIES, authorized, credentials
from tests.unit.handlers.gateway_event import event


class RememberingSource:
    """Gives one person's credentials and keeps what was asked of it."""

    def __init__(self, expiration=None):
        self.expiration = expiration
        self.asked = []

    def credentials_for(self, principal, wanted_role, at_least=0):
        self.asked.append((principal.sub, wanted_role, at_least))
        return credentials(principal.sub, expiration=self.expiration)


@pytest.fixture
def source():
    return RememberingSource()


@pytest.fixture
def links(service_with, client, s3, source):
    """Ask for links over an S3 client that must not send anything."""
    service = service_with(s3=client, credential_source=source)

    def ask(*items, query=None, **members):
        asked = event("POST", "/links", query=query, headers=authorized())
        body = json.dumps({"items": list(items), **members}).encode()
        return service(asked | {"body": base64.b64encode(body).decode(), "isBase64Encoded": True})

    yield ask
    assert s3.requests == []


def query_of(item):
    return {name: values[0] for name, values in parse_qs(urlsplit(item["url"]).query).items()}


def test_each_item_is_answered_in_its_place(links):
    """The four methods, with what the client has to send; the answer is kept by no cache."""
    answer = links(
        {"key": "home/me/a"},
        {"key": "home/me/b", "method": "PUT", "contentType": "a/b", "contentLength": 7},
        {"key": "home/me/c", "method": "HEAD"},
        {"key": f"home/{IDENTITIES[BOB]}/d", "method": "DELETE"},
    )
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    items = answer.json["items"]
    assert [item["method"] for item in items] == ["GET", "PUT", "HEAD", "DELETE"]
    assert [item["key"] for item in items] == [
        *(f"{HOME}a", f"{HOME}b", f"{HOME}c", f"home/{IDENTITIES[BOB]}/d")
    ]
    assert [item["headers"] for item in items] == [
        *({}, {"Content-Type": "a/b", "Content-Length": "7"}, {}, {})
    ]
    for item in items:
        assert set(item) == {"method", "key", "url", "headers", "expiresAt", "limitedBy"}
        assert unquote(urlsplit(item["url"]).path) == f"/{BUCKET}/{item['key']}"
        assert (query_of(item)["X-Amz-Expires"], item["limitedBy"]) == ("300", "requested")


def test_one_refused_item_does_not_stop_the_others(links):
    """A problem stands in the place of the item that it is about, under the key as asked."""
    answer = links(
        {"key": "a/../b"},
        {"key": "home/me/a"},
        {"key": "home/me/b", "method": "PUT"},
        {"key": "home/me/c", "method": "DELETE", "versionId": "v1"},
        {"key": "home/me/d", "versionId": "no id"},
        {"key": "\ud800"},
    )
    assert answer.status == 200
    items = answer.json["items"]
    assert [item.get("problem", {}).get("code") for item in items] == [
        *("invalid_key", None, "invalid_request", "invalid_request"),
        *("no_such_version", "invalid_key"),
    ]
    assert items[0]["key"] == "a/../b"
    assert set(items[0]) == {"key", "problem"}
    assert items[0]["problem"]["requestId"] == answer.headers["x-request-id"]


def test_the_expiry_is_the_true_one(links, source):
    """The least of what is asked and what is left of the credentials, and which of them it is."""
    source.expiration = datetime.fromtimestamp(int(datetime.now(UTC).timestamp()) + 600, UTC)
    short, long = links({"key": "a", "expiresIn": 60}, {"key": "a", "expiresIn": 3600}).json[
        "items"
    ]
    assert (short["limitedBy"], long["limitedBy"]) == ("requested", "credentials")
    assert datetime.fromisoformat(long["expiresAt"]) <= source.expiration
    assert 595 <= int(query_of(long)["X-Amz-Expires"]) <= 600


def test_file_name_disposition_and_version(links):
    """The answer to a GET is saved, or shown if that is harmless, as the item says."""
    saved, shown, unsafe = links(
        {"key": "a/x", "filename": "r\u00e4t.pdf", "versionId": "v.1"},
        {"key": "a/x", "disposition": "inline", "contentType": "application/pdf"},
        {"key": "a/x", "disposition": "inline", "contentType": "text/html"},
    ).json["items"]
    assert query_of(saved)["response-content-disposition"].endswith("UTF-8''r%C3%A4t.pdf")
    assert query_of(saved)["versionId"] == "v.1"
    assert query_of(shown)["response-content-disposition"].startswith("inline")
    assert query_of(shown)["response-content-type"] == "application/pdf"
    assert query_of(unsafe)["response-content-disposition"].startswith("attachment")
    assert "response-content-type" not in query_of(unsafe)


@pytest.mark.parametrize(("given", "at_least"), [({}, 0), ({"minTtl": 3300}, 3300)])
def test_credentials_are_renewed_first_if_need_be(links, source, given, at_least):
    """`minTtl` reaches the credential source, `role=` as everywhere."""
    links({"key": "a"}, query={"role": "editors"}, **given)
    assert [asked[1:] for asked in source.asked] == [("editors", at_least)]


ITEM = {"key": "a"}


@pytest.mark.parametrize(
    ("items", "more", "detail"),
    [
        ([], {}, "items is a list of 1 to 100 entries."),
        ([ITEM] * 101, {}, "items is a list of 1 to 100 entries."),
        ([ITEM, {}], {}, "items[1].key is a text, and has to be there."),
        ([{"key": None}], {}, "items[0].key is a text."),
        ([ITEM | {"method": "get"}], {}, "items[0].method is one of GET, HEAD, PUT, DELETE."),
        ([ITEM | {"method": "POST"}], {}, "items[0].method is one of GET, HEAD, PUT, DELETE."),
        ([ITEM | {"expiresIn": 0}], {}, "items[0].expiresIn is a whole number from 1 to 3,600."),
        ([ITEM | {"expiresIn": 3601}], {}, "items[0].expiresIn is a whole number from 1 to 3,600."),
        (
            [ITEM | {"contentLength": -1}],
            {},
            "items[0].contentLength is a whole number from 0 to 5,368,709,120.",
        ),
        (
            [ITEM | {"contentLength": 5 * 1024**3 + 1}],
            {},
            "items[0].contentLength is a whole number from 0 to 5,368,709,120.",
        ),
        (
            [ITEM | {"disposition": "inline; x"}],
            {},
            "items[0].disposition is one of attachment, inline.",
        ),
        ([ITEM], {"minTtl": 0}, "minTtl is a whole number from 1 to 3,300."),
        ([ITEM], {"minTtl": 3301}, "minTtl is a whole number from 1 to 3,300."),
        ([ITEM], {"minTTL": 5}, "minTTL is unknown; known are items, minTtl."),
    ],
)
def test_a_malformed_request_is_refused_as_a_whole(links, source, items, more, detail):
    """400 naming the member; no credentials are asked for."""
    answer = links(*items, **more)
    assert answer.refused == (400, "invalid_request")
    assert answer.problem["detail"] == detail
    assert source.asked == []


def test_a_hundred_items(links):
    """As many as one call takes."""
    assert len(links(*[ITEM] * 100).json["items"]) == 100


def test_without_a_token_nothing_is_read(service):
    """401 before the body is looked at."""
    assert service(event("POST", "/links")).refused == (401, "missing_token")

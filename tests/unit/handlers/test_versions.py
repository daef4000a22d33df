"""`/versions` and `/restorations`: what is read from the request, and how it is answered."""

import json

import pytest

from tests.unit.handlers.fake_services import HOME, authorized
from tests.unit.handlers.gateway_event import event
from tests.unit.shared.fake_bucket import CHANGED, FakeBucket, md5_etag


@pytest.fixture
def bucket():
    bucket = FakeBucket()
    bucket.put(f"{HOME}a", b"old")
    bucket.put(f"{HOME}a", b"new")
    return bucket


@pytest.fixture
def service(service_with, bucket):
    bucket.list_object_versions = listing = Listing(bucket)
    bucket.listing = listing
    return service_with(s3=bucket)


class Listing:
    """ListObjectVersions of one key's two versions, of which the second page has none."""

    def __init__(self, bucket):
        self.bucket, self.asked, self.more = bucket, [], False

    def __call__(self, **request):
        self.asked.append(request)
        versions = [
            {
                "Key": f"{HOME}a",
                "VersionId": version.id,
                "IsLatest": version is self.bucket.versions[f"{HOME}a"][-1],
                "LastModified": CHANGED,
                "Size": len(version.body),
                "ETag": version.etag,
                "Owner": {"ID": "an-account"},
            }
            for version in reversed(self.bucket.versions[f"{HOME}a"])
        ]
        marker = {"NextKeyMarker": f"{HOME}a", "NextVersionIdMarker": "v1"}
        return {"Versions": versions, "IsTruncated": self.more, **(marker if self.more else {})}


def versions(service, **query):
    return service(event("GET", "/versions", headers=authorized(), query=query))


def restore(service, *items):
    body = json.dumps({"items": items})
    return service(event("POST", "/restorations", headers=authorized()) | {"body": body})


def test_a_version_has_the_members_of_the_contract(service, bucket):
    """Exactly these members, times with whole seconds in UTC, and nobody's account."""
    first, second = bucket.versions[f"{HOME}a"]
    assert versions(service, key="home/me/a").json == {
        "versions": [
            {
                "key": f"{HOME}a",
                "versionId": version.id,
                "isLatest": version is second,
                "deleted": False,
                "size": 3,
                "etag": version.etag,
                "lastModified": "2025-11-06T08:49:37Z",
            }
            for version in (second, first)
        ],
        "cursor": None,
    }


@pytest.mark.parametrize(
    ("query", "prefix"),
    [
        ({}, HOME),
        ({"prefix": "home/me/x"}, f"{HOME}x"),
        ({"prefix": "home/me"}, HOME),
        ({"prefix": ""}, ""),
        ({"prefix": "shared/"}, "shared/"),
        ({"key": "home/me/a"}, f"{HOME}a"),
    ],
)
def test_what_is_asked_of_s3(service, bucket, query, prefix):
    """The home stands for no prefix, and for home/me; an empty prefix is the whole bucket."""
    versions(service, **query)
    assert bucket.listing.asked[0]["Prefix"] == prefix
    assert bucket.listing.asked[0]["MaxKeys"] == 100


def test_a_cursor_leads_on(service, bucket):
    """The cursor of a page becomes S3's two markers, for this listing alone."""
    bucket.listing.more = True
    cursor = versions(service, prefix="home/me/").json["cursor"]
    bucket.listing.more = False
    assert versions(service, prefix="home/me/", cursor=cursor).json["cursor"] is None
    asked = bucket.listing.asked[1]
    assert (asked["KeyMarker"], asked["VersionIdMarker"]) == (f"{HOME}a", "v1")
    for other in ({"prefix": "shared/"}, {"key": f"{HOME}a"}, {"key": HOME}):
        answer = versions(service, **other, cursor=cursor)
        assert answer.refused == (400, "invalid_cursor")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"key": "a", "prefix": "a"}, "invalid_request"),
        ({"key": ""}, "invalid_key"),
        ({"key": "../a"}, "invalid_key"),
        ({"prefix": "/a"}, "invalid_key"),
        ({"limit": "1001"}, "invalid_request"),
        ({"limit": "0"}, "invalid_request"),
        ({"cursor": "x"}, "invalid_cursor"),
        ({"key": ["a", "b"]}, "invalid_request"),
    ],
)
def test_other_queries_are_refused(service, bucket, query, code):
    """400, and S3 is not asked."""
    assert versions(service, **query).refused == (400, code)
    assert bucket.listing.asked == []


def test_a_restored_version_is_a_new_one(service, bucket):
    """The answer names the new version; the old ones stay."""
    old = bucket.versions[f"{HOME}a"][0].id
    (item,) = restore(service, {"key": "home/me/a", "versionId": old}).json["items"]
    latest = bucket.versions[f"{HOME}a"][-1]
    assert item == {"key": f"{HOME}a", "versionId": latest.id, "etag": md5_etag(b"old")}
    assert [version.body for version in bucket.versions[f"{HOME}a"]] == [b"old", b"new", b"old"]


def test_a_version_that_is_not_there_is_a_problem_of_its_item(service, bucket):
    """The item keeps the version that was asked for."""
    marker = bucket._mark(f"{HOME}b")
    old = bucket.versions[f"{HOME}a"][0].id
    items = restore(
        service,
        {"key": "home/me/b", "versionId": marker},
        {"key": "home/me/a", "versionId": old},
        {"key": "home/me/c", "versionId": "unknown"},
        {"key": "home/me/d", "versionId": "not an id"},
    ).json["items"]
    assert [item.get("problem", {}).get("code") for item in items] == [
        "invalid_request",
        None,
        "no_such_version",
        "no_such_version",
    ]
    assert [items[0]["versionId"], items[2]["versionId"]] == [marker, "unknown"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_without_a_token_nothing_is_read(service, bucket, method):
    """401 before anything else."""
    path = "/versions" if method == "GET" else "/restorations"
    assert service(event(method, path)).refused == (401, "missing_token")
    assert bucket.calls == bucket.listing.asked == []

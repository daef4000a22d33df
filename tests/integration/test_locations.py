"""`GET /locations` beside the truth: each permission is tried with the vended credentials."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from tests.integration.bucket_content import BucketContent
from tests.integration.vended import client_with

PEOPLE = ("alice", "bob", "erin", "ada", "mia")
PERMISSIONS = {"list", "read", "write", "delete"}
# Beside every place that somebody is told: the places next to it, around it and of others.
PLACES: dict[str, Callable] = {
    "own folder": lambda api, who: api.home(who),
    "below the own folder": lambda api, who: f"{api.home(who)}deep/er/",
    "next to the own folder": lambda api, who: f"{api.home(who)[:-1]}-old/",
    "somebody else's folder": lambda api, who: api.home("bob" if who == "alice" else "alice"),
    "all folders": lambda api, who: "home/",
    "shared": lambda api, who: "shared/",
    "below shared": lambda api, who: "shared/deep/er/",
    "next to shared": lambda api, who: "shared-old/",
    "the editors' folder": lambda api, who: "groups/editors/",
    "next to the editors' folder": lambda api, who: "groups/editors2/",
    "a folder of no group": lambda api, who: "groups/auditors/",
    "the whole bucket": lambda api, who: "",
}


@pytest.fixture(scope="module")
def content(api):
    return BucketContent(api.stack)


@dataclass(frozen=True)
class Told:
    """What the API tells a person in one role, and S3 by the credentials of that role."""

    role: str | None
    locations: list[dict]
    bucket: str
    s3: object


@pytest.fixture(scope="module")
def told(api):
    """By person what they are told in each role that they can take, asked for once."""
    return cache(lambda who: [told_in(api, who, role) for role in choices(api, who)])


def choices(api, who):
    """What `role=` has to name for the person to be served at all; None is nothing."""
    answer = api.get("/me", who).json()
    return answer.get("choices", [None])


def told_in(api, who, role):
    params = {"role": role} if role else {}
    locations, given = (
        api.get(path, who, params=params) for path in ("/locations", "/credentials")
    )
    assert (locations.status_code, given.status_code) == (200, 200)
    credentials = given.json()
    s3 = client_with(credentials, "s3", api.stack.endpoint_url)
    return Told(role, locations.json(), credentials["bucket"], s3)


def really(s3, bucket, content, place):
    """The permissions with which a call succeeds at that place; IAM refuses the others."""
    key = f"{place}{uuid4()}"
    content.put(key, b"there")
    calls = {
        "list": lambda: s3.list_objects_v2(Bucket=bucket, Prefix=place, MaxKeys=1),
        "read": lambda: list(s3.get_object(Bucket=bucket, Key=key)["Body"]),
        "write": lambda: s3.put_object(Bucket=bucket, Key=key, Body=b"changed"),
        "delete": lambda: s3.delete_object(Bucket=bucket, Key=key),
    }
    succeeded = {permission for permission, call in calls.items() if _succeeds(call)}
    content.delete(key)
    return succeeded


def _succeeds(call):
    try:
        call()
    except ClientError as error:
        if error.response["Error"]["Code"] != "AccessDenied":
            raise
        return False
    return True


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("who", PEOPLE)
def test_what_is_told_is_what_iam_allows(api, told, content, who, place):
    """In each place exactly the told permissions work, in each role that the person can take."""
    prefix = PLACES[place](api, who)
    for there in told(who):
        expected = {
            permission
            for location in there.locations
            if prefix.startswith(location["prefix"])
            for permission in location["permissions"]
        }
        assert really(there.s3, there.bucket, content, prefix) == expected, there.role


@pytest.mark.parametrize("who", PEOPLE)
def test_every_told_place_is_tried(api, told, who):
    """No location is told of a bucket, prefix or permission that the table above leaves out."""
    tried = {place(api, who) for place in PLACES.values()}
    for there in told(who):
        assert there.locations
        for location in there.locations:
            assert location["bucket"] == there.bucket == api.stack.outputs["BucketName"]
            assert location["prefix"] in tried
            assert location["permissions"]
            assert set(location["permissions"]) <= PERMISSIONS


def test_mia_is_told_both_groups_where_she_has_both(api, told):
    """Where everybody acts in one role her places are those of both groups, else of the chosen."""
    vias = [{location["via"] for location in there.locations} for there in told("mia")]
    editors, auditors = {"group:editors"}, {"group:auditors"}
    everyone = {"own", "shared"}
    if api.has_one_role:
        assert vias == [everyone | editors | auditors]
    else:
        assert sorted(vias, key=sorted) == sorted(
            [everyone | editors, everyone | auditors], key=sorted
        )

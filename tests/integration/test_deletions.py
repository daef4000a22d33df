"""Deleting many objects over HTTP, in each credential source."""

import json

import pytest

from tests.integration.bucket_content import BucketContent
from tests.integration.odd_names import HOSTILE_NAMES
from tests.integration.refusal import refusal


@pytest.fixture(scope="module")
def bucket(api):
    return BucketContent(api.stack)


@pytest.fixture(scope="module")
def delete(api):
    def post(*keys, who="alice", **body):
        return api.call("POST", "/deletions", who, json=body or {"keys": keys})

    return post


def code(item):
    return (item["problem"]["status"], item["problem"]["code"])


def test_keys_are_deleted_and_named_by_their_real_keys(api, bucket, delete):
    """Each key is gone, answered in the order asked with the delete marker's version."""
    home = api.home("alice")
    for name in ("x/1", "x/2", "x/stays"):
        bucket.put(f"{home}{name}")
    items = delete("home/me/x/2", f"{home}x/1").json()["items"]
    assert [item["key"] for item in items] == [f"{home}x/2", f"{home}x/1"]
    assert all(item["deleted"] is True and item["versionId"] for item in items)
    assert bucket.keys(f"{home}x/") == [f"{home}x/stays"]


def test_nothing_to_delete_is_deleted(delete):
    """A key that never was is deleted: as with S3, the end is what counts."""
    for _ in range(2):
        (item,) = delete("home/me/never-was").json()["items"]
        assert item["deleted"] is True


def test_a_key_named_twice_is_deleted_once(api, bucket, delete):
    """Two spellings of one key get the same answer, and the bucket one delete marker."""
    key = f"{api.home('alice')}twice"
    bucket.put(key)
    first, second, third = delete("home/me/twice", key, "home/me/twice").json()["items"]
    assert first == second == third
    versions = api.get("/versions", params={"key": key}).json()["versions"]
    assert [version["deleted"] for version in versions] == [True, False]


def test_a_foreign_key_among_own_ones_stops_none_of_them(api, bucket, delete):
    """Bob's key is refused to alice, whether it exists or not; her own are deleted around it."""
    home, bobs = api.home("alice"), api.home("bob")
    for key in (f"{home}mine/1", f"{home}mine/2", f"{bobs}his"):
        bucket.put(key, b"x")
    asked = [f"{bobs}his", f"{home}mine/1", f"{bobs}missing", "shared/welcome.txt", f"{home}mine/2"]
    items = delete(*asked).json()["items"]
    assert [item["key"] for item in items] == asked
    assert [item.get("deleted") for item in items] == [None, True, None, None, True]
    refused = [item for item in items if "problem" in item]
    assert {code(item) for item in refused} == {(403, "access_denied")}
    his, missing, _ = refused
    assert his["problem"] == missing["problem"]
    assert bucket.body(f"{bobs}his") == b"x"
    assert bucket.keys(f"{home}mine/") == []


def test_an_impossible_key_stops_none_of_the_others(api, bucket, delete):
    """A key that is none is a problem of its item alone."""
    key = f"{api.home('alice')}possible"
    bucket.put(key)
    long = "x" * 1025
    items = delete("home/me/../x", "", "home/me/possible", "a\u0001b", long, "/x").json()["items"]
    assert [item["key"] for item in items] == ["home/me/../x", "", key, "a\u0001b", long, "/x"]
    assert [code(item) for item in items if "problem" in item] == [(400, "invalid_key")] * 5
    assert bucket.body(key) is None


def test_hostile_names_are_deleted_as_they_are(api, bucket, delete):
    """Keys that XML would mangle are deleted, each under its own name, and nothing beside them."""
    home = api.home("alice")
    keys = [f"{home}hostile/{name}" for name in HOSTILE_NAMES]
    for key in [*keys, f"{home}hostile/neighbour"]:
        bucket.put(key)
    items = delete(*keys).json()["items"]
    assert [item["key"] for item in items] == keys
    assert all(item.get("deleted") for item in items)
    assert bucket.keys(f"{home}hostile/") == [f"{home}hostile/neighbour"]


def test_a_thousand_keys_and_no_more(api, delete):
    """1,000 keys go in one call, each as long as a key can be; 1,001 are refused as a whole."""
    home = api.home("alice")

    keys = [_filled(f"{home}{number:04}") for number in range(1000)]
    items = delete(*keys).json()["items"]
    assert [item["key"] for item in items] == keys
    assert all(item.get("deleted") for item in items)
    answer = delete(*keys, f"{home}one-more")
    assert refusal(answer) == (400, "invalid_request")
    assert "1,000" in answer.json()["detail"]


def _filled(text):
    """The text filled up to a key of 1,024 bytes by what takes most of a body."""
    left = 1024 - len(text.encode())
    return text + "é" * (left // 2) + "x" * (left % 2)


@pytest.mark.parametrize(
    "body",
    [
        {"keys": []},
        {"keys": "home/me/x"},
        {"keys": [1]},
        {"keys": [None]},
        {},
        {"keys": ["home/me/x"], "prefix": "home/me/x/"},
        {"keys": ["home/me/x"], "versionId": "1"},
        {"prefix": "home/me"},
        {"prefix": "home/me/x"},
        {"prefix": ""},
        {"prefix": "home/me/x/", "limit": 0},
        {"prefix": "home/me/x/", "limit": 1001},
        {"prefix": "home/me/x/", "recursive": True},
    ],
)
def test_other_bodies_are_refused(api, body):
    """What the contract does not allow is 400 as a whole, and nothing is deleted."""
    answer = api.call("POST", "/deletions", json=body)
    assert refusal(answer) == (400, "invalid_request")


def test_a_prefix_is_deleted_page_by_page(api, bucket, delete):
    """The client follows the cursor until it is null; exactly the keys below the prefix go."""
    home = api.home("alice")
    keys = [f"{home}tree/{name}" for name in ("", "a", "a/b", "a/c/d", "z", "ü ☀&<")]
    beside = [f"{home}tree", f"{home}tree-2/a", f"{home}tre"]
    for key in keys + beside:
        bucket.put(key)
    deleted, cursor, pages = [], None, 0
    while pages == 0 or cursor:
        more = {"cursor": cursor} if cursor else {}
        page = delete(prefix="home/me/tree/", limit=2, **more).json()
        deleted += [item["key"] for item in page["items"] if item["deleted"]]
        cursor, pages = page["cursor"], pages + 1
    assert deleted == sorted(keys, key=str.encode)
    assert pages == 3
    assert bucket.keys(f"{home}tree/") == []
    assert set(beside) <= set(bucket.keys(f"{home}tre"))


def test_a_lost_cursor_costs_nothing(api, bucket, delete):
    """Whoever loses the cursor starts again without one and ends up with the same."""
    home = api.home("alice")
    for number in range(5):
        bucket.put(f"{home}lost/{number}")
    delete(prefix="home/me/lost/", limit=2)
    page = delete(prefix="home/me/lost/").json()
    assert [item["key"] for item in page["items"]] == [f"{home}lost/{n}" for n in (2, 3, 4)]
    assert page["cursor"] is None
    assert delete(prefix="home/me/lost/").json() == {"items": [], "cursor": None}


def test_a_cursor_belongs_to_its_prefix_and_person(api, bucket, delete):
    """A cursor of another prefix, person or route, or none at all, is 400 invalid_cursor."""
    for number in range(3):
        bucket.put(f"shared/cursor/{number}")
    cursor = delete(prefix="shared/cursor/", limit=1, who="erin").json()["cursor"]
    listing = api.get("/objects", "erin", params={"prefix": "shared/cursor/", "limit": 1}).json()
    for wrong in (
        {"prefix": "shared/", "cursor": cursor, "who": "erin"},
        {"prefix": "shared/cursor/", "cursor": cursor, "who": "alice"},
        {"prefix": "shared/cursor/", "cursor": listing["cursor"], "who": "erin"},
        {"prefix": "shared/cursor/", "cursor": "nonsense", "who": "erin"},
    ):
        assert refusal(delete(**wrong)) == (400, "invalid_cursor")
    assert len(bucket.keys("shared/cursor/")) == 2


@pytest.mark.parametrize("place", ["bob", "all homes", "group"])
def test_a_foreign_prefix_is_refused(api, bucket, delete, place):
    """Alice cannot delete below a prefix that she cannot list, and learns nothing about it."""
    prefix = {"bob": api.home("bob"), "all homes": "home/", "group": "groups/editors/"}[place]
    before = bucket.keys(prefix)
    assert refusal(delete(prefix=prefix)) == (403, "access_denied")
    assert bucket.keys(prefix) == before


def test_who_may_list_may_not_delete_for_that(api, bucket, delete):
    """Alice lists shared/ and ada everything: each key is refused, and stays."""
    for who, prefix in (("alice", "shared/"), ("ada", api.home("bob"))):
        before = bucket.keys(prefix)
        page = delete(prefix=prefix, who=who).json()
        assert [item["key"] for item in page["items"]] == before
        assert {code(item) for item in page["items"]} == {(403, "access_denied")}
        assert bucket.keys(prefix) == before


def test_an_editor_deletes_in_shared(bucket, delete):
    """Erin, an editor, deletes below shared/."""
    bucket.put("shared/old/1")
    (item,) = delete(prefix="shared/old/", who="erin").json()["items"]
    assert item["deleted"] is True
    assert bucket.keys("shared/old/") == []


def test_impossible_keys_do_not_make_the_answer_too_large(api, bucket):
    """999 keys of 3,000 bytes beside a good one are refused before anything is deleted."""
    key = f"{api.home('alice')}stays-for-now"
    bucket.put(key, b"x")
    body = json.dumps({"keys": [key, *["é" * 1500] * 999]}, ensure_ascii=False).encode()
    answer = api.call("POST", "/deletions", data=body)
    assert refusal(answer) == (413, "too_large")
    assert bucket.body(key) == b"x"

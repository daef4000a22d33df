"""Versions over HTTP: what was overwritten or deleted, and getting it back."""

import re

import pytest

from shared.cursor import Listing, make_cursor
from tests.integration.bucket_content import BucketContent
from tests.integration.odd_names import HOSTILE_NAMES
from tests.integration.refusal import refusal


@pytest.fixture(scope="module")
def bucket(api):
    return BucketContent(api.stack)


@pytest.fixture(scope="module")
def restore(api):
    def post(*items, who="alice"):
        return api.call("POST", "/restorations", who, json={"items": items})

    return post


@pytest.fixture(scope="module")
def versions(api):
    def get(who="alice", **params):
        return api.get("/versions", who, params=params)

    return get


def code(item):
    return (item["problem"]["status"], item["problem"]["code"])


def test_the_versions_of_a_key(api, bucket, versions):
    """All versions of this very key, the latest first, with what tells them apart."""
    key = f"{api.home('alice')}v/key"
    first, second = bucket.put(key, b"1"), bucket.put(key, b"22")
    bucket.put(f"{key}-longer", b"another key")
    marker = bucket.delete(key)
    answer = versions(key="home/me/v/key").json()
    assert answer["cursor"] is None
    listed = answer["versions"]
    assert [(v["key"], v["versionId"], v["isLatest"], v["deleted"], v["size"]) for v in listed] == [
        (key, marker, True, True, None),
        (key, second, False, False, 2),
        (key, first, False, False, 1),
    ]
    assert [version["etag"] for version in listed] == [
        None,
        '"b6d767d2f8ed5d21a44b0e5886680cb9"',
        '"c4ca4238a0b923820dcc509a6f75849b"',
    ]
    assert all(re.fullmatch(r"[\d-]+T[\d:]+Z", version["lastModified"]) for version in listed)


def test_a_key_that_never_was_has_none(versions):
    """A key without any version is an empty list."""
    assert versions(key="home/me/v/never").json() == {"versions": [], "cursor": None}


@pytest.mark.parametrize("limit", [1, 2, 3, 1000])
def test_pages_of_versions(api, bucket, versions, limit):
    """Pages of any size make up the whole, of one key as of a prefix, each version once."""
    home = api.home("alice")
    place = f"{home}pages-{limit}/"
    made = [(f"{place}{name}", bucket.put(f"{place}{name}")) for name in "aabccc" for _ in "12"]
    for params in ({"prefix": place}, {"key": f"{place}c"}):
        listed, cursor, pages = [], None, 0
        while pages == 0 or cursor:
            more = {"cursor": cursor} if cursor else {}
            page = versions(**params, limit=limit, **more).json()
            assert len(page["versions"]) <= limit
            listed += [(version["key"], version["versionId"]) for version in page["versions"]]
            cursor, pages = page["cursor"], pages + 1
        expected = [pair for pair in made if pair[0].startswith(next(iter(params.values())))]
        assert len(listed) == len(expected)
        assert set(listed) == set(expected)


def test_without_a_prefix_it_is_the_home(api, versions):
    """By default the versions are those of the caller's own folder."""
    listed = versions(limit=1000).json()["versions"]
    assert listed
    assert all(version["key"].startswith(api.home("alice")) for version in listed)


@pytest.mark.parametrize("place", ["bob", "all homes", "everything", "group"])
@pytest.mark.parametrize("parameter", ["key", "prefix"])
def test_foreign_versions_are_refused(api, bucket, versions, place, parameter):
    """Nobody sees versions where they cannot list, nor whether a key exists there."""
    bucket.put(f"{api.home('bob')}his")
    where = {
        "bob": f"{api.home('bob')}his",
        "all homes": "home/",
        "everything": "x" if parameter == "key" else "",
        "group": "groups/editors/draft.md",
    }[place]
    there, missing = versions(**{parameter: where}), versions(**{parameter: f"{where}-missing"})
    assert refusal(there) == refusal(missing) == (403, "access_denied")
    assert there.json()["detail"] == missing.json()["detail"]


def test_an_auditor_sees_all_versions(api, bucket, versions):
    """Ada may list the whole bucket, its versions too."""
    key = f"{api.home('bob')}audited"
    bucket.put(key)
    assert [v["key"] for v in versions("ada", key=key).json()["versions"]] == [key]


@pytest.mark.parametrize(
    "params",
    [
        {"key": "home/me/a", "prefix": "home/me/"},
        {"limit": 0},
        {"limit": 1001},
        {"limit": "many"},
    ],
)
def test_other_parameters_are_refused(versions, params):
    """Both a key and a prefix, or another page size, are 400."""
    assert refusal(versions(**params)) == (400, "invalid_request")


def test_a_cursor_belongs_to_its_listing(bucket, versions):
    """A cursor of another prefix, of a key, or of somebody else is refused."""
    for number in range(3):
        bucket.put(f"shared/versions/{number}")
    cursor = versions(prefix="shared/versions/", limit=1).json()["cursor"]
    for who, params in (
        ("alice", {"prefix": "shared/"}),
        ("alice", {"key": "shared/versions/"}),
        ("alice", {"prefix": "shared/versions/", "cursor": f"{cursor[:-1]}!"}),
        ("bob", {"prefix": "shared/versions/"}),
    ):
        answer = versions(who, **{"cursor": cursor, **params})
        assert refusal(answer) == (400, "invalid_cursor")


# ---------------------------------------------------------------------------- restorations
def test_a_deleted_object_comes_back(api, bucket, versions, restore):
    """Deleted by the API, found among the versions, restored with its type and metadata."""
    key = f"{api.home('alice')}r/deleted"
    bucket.put(key, b"precious", ContentType="text/markdown", Metadata={"colour": "blue"})
    assert api.object(key, method="DELETE").status_code == 204
    assert api.object(key).status_code == 404
    last = next(v for v in versions(key=key).json()["versions"] if not v["deleted"])
    named = {"key": "home/me/r/deleted", "versionId": last["versionId"]}
    (item,) = restore(named).json()["items"]
    head = bucket.head(key)
    assert item == {"key": key, "versionId": head["VersionId"], "etag": last["etag"]}
    assert item["versionId"] != last["versionId"]
    assert (head["ContentType"], head["Metadata"]) == ("text/markdown", {"colour": "blue"})
    assert api.object(key, params={"as": "content"}).content == b"precious"


def test_an_old_version_becomes_the_latest(api, bucket, versions, restore):
    """Restoring an overwritten version adds a new one; none is lost."""
    key = f"{api.home('alice')}r/overwritten"
    old, new = bucket.put(key, b"old"), bucket.put(key, b"new")
    (item,) = restore({"key": key, "versionId": old}).json()["items"]
    assert bucket.body(key) == b"old"
    listed = [version["versionId"] for version in versions(key=key).json()["versions"]]
    assert listed == [item["versionId"], new, old]


def test_a_deletion_cannot_be_restored(api, bucket, restore):
    """A delete marker's id is 400 and says what to do; an unknown version is 404."""
    key = f"{api.home('alice')}r/marker"
    version = bucket.put(key)
    marker = bucket.delete(key)
    other = bucket.put(f"{key}-2")
    marked, unknown, malformed = (
        restore({"key": key, "versionId": version_id}).json()["items"][0]
        for version_id in (marker, other, "no version")
    )
    assert code(marked) == (400, "invalid_request")
    assert "deletion" in marked["problem"]["detail"]
    assert code(unknown) == code(malformed) == (404, "no_such_version")
    assert marked["versionId"] == marker
    assert bucket.body(key) is None
    assert version != marker


def test_foreign_versions_among_own_ones(api, bucket, restore):
    """A version of bob's is refused, and so is one that does not exist; alice's own come back."""
    mine, bobs = f"{api.home('alice')}r/mine", f"{api.home('bob')}r/his"
    my_version, his_version = bucket.put(mine, b"mine"), bucket.put(bobs, b"his")
    bucket.delete(mine)
    bucket.delete(bobs)
    items = restore(
        {"key": bobs, "versionId": his_version},
        {"key": mine, "versionId": my_version},
        {"key": f"{bobs}-missing", "versionId": his_version},
        {"key": "shared/welcome.txt", "versionId": his_version},
    ).json()["items"]
    assert code(items[0]) == code(items[2]) == (403, "access_denied")
    assert items[0]["problem"] == items[2]["problem"]
    assert "problem" in items[3]
    assert bucket.body(bobs) is None
    assert bucket.body(mine) == b"mine"


def test_who_may_only_read_restores_nothing(api, bucket, restore):
    """Alice reads shared/ and ada everything; neither brings anything back there."""
    for who, key in (("alice", "shared/r"), ("ada", f"{api.home('bob')}r/read")):
        version = bucket.put(key, b"x")
        bucket.delete(key)
        (item,) = restore({"key": key, "versionId": version}, who=who).json()["items"]
        assert code(item) == (403, "access_denied")
        assert bucket.body(key) is None


def test_hostile_names_come_back_as_they_are(api, bucket, versions, restore):
    """A key of any spelling is listed with its versions, and restored, as exactly itself."""
    home = api.home("alice")
    named = []
    for name in HOSTILE_NAMES:
        key = f"{home}odd-versions/{name}"
        named.append({"key": key, "versionId": bucket.put(key, name.encode())})
        bucket.delete(key)
    listed = versions(prefix=f"{home}odd-versions/", limit=1000).json()["versions"]
    assert {v["key"] for v in listed} == {item["key"] for item in named}
    for item in named:
        found = versions(key=item["key"]).json()["versions"]
        assert [version["key"] for version in found] == [item["key"]] * 2
    items = restore(*named).json()["items"]
    assert [item["key"] for item in items if "problem" not in item] == [n["key"] for n in named]
    for name in HOSTILE_NAMES:
        assert bucket.body(f"{home}odd-versions/{name}") == name.encode()


@pytest.mark.parametrize(
    "items",
    [
        [],
        [{"key": "home/me/a"}],
        [{"key": "home/me/a", "versionId": None}],
        [{"key": "home/me/a", "versionId": "1"}, {"key": "home/me/a", "versionId": "2"}],
        [{"key": "home/me/a", "versionId": "1", "to": "home/me/b"}],
        [{"key": f"home/me/{n}", "versionId": "1"} for n in range(101)],
    ],
)
def test_other_bodies_are_refused(restore, items):
    """What the contract does not allow, and one key twice, is 400 before anything is done."""
    assert refusal(restore(*items)) == (400, "invalid_request")


@pytest.mark.parametrize("token", ["[" * 2900, '["\\ud800","a"]', '["a","\\ud800"]', "{}", "\n"])
def test_a_cursor_made_by_hand_is_refused(api, versions, token):
    """Whoever makes one up, its digest being no secret, is told that it is none."""
    me = api.get("/me").json()
    cursor = make_cursor(token, Listing(me["sub"], me["homePrefix"], kind="versions"))
    assert refusal(versions(cursor=cursor)) == (400, "invalid_cursor")


@pytest.mark.parametrize("character", ["\n", '"'])
def test_pages_go_on_behind_any_key(api, bucket, versions, character):
    """What JSON would make long is in a cursor as long as the key is."""
    start = f"{api.home('alice')}long-{ord(character)}/"
    keys = [f"{start}{character * 900}{number}" for number in range(3)]
    for key in keys:
        bucket.put(key)
    found, cursor = [], {}
    while cursor is not None:
        page = versions(prefix=start, limit=1, **cursor).json()
        found += [version["key"] for version in page["versions"]]
        cursor = {"cursor": page["cursor"]} if page["cursor"] else None
    assert found == keys

"""Copying and moving over HTTP, in each credential source."""

import pytest

from shared.cursor import Listing, make_cursor
from tests.integration.bucket_content import BucketContent
from tests.integration.odd_names import HOSTILE_NAMES
from tests.integration.refusal import refusal


@pytest.fixture(scope="module")
def bucket(api):
    return BucketContent(api.stack)


@pytest.fixture(scope="module")
def copy(api):
    def post(*items, who="alice", **body):
        return api.call("POST", "/copies", who, json=body or {"items": items})

    return post


@pytest.fixture(scope="module")
def copy_all(copy):
    """Every page of a copy of a prefix."""

    def follow(**body):
        items, cursor, pages = [], None, 0
        while pages == 0 or cursor:
            page = copy(**body, **({"cursor": cursor} if cursor else {})).json()
            items += page["items"]
            cursor, pages = page["cursor"], pages + 1
        return items

    return follow


def code(item):
    return (item["problem"]["status"], item["problem"]["code"])


def test_a_copy_keeps_bytes_type_and_metadata(api, bucket, copy):
    """The copy has the source's bytes, headers and metadata; the source stays."""
    home = api.home("alice")
    bucket.put(
        f"{home}from.txt",
        b"bytes",
        ContentType="text/markdown",
        CacheControl="max-age=60",
        ContentDisposition='inline; filename="x"',
        ContentLanguage="de",
        Metadata={"colour": "blue"},
    )
    (item,) = copy({"from": "home/me/from.txt", "to": "home/me/to.txt"}).json()["items"]
    head = bucket.head(f"{home}to.txt")
    assert item == {
        "from": f"{home}from.txt",
        "to": f"{home}to.txt",
        "etag": head["ETag"],
        "versionId": head["VersionId"],
    }
    assert head["ContentType"] == "text/markdown"
    assert head["CacheControl"] == "max-age=60"
    assert head["ContentDisposition"] == 'inline; filename="x"'
    assert head["ContentLanguage"] == "de"
    assert head["Metadata"] == {"colour": "blue"}
    assert bucket.body(f"{home}from.txt") == bucket.body(f"{home}to.txt") == b"bytes"


def test_a_move_leaves_the_copy_alone(api, bucket, copy):
    """After a move the object is at its new key only; the old one can be had back."""
    home = api.home("alice")
    bucket.put(f"{home}old", b"moved")
    item = copy({"from": "home/me/old", "to": "home/me/new", "move": True}).json()["items"][0]
    assert item["moved"] is True
    assert bucket.body(f"{home}old") is None
    assert bucket.body(f"{home}new") == b"moved"
    versions = api.get("/versions", params={"key": "home/me/old"}).json()["versions"]
    assert [version["deleted"] for version in versions] == [True, False]


def test_a_move_of_what_came_in_parts(api, bucket, copy):
    """An object whose ETag proves nothing in one piece is copied in parts, all of it kept."""
    home, body = api.home("alice"), b"a" * 5 * 1024**2
    bucket.put_in_parts(f"{home}parts", body, b"tail")
    before = bucket.head(f"{home}parts")
    assert before["ETag"].endswith('-2"')
    item = copy({"from": "home/me/parts", "to": "home/me/moved", "move": True}).json()["items"][0]
    assert item["moved"] is True
    assert bucket.body(f"{home}parts") is None
    assert bucket.body(f"{home}moved") == body + b"tail"
    assert bucket.head(f"{home}moved")["ContentType"] == before["ContentType"]
    assert bucket.uploads(home) == []


def test_an_empty_object_moves(api, bucket, copy):
    """An object of no bytes, such as a folder's mark, moves like any other."""
    home = api.home("alice")
    bucket.put(f"{home}folder/")
    item = copy({"from": "home/me/folder/", "to": "home/me/other/", "move": True}).json()["items"]
    assert item[0]["moved"] is True
    assert bucket.body(f"{home}folder/") is None
    assert bucket.body(f"{home}other/") == b""


@pytest.mark.parametrize("move", [False, True])
def test_foreign_folders_among_own_ones(api, bucket, copy, move):
    """Neither from nor to bob's folder; alice's own copies around it are made."""
    home, bobs = api.home("alice"), api.home("bob")
    for key in (f"{home}a1", f"{home}a2", f"{home}a3", f"{bobs}secret"):
        bucket.put(key, b"x")
    before = bucket.keys(bobs)
    pairs = [
        (f"{home}a1", f"{home}c1"),
        (f"{bobs}secret", f"{home}c2"),
        (f"{home}a2", f"{bobs}c3"),
        (f"{bobs}missing", f"{home}c4"),
        (f"{home}a3", f"{home}c5"),
    ]
    asked = [{"from": source, "to": to, "move": move} for source, to in pairs]
    items = copy(*asked).json()["items"]
    assert [(item["from"], item["to"]) for item in items] == pairs
    assert ["problem" in item for item in items] == [False, True, True, True, False]
    assert {code(item) for item in items if "problem" in item} == {(403, "access_denied")}
    assert items[1]["problem"] == items[3]["problem"]
    assert bucket.keys(bobs) == before
    assert bucket.body(f"{home}a2") == b"x"
    assert bucket.body(f"{home}c2") is None
    assert (bucket.body(f"{home}a1") is None) == move


def test_to_read_is_not_to_move(api, bucket, copy):
    """From where one may only read, a move copies, says so, and takes nothing away."""
    home = api.home("alice")
    bucket.put("shared/read-only", b"x")
    item = copy({"from": "shared/read-only", "to": "home/me/got", "move": True}).json()["items"][0]
    assert (item["moved"], code(item)) == (False, (403, "access_denied"))
    assert item["etag"]
    assert bucket.body("shared/read-only") == bucket.body(f"{home}got") == b"x"


def test_missing_and_impossible_items(api, copy):
    """What is missing or impossible is a problem of its item alone."""
    items = copy(
        {"from": "home/me/missing", "to": "home/me/x1"},
        {"from": "home/me/../y", "to": "home/me/x2"},
        {"from": "home/me/z", "to": "z" * 1025},
        {"from": "home/me/same", "to": f"{api.home('alice')}same"},
        {"from": "home/me/v", "to": "home/me/x3", "versionId": "abc", "move": True},
        {"from": "home/me/v2", "to": "home/me/x4", "versionId": "a b"},
        {"from": "home/me/v3", "to": "home/me/x5", "versionId": "abc"},
    ).json()["items"]
    assert [code(item) for item in items] == [
        (404, "no_such_key"),
        (400, "invalid_key"),
        (400, "invalid_key"),
        (400, "invalid_request"),
        (400, "invalid_request"),
        (404, "no_such_version"),
        (404, "no_such_version"),
    ]


def test_if_none_match_overwrites_nothing(api, bucket, copy):
    """With ifNoneMatch an existing object stays and so does the source, also of a move."""
    home = api.home("alice")
    bucket.put(f"{home}there", b"old")
    bucket.put(f"{home}new", b"new")
    for move in (False, True):
        (item,) = copy(
            {"from": "home/me/new", "to": "home/me/there", "ifNoneMatch": "*", "move": move}
        ).json()["items"]
        assert code(item) == (412, "precondition_failed")
    assert bucket.body(f"{home}there") == b"old"
    assert bucket.body(f"{home}new") == b"new"
    (item,) = copy({"from": "home/me/new", "to": "home/me/absent", "ifNoneMatch": "*"}).json()[
        "items"
    ]
    assert "problem" not in item


@pytest.mark.parametrize(
    "items",
    [
        [{"from": "home/me/a", "to": "home/me/b"}, {"from": "home/me/c", "to": "home/me/b"}],
        [{"from": "home/me/a", "to": "home/me/b"}, {"from": "home/me/b", "to": "home/me/c"}],
        [
            {"from": "home/me/a", "to": "home/me/b", "move": True},
            {"from": "home/me/a", "to": "home/me/c"},
        ],
        [],
        [{"from": "home/me/a"}],
        [{"from": "home/me/a", "to": 1}],
        [{"from": "home/me/a", "to": "home/me/b", "move": "yes"}],
        [{"from": "home/me/a", "to": "home/me/b", "ifNoneMatch": '"etag"'}],
        [{"from": "home/me/a", "to": "home/me/b", "acl": "public-read"}],
        ["home/me/a"],
        [{"from": f"home/me/{n}", "to": f"home/me/to/{n}"} for n in range(101)],
    ],
)
def test_other_bodies_are_refused(api, bucket, copy, items):
    """Items that meet, and what the contract does not allow, are 400 before anything is done."""
    bucket.put(f"{api.home('alice')}a")
    assert refusal(copy(*items)) == (400, "invalid_request")
    assert bucket.body(f"{api.home('alice')}b") is None


def test_a_hundred_items(api, bucket, copy):
    """100 items go in one call, one source for many copies."""
    home = api.home("alice")
    bucket.put(f"{home}one", b"1")
    asked = [{"from": "home/me/one", "to": f"home/me/many/{n}"} for n in range(100)]
    items = copy(*asked).json()["items"]
    assert [item["to"] for item in items] == [f"{home}many/{n}" for n in range(100)]
    assert all("problem" not in item for item in items)
    assert len(bucket.keys(f"{home}many/")) == 100


def test_hostile_names_move_as_they_are(api, bucket, copy):
    """A key of any spelling is copied from and to exactly itself."""
    home = api.home("alice")
    for name in HOSTILE_NAMES:
        bucket.put(f"{home}there/{name}", name.encode())
    asked = [
        {"from": f"home/me/there/{name}", "to": f"home/me/here/{name}", "move": True}
        for name in HOSTILE_NAMES
    ]
    items = copy(*asked).json()["items"]
    assert [item.get("moved") for item in items] == [True] * len(HOSTILE_NAMES)
    for name in HOSTILE_NAMES:
        assert bucket.body(f"{home}here/{name}") == name.encode()
    assert bucket.keys(f"{home}there/") == []


# ---------------------------------------------------------------------------- whole prefixes
TREE = ("", "a", "a/b", "a/c/d", "ü ☀&<+%2F", "z")


@pytest.mark.parametrize("move", [False, True])
def test_a_prefix_page_by_page(api, bucket, copy_all, move):
    """Everything below the prefix, and nothing beside it, is copied or moved by pages."""
    home = api.home("alice")
    source, to = f"{home}tree-{move}/", f"{home}copy-{move}/"
    for name in TREE:
        bucket.put(source + name, name.encode())
    bucket.put(f"{source[:-1]}-beside")
    items = copy_all(
        fromPrefix=f"home/me/tree-{move}/", toPrefix=f"home/me/copy-{move}/", move=move, limit=2
    )
    in_order = sorted(TREE, key=str.encode)
    assert [(item["from"], item["to"]) for item in items] == [
        (source + name, to + name) for name in in_order
    ]
    assert bucket.keys(to) == [to + name for name in in_order]
    assert [bucket.body(to + name) for name in TREE] == [name.encode() for name in TREE]
    assert len(bucket.keys(source)) == (0 if move else len(TREE))
    assert bucket.keys(f"{source[:-1]}-beside")


def test_an_interrupted_move_goes_on(api, bucket, copy, copy_all):
    """After a break every object is at one of the two places, and the rest follows.

    Whether the client still has its cursor or has lost it.
    """
    home = api.home("alice")
    names = [f"{n:02}" for n in range(9)]
    for name in names:
        bucket.put(f"{home}long/{name}", name.encode())
    body = {"fromPrefix": "home/me/long/", "toPrefix": "home/me/far/", "move": True, "limit": 3}
    cursor = copy(**body).json()["cursor"]
    copy(**body, cursor=cursor)  # its answer is lost, with the cursor in it
    there, here = bucket.keys(f"{home}far/"), bucket.keys(f"{home}long/")
    assert [key[-2:] for key in there + here] == names
    again = copy(**body, cursor=cursor).json()
    assert [item["from"][-2:] for item in again["items"]] == names[6:]
    copy_all(**body)
    assert [bucket.body(f"{home}far/{name}") for name in names] == [n.encode() for n in names]
    assert bucket.keys(f"{home}long/") == []


def test_a_prefix_passes_by_what_it_cannot_copy(api, bucket, copy_all):
    """An object whose copy would have no key stays, as a problem of its item; others go on."""
    home = api.home("alice")
    long = f"{home}deep/".ljust(1024, "x")
    for key in (f"{home}deep/a", long, f"{home}deep/z"):
        bucket.put(key)
    items = copy_all(
        fromPrefix="home/me/deep/", toPrefix="home/me/much-deeper/", move=True, limit=1
    )
    assert [item.get("moved") for item in items] == [True, None, True]
    assert code(items[1]) == (400, "invalid_key")
    assert bucket.keys(f"{home}deep/") == [long]


@pytest.mark.parametrize("move", [False, True])
@pytest.mark.parametrize("case", ["from bob", "to bob", "from all", "to a group"])
def test_foreign_prefixes(api, bucket, copy, case, move):
    """Neither from nor to a place that is not the caller's; nothing is changed there."""
    bobs = api.home("bob")
    bucket.put(f"{api.home('alice')}mine/1", b"x")
    source, to = {
        "from bob": (bobs, "home/me/stolen/"),
        "from all": ("home/", "shared/x/"),
        "to bob": ("home/me/mine/", bobs),
        "to a group": ("home/me/mine/", "groups/editors/"),
    }[case]
    before = bucket.keys(bobs), bucket.keys("groups/"), bucket.keys("shared/")
    answer = copy(fromPrefix=source, toPrefix=to, move=move)
    if case.startswith("from"):
        assert refusal(answer) == (403, "access_denied")
    else:
        assert {code(item) for item in answer.json()["items"]} == {(403, "access_denied")}
    assert before == (bucket.keys(bobs), bucket.keys("groups/"), bucket.keys("shared/"))
    assert bucket.body(f"{api.home('alice')}mine/1") == b"x"


@pytest.mark.parametrize(
    "body",
    [
        {"fromPrefix": "home/me/a/", "toPrefix": "home/me/a/"},
        {"fromPrefix": "home/me/a/", "toPrefix": "home/me/a/b/"},
        {"fromPrefix": "home/me/a/b/", "toPrefix": "home/me/a/"},
        {"fromPrefix": "home/me/", "toPrefix": "home/me/backup/"},
        {"fromPrefix": "home/me/a", "toPrefix": "home/me/b/"},
        {"fromPrefix": "home/me/a/", "toPrefix": "home/me/b"},
        {"fromPrefix": "home/me", "toPrefix": "shared/b/"},
        {"fromPrefix": "", "toPrefix": "home/me/b/"},
        {"fromPrefix": "home/me/a/", "toPrefix": ""},
        {"fromPrefix": "home/me/a/"},
        {"fromPrefix": "home/me/a/", "toPrefix": "home/me/b/", "limit": 101},
        {"fromPrefix": "home/me/a/", "toPrefix": "home/me/b/", "limit": 0},
        {"fromPrefix": "home/me/a/", "toPrefix": "home/me/b/", "versionId": "x"},
        {"items": [{"from": "home/me/x", "to": "home/me/y"}], "fromPrefix": "home/me/a/"},
    ],
)
def test_other_prefixes_are_refused(copy, body):
    """Prefixes that contain each other, or are none, are 400."""
    assert refusal(copy(**body)) == (400, "invalid_request")


def test_a_cursor_belongs_to_its_copy(api, bucket, copy):
    """A cursor of another pair, of a copy instead of a move, or of somebody else is refused."""
    for number in range(3):
        bucket.put(f"shared/pages/{number}")
    body = {"fromPrefix": "shared/pages/", "toPrefix": "home/me/pages/", "limit": 1}
    cursor = copy(**body).json()["cursor"]
    assert cursor
    for wrong in (
        {"toPrefix": "home/me/other/"},
        {"fromPrefix": "shared/"},
        {"move": True},
        {"who": "bob"},
        {"cursor": cursor[:-2]},
    ):
        assert refusal(copy(**{**body, "cursor": cursor, **wrong})) == (400, "invalid_cursor")


@pytest.mark.parametrize("token", ["[" * 2900, '["\\ud800"]', '[null,"\\ud800","x","y"]', "{}"])
def test_a_cursor_made_by_hand_is_refused(api, copy, token):
    """Whoever makes one up, its digest being no secret, is told that it is none."""
    me = api.get("/me").json()
    source, to = f"{me['homePrefix']}q/", f"{me['homePrefix']}r/"
    listing = Listing(me["sub"], source, start_after=to, kind="copies")
    body = {"fromPrefix": source, "toPrefix": to, "cursor": make_cursor(token, listing)}
    assert refusal(api.call("POST", "/copies", json=body)) == (400, "invalid_cursor")


@pytest.mark.parametrize("character", ["\n", '"'])
def test_pages_go_on_behind_any_key(api, bucket, character):
    """What JSON would make long is in a cursor as long as the key is; each copy is the first."""
    start = f"{api.home('alice')}any-{ord(character)}/"
    for number in range(3):
        bucket.put(f"{start}from/{character * 850}{number}")
    body = {"fromPrefix": f"{start}from/", "toPrefix": f"{start}to/", "limit": 1}
    copied, cursor = [], {}
    while cursor is not None:
        answer = api.call("POST", "/copies", json={**body, "ifNoneMatch": "*", **cursor})
        copied += [item["to"] for item in answer.json()["items"] if "etag" in item]
        cursor = {"cursor": answer.json()["cursor"]} if answer.json()["cursor"] else None
    assert copied == bucket.keys(f"{start}to/")
    assert len(copied) == 3

"""`POST /copies`: what is read from the body, and how each copy is answered."""

import json
from types import SimpleNamespace

import pytest

from handlers.copies import MAX_BODY_BYTES
from handlers.copy_request import binding
from shared.object_copy import CopyRequest
from shared.upstream_errors import DeadlineExceeded
from tests.unit.handlers.fake_services import BOB, HOME, authorized
from tests.unit.handlers.gateway_event import event
from tests.unit.shared.fake_bucket import FakeBucket, md5_etag

LARGE = 300 * 1024**2


@pytest.fixture
def bucket():
    bucket = FakeBucket()
    for name in "abc":
        bucket.put(f"{HOME}{name}", name.encode())
    return bucket


@pytest.fixture
def copy(service_with, bucket):
    service = service_with(s3=bucket)

    def call(body, sub=None):
        headers = authorized() if sub is None else authorized(sub)
        text = body if isinstance(body, str) else json.dumps(body)
        return service(event("POST", "/copies", headers=headers) | {"body": text})

    return call


@pytest.fixture
def large(bucket):
    """An object that the function copies in three parts, its bytes never looked at."""

    class Large(bytes):
        __slots__ = ()

        def __len__(self):
            return LARGE

        def __getitem__(self, part):
            return b"part"

    bucket.put(f"{HOME}large", Large(b"large"), checksums={})
    sizes = {1: 128 * 1024**2, 2: 128 * 1024**2, 3: 44 * 1024**2}
    original = bucket.list_parts

    def list_parts(**request):
        answer = original(**request)
        for part in answer["Parts"]:
            part["Size"] = sizes[part["PartNumber"]]
        return answer

    bucket.list_parts = list_parts
    return f"{HOME}large"


def late_after(count):
    left = [count]

    def fail():
        left[0] -= 1
        if left[0] < 0:
            raise DeadlineExceeded("late")

    return fail


def test_a_copy_and_a_move_are_told_apart(copy, bucket):
    """Only the answer to a move says whether it moved."""
    items = copy(
        {
            "items": [
                {"from": "home/me/a", "to": "home/me/x"},
                {"from": "home/me/b", "to": "home/me/y", "move": True},
            ]
        }
    ).json["items"]
    assert items == [
        {
            "from": f"{HOME}a",
            "to": f"{HOME}x",
            "etag": md5_etag(b"a"),
            "versionId": bucket.versions[f"{HOME}x"][-1].id,
        },
        {
            "from": f"{HOME}b",
            "to": f"{HOME}y",
            "etag": md5_etag(b"b"),
            "versionId": bucket.versions[f"{HOME}y"][-1].id,
            "moved": True,
        },
    ]


def test_a_move_that_could_not_end_tells_copy_and_problem(copy, bucket):
    """The copy is there, the source too: the item has both and says moved false."""
    bucket.before["delete_object"] = lambda: bucket.put(f"{HOME}a", b"new")
    body = {"items": [{"from": "home/me/a", "to": "home/me/x", "move": True}]}
    (item,) = copy(body).json["items"]
    assert item["moved"] is False
    assert item["etag"] == md5_etag(b"a")
    assert (item["problem"]["status"], item["problem"]["code"]) == (409, "conflict")
    assert "it stays" in item["problem"]["detail"]
    assert bucket.body(f"{HOME}a") == b"new"


def test_what_cannot_be_proven_is_told(copy, bucket):
    """A move whose copy nothing proves has a code of its own, and the source stays."""
    bucket.put(f"{HOME}a", b"a", checksums={"ChecksumCRC32": "AAAAAA=="})
    body = {"items": [{"from": "home/me/a", "to": "home/me/x", "move": True}]}
    (item,) = copy(body).json["items"]
    assert (item["problem"]["status"], item["problem"]["code"]) == (409, "copy_unproven")
    assert bucket.body(f"{HOME}a") == b"a"


def test_a_large_object_goes_on_with_the_items_cursor(copy, bucket, large):
    """What the time does not allow comes back with a cursor, and the same item goes on with it."""
    bucket.before["upload_part_copy"] = late_after(2)
    item = {"from": "home/me/large", "to": "home/me/x"}
    (unfinished,) = copy({"items": [item]}).json["items"]
    cursor = unfinished.pop("cursor")
    assert unfinished == {"from": large, "to": f"{HOME}x", "partsCopied": 2, "partCount": 3}
    bucket.before.clear()
    bucket.before["complete_multipart_upload"] = late_after(0)
    (late,) = copy({"items": [{**item, "cursor": cursor}]}).json["items"]
    assert late["problem"]["code"] == "deadline"
    assert len(bucket.called("create_multipart_upload")) == 1
    assert len(bucket.called("upload_part_copy")) == 2 + 1 + 1


@pytest.mark.parametrize(
    "change",
    [{"from": "home/me/a"}, {"to": "home/me/z"}, {"move": True}, {"cursor": "AQ"}, {"sub": BOB}],
)
def test_the_cursor_of_an_item_belongs_to_it(copy, bucket, large, change):
    """Another item, a move instead of a copy, or somebody else cannot go on with it."""
    bucket.before["upload_part_copy"] = late_after(1)
    item = {"from": large, "to": f"{HOME}x"}
    cursor = copy({"items": [item]}).json["items"][0]["cursor"]
    sub = change.get("sub")
    asked = {**item, "cursor": cursor, **{n: v for n, v in change.items() if n != "sub"}}
    (refused,) = copy({"items": [asked]}, sub=sub).json["items"]
    assert refused["problem"]["code"] == "invalid_cursor"


def test_a_page_with_a_large_object_goes_on_with_the_pages_cursor(copy, bucket, large):
    """In pages the one cursor holds everything; the unfinished item tells how far it is."""
    bucket.before["upload_part_copy"] = late_after(2)
    body = {"fromPrefix": "home/me/", "toPrefix": "shared/x/", "move": True}
    page = copy(body).json
    assert page["items"][-1] == {
        "from": large,
        "to": "shared/x/large",
        "partsCopied": 2,
        "partCount": 3,
    }
    assert [item.get("moved") for item in page["items"][:-1]] == [True, True, True]
    bucket.before.clear()
    bucket.calls.clear()
    copy({**body, "cursor": page["cursor"]})
    assert len(bucket.called("upload_part_copy")) == 1
    assert bucket.called("create_multipart_upload") == []


@pytest.mark.parametrize(("more", "status"), [(0, 200), (1, 413)])
def test_the_body_has_a_limit(copy, more, status):
    """800,000 bytes, which hold 100 pairs of the longest keys; one byte more is 413."""
    text = json.dumps({"items": [{"from": "home/me/a", "to": "home/me/x"}]})
    answer = copy(text + " " * (MAX_BODY_BYTES - len(text) + more))
    assert answer.status == status
    if status == 413:
        assert answer.refused == (413, "too_large")


def test_items_that_meet_are_named(copy, bucket):
    """The answer says which item; nothing was asked of S3."""
    answer = copy(
        {
            "items": [
                {"from": "home/me/a", "to": "home/me/x"},
                {"from": f"{HOME}x", "to": "home/me/y"},
            ]
        }
    )
    assert answer.refused == (400, "invalid_request")
    assert "items[0]" in answer.problem["detail"]
    assert bucket.calls == []


@pytest.mark.parametrize(
    ("item", "member"),
    [
        ({"from": 3, "to": "x"}, "items[0].from"),
        ({"from": "x", "to": None}, "items[0].to"),
        ({"from": "x"}, "items[0].to"),
        ({"from": "x", "to": "y", "move": 1}, "items[0].move"),
        ({"from": "x", "to": "y", "ifNoneMatch": "x"}, "items[0].ifNoneMatch"),
        ({"from": "x", "to": "y", "versionId": 1}, "items[0].versionId"),
        ({"from": "x", "to": "y", "cursor": 1}, "items[0].cursor"),
        ({"from": "x", "to": "y", "acl": "x"}, "items[0].acl"),
    ],
)
def test_a_member_at_fault_is_named(copy, bucket, item, member):
    """What is wrong with the body is 400 and says where."""
    answer = copy({"items": [item]})
    assert answer.refused == (400, "invalid_request")
    assert member in answer.problem["detail"]
    assert bucket.calls == []


def test_without_a_token_nothing_is_read(service_with, bucket):
    """401 before anything else."""
    request = event("POST", "/copies") | {"body": json.dumps({"items": []})}
    assert service_with(s3=bucket)(request).refused == (401, "missing_token")


@pytest.mark.parametrize(
    "change",
    [{"toPrefix": "shared/y/"}, {"fromPrefix": f"{HOME}sub/"}, {"move": True}, {"sub": BOB}],
)
def test_the_cursor_of_a_page_belongs_to_its_copy(copy, change):
    """Another source or target, a move instead of a copy, or somebody else is refused."""
    body = {"fromPrefix": HOME, "toPrefix": "shared/x/", "limit": 1}
    cursor = copy(body).json["cursor"]
    sub = change.get("sub")
    asked = {**body, "cursor": cursor, **{n: v for n, v in change.items() if n != "sub"}}
    assert copy(asked, sub=sub).refused == (400, "invalid_cursor")


def test_the_cursor_of_an_item_belongs_to_its_version():
    """A copy in parts of one version is not continued with another."""
    caller = SimpleNamespace(principal=SimpleNamespace(sub="a-sub"))
    requests = [CopyRequest("a", "b", version_id=version) for version in (None, "v1", "v2")]
    assert len({binding(caller, request) for request in requests}) == 3

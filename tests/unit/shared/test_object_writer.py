from urllib.parse import unquote

import pytest

from shared.errors import AccessDenied, BucketpassError, IdentityRefused
from shared.object_errors import Conflict, PreconditionFailed
from shared.object_properties import ObjectProperties
from shared.object_writer import ObjectWriter, WrittenObject
from shared.upstream_errors import UpstreamUnavailable
from shared.write_conditions import WriteConditions
from tests.unit.shared.s3_stub import (
    BUCKET,
    ODD_KEYS,
    RefusingClient,
    Reply,
    client_error,
    credentials,
    refusal,
)

PLAIN = ObjectProperties(content_type="text/plain")
WRITTEN = Reply(200, {"ETag": '"new"', "x-amz-version-id": "v2"})
OCCUPIED = refusal(412, "PreconditionFailed")


@pytest.fixture
def writer(client, s3):
    return ObjectWriter(client, BUCKET, credentials("alice"))


def conditions_of(request):
    return {name: request.headers.get(name) for name in ("if-match", "if-none-match")}


def test_a_new_object_is_written_in_one_call(s3, writer):
    """The bytes and properties go out once, signed by the person, and `created` is S3's word."""
    s3.replies = [WRITTEN]
    properties = ObjectProperties("text/plain", "gzip", "de", "inline", "no-cache", {"a": "b"})
    written = writer.put("a/k", b"\x00\xff", properties)
    assert written == WrittenObject("a/k", '"new"', "v2", 2, created=True)
    (request,) = s3.requests
    assert (request.method, request.path) == ("PUT", f"/{BUCKET}/a/k")
    assert request.body == b"\x00\xff"
    assert request.key_id == "ASIAALICE"
    assert conditions_of(request) == {"if-match": None, "if-none-match": "*"}
    assert {
        name: request.headers[name]
        for name in (
            *("content-type", "content-encoding", "content-language"),
            *("content-disposition", "cache-control", "x-amz-meta-a"),
        )
    } == {
        "content-type": "text/plain",
        "content-encoding": "gzip",
        "content-language": "de",
        "content-disposition": "inline",
        "cache-control": "no-cache",
        "x-amz-meta-a": "b",
    }


@pytest.mark.parametrize("first", [OCCUPIED, refusal(409, "ConditionalRequestConflict")])
def test_an_existing_object_is_replaced(s3, writer, first):
    """Where there is one, or another writer comes in between, the second call is unconditional."""
    s3.replies = [first, WRITTEN]
    assert not writer.put("k", b"new", PLAIN).created
    assert [request.body for request in s3.requests] == [b"new", b"new"]
    assert conditions_of(s3.requests[1]) == {"if-match": None, "if-none-match": None}


def test_if_absent_never_replaces(s3, writer):
    """`If-None-Match: *` on an existing object is 412 after one call."""
    s3.replies = [OCCUPIED]
    with pytest.raises(PreconditionFailed):
        writer.put("k", b"x", PLAIN, WriteConditions(if_absent=True))
    assert len(s3.requests) == 1


def test_if_match_is_sent_alone(s3, writer):
    """The entity tag reaches S3 with its quotes; the object is not a new one."""
    s3.replies = [WRITTEN]
    assert not writer.put("k", b"x", PLAIN, WriteConditions(if_match='"old"')).created
    assert conditions_of(s3.requests[0]) == {"if-match": '"old"', "if-none-match": None}


@pytest.mark.parametrize("reply", [OCCUPIED, refusal(404, "NoSuchKey")])
def test_if_match_that_does_not_hold_is_412(s3, writer, reply):
    """Another entity tag, or no object at all, which S3 answers with 404: 412 after one call."""
    condition = WriteConditions(if_match='"old"')
    for change in (
        lambda: writer.put("k", b"x", PLAIN, condition),
        lambda: writer.delete("k", condition),
    ):
        s3.replies = [reply]
        with pytest.raises(PreconditionFailed):
            change()
    assert len(s3.requests) == 2


@pytest.mark.parametrize("code", ["ConditionalRequestConflict", "OperationAborted"])
def test_a_conditional_change_that_met_another_is_a_conflict(s3, writer, code):
    """S3's 409 is the caller's to try again."""
    s3.replies = [refusal(409, code)]
    with pytest.raises(Conflict) as error:
        writer.put("k", b"x", PLAIN, WriteConditions(if_match='"old"'))
    assert (error.value.status, error.value.code) == (409, "conflict")


@pytest.mark.parametrize("key", ODD_KEYS)
def test_an_odd_key_is_written_and_deleted_exactly(s3, writer, key):
    """Decoding the path that S3 receives once gives the key back."""
    s3.replies = [WRITTEN, Reply(204)]
    writer.put(key, b"", PLAIN)
    writer.delete(key)
    assert [unquote(request.path) for request in s3.requests] == [f"/{BUCKET}/{key}"] * 2


def test_a_deletion_tells_its_marker(s3, writer):
    """The id of the delete marker, None in a bucket without versions."""
    s3.replies = [Reply(204, {"x-amz-version-id": "m1", "x-amz-delete-marker": "true"}), Reply(204)]
    assert writer.delete("k") == "m1"
    assert writer.delete("k") is None
    for request in s3.requests:
        assert request.method == "DELETE"
        # A version that is named would be gone for good.
        assert "versionId" not in request.query
        assert conditions_of(request) == {"if-match": None, "if-none-match": None}


def test_a_conditional_deletion_sends_its_condition(s3, writer):
    """S3 weighs If-Match of a deletion itself."""
    s3.replies = [Reply(204), Reply(204)]
    writer.delete("k", WriteConditions(if_match='"old"'))
    writer.delete("k", WriteConditions(if_match="*"))
    assert [request.headers["if-match"] for request in s3.requests] == ['"old"', "*"]


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (403, "AccessDenied", AccessDenied),
        (400, "ExpiredToken", IdentityRefused),
        (503, "SlowDown", UpstreamUnavailable),
    ],
)
def test_a_refused_change_is_asked_once(status, code, expected):
    """No second attempt of ours, no look whether the object is there."""
    for change in ("put", "delete"):
        client = RefusingClient(client_error(status, code))
        writer = ObjectWriter(client, BUCKET, credentials("alice"))
        with pytest.raises(BucketpassError) as error:
            writer.put("k", b"", PLAIN) if change == "put" else writer.delete("k")
        assert type(error.value) is expected
        assert client.calls == [f"{change}_object"]

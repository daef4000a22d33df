import pytest

from shared.errors import AccessDenied, InvalidRequest
from shared.object_copy import CopiedObject, CopyRequest, CopySizes, ObjectCopy
from shared.object_errors import (
    Conflict,
    CopyUnproven,
    NoSuchKey,
    ObjectArchived,
    PreconditionFailed,
)
from shared.object_store import ObjectStore
from shared.part_copy import StartedCopy, UnfinishedCopy
from shared.upstream_errors import DeadlineExceeded, UpstreamUnavailable
from tests.unit.shared.fake_bucket import FakeBucket, md5_etag
from tests.unit.shared.s3_stub import BUCKET, Reply, client_error, credentials, refusal

IN_PARTS = {"etag": f'"{"0" * 32}-2"', "checksums": {}}
MOVE = CopyRequest("from", "to", move=True)


@pytest.fixture
def bucket():
    return FakeBucket()


@pytest.fixture
def copy(bucket):
    """What becomes of one request; parts have ten bytes from 100 bytes on."""
    copying = ObjectCopy(ObjectStore(bucket, BUCKET, credentials("alice")), CopySizes(100, 10))

    def one(request):
        (outcome,) = copying.copy([request])
        return outcome

    return one


def test_a_copy_names_the_source_that_was_looked_at(bucket, copy):
    """The copy is made only of the object whose ETag was seen; nothing is deleted."""
    bucket.put("from", b"x")
    copied = copy(CopyRequest("from", "to"))
    assert copied == CopiedObject(md5_etag(b"x"), bucket.versions["to"][-1].id)
    (request,) = bucket.called("copy_object")
    assert request == {
        "Bucket": BUCKET,
        "Key": "to",
        "CopySource": {"Bucket": BUCKET, "Key": "from"},
        "CopySourceIfMatch": md5_etag(b"x"),
    }
    assert bucket.methods == ["head_object", "copy_object"]


def test_a_move_deletes_what_was_copied_after_the_proof(bucket, copy):
    """Look, copy, look at this very copy, and only then delete, if the source is still the same."""
    bucket.put("from", b"x")
    copied = copy(MOVE)
    assert copied.left is None
    assert bucket.methods == ["head_object", "copy_object", "head_object", "delete_object"]
    proof = bucket.called("head_object")[1]
    assert (proof["Key"], proof["VersionId"]) == ("to", copied.version_id)
    (deletion,) = bucket.called("delete_object")
    assert (deletion["Key"], deletion["IfMatch"]) == ("from", md5_etag(b"x"))
    assert (bucket.body("from"), bucket.body("to")) == (None, b"x")


def test_a_source_that_changes_before_the_copy_is_not_copied(bucket, copy):
    """Between the look and the copy somebody wrote: nothing is copied, nothing deleted."""
    for request in (CopyRequest("from", "to"), MOVE):
        bucket.put("from", b"old")
        bucket.before["copy_object"] = lambda: bucket.put("from", b"new")
        assert type(copy(request)) is Conflict
        assert (bucket.body("from"), bucket.body("to")) == (b"new", None)
    assert bucket.called("delete_object") == []


def test_a_source_that_changes_after_the_copy_stays(bucket, copy):
    """Between the copy and the deletion somebody wrote: their bytes are not deleted."""
    bucket.put("from", b"old")
    bucket.before["delete_object"] = lambda: bucket.put("from", b"new")
    copied = copy(MOVE)
    assert type(copied.left) is Conflict
    assert copied.etag == md5_etag(b"old")
    assert (bucket.body("from"), bucket.body("to")) == (b"new", b"old")


def test_a_source_that_somebody_else_deletes_is_moved(bucket, copy):
    """A repeated deletion finds nothing any more: the move is done, whoever did the last step."""
    bucket.put("from", b"x")
    bucket.before["delete_object"] = lambda: bucket._mark("from")
    assert copy(MOVE).left is None
    assert (bucket.body("from"), bucket.body("to")) == (None, b"x")


@pytest.mark.parametrize("damage", [b"y", b"x ", b""])
def test_a_copy_of_other_bytes_keeps_the_source(bucket, copy, damage):
    """A copy that is not what the source was proves nothing, and the source is not deleted."""
    bucket.put("from", b"x")

    def spoil():
        for version in bucket.versions["to"]:
            version.body, version.etag, version.checksums = damage, md5_etag(damage), {}

    bucket.before["head_object"] = spoil
    assert type(copy(MOVE).left) is CopyUnproven
    assert bucket.body("from") == b"x"
    assert bucket.called("delete_object") == []


def test_a_checksum_that_differs_keeps_the_source(bucket, copy):
    """An ETag alone does not prove against a checksum."""
    bucket.put("from", b"x", checksums={"ChecksumCRC32": "AAAAAA=="})
    assert type(copy(MOVE).left) is CopyUnproven
    assert bucket.body("from") == b"x"


def test_a_proof_that_cannot_be_had_keeps_the_source(bucket, copy):
    """Whoever may write but not read somewhere does not move: AccessDenied, and both are there."""
    bucket.put("from", b"x")

    def forbid():
        bucket.forbidden = {"to"} if bucket.body("to") is not None else set()

    bucket.before["head_object"] = forbid
    assert type(copy(MOVE).left) is AccessDenied
    assert (bucket.body("from"), bucket.body("to")) == (b"x", b"x")
    assert bucket.called("delete_object") == []


@pytest.mark.parametrize("error", [AccessDenied, UpstreamUnavailable, DeadlineExceeded])
def test_a_deletion_that_fails_is_told_with_the_copy(bucket, copy, error):
    """The copy is there and so is the source: the outcome says both."""
    bucket.put("from", b"x")

    def fail():
        raise error("no")

    bucket.before["delete_object"] = fail
    copied = copy(MOVE)
    assert type(copied.left) is error
    assert copied.version_id == bucket.versions["to"][-1].id
    assert (bucket.body("from"), bucket.body("to")) == (b"x", b"x")


def test_an_overwritten_copy_is_still_a_copy(bucket, copy):
    """Somebody writes to the new key meanwhile: this copy's version is there, so the move ends."""
    bucket.put("from", b"x")
    bucket.before["delete_object"] = lambda: bucket.put("to", b"other")
    bucket.before["head_object"] = lambda: bucket.body("to") and bucket.put("to", b"another")
    assert copy(MOVE).left is None
    assert b"x" in [version.body for version in bucket.versions["to"]]


def test_missing_forbidden_and_archived_sources(bucket, copy):
    """What cannot be read is not copied, and is told as a read would be."""
    bucket.put("forbidden")
    bucket.forbidden = {"forbidden"}
    bucket.put("archived", StorageClass="GLACIER")
    assert type(copy(CopyRequest("missing", "to"))) is NoSuchKey
    assert type(copy(CopyRequest("forbidden", "to"))) is AccessDenied
    assert type(copy(CopyRequest("archived", "to"))) is ObjectArchived
    assert bucket.called("copy_object") == []


def test_a_missing_source_that_may_be_listed_is_missing(bucket, copy):
    """S3's 403 for a missing key is 404 to who may list it."""
    bucket.forbidden = {"gone"}
    assert type(copy(CopyRequest("gone", "to"))) is NoSuchKey


def test_a_version_is_copied_as_it_was(bucket, copy):
    """An older version by its id; a deletion has nothing to be copied."""
    old = bucket.put("from", b"old")
    bucket.put("from", b"new")
    marker = bucket._mark("from")
    assert copy(CopyRequest("from", "from", version_id=old)).etag == md5_etag(b"old")
    assert bucket.body("from") == b"old"
    refused = copy(CopyRequest("from", "from", version_id=marker))
    assert isinstance(refused, InvalidRequest)
    assert "deletion" in refused.detail


def test_if_absent_is_weighed_by_s3(bucket, copy):
    """An object at the place stays, and the two conditions of a copy are told apart."""
    bucket.put("from", b"x")
    bucket.put("to", b"there")
    request = CopyRequest("from", "to", if_absent=True)
    assert type(copy(request)) is PreconditionFailed
    assert bucket.called("copy_object")[0]["IfNoneMatch"] == "*"
    bucket.before["copy_object"] = lambda: bucket.put("from", b"changed")
    assert type(copy(request)) is Conflict
    assert bucket.body("to") == b"there"


# ---------------------------------------------------------------------------- in parts
@pytest.mark.parametrize(("size", "in_parts"), [(100, False), (101, True)])
def test_a_large_object_is_copied_in_parts(bucket, copy, size, in_parts):
    """Above the size that one call is given, the parts make up the same bytes."""
    body = bytes(range(256))[:size]
    bucket.put("from", body, CacheControl="no-cache", Metadata={"a": "b"})
    assert copy(MOVE).left is None
    assert (bucket.body("from"), bucket.body("to")) == (None, body)
    assert bool(bucket.called("upload_part_copy")) is in_parts
    kept = bucket.versions["to"][-1].properties
    assert (kept["CacheControl"], kept["Metadata"]) == ("no-cache", {"a": "b"})
    assert bucket.uploads == {}


@pytest.mark.parametrize("move", [True, False])
def test_what_came_in_parts_moves_in_parts(bucket, copy, move):
    """A copy in one piece of such an object could not be proven, so a move makes another one."""
    bucket.put("from", b"0123456789abc", **IN_PARTS)
    copied = copy(CopyRequest("from", "to", move=move))
    assert copied.left is None
    assert bucket.body("to") == b"0123456789abc"
    assert len(bucket.called("upload_part_copy")) == (2 if move else 0)
    assert len(bucket.called("copy_object")) == (0 if move else 1)


def test_a_wrong_part_keeps_the_source(bucket, copy):
    """A copy whose ETag is not what its parts make up proves nothing."""
    bucket.put("from", b"x" * 200, checksums={})

    def spoil():
        for version in bucket.versions["to"]:
            version.etag = f'"{"1" * 32}-20"'

    bucket.before["head_object"] = spoil
    assert type(copy(MOVE).left) is CopyUnproven
    assert bucket.body("from") == b"x" * 200


def test_large_objects_come_after_the_small_ones(bucket):
    """Once the time is over for a large object, the next large one is not begun."""
    for key in ("large-1", "large-2"):
        bucket.put(key, b"x" * 200)
    bucket.put("small", b"s")

    def late():
        raise DeadlineExceeded("late")

    bucket.before["upload_part_copy"] = late
    copying = ObjectCopy(ObjectStore(bucket, BUCKET, credentials("alice")), CopySizes(100, 10))
    first, second, small = copying.copy(
        [CopyRequest(key, f"to-{key}") for key in ("large-1", "large-2", "small")]
    )
    assert isinstance(first, UnfinishedCopy)
    assert isinstance(second, DeadlineExceeded)
    assert isinstance(small, CopiedObject)
    assert len(bucket.uploads) == 1


def test_an_unfinished_copy_goes_on(bucket, copy):
    """The next request copies only the missing parts, and then the move is done."""
    bucket.put("from", bytes(range(200)))
    left = iter([None] * 8 + [DeadlineExceeded("late")] * 12)

    def late():
        if (error := next(left, None)) is not None:
            raise error

    bucket.before["upload_part_copy"] = late
    unfinished = copy(MOVE)
    assert isinstance(unfinished, UnfinishedCopy)
    assert (unfinished.parts_copied, unfinished.part_count) == (8, 20)
    assert bucket.body("from") is not None
    bucket.before.clear()
    bucket.calls.clear()
    again = copy(CopyRequest("from", "to", move=True, started=unfinished.started))
    assert isinstance(again, CopiedObject)
    assert again.left is None
    assert len(bucket.called("upload_part_copy")) == 12
    assert (bucket.body("from"), bucket.body("to")) == (None, bytes(range(200)))


def test_a_small_source_can_go_on_in_parts(bucket, copy):
    """A copy that was begun in parts goes on in parts: the source decides nothing anew."""
    bucket.put("from", b"x" * 50)
    upload_id = bucket.create_multipart_upload(Bucket=BUCKET, Key="to")["UploadId"]
    started = StartedCopy(upload_id, md5_etag(b"x" * 50))
    assert isinstance(copy(CopyRequest("from", "to", started=started)), CopiedObject)
    assert bucket.called("copy_object") == []


# ---------------------------------------------------------------------------- on the wire
HEAD = Reply(200, {"ETag": '"e"', "Last-Modified": "Thu, 06 Nov 2025 08:49:37 GMT"}, b"")


def xml(inside, **headers):
    return Reply(200, {"Content-Type": "application/xml", **headers}, inside.encode())


@pytest.fixture
def on_wire(client, s3):
    return ObjectCopy(ObjectStore(client, BUCKET, credentials("alice")))


def test_a_copy_on_the_wire(on_wire, s3):
    """The source's key is encoded, its version and ETag are named; the checksum is asked for."""
    s3.replies = [HEAD, xml("<CopyObjectResult><ETag>&quot;e&quot;</ETag></CopyObjectResult>")]
    request = CopyRequest("home/a b+c%20ü?versionId=x", "to", version_id="v.1", if_absent=True)
    assert on_wire.copy([request]) == [CopiedObject('"e"', None)]
    look, copy = s3.requests
    assert (look.method, look.query) == ("HEAD", {"versionId": "v.1"})
    assert look.headers["x-amz-checksum-mode"] == "ENABLED"
    assert (copy.method, copy.path) == ("PUT", f"/{BUCKET}/to")
    assert copy.headers["x-amz-copy-source"] == (
        f"{BUCKET}/home/a%20b%2Bc%2520%C3%BC%3FversionId%3Dx?versionId=v.1"
    )
    assert copy.headers["x-amz-copy-source-if-match"] == '"e"'
    assert copy.headers["if-none-match"] == "*"
    assert {look.key_id, copy.key_id} == {"ASIAALICE"}


def test_a_copy_answered_with_200_and_an_error_is_that_error(on_wire, s3):
    """S3 may find out only after it has said 200; botocore asks once more, then it is an error."""
    failed = xml("<Error><Code>InternalError</Code><Message>no</Message></Error>")
    s3.replies = [HEAD, failed, failed]
    (outcome,) = on_wire.copy([CopyRequest("from", "to", move=True)])
    assert isinstance(outcome, UpstreamUnavailable)
    assert [request.method for request in s3.requests] == ["HEAD", "PUT", "PUT"]


def test_a_copy_onto_itself_is_the_callers_mistake(on_wire, s3):
    """What S3 calls an illegal copy is 400."""
    s3.replies = [HEAD, refusal(400, "InvalidRequest")]
    (outcome,) = on_wire.copy([CopyRequest("a", "a", version_id="v1")])
    assert type(outcome) is InvalidRequest


@pytest.mark.parametrize(
    ("condition", "if_absent", "cause"),
    [
        ("x-amz-copy-source-If-Match", True, Conflict),
        ("If-None-Match", True, PreconditionFailed),
        ("", True, PreconditionFailed),
        ("", False, Conflict),
    ],
)
def test_which_condition_failed(on_wire, s3, condition, if_absent, cause):
    """S3 names the header; without one, only a copy that asked for absence can have met it."""
    more = f"<Condition>{condition}</Condition>" if condition else ""
    s3.replies = [HEAD, refusal(412, "PreconditionFailed", more)]
    (outcome,) = on_wire.copy([CopyRequest("a", "b", if_absent=if_absent)])
    assert type(outcome) is cause


def test_an_error_of_the_client_is_translated(bucket, copy):
    """Whatever S3 answers to a copy ends in the one family."""
    bucket.put("from")

    def slow():
        raise client_error(503, "SlowDown")

    bucket.before["copy_object"] = slow
    assert type(copy(CopyRequest("from", "to"))) is UpstreamUnavailable

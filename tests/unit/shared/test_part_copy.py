import pytest

from shared.copy_source import look_at_source
from shared.deadline import deadline
from shared.errors import AccessDenied
from shared.multipart_upload import MultipartUploads
from shared.object_errors import Conflict, NoSuchUpload, PreconditionFailed
from shared.object_store import ObjectStore
from shared.part_copy import (
    COMPLETION_SECONDS,
    MIN_PART_BYTES,
    PartCopy,
    PartsCopied,
    StartedCopy,
    UnfinishedCopy,
)
from shared.part_plan import MAX_OBJECT_BYTES, MAX_PARTS
from shared.upstream_errors import DeadlineExceeded, UpstreamUnavailable
from tests.unit.shared.fake_bucket import FakeBucket, crc32, md5_etag
from tests.unit.shared.s3_stub import BUCKET, client_error, credentials

BODY = bytes(range(25))


@pytest.fixture
def bucket():
    bucket = FakeBucket()
    bucket.put("from", BODY)
    return bucket


@pytest.fixture
def advance(bucket):
    """Begin or continue the copy of `from` to `to`, ten bytes a part."""

    def call(started=None, **options):
        source = look_at_source(ObjectStore(bucket, BUCKET, credentials("alice")), "from", None)
        uploads = MultipartUploads(bucket, BUCKET, credentials("alice"))
        return PartCopy(uploads, 10).advance(source, "to", started, **options)

    return call


def after(count, error):
    """Pass `count` times, then raise `error` for good."""
    left = [count]

    def fail():
        left[0] -= 1
        if left[0] < 0:
            raise error

    return fail


def test_parts_cover_the_object_once(bucket, advance):
    """Each byte is in exactly one range, and every part is of the source that was looked at."""
    copied = advance()
    assert isinstance(copied, PartsCopied)
    asked = bucket.called("upload_part_copy")
    assert sorted((part["PartNumber"], part["CopySourceRange"]) for part in asked) == [
        (1, "bytes=0-9"),
        (2, "bytes=10-19"),
        (3, "bytes=20-24"),
    ]
    assert {part["CopySourceIfMatch"] for part in asked} == {md5_etag(BODY)}
    assert bucket.body("to") == BODY
    assert copied.part_etags == tuple(md5_etag(BODY[n : n + 10]) for n in (0, 10, 20))
    assert copied.completed.size == len(BODY)


def test_a_single_part_has_no_range(bucket, advance):
    """S3 takes no range of a source of 5 MB or less."""
    bucket.put("from", b"short")
    advance()
    (part,) = bucket.called("upload_part_copy")
    assert "CopySourceRange" not in part
    assert bucket.body("to") == b"short"


def test_the_checksum_is_the_sources_own_kind(bucket, advance):
    """The copy has the same checksum of the whole, so that the two compare."""
    advance()
    begun = bucket.called("create_multipart_upload")[0]
    assert (begun["ChecksumAlgorithm"], begun["ChecksumType"]) == ("CRC32", "FULL_OBJECT")
    assert bucket.versions["to"][-1].checksums == {"ChecksumCRC32": crc32(BODY)}


@pytest.mark.parametrize("checksums", [{}, {"ChecksumSHA256": "x"}])
def test_a_checksum_that_parts_cannot_have_is_left_to_s3(bucket, advance, checksums):
    """A digest of the whole cannot be had of parts: S3 chooses."""
    bucket.put("from", BODY, checksums=checksums)
    advance()
    assert "ChecksumAlgorithm" not in bucket.called("create_multipart_upload")[0]


def test_the_copy_is_told_what_the_source_is(bucket, advance):
    """Type, encoding, language, disposition, caching and metadata are the source's."""
    properties = {
        "ContentType": "text/html",
        "ContentEncoding": "gzip",
        "ContentLanguage": "de",
        "ContentDisposition": "inline",
        "CacheControl": "no-cache",
        "Metadata": {"colour": "blue"},
    }
    bucket.put("from", BODY, **properties)
    advance()
    begun = bucket.called("create_multipart_upload")[0]
    assert {name: begun[name] for name in properties} == properties


def test_the_deadline_ends_a_round(bucket, advance):
    """What is copied stays; the next round copies the rest and nothing twice."""
    bucket.before["upload_part_copy"] = after(1, DeadlineExceeded("late"))
    unfinished = advance()
    assert isinstance(unfinished, UnfinishedCopy)
    assert (unfinished.parts_copied, unfinished.part_count) == (1, 3)
    assert unfinished.started.etag == md5_etag(BODY)
    assert bucket.body("to") is None
    bucket.before.clear()
    bucket.calls.clear()
    assert isinstance(advance(unfinished.started), PartsCopied)
    assert len(bucket.called("upload_part_copy")) == 2
    assert bucket.called("create_multipart_upload") == []
    assert bucket.body("to") == BODY


def test_a_round_without_any_part_can_go_on(bucket, advance):
    """Where the time ends before the first part, the begun upload is named, not lost."""
    bucket.before["upload_part_copy"] = after(0, DeadlineExceeded("late"))
    unfinished = advance()
    assert unfinished.parts_copied == 0
    assert unfinished.started.upload_id in bucket.uploads


@pytest.mark.parametrize(
    ("left", "kind"),
    [(COMPLETION_SECONDS - 0.1, UnfinishedCopy), (COMPLETION_SECONDS, PartsCopied)],
)
def test_joining_the_parts_needs_time(bucket, advance, left, kind):
    """With all parts there but little time, joining them is left to the next round."""
    with deadline(left, clock=lambda: 0.0):
        assert isinstance(advance(), kind)


def test_a_part_of_another_size_is_copied_again(bucket, advance):
    """What somebody else put into the upload is not taken for a part of this copy."""
    upload_id = bucket.create_multipart_upload(Bucket=BUCKET, Key="to")["UploadId"]
    bucket.uploads[upload_id]["parts"] = {1: b"short", 2: BODY[10:20], 9: b"more"}
    assert isinstance(advance(StartedCopy(upload_id, md5_etag(BODY))), PartsCopied)
    assert sorted(part["PartNumber"] for part in bucket.called("upload_part_copy")) == [1, 3]
    assert bucket.body("to") == BODY


def test_a_changed_source_ends_the_copy(bucket, advance):
    """Parts of two objects are never joined: the upload is given up."""
    bucket.before["upload_part_copy"] = after(1, DeadlineExceeded("late"))
    unfinished = advance()
    bucket.before.clear()
    bucket.put("from", b"other" * 5)
    with pytest.raises(Conflict):
        advance(unfinished.started)
    assert bucket.uploads == {}
    assert bucket.body("to") is None


def test_a_source_that_changes_within_a_round_ends_the_copy(bucket, advance):
    """S3 refuses the part of another object; the upload is given up."""
    bucket.before["upload_part_copy"] = lambda: bucket.put("from", b"other" * 5)
    with pytest.raises(Conflict):
        advance()
    assert bucket.uploads == {}


def test_a_refusal_ends_the_copy(bucket, advance):
    """What will not change by waiting gives the upload up."""
    bucket.before["upload_part_copy"] = after(1, client_error(403, "AccessDenied"))
    with pytest.raises(AccessDenied):
        advance()
    assert bucket.uploads == {}


def test_a_failure_that_passes_keeps_what_is_there(bucket, advance):
    """After progress the round ends; without any it is an error, and a later round can go on."""
    unavailable = client_error(503, "ServiceUnavailable")
    bucket.before["upload_part_copy"] = after(1, unavailable)
    unfinished = advance()
    assert unfinished.parts_copied == 1
    with pytest.raises(UpstreamUnavailable):
        advance(unfinished.started)
    bucket.before.clear()
    assert isinstance(advance(unfinished.started), PartsCopied)


def test_a_failure_before_the_first_part_leaves_nothing_behind(bucket, advance):
    """Nobody would ever hear of an upload that was begun in a request that failed."""
    bucket.before["upload_part_copy"] = after(0, client_error(503, "ServiceUnavailable"))
    with pytest.raises(UpstreamUnavailable):
        advance()
    assert bucket.uploads == {}


def test_giving_up_that_fails_hides_nothing(bucket, advance):
    """The error is why the copy was given up, not that the upload could not be aborted."""
    bucket.before["upload_part_copy"] = after(0, client_error(403, "AccessDenied"))
    bucket.before["abort_multipart_upload"] = after(0, client_error(503, "SlowDown"))
    with pytest.raises(AccessDenied):
        advance()


def test_a_refusal_asks_for_no_further_part(bucket, advance):
    """One refused round of eight parts is enough of a large object."""
    bucket.put("from", bytes(1000))
    bucket.before["upload_part_copy"] = after(0, client_error(403, "AccessDenied"))
    with pytest.raises(AccessDenied):
        advance()
    assert len(bucket.called("upload_part_copy")) == 8


def test_an_upload_that_is_gone_cannot_go_on(bucket, advance):
    """An aborted or completed upload is NoSuchUpload: begin again."""
    with pytest.raises(NoSuchUpload):
        advance(StartedCopy("u404", md5_etag(BODY)))


def test_if_absent_holds_when_the_parts_are_joined(bucket, advance):
    """An object at the place stays."""
    bucket.put("to", b"there")
    with pytest.raises(PreconditionFailed):
        advance(if_absent=True)
    assert bucket.body("to") == b"there"


@pytest.mark.parametrize("size", [0, 1, MIN_PART_BYTES, MIN_PART_BYTES + 1, MAX_OBJECT_BYTES])
def test_the_plan_keeps_to_the_limits_of_s3(size):
    """At most 10,000 parts of at most 5 GiB, up to the largest object that there can be."""
    plan = PartCopy(None)._plan(size)
    assert 1 <= plan.count <= MAX_PARTS
    assert MIN_PART_BYTES <= plan.part_size <= 5 * 1024**3
    assert plan.count * plan.part_size >= size

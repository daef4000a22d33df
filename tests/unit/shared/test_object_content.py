from datetime import UTC, datetime
from io import BytesIO

import pytest

from shared.deadline import deadline
from shared.object_content import MAX_CONTENT_BYTES, ObjectHead, content_of, head_of
from shared.object_errors import TooLargeForContent
from shared.upstream_errors import DeadlineExceeded

CHANGED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class Body(BytesIO):
    """A stream that counts its reads."""

    reads = 0

    def read(self, size: int | None = -1) -> bytes:
        self.reads += 1
        return super().read(size)


def answer(body: Body, length: int, **more: object) -> dict[str, object]:
    return {
        "Body": body,
        "ContentLength": length,
        "ETag": '"e"',
        "LastModified": CHANGED,
        "Metadata": {},
        **more,
    }


def test_a_bare_answer_has_s3s_defaults():
    """S3 leaves out the standard storage class and every header that the object lacks."""
    assert head_of(answer(Body(), 3)) == ObjectHead(
        size=3,
        etag='"e"',
        last_modified=CHANGED,
        content_type="binary/octet-stream",
        storage_class="STANDARD",
        version_id=None,
        content_encoding=None,
        content_language=None,
        content_disposition=None,
        cache_control=None,
        metadata={},
    )


@pytest.mark.parametrize(
    ("content_range", "size"), [("bytes 0-2/10", 10), ("bytes 0-2/*", 3), ("nonsense", 3)]
)
def test_the_size_is_that_of_the_whole_object(content_range, size):
    """Of a part, the size in the head is still the whole object's, where S3 tells it."""
    assert head_of(answer(Body(), 3, ContentRange=content_range)).size == size


@pytest.mark.parametrize("size", [0, 1, 256 * 1024, 256 * 1024 + 1, MAX_CONTENT_BYTES])
def test_the_whole_body_is_read_and_closed(size):
    """Every byte up to exactly 4,500,000 arrives, across the blocks of reading."""
    body = Body(bytes(range(256)) * (size // 256) + b"x" * (size % 256))
    content = content_of(answer(body, size))
    assert content.body == bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    assert (content.head.size, content.content_range) == (size, None)
    assert body.closed


def test_a_body_above_the_limit_is_refused_unread():
    """4,500,001 bytes are too_large_for_content with the size told; nothing is read."""
    body = Body(b"x")
    with pytest.raises(TooLargeForContent) as refusal:
        content_of(answer(body, MAX_CONTENT_BYTES + 1))
    assert (refusal.value.status, refusal.value.code) == (413, "too_large_for_content")
    assert refusal.value.members == {"size": 4_500_001, "maximum": 4_500_000}
    assert refusal.value.headers == {"X-Object-Size": "4500001"}
    assert (body.reads, body.closed) == (0, True)


def test_a_small_part_of_a_huge_object_passes():
    """The limit is on the bytes that travel, not on the object."""
    content = content_of(answer(Body(b"abc"), 3, ContentRange="bytes 0-2/5000000000"))
    assert (content.body, content.content_range) == (b"abc", "bytes 0-2/5000000000")
    assert content.head.size == 5_000_000_000


def test_a_large_part_is_told_with_the_objects_size():
    """A range above the limit is refused too, and the size told is the whole object's."""
    with pytest.raises(TooLargeForContent) as refusal:
        content_of(answer(Body(), 4_500_001, ContentRange="bytes 0-4500000/9000000"))
    assert refusal.value.members["size"] == 9_000_000


def test_reading_ends_at_the_deadline():
    """Between two blocks the deadline is looked at, and the stream is closed."""
    now = [0.0]

    class SlowBody(Body):
        def read(self, size: int | None = -1) -> bytes:
            now[0] += 4
            return super().read(size)

    body = SlowBody(b"x" * 4_000_000)
    with deadline(10, clock=lambda: now[0]), pytest.raises(DeadlineExceeded):
        content_of(answer(body, 4_000_000))
    assert body.reads == 3
    assert body.closed


def test_the_bytes_are_not_in_the_repr():
    """A person's bytes do not reach a log by way of a repr."""
    assert "hello" not in repr(content_of(answer(Body(b"hello"), 5)))

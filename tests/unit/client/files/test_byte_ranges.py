from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ResponseStreamingError

from bucketpass.errors import ChangedMeanwhile, Unreachable
from bucketpass.files import byte_ranges
from bucketpass.files.bucket_files import BucketFiles
from bucketpass.files.byte_ranges import ByteRanges
from bucketpass.files.meter import Meter, Stopped, Watch
from tests.unit.client.files.fake_s3 import FakeS3

CONTENT = bytes(range(256)) * 100


class Broken:
    """A body that ends too early: by an error, or without one."""

    def __init__(self, body, *, silently):
        self.body, self.silently, self.read_once = body, silently, False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def read(self, _size):
        if self.read_once:
            if self.silently:
                return b""
            raise ResponseStreamingError(error="reset")
        self.read_once = True
        return self.body.read(10)


class FlakyS3(FakeS3):
    """Breaks off the first answers."""

    def __init__(self, objects, breaks, *, silently=False):
        super().__init__(objects)
        self.breaks, self.silently = breaks, silently

    def get_object(self, **options):
        told = super().get_object(**options)
        if self.breaks:
            self.breaks -= 1
            return {"Body": Broken(told["Body"], silently=self.silently)}
        return told


@pytest.fixture(autouse=True)
def small_ranges(monkeypatch):
    monkeypatch.setattr(byte_ranges, "_RANGE", 1000)


@pytest.fixture
def threads():
    with ThreadPoolExecutor(4) as threads:
        yield threads


def fetch(s3, threads, start=0, watch=None):
    files = BucketFiles(s3, "a-bucket")
    return b"".join(ByteRanges(files, threads, watch or Watch(Meter()))(files.head("k"), start))


@pytest.mark.parametrize("start", [0, 1, 999, 1000, 25_599, 25_600])
def test_the_bytes_come_in_order_from_any_start(threads, start):
    """Many ranges, each of them once."""
    s3 = FakeS3({"k": CONTENT})
    watch = Watch(Meter())
    assert fetch(s3, threads, start, watch) == CONTENT[start:]
    assert watch.meter.bytes_moved == len(CONTENT) - start
    ranges = [asked for call, asked in s3.calls if call == "get"]
    assert len(ranges) == len(set(ranges)) == -(-(len(CONTENT) - start) // 1000)


def test_nothing_is_asked_for_an_empty_object(threads):
    """It has no range."""
    s3 = FakeS3({"k": b""})
    assert fetch(s3, threads) == b""
    assert [call for call, _ in s3.calls] == ["head"]


@pytest.mark.parametrize("silently", [False, True])
def test_a_connection_that_breaks_off_goes_on_where_it_ended(threads, silently):
    """Only what is missing is asked for again."""
    s3 = FlakyS3({"k": CONTENT[:1000]}, 3, silently=silently)
    assert fetch(s3, threads) == CONTENT[:1000]
    assert [asked for call, asked in s3.calls if call == "get"] == [
        "bytes=0-999",
        "bytes=10-999",
        "bytes=20-999",
        "bytes=30-999",
    ]


def test_one_that_breaks_off_again_and_again(threads):
    """Five times are enough; nothing short is given out as whole."""
    with pytest.raises(Unreachable, match="again and again"):
        fetch(FlakyS3({"k": CONTENT[:1000]}, 5), threads)


def test_an_object_that_is_replaced_meanwhile(threads):
    """No mixture of two states."""
    s3 = FakeS3({"k": CONTENT})
    files = BucketFiles(s3, "a-bucket")
    blocks = ByteRanges(files, threads, Watch(Meter()))(files.head("k"))
    next(blocks)
    s3.objects["k"] = b"other"
    with pytest.raises(ChangedMeanwhile):
        list(blocks)


def test_the_wish_to_stop(threads):
    """Ends it before the next request."""
    s3 = FakeS3({"k": CONTENT})
    watch = Watch(Meter())
    watch.stop.set()
    with pytest.raises(Stopped):
        fetch(s3, threads, watch=watch)
    assert [call for call, _ in s3.calls] == ["head"]

import hashlib
import zlib
from types import SimpleNamespace

import pytest

from bucketpass.errors import AccessDenied, Throttled
from bucketpass.files.file_facts import encoded_crc32
from bucketpass.files.multipart_upload import MultipartUpload, PartThere
from tests.unit.client.files.fake_s3 import refusal

BLOCK = b"some bytes"
CRC = encoded_crc32(zlib.crc32(BLOCK))
MD5 = hashlib.md5(BLOCK).hexdigest()  # noqa: S324 # what S3 has


@pytest.mark.parametrize(
    ("part", "holds"),
    [
        (PartThere(1, 10, "opaque", CRC), True),
        (PartThere(1, 10, MD5, None), True),
        (PartThere(1, 10, MD5, "AAAAAA=="), False),
        (PartThere(1, 10, "opaque", None), False),
        (PartThere(1, 9, MD5, CRC), False),
    ],
)
def test_a_part_is_taken_only_if_its_bytes_are_proven(part, holds):
    """A time that was set back does not make an object of two halves."""
    assert part.holds(BLOCK) is holds


class Refusing:
    def __init__(self, code):
        self.code = code

    def get_paginator(self, _name):
        return SimpleNamespace(paginate=self._pages)

    def _pages(self, **_):
        raise refusal(self.code, 400)
        yield

    def abort_multipart_upload(self, **_):
        raise refusal(self.code, 400)


@pytest.mark.parametrize("code", ["NoSuchUpload", "AccessDenied"])
def test_an_upload_that_s3_does_not_tell_of_cannot_be_resumed(code):
    """The life cycle has ended it, or it is somebody else's: another one begins."""
    assert MultipartUpload(Refusing(code), "b", "k", "id").parts_there() is None


def test_other_failures_are_no_reason_to_begin_anew():
    """What has arrived would be lost."""
    with pytest.raises(Throttled):
        MultipartUpload(Refusing("SlowDown"), "b", "k", "id").parts_there()


def test_giving_up_what_is_gone_already():
    """Is done; giving up what may not be given up is refused."""
    MultipartUpload(Refusing("NoSuchUpload"), "b", "k", "id").abort()
    with pytest.raises(AccessDenied):
        MultipartUpload(Refusing("AccessDenied"), "b", "k", "id").abort()

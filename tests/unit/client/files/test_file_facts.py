import hashlib
import os
import zlib
from datetime import datetime, timezone

import pytest

from bucketpass.files.file_facts import FileFacts, crc32_of, same_content
from bucketpass.files.object_facts import ObjectHead

CONTENT = b"123456789"
CHECK = "y/Q5Jg=="  # 0xCBF43926: the check value of CRC-32, ITU-T V.42


def head(size=9, etag="not-an-md5-1", **told):
    return ObjectHead("k", size, datetime.now(timezone.utc), etag, "", **told)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(CONTENT)
    return path


def test_the_crc_is_that_of_s3(file):
    """Of the standard's own example; asked between the blocks whether to go on."""
    asked = []
    assert crc32_of(file, lambda: asked.append(1)) == CHECK
    assert zlib.crc32(CONTENT) == 0xCBF43926
    assert asked == [1]


@pytest.mark.parametrize(
    ("told", "same"),
    [
        ({"size": 8}, False),
        ({"size": 8, "crc32": CHECK}, False),
        ({"crc32": CHECK}, True),
        ({"crc32": "AAAAAA=="}, False),
        ({"etag": hashlib.md5(CONTENT).hexdigest()}, True),  # noqa: S324 # what S3 has
        ({"etag": hashlib.md5(CONTENT).hexdigest(), "encryption": "AES256"}, True),  # noqa: S324 # see above
        ({"etag": "0" * 32}, False),
        ({"etag": "0" * 32, "encryption": "aws:kms"}, None),
        ({"etag": "0" * 32 + "-2"}, None),
        ({"etag": "0" * 32 + "-2", "crc32": CHECK}, True),
    ],
)
def test_content_is_judged_by_what_s3_keeps(file, told, same):
    """Checksum, then an ETag that is an MD5; what proves nothing is neither yes nor no."""
    assert same_content(file, head(**told)) is same


def test_a_state_of_a_file_is_size_and_time(file):
    """Either of them makes another state."""
    first = FileFacts.of(file)
    os.utime(file, ns=(1, first.mtime_ns + 1))
    assert FileFacts.of(file) != first
    assert FileFacts.of(file).size == 9

from urllib.parse import parse_qs, urlsplit

import pytest

from shared.presigner import Presigner
from shared.upload_checksum import UploadChecksum
from shared.upload_urls import ObjectPart, WholeObject, sign_part, sign_whole
from tests.unit.shared.s3_stub import BUCKET, NOW, credentials

CRC32 = UploadChecksum("CRC32", "AAAAAA==")


@pytest.fixture
def presigner(client):
    return Presigner(client, BUCKET, credentials("alice"), clock=NOW.timestamp)


def signed_headers(upload):
    query = parse_qs(urlsplit(upload.url.url).query)
    return set(query["X-Amz-SignedHeaders"][0].split(";"))


def told_headers(upload):
    return {name.lower() for name in upload.headers}


def test_a_part_asks_for_its_length_alone(s3, presigner):
    """Without a checksum the client has to know no other header, and S3 is not asked."""
    upload = sign_part(presigner, ObjectPart("a/k", "u/1+=", 7, 9), 600)
    query = parse_qs(urlsplit(upload.url.url).query)
    assert s3.requests == []
    assert (query["uploadId"], query["partNumber"]) == (["u/1+="], ["7"])
    assert upload.headers == {"Content-Length": "9"}
    assert upload.size == 9
    assert signed_headers(upload) == {"host", "content-length"}
    assert not [name for name in query if "checksum" in name.lower()]


def test_a_part_with_a_checksum_tells_its_header(presigner):
    """The value is signed, so that no other bytes are taken, and the client is told to send it."""
    upload = sign_part(presigner, ObjectPart("a/k", "u1", 1, 9, CRC32), 600)
    assert upload.headers == {"Content-Length": "9", "x-amz-checksum-crc32": "AAAAAA=="}
    assert signed_headers(upload) == {"host", *told_headers(upload)}


def test_a_whole_object_signs_all_that_it_is(presigner):
    """Length, type, metadata, checksum and condition are signed, and each is told."""
    whole = WholeObject("a/k", 0, "text/plain", {"a": "b c"}, CRC32, if_absent=True)
    upload = sign_whole(presigner, whole, 600)
    assert upload.headers == {
        "Content-Length": "0",
        "Content-Type": "text/plain",
        "x-amz-meta-a": "b c",
        "x-amz-checksum-crc32": "AAAAAA==",
        "If-None-Match": "*",
    }
    assert signed_headers(upload) == {"host", *told_headers(upload)}


def test_a_plain_object_signs_length_and_type(presigner):
    """Nothing is signed that was not asked for."""
    upload = sign_whole(presigner, WholeObject("k", 5, "text/plain", {}), 600)
    assert upload.headers == {"Content-Length": "5", "Content-Type": "text/plain"}
    assert signed_headers(upload) == {"host", "content-length", "content-type"}


def test_an_algorithm_without_a_value_signs_nothing(presigner):
    """S3 refuses a header that names an algorithm and no value."""
    whole = WholeObject("k", 5, "text/plain", {}, UploadChecksum("CRC32"))
    assert told_headers(sign_whole(presigner, whole, 60)) == {"content-length", "content-type"}

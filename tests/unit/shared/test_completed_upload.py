"""By what an object is known that an upload became."""

import hashlib

import pytest

from shared.completed_upload import ExpectedObject
from shared.copy_proof import Fingerprint
from shared.upload_checksum import UploadChecksum

PARTS = [hashlib.md5(part, usedforsecurity=False).hexdigest() for part in (b"a", b"b")]
WHOLE = hashlib.md5(b"".join(map(bytes.fromhex, PARTS)), usedforsecurity=False).hexdigest()
ETAG = f'"{WHOLE}-2"'
OTHER = f'"{"0" * 32}-2"'
CRC = UploadChecksum("CRC32", "AAAAAA==")


def found(size=15, etag=ETAG, **checksums):
    return Fingerprint(size, etag, checksums)


@pytest.mark.parametrize("quote", ["", '"'])
def test_the_parts_make_up_the_etag(quote):
    """With or without the quotes of the parts; another order, count or size is another object."""
    etags = [quote + etag + quote for etag in PARTS]
    expected = ExpectedObject(15, etags)
    assert expected.is_shown_by(found())
    for other in (found(etag=OTHER), found(size=14), found(etag=f'"{WHOLE}-3"')):
        assert not expected.is_shown_by(other)
    assert not ExpectedObject(15, etags[::-1]).is_shown_by(found())
    assert not ExpectedObject(15, etags[:1]).is_shown_by(found())


def test_etags_that_are_no_md5_show_nothing():
    """Encrypted with KMS, parts have other ones."""
    assert not ExpectedObject(15, ["e1", "e2"]).is_shown_by(found())


def test_a_checksum_of_the_whole_has_to_be_the_same():
    """Where the object has one, and the client told one."""
    expected = ExpectedObject(15, PARTS, CRC)
    assert expected.is_shown_by(found(CRC32="AAAAAA=="))
    assert expected.is_shown_by(found())
    assert not expected.is_shown_by(found(CRC32="AAAAAQ=="))
    without_value = ExpectedObject(15, PARTS, UploadChecksum("CRC32"))
    assert without_value.is_shown_by(found(CRC32="AAAAAQ=="))

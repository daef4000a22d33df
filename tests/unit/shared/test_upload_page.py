import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import InvalidCursor
from shared.upload_page import (
    PartPage,
    UnfinishedUpload,
    UploadedPart,
    UploadMarker,
    UploadPage,
    part_marker,
    part_page,
    upload_page,
)
from tests.unit.shared.s3_stub import CHANGED


def test_parts_with_what_s3_keeps_of_them():
    """Number, size, ETag and checksums; the type tells a checksum of checksums."""
    answer = {
        "IsTruncated": True,
        "NextPartNumberMarker": 2,
        "ChecksumAlgorithm": "SHA256",
        "ChecksumType": "COMPOSITE",
        "Parts": [
            {"PartNumber": 1, "Size": 5, "ETag": '"a"', "ChecksumSHA256": "c1"},
            {"PartNumber": 2, "Size": 6, "ETag": '"b"', "LastModified": CHANGED},
        ],
    }
    assert part_page(answer) == PartPage(
        parts=(
            UploadedPart(1, 5, '"a"', {"ChecksumSHA256": "c1"}),
            UploadedPart(2, 6, '"b"', {}),
        ),
        algorithm="SHA256",
        composite=True,
        next_number=2,
    )


def test_an_upload_without_parts_or_checksum():
    """Nothing there yet is an empty last page; without an algorithm nothing is composite."""
    answer = {"IsTruncated": False, "NextPartNumberMarker": 0}
    assert part_page(answer) == PartPage((), None, composite=False, next_number=None)


@pytest.mark.parametrize("encoding", ["url", None])
def test_keys_are_decoded_where_s3_encoded_them(encoding):
    """Keys and the marker as they are, whether or not S3 kept to encoding-type=url."""
    raw, sent = "a b+%\u00fc", "a+b%2B%25%C3%BC" if encoding else "a b+%\u00fc"
    answer = {
        "EncodingType": encoding,
        "IsTruncated": True,
        "NextKeyMarker": sent,
        "NextUploadIdMarker": "u2",
        "Uploads": [{"Key": sent, "UploadId": "u1", "Initiated": CHANGED}],
    }
    assert upload_page(answer) == UploadPage(
        (UnfinishedUpload(raw, "u1", CHANGED),), UploadMarker(raw, "u2")
    )


def test_the_last_page_of_uploads():
    """None means that nothing follows."""
    assert upload_page({"IsTruncated": False, "NextKeyMarker": ""}) == UploadPage((), None)


@given(st.text(), st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E)))
def test_a_marker_survives_as_a_token(key, upload_id):
    """Any key, also one with a line break, comes out as it went in."""
    marker = UploadMarker(key, upload_id)
    assert UploadMarker.from_token(marker.to_token()) == marker


@pytest.mark.parametrize("token", ["", "id-and-no-key"])
def test_another_token_is_no_marker(token):
    """A cursor made by hand is 400, not a fault."""
    with pytest.raises(InvalidCursor):
        UploadMarker.from_token(token)


@pytest.mark.parametrize("token", ["", "x", "-1", "1.0", "123456", "\u0661", " 1"])
def test_another_token_is_no_part_number(token):
    """Only what a page of parts gave goes back to S3."""
    assert part_marker("10000") == 10_000
    with pytest.raises(InvalidCursor):
        part_marker(token)

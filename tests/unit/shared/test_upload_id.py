import pytest

from shared.errors import InvalidRequest
from shared.upload_id import parse_upload_id

OF_S3 = "ibZBv_75gd9r8lH_gqXatLdxMVpAlj6ZQjEs.OwyF3953YdwbcQnMA2BLGn8Lx12fQNICtMw5KyteFeHw.Sjng--"


@pytest.mark.parametrize("text", [OF_S3, "x", "a/b+c=d&e?f", "x" * 1024])
def test_an_id_is_opaque(text):
    """Whatever visible ASCII S3 makes is the id, unchanged."""
    assert parse_upload_id(text) == text


@pytest.mark.parametrize("text", ["", "x" * 1025, "a b", "a\n", "\u00e4", "a\x00", "\ud800"])
def test_what_no_id_can_be_is_refused(text):
    """Nothing, too much, blanks, control characters and others than ASCII are 400."""
    with pytest.raises(InvalidRequest):
        parse_upload_id(text)

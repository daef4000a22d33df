import pytest

from shared.object_errors import NoSuchVersion
from shared.version_id import parse_version_id


@pytest.mark.parametrize(
    "text",
    [None, "null", "3sL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY".replace("+", "."), "A_b-c.~9", "x" * 1024],
)
def test_a_version_id_is_kept(text):
    """What S3 can have given is passed on unchanged; None stays None."""
    assert parse_version_id(text) == text


@pytest.mark.parametrize("text", ["", "a b", "a\n", "ä", "a/b", "a&acl", "x" * 1025, "\u0661"])
def test_no_version_has_another_id(text):
    """Any other text is 404 without asking S3."""
    with pytest.raises(NoSuchVersion) as error:
        parse_version_id(text)
    assert (error.value.status, error.value.code) == (404, "no_such_version")

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.copy_cursor import CopyPosition
from shared.cursor import MAX_CURSOR_CHARACTERS, Listing, make_cursor
from shared.errors import InvalidCursor
from shared.part_copy import StartedCopy

text = st.text(max_size=30)
started = st.builds(StartedCopy, text, text)
positions = st.builds(CopyPosition, st.none() | text) | st.builds(
    CopyPosition.at, st.none() | text, text, started
)


@given(positions)
def test_a_position_makes_the_round_trip(position):
    """What a cursor holds comes back as it was."""
    assert CopyPosition.from_token(position.to_token()) == position


@given(text, text, started)
def test_a_started_copy_is_that_of_its_key(key, other, begun):
    """Another key does not go on with somebody else's upload."""
    position = CopyPosition.at(None, key, begun)
    assert position.started_for(key) == begun
    assert position.started_for(other) == (begun if other == key else None)
    assert CopyPosition("after").started_for(key) is None


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "{}",
        "[]",
        "[1]",
        '["a", "u"]',
        '["a", "u", "e", 1]',
        '["a", 1, "e", "s"]',
        "null",
        '"a"',
        '{"a": 1}',
    ],
)
def test_another_token_is_refused(token):
    """What no position was made into is 400 invalid_cursor."""
    with pytest.raises(InvalidCursor):
        CopyPosition.from_token(token)


@pytest.mark.parametrize("character", ['"', "\\", "x"])
def test_the_longest_position_fits_into_a_cursor(character):
    """A key of 1,024 bytes that JSON has to escape, and an upload's id, are no cursor too long."""
    position = CopyPosition.at(character * 1024, "x" * 1024, StartedCopy("u" * 300, '"e"' * 20))
    assert len(make_cursor(position.to_token(), Listing("sub", "p"))) <= MAX_CURSOR_CHARACTERS

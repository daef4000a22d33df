import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.copy_cursor import CopyPosition
from shared.cursor import MAX_CURSOR_CHARACTERS, Listing, make_cursor
from shared.errors import InvalidCursor
from shared.part_copy import StartedCopy

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
keys = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
# What S3 answers with in a header or an element has no line break.
words = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=30)
started = st.builds(StartedCopy, words, words)
positions = st.builds(CopyPosition, st.none() | keys) | st.builds(
    CopyPosition.at, st.none() | keys, keys, started
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
        *("", "x", "{}", "[" * 2900, '["\\ud800"]', "null"),
        *("\n", "\n\n", "u\n\n\n", "\ne\n\nk", "\n\ns\nk", "u\ne\n\nk", "\ne\ns\nk"),
    ],
)
def test_another_token_is_refused(token):
    """What no position was made into is 400 invalid_cursor."""
    with pytest.raises(InvalidCursor):
        CopyPosition.from_token(token)


@pytest.mark.parametrize("character", ['"', "\\", "x", "\x01", "\n"])
def test_the_longest_position_fits_into_a_cursor(character):
    """Whatever the 1,024 bytes of a key and the upload's id are, the cursor is not too long."""
    position = CopyPosition.at(character * 1024, "x" * 1024, StartedCopy("u" * 300, '"e"' * 20))
    assert len(make_cursor(position.to_token(), Listing("sub", "p"))) <= MAX_CURSOR_CHARACTERS

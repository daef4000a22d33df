import base64
import dataclasses

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.cursor import MAX_CURSOR_CHARACTERS, Listing, continuation_token, make_cursor
from shared.errors import InvalidCursor

ALICE = Listing(sub="alice-sub", prefix="home/a/", delimiter="/", start_after="home/a/k")
TOKEN = "1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM="

text = st.text(max_size=20)
maybe = st.none() | text
listings = st.builds(Listing, text, text, maybe, maybe)
tokens = st.text(st.characters(min_codepoint=0x20, exclude_categories=("Cs",)), max_size=200)


@given(tokens, listings)
def test_a_cursor_gives_its_token_back_to_its_own_listing(token, listing):
    """Any token and listing round-trip through URL-safe text."""
    cursor = make_cursor(token, listing)
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert cursor.isascii()
    assert continuation_token(cursor, listing) == token


@given(tokens, listings, listings)
def test_a_cursor_of_another_caller_or_listing_is_refused(token, listing, other):
    """Two listings that differ in anything do not take each other's cursors."""
    assume(listing != other)
    with pytest.raises(InvalidCursor):
        continuation_token(make_cursor(token, listing), other)


@pytest.mark.parametrize(
    "change",
    [
        {"sub": "bob-sub"},
        {"prefix": "home/b/"},
        {"prefix": "home/a"},
        {"delimiter": None},
        {"delimiter": ""},
        {"start_after": None},
        {"start_after": "home/a/l"},
        # The same texts glued together differently.
        {"sub": "alice-subhome", "prefix": "/a/"},
        {"delimiter": "/home/a/k", "start_after": ""},
        {"delimiter": None, "start_after": "/home/a/k"},
    ],
)
def test_each_part_of_the_listing_binds(change):
    """Sub, prefix, delimiter and start each make a cursor foreign, and None is not empty text."""
    cursor = make_cursor(TOKEN, ALICE)
    with pytest.raises(InvalidCursor) as refusal:
        continuation_token(cursor, dataclasses.replace(ALICE, **change))
    assert (refusal.value.status, refusal.value.code) == (400, "invalid_cursor")


@given(st.data())
def test_a_changed_character_is_refused(data):
    """No single changed, lost or added character leaves a valid cursor."""
    cursor = make_cursor(TOKEN, ALICE)
    place = data.draw(st.integers(0, len(cursor) - 1))
    character = data.draw(st.characters(max_codepoint=0x17F))
    change = data.draw(st.sampled_from(["replace", "insert", "remove"]))
    rest = cursor[place:] if change == "insert" else cursor[place + 1 :]
    damaged = cursor[:place] + ("" if change == "remove" else character) + rest
    assume(damaged != cursor)
    with pytest.raises(InvalidCursor):
        continuation_token(damaged, ALICE)


@given(st.text(st.characters(exclude_categories=()), max_size=100))
def test_any_other_text_is_refused(anything):
    """Whatever is sent as a cursor, the answer is invalid_cursor and no other error."""
    with pytest.raises(InvalidCursor):
        continuation_token(anything, ALICE)


@given(st.binary(max_size=100))
def test_well_spelt_nonsense_is_refused(content):
    """Right base64url around wrong bytes is refused too."""
    cursor = base64.urlsafe_b64encode(b"\x01" + content).rstrip(b"=").decode()
    with pytest.raises(InvalidCursor):
        continuation_token(cursor, ALICE)


def test_another_spelling_of_a_valid_cursor_is_refused():
    """Padding, standard base64 and stray bits of the last character are damage."""
    token = next(
        t for t in (TOKEN + "x" * n for n in range(3)) if len(make_cursor(t, ALICE)) % 4 == 2
    )
    cursor = make_cursor(token, ALICE)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    sibling = cursor[:-1] + alphabet[alphabet.index(cursor[-1]) + 1]
    for other in (cursor + "==", cursor + "=", sibling, " " + cursor, cursor + "\n"):
        with pytest.raises(InvalidCursor):
            continuation_token(other, ALICE)


def test_another_version_is_refused():
    """The first byte is the version: a cursor of an unknown one is not guessed at."""
    content = base64.urlsafe_b64decode(make_cursor(TOKEN, ALICE) + "==")
    cursor = base64.urlsafe_b64encode(b"\x02" + content[1:]).rstrip(b"=").decode()
    with pytest.raises(InvalidCursor, match="version"):
        continuation_token(cursor, ALICE)


def test_the_length_is_bounded():
    """A token of 3,000 bytes fits; more than 4,096 characters are refused even if well made."""
    assert continuation_token(make_cursor("t" * 3000, ALICE), ALICE) == "t" * 3000
    long = make_cursor("t" * 3100, ALICE)
    assert len(long) > MAX_CURSOR_CHARACTERS
    with pytest.raises(InvalidCursor, match="characters"):
        continuation_token(long, ALICE)


def test_a_cursor_does_not_show_whom_it_belongs_to():
    """Sub and prefix enter the digest alone."""
    content = base64.urlsafe_b64decode(make_cursor(TOKEN, ALICE) + "==")
    assert b"alice" not in content
    assert b"home/a" not in content

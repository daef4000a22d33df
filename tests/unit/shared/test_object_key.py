import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import InvalidKey
from shared.object_key import (
    MAX_KEY_BYTES,
    expand_home,
    expand_home_prefix,
    home_of,
    parse_key,
    parse_prefix,
)

HOME = "home/eu-central-1:0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0/"

ALLOWED = [
    "a",
    "a/b/c.txt",
    "a//b",
    "a/",
    "...",
    "a/.hidden/..twice/b..",
    "a b+c%2Fd%252e?e=f&g#h",
    "back\\slash",
    "<script>]]>&amp;\"'",
    "caf\u00e9",
    "cafe\u0301",
    "\u202eright to left",
    "zero\u200bwidth",
    "\U0001f600",
    "\U0001fffe",
    "\ufffd\ue000\ud7ff",
    "home/me",
    "x" * 1024,
    "\u00e9" * 512,
]
FORBIDDEN = [*range(0x20), *range(0x7F, 0xA0), 0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xFFFE, 0xFFFF]
REFUSED = [
    ("/", 'does not start with "/"'),
    ("/a", 'does not start with "/"'),
    ("//a", 'does not start with "/"'),
    (".", 'no segment "." or ".."'),
    ("..", 'no segment "." or ".."'),
    ("./a", 'no segment "." or ".."'),
    ("../a", 'no segment "." or ".."'),
    ("a/./b", 'no segment "." or ".."'),
    ("a/../b", 'no segment "." or ".."'),
    ("a/..", 'no segment "." or ".."'),
    ("home/me/../other/b", 'no segment "." or ".."'),
    ("x" * 1025, "at most 1,024 bytes of UTF-8"),
    ("\u00e9" * 512 + "x", "at most 1,024 bytes of UTF-8"),
    ("\U0001f600" * 257, "at most 1,024 bytes of UTF-8"),
]

# As a key they end in a dot segment; as a prefix they are beginnings, such as that of "a/..b".
BEGINNINGS = [".", "..", "a/.."]

any_text = st.text(st.characters(exclude_categories=()), max_size=40)
rough_text = st.text("./\\ae\u0301\u00e9\x00\n\x7f\x85\ud800\ufffe ", max_size=12)


@pytest.mark.parametrize("parse", [parse_key, parse_prefix])
@pytest.mark.parametrize("text", ALLOWED)
def test_an_allowed_key_or_prefix_comes_back_unchanged(parse, text):
    """Whatever no rule forbids is the key itself: nothing is normalised or decoded."""
    assert parse(text) == text


@pytest.mark.parametrize(
    ("parse", "text", "rule"),
    [(parse_key, *refused) for refused in REFUSED]
    + [(parse_prefix, *refused) for refused in REFUSED if refused[0] not in BEGINNINGS],
)
def test_a_refusal_names_the_broken_rule(parse, text, rule):
    """A leading slash, a dot segment and too many bytes are invalid_key, each with its rule."""
    with pytest.raises(InvalidKey) as refusal:
        parse(text)
    assert (refusal.value.code, refusal.value.status) == ("invalid_key", 400)
    assert rule in refusal.value.detail


@pytest.mark.parametrize("text", [*BEGINNINGS, "home/me/.", "home/me/..", "a/.b", "a/..b"])
def test_a_prefix_may_end_in_the_beginning_of_a_dotted_name(text):
    """Names that begin with a dot can be searched for; a slash behind it makes it a segment."""
    assert parse_prefix(text) == text
    assert expand_home_prefix(text, HOME).endswith(text.removeprefix("home/me/"))
    if text.rpartition("/")[2] in (".", ".."):
        with pytest.raises(InvalidKey):
            parse_prefix(f"{text}/")


@pytest.mark.parametrize("parse", [parse_key, parse_prefix])
@pytest.mark.parametrize("code_point", FORBIDDEN, ids="U+{:04X}".format)
def test_a_forbidden_character_is_named_and_not_echoed(parse, code_point):
    """Control characters, surrogates and what XML cannot carry are refused by code point."""
    with pytest.raises(InvalidKey) as refusal:
        parse(f"a{chr(code_point)}b")
    assert f"U+{code_point:04X}" in refusal.value.detail
    assert refusal.value.detail.isprintable()
    assert refusal.value.reason.isprintable()


def test_a_key_is_not_empty_but_a_prefix_may_be():
    """The empty key is invalid_key; the empty prefix is the whole bucket."""
    with pytest.raises(InvalidKey, match="empty key") as refusal:
        parse_key("")
    assert refusal.value.detail == "An object key is not empty."
    assert parse_prefix("") == ""


@pytest.mark.parametrize(
    ("text", "key", "prefix"),
    [
        ("home/me/a", HOME + "a", HOME + "a"),
        ("home/me/", HOME, HOME),
        ("home/me//a", HOME + "/a", HOME + "/a"),
        ("home/me/home/me/a", HOME + "home/me/a", HOME + "home/me/a"),
        ("home/me", "home/me", HOME),
        ("home/me2/a", "home/me2/a", "home/me2/a"),
        ("home/meal", "home/meal", "home/meal"),
        ("home/ME/a", "home/ME/a", "home/ME/a"),
        ("a/home/me/b", "a/home/me/b", "a/home/me/b"),
        ("home/m", "home/m", "home/m"),
        ("home/", "home/", "home/"),
        ("shared/a", "shared/a", "shared/a"),
        ("", "", ""),
    ],
)
def test_home_me_stands_for_the_own_folder_at_the_start_only(text, key, prefix):
    """`home/me/` is the own folder as the exact leading text and nowhere else."""
    assert expand_home(text, HOME) == key
    assert expand_home_prefix(text, HOME) == prefix


@pytest.mark.parametrize("expand", [expand_home, expand_home_prefix])
def test_the_limit_holds_for_the_real_key(expand):
    """1,024 bytes are counted with the own folder's real name."""
    room = MAX_KEY_BYTES - len(HOME)
    assert len(expand("home/me/" + "x" * room, HOME)) == MAX_KEY_BYTES
    with pytest.raises(InvalidKey) as refusal:
        expand("home/me/" + "x" * (room + 1), HOME)
    assert "1,024 bytes" in refusal.value.detail


@pytest.mark.parametrize("expand", [expand_home, expand_home_prefix])
@pytest.mark.parametrize("rest", ["../other", "\ud800", "a\n", "./"])
def test_expanding_first_opens_no_way_around_the_rules(expand, rest):
    """A text that was not parsed before meets the same rules once it names the own folder."""
    with pytest.raises(InvalidKey):
        expand("home/me/" + rest, HOME)


def obeys(text: str) -> bool:
    """The rules once more, character by character, written independently of the module."""
    return (
        not text.startswith("/")
        and all(segment not in (".", "..") for segment in text.split("/"))
        and all(unicodedata.category(c) not in ("Cc", "Cs") for c in text)
        and "\ufffe" not in text
        and "\uffff" not in text
        and len(text.encode("utf-8", "surrogatepass")) <= 1024
    )


@given(any_text | rough_text)
def test_a_key_is_returned_unchanged_exactly_if_it_obeys_every_rule(text):
    """For any text: the key itself, or InvalidKey with a printable detail; never another error."""
    if text and obeys(text):
        assert parse_key(text) == text
    else:
        with pytest.raises(InvalidKey) as refusal:
            parse_key(text)
        assert refusal.value.detail.isprintable()


@given(any_text | rough_text)
def test_what_names_the_own_folder_ends_up_in_it(text):
    """A key below `home/me/` is below the caller's real folder, with the rest untouched."""
    if obeys(HOME + text):
        assert expand_home(parse_key("home/me/" + text), HOME) == HOME + text
    else:
        with pytest.raises(InvalidKey):
            expand_home(parse_key("home/me/" + text), HOME)


def test_the_home_of_an_identity():
    """The folder is named by the whole identity id and ends in a slash."""
    assert home_of("eu-central-1:0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0") == HOME

import re
from email.message import Message
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.content_disposition import content_disposition, file_name

# The grammar, read by an independent hand: RFC 6266, section 4.1; quoted-string of RFC 9110,
# section 5.6.4, without obs-text; ext-value of RFC 8187, section 3.2.1.
HEADER = re.compile(
    r'(?P<type>attachment|inline); filename="(?P<quoted>(?:[ !#-\[\]-~]|\\[ -~])*)"; '
    r"filename\*=UTF-8''(?P<extended>(?:[A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-F]{2})+)"
)
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

any_text = st.text(st.characters(exclude_categories=()), max_size=30)
rough_text = st.text("\"\\;%4a/\r\n\x00'=\u202e\u200e\ud800. \u00e4", max_size=12)


def parsed(value: str) -> tuple[str, str, str]:
    """Disposition type, ASCII file name and extended file name of a header."""
    found = HEADER.fullmatch(value)
    assert found, value
    ascii_name = re.sub(r"\\(.)", r"\1", found["quoted"])
    return found["type"], ascii_name, unquote(found["extended"], errors="strict")


@pytest.mark.parametrize(
    ("name", "ascii_name", "extended"),
    [
        ("report.pdf", "report.pdf", "report.pdf"),
        ("n\u00e4me.txt", "n_me.txt", "n\u00e4me.txt"),
        ("na\u0308me.txt", "na_me.txt", "na\u0308me.txt"),
        ("\u6587\u66f8.pdf", "__.pdf", "\u6587\u66f8.pdf"),
        ('quo"te.txt', 'quo"te.txt', 'quo"te.txt'),
        ("back\\slash", "back\\slash", "back\\slash"),
        ('x"; filename="evil.exe', 'x"; filename="evil.exe', 'x"; filename="evil.exe'),
        ("100%41.txt", "100_41.txt", "100%41.txt"),
        ("100% sure", "100% sure", "100% sure"),
        ("a\r\nSet-Cookie: b=c", "aSet-Cookie: b=c", "aSet-Cookie: b=c"),
        ("nul\x00tab\tdel\x7fc1\x85", "nultabdelc1", "nultabdelc1"),
        ("lone\ud800", "lone", "lone"),
        ("photo_\u202egpj.exe", "photo_gpj.exe", "photo_gpj.exe"),
        ("\u05e9\u200f.txt", "_.txt", "\u05e9\u200f.txt"),
        ("../../etc/passwd", ".._.._etc_passwd", ".._.._etc_passwd"),
        ("", "download", "download"),
        (" ", "download", "download"),
        ("..", "download", "download"),
        ("\r\n", "download", "download"),
        ("\u200e\u202e", "download", "download"),
    ],
)
def test_a_name_is_told_in_both_forms(name, ascii_name, extended):
    """The ASCII form is a safe stand-in, the extended form is the name itself."""
    assert parsed(content_disposition(name)) == ("attachment", ascii_name, extended)


def test_the_header_is_written_as_the_specifications_show_it():
    """One value in full, so that the form itself is pinned."""
    assert content_disposition('n\u00e4 "1".txt', "inline") == (
        'inline; filename="n_ \\"1\\".txt"; filename*=UTF-8\'\'n%C3%A4%20%221%22.txt'
    )


@given(any_text | rough_text)
@example(BIDI)
def test_any_text_gives_one_well_formed_header(name):
    """No text breaks out of the header: printable ASCII, the exact grammar, no text reordered."""
    value = content_disposition(name)
    assert value.isascii()
    assert value.isprintable()
    _, ascii_name, extended = parsed(value)
    assert ascii_name
    assert not set(BIDI) & set(ascii_name)
    assert not set(BIDI[3:]) & set(extended)
    assert not re.search("%[0-9A-Fa-f]{2}", ascii_name)


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Cf")), min_size=1, max_size=30))
def test_an_ordinary_name_round_trips_exactly(name):
    """Nothing but controls and slashes changes a name, whatever its script or normal form."""
    expected = name.replace("/", "_")
    if expected.strip(". "):
        assert parsed(content_disposition(name))[2] == expected


@given(st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=1, max_size=20))
def test_the_standard_library_reads_the_same_name(name):
    """A parser that is not ours finds the extended name (it trims the blanks at its ends)."""
    value = content_disposition(name)
    kind, _, parameters = value.partition("; ")
    message = Message()
    message["Content-Disposition"] = f"{kind}; {parameters[parameters.rindex('filename*') :]}"
    assert message.get_content_disposition() == "attachment"
    assert message.get_filename() == parsed(value)[2].strip()


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("a/b/c.txt", "c.txt"),
        ("c.txt", "c.txt"),
        ("a/b/", "b"),
        ("a//", "a"),
        ("a/n\u00e4me", "n\u00e4me"),
        ("", "download"),
        ("/", "download"),
    ],
)
def test_a_file_is_named_after_the_last_segment_of_its_key(key, name):
    """The file name is the last segment that is not empty."""
    assert file_name(key) == name

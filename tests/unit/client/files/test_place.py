from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bucketpass.errors import InvalidPlace
from bucketpass.files.place import LocalPlace, RemotePlace, place, remote_place


@dataclass(frozen=True)
class Person:
    home: str = "home/eu-west-1:1/"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("home:", "home/eu-west-1:1/"),
        ("home:a.txt", "home/eu-west-1:1/a.txt"),
        ("home:notes/", "home/eu-west-1:1/notes/"),
        ("home:home:x", "home/eu-west-1:1/home:x"),
        ("home: a", "home/eu-west-1:1/ a"),
        ("home:..x", "home/eu-west-1:1/..x"),
        ("group:editors", "groups/editors/"),
        ("group:editors/", "groups/editors/"),
        ("group:editors/a/b", "groups/editors/a/b"),
        ("shared:", "shared/"),
        ("shared:a", "shared/a"),
        ("key:", ""),
        ("key:a/../b", "a/../b"),
        ("key:home:x", "home:x"),
        ("key:/a//b", "/a//b"),
    ],
)
def test_a_rooted_place_is_one_of_the_bucket_everywhere(text, key):
    """In the commands that take both sides, and in those that take keys alone."""
    assert place(text) == remote_place(text)
    assert remote_place(text).key(Person()) == key


@pytest.mark.parametrize(
    "text", ["a.txt", "./home:x", "/home:/x", "C:\\a", "HOME:x", "hoem:x", "shared", "home", ".."]
)
def test_what_has_no_root_is_a_path_here_and_a_plain_key_there(text):
    """A file whose name looks like a place is reached by ./."""
    assert place(text) == LocalPlace(Path(text))
    assert remote_place(text).key(Person()) == text


@pytest.mark.parametrize(
    "text",
    [
        "home:..",
        "home:../x",
        "home:a/../b",
        "home:./a",
        "home:/a",
        "shared:..",
        "shared:a/.",
        "group:",
        "group:/x",
        "group:..",
        "group:../x",
        "group:a/../b",
        "s3://bucket/key",
    ],
)
def test_a_place_does_not_lead_out_of_its_root(text):
    """Not even where S3 itself would take it for an odd name."""
    with pytest.raises(InvalidPlace):
        place(text)
    with pytest.raises(InvalidPlace):
        remote_place(text)


@pytest.mark.parametrize("text", ["", "a\0b"])
def test_what_no_system_takes_for_a_path(text):
    """Refused before anything is opened."""
    with pytest.raises(InvalidPlace):
        place(text)


@pytest.mark.parametrize(
    ("text", "is_folder", "is_root", "name"),
    [
        ("home:", True, True, ""),
        ("home:a", False, False, "a"),
        ("home:a/", True, False, "a"),
        ("home:a/b", False, False, "b"),
        ("group:x", True, True, "x"),
        ("group:x/a/", True, False, "a"),
        ("key:", True, True, ""),
        ("key:a", False, False, "a"),
    ],
)
def test_folders_and_names(text, is_folder, is_root, name):
    """A slash at the end makes a folder; the top of a root is there even when it is empty."""
    found = remote_place(text)
    assert (found.is_folder, found.is_root, found.name) == (is_folder, is_root, name)
    assert found.folder().is_folder
    assert str(found) == (text if text != "group:x" else "group:x/")


def test_a_key_has_1024_bytes_at_most():
    """Counted in UTF-8, with the prefix of the root."""
    assert RemotePlace("key", "ü" * 512).key(Person())
    with pytest.raises(InvalidPlace, match="1025 bytes"):
        RemotePlace("key", "ü" * 512 + "x").key(Person())
    with pytest.raises(InvalidPlace):
        RemotePlace("home", "x" * 1024).key(Person())


def test_a_name_that_is_not_utf_8_is_no_key():
    """As file names may be on POSIX."""
    with pytest.raises(InvalidPlace, match="UTF-8"):
        remote_place("home:\udcff").key(Person())


@given(st.text(max_size=60))
def test_home_is_never_left(rest):
    """Whatever follows home: is below the own folder by every reading of the key, or refused."""
    try:
        key = remote_place(f"home:{rest}").key(Person())
    except InvalidPlace:
        return
    assert key.startswith(Person.home)
    assert not {".", ".."} & set(key.split("/"))

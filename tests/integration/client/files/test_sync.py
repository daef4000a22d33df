"""`sync` in both directions."""

import os
import time

import pytest

from tests.integration.client.ended import ended


@pytest.fixture
def here(alice):
    (alice.home / "d" / "sub").mkdir(parents=True)
    for name in ("a", "b", "sub/c"):
        (alice.home / "d" / name).write_text(name)
    return alice.home / "d"


def files(folder):
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def planned(machine, *arguments):
    return [
        line.split(" to ")[0] for line in machine.done("sync", "--dry-run", *arguments).splitlines()
    ]


def test_up(alice, bucket, here):
    """What is missing or changed is sent, and only that; a dry run sends nothing."""
    assert planned(alice, "d", "home:s") == ["copy d/a", "copy d/b", "copy d/sub/c"]
    assert bucket.names("s/") == []
    alice.done("sync", "d", "home:s")
    assert bucket.names("s/") == ["a", "b", "sub/c"]
    assert "Nothing to do." in alice.run("sync", "d", "home:s/").stderr
    (here / "a").write_text("another size")
    (here / "b").write_text("B")  # the same size, but newer than the object
    os.utime(here / "b", (time.time() + 5,) * 2)
    os.utime(here / "sub" / "c", (time.time() + 5,) * 2)  # newer, with the same content
    assert planned(alice, "d", "home:s") == ["copy d/a", "copy d/b"]
    alice.done("sync", "d", "home:s")
    assert (bucket.body("s/a"), bucket.body("s/b")) == (b"another size", b"B")


def test_contents_decide_where_asked(alice, bucket, here):
    """A file of the same size that is older than its object is taken for the same without."""
    alice.done("sync", "d", "home:s")
    (here / "a").write_text("A")
    os.utime(here / "a", (1, 1))
    assert planned(alice, "d", "home:s") == []
    assert planned(alice, "--checksum", "d", "home:s") == ["copy d/a"]


def test_down(alice, bucket, here):
    """The same the other way; a file that came down is known by its time."""
    for name in ("a", "new/x"):
        bucket.put(f"s/{name}", b"of the bucket")
    alice.done("sync", "home:s", "d")
    assert files(here) == ["a", "b", "new/x", "sub/c"]
    assert (here / "a").read_text() == "of the bucket"
    assert "Nothing to do." in alice.run("sync", "home:s", "d").stderr
    (here / "a").write_text("changed here.")
    assert planned(alice, "home:s", "d") == [f"copy key:{bucket.homes['alice']}s/a"]
    alice.done("sync", "home:s", "d")
    assert (here / "a").read_text() == "of the bucket"
    alice.done("sync", "home:s", "elsewhere")
    assert files(alice.home / "elsewhere") == ["a", "new/x"]


def test_there_and_back_is_nothing_to_do(alice, bucket, here):
    """In either direction, from either side."""
    alice.done("sync", "d", "home:s")
    alice.done("sync", "home:s", "e")
    for pair in (("d", "home:s"), ("home:s", "d"), ("e", "home:s"), ("home:s", "e")):
        assert planned(alice, *pair) == [], pair
    assert files(alice.home / "e") == files(here)


def test_deleting_what_is_left_over(alice, bucket, here):
    """Only if asked for, and only after a yes; the dry run names it."""
    for name in ("a", "gone", "sub/gone"):
        bucket.put(f"s/{name}", b"a")
    bucket.put("sibling/kept")
    alice.done("sync", "d", "home:s")
    assert bucket.names("s/") == ["a", "b", "gone", "sub/c", "sub/gone"]
    told = planned(alice, "--delete", "d", "home:s")
    assert told == [f"delete {bucket.homes['alice']}s/{name}" for name in ("gone", "sub/gone")]
    assert alice.run("sync", "--delete", "d", "home:s").returncode == 2
    assert "gone" in bucket.names("s/")
    alice.done("sync", "--delete", "--yes", "d", "home:s")
    assert bucket.names("s/") == ["a", "b", "sub/c"]
    assert bucket.names("sibling/") == ["kept"]

    (here / "mine").write_text("only here")
    (alice.home / "outside").write_text("outside")
    (here / "link").symlink_to(alice.home / "outside")
    assert planned(alice, "--delete", "home:s", "d") == ["delete d/link", "delete d/mine"]
    terminal = alice.terminal_there("sync", "--delete", "home:s", "d")
    terminal.expect("Remove these 2, which only the target has?")
    terminal.sendline("y")
    terminal.expect("Removed 2 from d.")
    assert files(here) == ["a", "b", "sub/c"]
    assert (alice.home / "outside").exists()


@pytest.mark.parametrize("source", ["home:typo", "home:typo/", "key:home/typo"])
def test_a_source_that_is_not_there_empties_no_folder(alice, bucket, here, source):
    """Neither side's: with and without --delete it is an error, and everything stays."""
    bucket.put("typo2/near")
    pair = (source.replace("key:home/", f"key:{bucket.homes['alice']}"), "d")
    for arguments in (pair, ("--delete", "-y", *pair), ("--dry-run", *pair)):
        result = alice.run("sync", *arguments)
        assert (result.returncode, result.stdout) == (19, ""), arguments
    assert "There is nothing in " in result.stderr
    assert files(here) == ["a", "b", "sub/c"]
    bucket.put("s/kept")
    assert alice.run("sync", "--delete", "-y", "typo", "home:s").returncode == 19
    assert bucket.names("s/") == ["kept"]


def test_an_empty_folder_is_a_source(alice, bucket, here):
    """Its marker proves that it is there."""
    bucket.put("empty/", b"")
    alice.done("sync", "--delete", "-y", "home:empty", "d")
    assert files(here) == []


def test_saying_no_changes_nothing(alice, bucket, here):
    """It is no interruption, and has its own words."""
    bucket.put("s/kept")
    terminal = alice.terminal_there("sync", "--delete", "d", "home:s")
    terminal.expect("which only the target has?")
    terminal.sendline("n")
    terminal.expect("Nothing was removed, and nothing copied.")
    assert ended(terminal) == 1
    assert bucket.names("s/") == ["kept"]


def test_nothing_is_deleted_after_a_failure(alice, bucket, here):
    """What could not be copied may be what is left over under another name."""
    bucket.put("s/left")
    (here / "a").unlink()
    (here / ("x" * 100)).write_text("x")
    long = "/".join(["y" * 200] * 4) + "/" + "z" * 100
    bucket.put(f"{long}/left")
    result = alice.run("sync", "--delete", "--yes", "d", f"home:{long}")
    assert result.returncode == 20, result.stderr
    assert "left" in bucket.names(f"{long}/")


@pytest.mark.parametrize(
    ("pair", "status"),
    [
        (("d", "e"), 20),
        (("home:a", "home:b"), 20),
        (("none", "home:"), 19),
        (("home:", "d/a"), 20),
    ],
)
def test_what_is_no_pair(alice, here, pair, status):
    """One folder here and one in the bucket."""
    assert alice.run("sync", *pair).returncode == status

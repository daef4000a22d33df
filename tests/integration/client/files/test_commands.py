"""Each command about files, against the deployed stack, as alice and as those who may not."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from bucketpass.cli.words import printable
from tests.integration.client.ended import ended
from tests.integration.odd_names import HOSTILE_NAMES

ON_THIS_MACHINE = [
    *(name for name in HOSTILE_NAMES if not name.endswith("/") and "//" not in name),
    "a\rb\nc",
    "\x01\x1b[2J",
]
XML_BREAKERS = ["a+b %41&?#.txt", "\x01"]


def test_listing(alice, bucket):
    """Folders and objects, long, recursive, as JSON; the own folder where none is named."""
    bucket.put("ls/a.txt", b"12345")
    bucket.put("ls/sub/b.txt")
    assert {"hello.txt", "ls/", "notes/"} <= set(alice.done("ls").splitlines())
    assert alice.done("ls", "home:ls").splitlines() == ["sub/", "a.txt"]
    assert alice.done("ls", "-r", "home:ls/").splitlines() == ["a.txt", "sub/b.txt"]
    assert alice.done("ls", "home:ls/a.txt") == "a.txt\n"
    _, line = alice.done("ls", "-l", "home:ls").splitlines()
    assert line.split()[0] == "5"
    assert line.split()[2] == "a.txt"
    folder, entry = map(json.loads, alice.done("ls", "--json", "home:ls").splitlines())
    assert folder == {"prefix": f"{bucket.homes['alice']}ls/sub/"}
    assert (entry["key"], entry["size"]) == (f"{bucket.homes['alice']}ls/a.txt", 5)
    assert "handbook.txt" in alice.done("ls", "shared:")
    assert alice.done("ls", "shared:") == alice.done("ls", "shared")


def test_tree(alice, bucket):
    """All that is below."""
    bucket.put("tree/a")
    bucket.put("tree/b/c")
    assert alice.done("tree", "home:tree").splitlines() == [
        "home:tree",
        "├── a",
        "└── b/",
        "    └── c",
    ]


def test_names_do_not_move_the_terminal(alice, bucket):
    """Escaped in every listing; JSON has them exactly."""
    name = "odd/\x1b[2J\u202e.txt"
    bucket.put(name)
    for command in (("ls", "home:odd"), ("ls", "-l", "home:odd"), ("tree", "home:odd")):
        told = alice.done(*command)
        assert "\\x1b[2J\\u202e.txt" in told
        assert "\x1b" not in told
    told = alice.done("ls", "--json", "home:odd")
    assert told.isascii()
    assert json.loads(told)["key"].endswith(name)
    assert "\x1b" not in alice.run("cp", f"home:{name}", "home:odd/").stderr


def test_odd_names_survive_every_command(alice, bucket):
    """Up, listed, read, moved, down again under exactly themselves, and removed."""
    for name in ON_THIS_MACHINE:
        (path := alice.home / "up" / name).parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"content of {name}\n")
    alice.done("cp", "-r", "up/", "home:names/")
    assert set(bucket.names("names/")) == set(ON_THIS_MACHINE)
    listed = map(json.loads, alice.done("ls", "-r", "--json", "home:names/").splitlines())
    assert [entry["key"] for entry in listed] == bucket.keys(f"{bucket.homes['alice']}names/")
    shown = alice.done("ls", "-r", "home:names/").splitlines()
    assert sorted(shown) == sorted(map(printable, ON_THIS_MACHINE))
    told = alice.done("cat", *(f"home:names/{name}" for name in ON_THIS_MACHINE))
    assert told == "".join(f"content of {name}\n" for name in ON_THIS_MACHINE)
    alice.done("mv", "-r", "home:names/", "home:moved/")
    assert (bucket.names("names/"), set(bucket.names("moved/"))) == ([], set(ON_THIS_MACHINE))
    bucket.put("moved/double//slash")
    assert alice.run("cp", "-r", "home:moved/", "down").returncode == 21
    found = {path.relative_to(alice.home / "down") for path in (alice.home / "down").rglob("*")}
    assert set(map(Path, ON_THIS_MACHINE)) <= found
    for name in ON_THIS_MACHINE:
        assert (alice.home / "down" / name).read_bytes() == f"content of {name}\n".encode()
    alice.done("mv", "home:moved/double//slash", "home:moved/ one")
    alice.done("rm", *(f"home:moved/{name}" for name in [*ON_THIS_MACHINE, " one"]))
    assert bucket.names("moved/") == []


@pytest.mark.parametrize("name", ["plain", *XML_BREAKERS], ids=ascii)
def test_one_odd_name_as_both_source_and_target(alice, bucket, name):
    """Named exactly on the command line."""
    (alice.home / "source").write_text("it")
    alice.done("cp", "source", f"home:one/{name}")
    alice.done("cp", f"home:one/{name}", f"home:two/{name}")
    assert bucket.names("two/") == [name]
    alice.done("mv", f"home:two/{name}", f"./{name}")
    assert (alice.home / name).read_text() == "it"


def test_copying_both_ways_and_within(alice, bucket):
    """With the content's type by its name, and the object's own time on the way down."""
    (alice.home / "page.html").write_text("<p>")
    alice.done("cp", "page.html", "home:up/")
    told = json.loads(alice.done("stat", "--json", "home:up/page.html"))
    assert told["contentType"] == "text/html"
    assert told["crc32"] is not None
    alice.done("cp", "home:up/page.html", "home:up/copy.html")
    assert bucket.body("up/copy.html") == b"<p>"
    alice.done("cp", "home:up/copy.html", "new/")
    down = alice.home / "new" / "copy.html"
    assert down.read_text() == "<p>"
    copied = json.loads(alice.done("stat", "--json", "home:up/copy.html"))
    moment = datetime.strptime(copied["modified"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert down.stat().st_mtime == moment.timestamp()
    assert [path.name for path in down.parent.iterdir()] == ["copy.html"]


def test_folders_both_ways(alice, bucket):
    """Contents or the folder itself, an empty file too; a dry run changes nothing."""
    (alice.home / "d" / "e").mkdir(parents=True)
    (alice.home / "d" / "e" / "f").write_text("f")
    (alice.home / "d" / "empty").touch()
    planned = alice.done("cp", "-r", "--dry-run", "d", "home:up/").splitlines()
    assert planned[0] == f"copy d/empty to key:{bucket.homes['alice']}up/d/empty"
    assert bucket.names("up/") == []
    alice.done("cp", "-r", "d", "home:up/")
    assert bucket.names("up/") == ["d/e/f", "d/empty"]
    alice.done("cp", "-r", "home:up/d/", "again")
    assert (alice.home / "again" / "e" / "f").read_text() == "f"
    assert (alice.home / "again" / "empty").read_bytes() == b""
    alice.done("mv", "-r", "home:up/d/", "home:moved/")
    assert (bucket.names("up/"), bucket.names("moved/")) == ([], ["e/f", "empty"])
    alice.done("mv", "-r", "again", "home:back/")
    assert bucket.names("back/") == ["again/e/f", "again/empty"]
    assert not [path for path in (alice.home / "again").rglob("*") if path.is_file()]
    alice.done("mv", "home:moved/e/f", ".")
    assert (alice.home / "f").read_text() == "f"
    assert bucket.names("moved/") == ["empty"]


def test_no_name_leads_out_of_the_target(alice, bucket):
    """Refused with its own status; the other files still come."""
    evil = ["../../../outside", "a/../../outside", "//outside", "/abs", "a//b", ".", "x/.."]
    for name in evil:
        bucket.put(f"evil/{name}")
    bucket.put("evil/good")
    result = alice.run("cp", "-r", "home:evil/", "in/here")
    assert result.returncode == 21, result.stderr
    assert f"{len(evil)} of {len(evil) + 1} files failed." in result.stderr
    assert [path.name for path in (alice.home / "in").rglob("*") if path.is_file()] == ["good"]
    assert not list(alice.home.rglob("outside"))


def test_no_link_in_the_target_is_followed(alice, bucket):
    """Not even one to a file that is to be replaced."""
    bucket.put("links/there/a")
    (alice.home / "outside").mkdir()
    (alice.home / "in").mkdir()
    (alice.home / "in" / "there").symlink_to(alice.home / "outside")
    assert alice.run("cp", "-r", "home:links/", "in").returncode == 21
    assert list((alice.home / "outside").iterdir()) == []


def test_removing(alice, bucket):
    """One, or a folder after a yes; without a terminal the yes is an option."""
    for name in ("a", "b/c", "b/d", "keep"):
        bucket.put(f"rm/{name}")
    alice.done("rm", "home:rm/a")
    assert alice.run("rm", "home:rm/a").returncode == 19
    assert alice.run("rm", "home:rm/b/").returncode == 20
    assert alice.run("rm", "-r", "home:rm/b/").returncode == 2
    told = alice.done("rm", "-r", "--dry-run", "home:rm/b").splitlines()
    assert told == [f"delete {bucket.homes['alice']}rm/b/{name}" for name in "cd"]
    assert bucket.names("rm/") == ["b/c", "b/d", "keep"]
    alice.done("rm", "-r", "--yes", "home:rm/b/")
    assert bucket.names("rm/") == ["keep"]
    terminal = alice.terminal("rm", "-r", "home:rm/")
    terminal.expect("Remove 1 objects?")
    terminal.sendline("n")
    terminal.expect("Nothing was removed.")
    assert ended(terminal) == 1
    assert bucket.names("rm/") == ["keep"]


def test_presigning(alice, bucket):
    """The address alone on stdout works for anybody; its true end is told, at most an hour on."""
    bucket.put("link.html", b"<p>", ContentType="text/html")
    result = alice.run("presign", "--expires", "86400", "home:link.html")
    assert result.returncode == 0, result.stderr
    (url,) = result.stdout.splitlines()
    told = result.stderr.removeprefix("Works until ").split(",")[0]
    end = datetime.strptime(told, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(minutes=55) < end - datetime.now(UTC) <= timedelta(hours=1)
    assert "when your credentials end" in result.stderr
    fetched = requests.get(url, timeout=60)
    assert (fetched.status_code, fetched.content) == (200, b"<p>")
    assert fetched.headers["Content-Disposition"] == "attachment"
    short = alice.run("presign", "--expires", "60", "home:link.html")
    assert "credentials" not in short.stderr
    assert "X-Amz-Expires=60&" in short.stdout
    assert alice.run("presign", "home:none").returncode == 19


def commands_against(place):
    return [
        ("ls", place),
        ("tree", place),
        ("cat", f"{place}hello.txt"),
        ("stat", f"{place}hello.txt"),
        ("presign", f"{place}hello.txt"),
        ("cp", "mine", place),
        ("cp", f"{place}hello.txt", "stolen"),
        ("cp", "home:hello.txt", place),
        ("mv", "mine", place),
        ("mv", f"{place}hello.txt", "home:stolen"),
        ("rm", f"{place}hello.txt"),
        ("rm", "-r", "--yes", place),
        ("sync", ".", place),
        ("sync", place, "stolen"),
    ]


def test_another_persons_folder_is_closed_to_every_command(alice, bucket):
    """By IAM, with the status for it, nothing on stdout, and nothing changed on either side."""
    bobs = bucket.homes["bob"]
    (alice.home / "mine").write_text("mine")
    before = bucket.keys(bobs)
    for command in commands_against(f"key:{bobs}"):
        result = alice.run(*command)
        assert (result.returncode, result.stdout) == (12, ""), (command, result.stderr)
    assert bucket.keys(bobs) == before
    assert bucket.body("hello.txt", "bob").startswith(b"Hello Bob")
    assert (alice.home / "mine").exists()
    assert bucket.names("stolen") == []
    assert not (alice.home / "stolen").exists()


def test_anothers_existing_and_missing_objects_answer_alike(alice, bucket):
    """The words tell nothing but the key that was asked for."""
    told = [alice.run("stat", f"key:{bucket.homes['bob']}{name}") for name in ("hello.txt", "none")]
    assert [result.returncode for result in told] == [12, 12]
    assert told[0].stderr.replace("hello.txt", "none") == told[1].stderr


def test_what_a_role_adds(alice, bucket):
    """Everybody reads shared:, editors change it; a refused move leaves both sides."""
    (alice.home / "new.txt").write_text("new")
    assert alice.done("cat", "shared:handbook.txt")
    assert alice.run("cp", "new.txt", "shared:").returncode == 12
    refused = alice.run("mv", "shared:handbook.txt", "home:got")
    assert refused.returncode == 12
    assert bucket.keys("shared/handbook.txt")
    assert alice.run("ls", "group:editors").returncode == 12
    alice.done("logout")
    alice.login("erin")
    alice.done("cp", "new.txt", "shared:")
    alice.done("mv", "shared:new.txt", "group:editors/new.txt")
    assert bucket.keys("groups/editors/new.txt")
    assert "new.txt" in alice.done("ls", "group:editors")


def test_one_of_several_that_fails(alice, bucket):
    """The others are done; the status is that of the cause, or says that there are several."""
    (alice.home / "d").mkdir()
    for name in ("a", "b"):
        (alice.home / "d" / name).write_text(name)
    (alice.home / "d" / ("x" * 250)).write_text("long")
    deep = "home:" + "/".join(["y" * 200] * 4) + "/"
    result = alice.run("cp", "-r", "d/", deep)
    assert result.returncode == 20
    assert "1 of 3 files failed." in result.stderr
    assert len(bucket.names("y")) == 2
    bucket.put("mixed/good")
    bucket.put("mixed/a//b")
    bucket.put("mixed/folder")
    (alice.home / "in" / "folder").mkdir(parents=True)
    result = alice.run("cp", "-r", "home:mixed/", "in")
    assert result.returncode == 25
    assert "2 of 3 files failed." in result.stderr
    assert (alice.home / "in" / "good").read_text() == "x"


def test_a_file_that_this_machine_refuses(alice, bucket):
    """Its own status, and nothing half."""
    bucket.put("file", b"content")
    (alice.home / "file").write_text("a file")
    result = alice.run("cp", "home:file", "file/below")
    assert result.returncode == 24, result.stderr
    assert (alice.home / "file").read_text() == "a file"
    (alice.home / "taken").mkdir()
    (alice.home / "taken" / "file").mkdir()
    assert alice.run("cp", "home:file", "taken").returncode == 24


def test_nobody_signed_in(machine):
    """The status of that cause, before anything is touched."""
    for command in (("ls",), ("cat", "home:x"), ("cp", "x", "home:"), ("sync", ".", "home:x")):
        assert machine.run(*command).returncode == 4, command

from dataclasses import dataclass

import pytest

from bucketpass.errors import FileRefused, InvalidPlace, NotFound
from bucketpass.files.bucket_files import BucketFiles
from bucketpass.files.copy_plan import CopyPlan
from bucketpass.files.place import place
from tests.unit.client.files.fake_s3 import FakeS3

OBJECTS = ["home/i/a.txt", "home/i/n/x", "home/i/n/m/y", "home/i/n/m/", "shared/s"]


@dataclass(frozen=True)
class Person:
    home: str = "home/i/"


@pytest.fixture
def here(tmp_path, monkeypatch):
    (tmp_path / "d" / "e").mkdir(parents=True)
    for name in ("f", "d/1", "d/e/2", "other"):
        (tmp_path / name).write_bytes(b"12")
    (tmp_path / "d" / ".bucketpass-0-0.part").touch()
    (tmp_path / "d" / "loop").symlink_to(tmp_path / "d")
    (tmp_path / "d" / "link").symlink_to(tmp_path / "f")
    monkeypatch.chdir(tmp_path)


def steps(*texts, recursive=False, skipped=None):
    files = BucketFiles(FakeS3(dict.fromkeys(OBJECTS, b"12")), "a-bucket")
    plan = CopyPlan(files, Person(), recursive, (skipped if skipped is not None else []).append)
    *sources, target = map(place, texts)
    return [(step.source, step.target) for step in plan.steps(sources, target)]


UP = "key:home/i/"


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("texts", "recursive", "planned"),
    [
        (("f", "home:"), False, [("f", UP + "f")]),
        (("f", "home:n"), False, [("f", UP + "n")]),
        (("f", "home:n/"), False, [("f", UP + "n/f")]),
        (("./f", "d/1", "home:n/"), False, [("f", UP + "n/f"), ("d/1", UP + "n/1")]),
        (
            ("d", "home:"),
            True,
            [("d/1", UP + "d/1"), ("d/link", UP + "d/link"), ("d/e/2", UP + "d/e/2")],
        ),
        (
            ("d/", "home:"),
            True,
            [("d/1", UP + "1"), ("d/link", UP + "link"), ("d/e/2", UP + "e/2")],
        ),
        (
            ("d", "home:new"),
            True,
            [("d/1", UP + "new/1"), ("d/link", UP + "new/link"), ("d/e/2", UP + "new/e/2")],
        ),
        (("home:a.txt", "."), False, [(UP + "a.txt", "a.txt")]),
        (("home:a.txt", "b"), False, [(UP + "a.txt", "b")]),
        (("home:a.txt", "new/"), False, [(UP + "a.txt", "new/a.txt")]),
        (("home:a.txt", "d"), True, [(UP + "a.txt", "d/a.txt")]),
        (("home:n", "."), True, [(UP + "n/m/y", "n/m/y"), (UP + "n/x", "n/x")]),
        (("home:n/", "."), True, [(UP + "n/m/y", "m/y"), (UP + "n/x", "x")]),
        (("home:n", "new"), True, [(UP + "n/m/y", "new/m/y"), (UP + "n/x", "new/x")]),
        (("home:a.txt", "shared:"), False, [(UP + "a.txt", "key:shared/a.txt")]),
        (("home:a.txt", "shared:b"), False, [(UP + "a.txt", "key:shared/b")]),
        (
            ("home:n", "shared:"),
            True,
            [(UP + "n/m/y", "key:shared/n/m/y"), (UP + "n/x", "key:shared/n/x")],
        ),
        (("shared:", "home:s"), True, [("key:shared/s", UP + "s/s")]),
    ],
)
def test_what_becomes_what(texts, recursive, planned):
    """Files as cp does it, folders as rsync does, in all three directions."""
    assert steps(*texts, recursive=recursive) == planned


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("texts", "recursive", "cause"),
    [
        (("f", "other"), False, InvalidPlace),
        (("f", "hoem:x"), False, InvalidPlace),
        (("f", "other", "home:n"), False, InvalidPlace),
        (("home:a.txt", "shared:s", "new"), False, InvalidPlace),
        (("d", "home:"), False, InvalidPlace),
        (("home:n/", "."), False, InvalidPlace),
        (("home:n", "."), False, InvalidPlace),
        (("home:n", "shared:"), False, InvalidPlace),
        (("home:", "."), False, InvalidPlace),
        (("home:n/", "home:n/m/"), True, InvalidPlace),
        (("home:n", "home:"), True, InvalidPlace),
        (("home:a.txt", "home:a.txt"), False, InvalidPlace),
        (("home:a.txt", "home:"), False, InvalidPlace),
        (("f", "d/../f", "home:"), False, InvalidPlace),
        (("none", "home:"), False, NotFound),
        (("home:none", "."), False, NotFound),
        (("home:none", "."), True, NotFound),
        (("home:none/", "."), True, NotFound),
    ],
)
def test_what_makes_no_sense(texts, recursive, cause):
    """Among it all in which a source could be lost by being moved onto itself."""
    with pytest.raises(cause):
        steps(*texts, recursive=recursive)


@pytest.mark.usefixtures("here")
def test_a_link_to_a_folder_is_named_and_left_out():
    """It could lead in circles; beginnings of downloads are left out without a word."""
    skipped = []
    steps("d", "home:", recursive=True, skipped=skipped)
    assert skipped == ["d/loop is a link to a folder."]


def test_a_folder_that_cannot_be_read(here, tmp_path, monkeypatch):
    """Is an error, not an empty folder."""
    monkeypatch.setattr("os.scandir", lambda _: (_ for _ in ()).throw(PermissionError(13, "no")))
    with pytest.raises(FileRefused):
        steps("d", "home:", recursive=True)

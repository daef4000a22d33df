import os
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bucketpass.errors import UnsafeName
from bucketpass.files.safe_name import safe_segments, safe_target

POSIX = ["a", "a/b/c", "..a", "a..", "...", " ", "con", "a\\b", "C:x", "-rf", "~", "\x1b[2J", "ü"]


@pytest.mark.parametrize("relative", POSIX)
def test_odd_names_that_stay_inside(relative):
    """They are names like others to POSIX."""
    assert safe_segments(relative, windows=False) == tuple(relative.split("/"))


@pytest.mark.parametrize(
    "relative",
    [
        "",
        "/",
        "/etc/passwd",
        "..",
        "../x",
        "a/../../x",
        "a/..",
        ".",
        "./a",
        "a/./b",
        "a//b",
        "a/",
        "a\x00b",
    ],
)
@pytest.mark.parametrize("windows", [False, True])
def test_what_leads_out_or_is_no_name(relative, windows):
    """Absolute, parents, empty segments: refused, not cleaned into something else."""
    with pytest.raises(UnsafeName):
        safe_segments(relative, windows=windows)


@pytest.mark.parametrize(
    "relative",
    [
        "C:\\x",
        "C:x",
        "\\\\host\\share",
        "a\\..\\b",
        "a:stream",
        "CON",
        "nul",
        "NUL.txt",
        "aux .c",
        "a/COM1",
        "com¹",
        "lpt9.log",
        "CONIN$",
        "x.",
        "x ",
        "a./b",
        "a<b",
        "a|b",
        "a?",
        "a*",
        'a"b',
        "a\tb",
        "a\x1b[31m",
    ],
)
def test_what_windows_reads_otherwise(relative):
    """Drive letters, streams, devices, and names that Windows would shorten."""
    with pytest.raises(UnsafeName):
        safe_segments(relative, windows=True)


@pytest.mark.parametrize("relative", ["a", "console", "com", "com10", "nul_", "a.con", "x.y/z"])
def test_what_windows_takes(relative):
    """Nothing is refused that only looks like a device."""
    assert safe_segments(relative, windows=True) == tuple(relative.split("/"))


@given(st.text(alphabet="./\\a:\0", max_size=12))
def test_every_name_that_is_taken_is_below_the_folder(relative):
    """By the operating system's own reading."""
    try:
        target = Path("/top").joinpath(*safe_segments(relative, windows=False))
    except UnsafeName:
        return
    assert Path(os.path.normpath(target)) == target
    assert target.is_relative_to("/top")
    assert target != Path("/top")


def test_no_link_below_the_folder_is_followed(tmp_path):
    """Neither as a folder on the way nor as the file; the folder itself may be one."""
    outside = tmp_path / "outside"
    (inside := tmp_path / "inside").mkdir()
    outside.mkdir()
    (inside / "link").symlink_to(outside)
    (inside / "file").symlink_to(outside / "target")
    for relative in ("link/a", "link", "file"):
        with pytest.raises(UnsafeName, match="symbolic link"):
            safe_target(inside, relative)
    (tmp_path / "named").symlink_to(inside)
    assert safe_target(tmp_path / "named", "a/b") == tmp_path / "named" / "a" / "b"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no such files")
def test_what_is_neither_file_nor_folder_is_no_target(tmp_path):
    """A pipe or a socket would be replaced; a regular file may be."""
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
    (tmp_path / "file").touch()
    for relative in ("pipe", "s", "pipe/a"):
        with pytest.raises(UnsafeName, match="no regular file"):
            safe_target(tmp_path, relative)
    assert safe_target(tmp_path, "file") == tmp_path / "file"
    with pytest.raises(UnsafeName, match="no regular file"):
        safe_target(Path("/dev"), "null")

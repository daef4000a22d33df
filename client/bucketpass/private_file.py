"""Files that only their owner can read or replace."""

import os
import stat
from pathlib import Path
from typing import Final

from bucketpass.atomic_file import replace_file
from bucketpass.errors import UnsafeFile

FILE_MODE: Final = 0o600
FOLDER_MODE: Final = 0o700
# Where there are no POSIX modes, the profile folder of the user is private by its ACL.
_HAS_MODES: Final = os.name == "posix"


def private_folder(folder: Path) -> Path:
    """Make the folder (0700) if it is not there, and give it back.

    Raises UnsafeFile if it is there but belongs to somebody else or lets others in.
    """
    folder.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
    _require_private(folder, folder.stat(), "chmod 700")
    return folder


def read_private(path: Path) -> str | None:
    """The text of the file; None if there is none.

    Raises UnsafeFile if the file, or the folder in which it could be replaced, is open to others
    or if the path is a symbolic link that somebody else has laid.
    """
    if not path.parent.is_dir():
        return None
    private_folder(path.parent)
    try:
        _require_own_link(path)
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, encoding="utf-8") as file:
        # the open file is judged, not the path, so that nothing changes in between
        _require_private(path, os.fstat(file.fileno()), "chmod 600")
        return file.read()


def write_private(path: Path, text: str) -> None:
    """Replace the file (0600) at once: no reader ever sees half of it or a wider mode.

    A crash leaves the old text. Raises UnsafeFile for a folder that is open to others.
    """
    private_folder(path.parent)
    replace_file(path, text, FILE_MODE)


def remove_private(path: Path) -> None:
    """Remove the file if it is there."""
    path.unlink(missing_ok=True)


def _require_own_link(path: Path) -> None:
    found = path.lstat()
    if _HAS_MODES and stat.S_ISLNK(found.st_mode) and found.st_uid not in {0, os.getuid()}:
        raise UnsafeFile(
            f"{path} is a symbolic link that another user has laid.", remedy=f"Remove it: rm {path}"
        )


def _require_private(path: Path, found: os.stat_result, mend: str) -> None:
    if not _HAS_MODES:
        return
    if found.st_uid != os.getuid():
        raise UnsafeFile(
            f"{path} belongs to another user.", remedy=f"Remove it or own it: chown $USER {path}"
        )
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise UnsafeFile(
            f"{path} is open to others (mode {stat.S_IMODE(found.st_mode):04o}).",
            remedy=f"Close it: {mend} {path}",
        )

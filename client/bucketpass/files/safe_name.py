r"""Names from the bucket as names of this machine: nothing leaves the folder it was meant for.

Sources for Windows: Microsoft, "Naming Files, Paths, and Namespaces" (reserved characters and
device names, a blank or dot at the end).
"""

import os
import stat
from pathlib import Path
from typing import Final

from bucketpass.errors import UnsafeName

_DEVICES: Final = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$"]
    + [f"{name}{digit}" for name in ("com", "lpt") for digit in "0123456789¹²³"]
)
_RESERVED: Final = frozenset('<>:"|?*\\') | frozenset(map(chr, range(32)))


def safe_segments(relative: str, *, windows: bool = os.name == "nt") -> tuple[str, ...]:
    """The segments of that part of a key, each a plain name of a file or folder.

    Raises UnsafeName for what would not be below the folder, or not under this name: absolute,
    empty segments, `.` and `..`, zero bytes; on Windows drive letters, streams, device names.
    """
    segments = tuple(relative.split("/"))
    for segment in segments:
        if segment in {"", ".", ".."} or "\0" in segment:
            raise UnsafeName(f"{relative!r} is no name for a file of this machine.")
        if windows and _is_reserved(segment):
            raise UnsafeName(f"{relative!r} is no name for a file on Windows.")
    return segments


def safe_target(folder: Path, relative: str) -> Path:
    """The path below the folder for that part of a key; its parents need not exist.

    Raises UnsafeName as `safe_segments` does, where a symbolic link below the folder would lead
    elsewhere, and where a pipe, a device or a socket would be replaced. The folder itself may be a
    link: the person has named it.
    """
    target = folder
    for segment in safe_segments(relative):
        target /= segment
        try:
            mode = target.lstat().st_mode
        except OSError:  # not there yet, or no name that this file system takes: opening will tell
            continue
        if stat.S_ISLNK(mode):
            raise UnsafeName(f"{target} is a symbolic link, which is not followed.")
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise UnsafeName(f"{target} is no regular file, and is not replaced.")
    return target


def _is_reserved(segment: str) -> bool:
    stem = segment.partition(".")[0].rstrip(" ").lower()
    return stem in _DEVICES or segment.endswith((" ", ".")) or bool(_RESERVED & set(segment))

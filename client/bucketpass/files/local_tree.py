"""The files below a folder of this machine."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from bucketpass.errors import FileRefused
from bucketpass.files.download import is_part_file


def files_below(folder: Path, skipped: Callable[[str], None]) -> Iterator[tuple[str, Path]]:
    """Every regular file with its name relative to the folder, slashes between, in order.

    Links to files are followed; links to folders are not, since they may lead in circles, and
    like devices and pipes they are named to `skipped`. Beginnings of downloads are left out.
    Raises FileRefused for a folder that cannot be read.
    """
    for root, folders, names in os.walk(folder, onerror=_refuse):
        folders.sort()
        for name in folders:
            if (path := Path(root, name)).is_symlink():
                skipped(f"{path} is a link to a folder.")
        for name in sorted(names):
            path = Path(root, name)
            if is_part_file(name):
                continue
            if path.is_file():
                yield path.relative_to(folder).as_posix(), path
            else:
                skipped(f"{path} is no regular file.")


def _refuse(error: OSError) -> None:
    raise FileRefused(f"{error.filename}: {error.strerror}.") from error

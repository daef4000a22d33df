"""The function's code as the archive that Lambda takes."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the earliest time that a ZIP entry can hold
_REGULAR_FILE: Final = 0o100644 << 16
_CACHES: Final = frozenset({"__pycache__", ".mypy_cache", ".ruff_cache"})


def code_archive(folder: Path) -> bytes:
    """The folder as a ZIP file; the same files give the same bytes, wherever and whenever."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(_code_files(folder)):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), date_time=_EPOCH)
            entry.external_attr = _REGULAR_FILE
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    return buffer.getvalue()


def _code_files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and not _CACHES.intersection(path.relative_to(folder).parts):
            yield path

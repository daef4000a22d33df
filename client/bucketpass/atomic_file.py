"""Files that are replaced at once."""

import os
import secrets
from pathlib import Path


def replace_file(path: Path, text: str, mode: int = 0o600) -> None:
    """Put the text in the place of the file, whose folder exists.

    A reader sees the old text or the new one, never a part and never a wider mode; a crash leaves
    the old text.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        with os.fdopen(os.open(draft, flags, mode), "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)

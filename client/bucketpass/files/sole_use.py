"""One process at a time at one interrupted transfer."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from bucketpass.errors import Busy
from bucketpass.folders import state_folder
from bucketpass.private_file import private_folder


@contextmanager
def sole_use(identity: Sequence[str], about: str, folder: Path | None = None) -> Iterator[Path]:
    """Hold what these words name; gives the path of a file, not made yet, to keep its state in.

    The folder is closed to others; None stands for one in the state folder. Raises Busy while
    another process holds the same.
    """
    folder = private_folder(folder or state_folder() / "transfers")
    name = hashlib.sha256("\0".join(identity).encode(errors="surrogateescape")).hexdigest()
    lock = FileLock(folder / f"{name}.lock", timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        raise Busy(f"Another process transfers {about} at this moment.", remedy=None) from None
    try:
        yield folder / f"{name}.json"
    finally:
        with suppress(OSError):  # Windows removes no file that is open
            Path(lock.lock_file).unlink()
        lock.release()

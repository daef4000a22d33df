"""This machine's refusals as this package's errors, with the path that they are about."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bucketpass.errors import FileRefused


@contextmanager
def about_file(path: Path) -> Iterator[None]:
    """Turn an OSError within into FileRefused."""
    try:
        yield
    except OSError as error:
        raise FileRefused(f"{path}: {error.strerror or type(error).__name__}.") from error
    except UnicodeEncodeError as error:  # a name that the system's encoding does not have
        raise FileRefused(f"{path}: no name for a file of this machine.") from error

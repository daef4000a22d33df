"""Where secrets are kept: the contract, and the two places that need nothing else."""

from pathlib import Path
from typing import Protocol

from bucketpass.private_file import read_private, remove_private, write_private


class SecretStore(Protocol):
    """Keeps one secret text by name. Every method may raise UnsafeFile."""

    def read(self, name: str) -> str | None:
        """The text; None if none is kept."""

    def write(self, name: str, text: str) -> None:
        """Keep the text in the place of what is there."""

    def remove(self, name: str) -> None:
        """Forget the text, if there is one."""


class MemoryStore:
    """Keeps secrets as long as the object lives."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def read(self, name: str) -> str | None:
        """The text; None if none is kept."""
        return self._texts.get(name)

    def write(self, name: str, text: str) -> None:
        """Keep the text."""
        self._texts[name] = text

    def remove(self, name: str) -> None:
        """Forget the text."""
        self._texts.pop(name, None)


class FileStore:
    """Keeps each secret in a file of its own (0600) in that folder (0700)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, name: str) -> str | None:
        """The file's text; None if there is none."""
        return read_private(self._path(name))

    def write(self, name: str, text: str) -> None:
        """Replace the file at once."""
        write_private(self._path(name), text)

    def remove(self, name: str) -> None:
        """Remove the file."""
        remove_private(self._path(name))

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.json"

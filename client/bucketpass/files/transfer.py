"""One step of a copy: which file or object becomes which."""

from dataclasses import dataclass
from pathlib import Path

from bucketpass.files.object_facts import ObjectFacts


@dataclass(frozen=True)
class UploadStep:
    """A file of this machine becomes an object."""

    path: Path
    size: int
    key: str

    @property
    def source(self) -> str:
        """For people."""
        return str(self.path)

    @property
    def target(self) -> str:
        """For people, and unlike that of any other step."""
        return f"key:{self.key}"


@dataclass(frozen=True)
class DownloadStep:
    """An object becomes a file below a folder, under a name that is still to be judged."""

    facts: ObjectFacts
    folder: Path
    relative: str

    @property
    def size(self) -> int:
        """In bytes."""
        return self.facts.size

    @property
    def source(self) -> str:
        """For people."""
        return f"key:{self.facts.key}"

    @property
    def target(self) -> str:
        """For people, and unlike that of any other step."""
        return str(self.folder / self.relative.lstrip("/"))


@dataclass(frozen=True)
class CopyStep:
    """An object becomes another; its bytes do not come here."""

    facts: ObjectFacts
    key: str

    @property
    def size(self) -> int:
        """In bytes."""
        return self.facts.size

    @property
    def source(self) -> str:
        """For people."""
        return f"key:{self.facts.key}"

    @property
    def target(self) -> str:
        """For people, and unlike that of any other step."""
        return f"key:{self.key}"


Step = UploadStep | DownloadStep | CopyStep

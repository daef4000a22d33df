"""Two folders, one here and one in the bucket, are made the same."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bucketpass.errors import InvalidPlace, NotFound
from bucketpass.files.bucket_files import BucketFiles
from bucketpass.files.file_facts import FileFacts, same_content
from bucketpass.files.file_refusal import about_file
from bucketpass.files.local_tree import files_below
from bucketpass.files.object_facts import ObjectFacts
from bucketpass.files.place import LocalPlace, Person, Place, RemotePlace
from bucketpass.files.sync_plan import Direction, FileState, SyncPlan, plan_sync
from bucketpass.files.transfer import DownloadStep, Step, UploadStep


@dataclass(frozen=True)
class SyncPair:
    """A folder of this machine and a prefix of the bucket, and which of them follows.

    `required` is the source in the bucket, if something has to be in it; None for the whole of
    `home:`, `shared:` or `key:`, which may be empty.
    """

    folder: Path
    prefix: str
    direction: Direction
    required: RemotePlace | None = None

    @classmethod
    def of(cls, source: Place, target: Place, person: Person) -> "SyncPair":
        """The pair that these places name.

        Raises InvalidPlace if both are on the same side or one is a file, NotFound for a source
        folder that is not there.
        """
        if isinstance(source, LocalPlace) and isinstance(target, RemotePlace):
            if not source.path.is_dir():
                raise NotFound(f"There is no folder {source}.")
            return cls(source.path, target.folder().key(person), "up")
        if isinstance(source, RemotePlace) and isinstance(target, LocalPlace):
            if target.path.exists() and not target.path.is_dir():
                raise InvalidPlace(f"{target} is no folder.")
            # a group's name can be misspelt, too, so it has to hold something
            required = source if source.rest else None
            return cls(target.path, source.folder().key(person), "down", required)
        raise InvalidPlace("One place has to be on this machine and one in the bucket.")


@dataclass(frozen=True)
class Sync:
    """What the two sides hold, and what it takes to make them the same."""

    pair: SyncPair
    here: dict[str, Path]
    there: dict[str, ObjectFacts]
    plan: SyncPlan

    @classmethod
    def planned(
        cls,
        pair: SyncPair,
        files: BucketFiles,
        *,
        read_all: bool,
        skipped: Callable[[str], None],
    ) -> "Sync":
        """Look at both sides; raises NotFound, and what S3 and this machine give cause to."""
        here = dict(files_below(pair.folder, skipped)) if pair.folder.is_dir() else {}
        there = {
            facts.key[len(pair.prefix) :]: facts
            for facts in _objects(pair, files)
            if not facts.key.endswith("/")  # the marker of an empty folder is no file
        }

        def same(name: str) -> bool:
            with about_file(here[name]):
                return same_content(here[name], files.head(there[name].key)) is True

        plan = plan_sync(
            {name: _state_here(path) for name, path in here.items()},
            {name: _state_there(facts) for name, facts in there.items()},
            pair.direction,
            same,
            read_all=read_all,
        )
        return cls(pair, here, there, plan)

    def steps(self) -> list[Step]:
        """What is to be transferred."""
        if self.pair.direction == "up":
            return [self._upload(name) for name in self.plan.transfer]
        return [
            DownloadStep(self.there[name], self.pair.folder, name) for name in self.plan.transfer
        ]

    def left_over(self) -> list[str]:
        """What only the target has: keys, or names of this machine."""
        names = self.plan.left_over
        if self.pair.direction == "up":
            return [self.there[name].key for name in names]
        return [str(self.here[name]) for name in names]

    def remove_left_over_here(self) -> None:
        """Remove the files of this machine that the bucket does not have."""
        for name in self.plan.left_over:
            with about_file(self.here[name]):
                self.here[name].unlink()

    def _upload(self, name: str) -> Step:
        path = self.here[name]
        with about_file(path):
            return UploadStep(path, FileFacts.of(path).size, self.pair.prefix + name)


def _objects(pair: SyncPair, files: BucketFiles) -> list[ObjectFacts]:
    found = list(files.below(pair.prefix))
    if not found and pair.required is not None:
        # a misspelt source must not look like an empty one, to which --delete would fit the target
        raise NotFound(f"There is nothing in {pair.required}.")
    return found


def _state_here(path: Path) -> FileState:
    with about_file(path):
        facts = FileFacts.of(path)
    return FileState(facts.size, facts.mtime_ns / 10**9)


def _state_there(facts: ObjectFacts) -> FileState:
    return FileState(facts.size, facts.modified.timestamp())

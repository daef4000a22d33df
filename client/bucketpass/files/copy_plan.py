"""Which steps a copy takes: the rules of `cp`, for folders those of rsync.

A source folder written with a slash at its end stands for what is in it, one without for itself.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bucketpass.errors import InvalidPlace, NotFound
from bucketpass.files.bucket_files import BucketFiles
from bucketpass.files.file_facts import FileFacts
from bucketpass.files.file_refusal import about_file
from bucketpass.files.find import object_at
from bucketpass.files.local_tree import files_below
from bucketpass.files.object_facts import ObjectFacts
from bucketpass.files.place import LocalPlace, Person, Place, RemotePlace
from bucketpass.files.transfer import CopyStep, DownloadStep, Step, UploadStep


@dataclass(frozen=True)
class CopyPlan:
    """Plans copies between this machine and the bucket; `skipped` is told what is left out."""

    files: BucketFiles
    person: Person
    recursive: bool
    skipped: Callable[[str], None]

    def steps(self, sources: Sequence[Place], target: Place) -> list[Step]:
        """The steps, none for nothing to copy.

        Raises InvalidPlace for what makes no sense, NotFound for a source that is not there, and
        what S3 gives cause to.
        """
        if isinstance(target, LocalPlace) and any(isinstance(s, LocalPlace) for s in sources):
            raise InvalidPlace(
                "Both places are on this machine.",
                remedy="Places of the bucket begin with home:, group:NAME/, shared: or key:.",
            )
        into = _is_folder(target)
        if len(sources) > 1 and not into:
            raise InvalidPlace(
                f"{target} is no folder, as several sources need.",
                remedy="Write it with a slash at its end.",
            )
        steps = [step for source in sources for step in self._of(source, target, into=into)]
        _require_own_targets(steps)
        return steps

    def _of(self, source: Place, target: Place, *, into: bool) -> Iterator[Step]:
        if isinstance(source, LocalPlace):
            assert isinstance(target, RemotePlace)  # noqa: S101 # `steps` has refused the rest
            return self._from_here(source, target, into=into)
        return self._from_bucket(source, target, into=into)

    def _from_here(self, source: LocalPlace, target: RemotePlace, *, into: bool) -> Iterator[Step]:
        path = source.path
        key = target.key(self.person)
        if path.is_dir():
            self._require_recursive(source)
            name = "" if source.contents or not into else path.resolve().name
            prefix = _joined(key, name) if into else f"{key}/"
            for relative, file in files_below(path, self.skipped):
                yield UploadStep(file, _size(file), prefix + relative)
        elif path.is_file():
            yield UploadStep(path, _size(path), key + path.name if into else key)
        elif path.exists():  # the size of a pipe is not known, and reading one may never end
            raise InvalidPlace(f"{path} is no regular file.")
        else:
            raise NotFound(f"There is no file {path}.")

    def _from_bucket(self, source: RemotePlace, target: Place, *, into: bool) -> Iterator[Step]:
        key = source.key(self.person)
        if not source.is_folder and not (self.recursive and self.files.any_below(f"{key}/")):
            head = object_at(self.files, source, self.person)
            yield self._step_of(head, target, source.name if into else "")
            return
        self._require_recursive(source)
        prefix = source.folder().key(self.person)
        outer = "" if source.is_folder or not into else source.name
        if isinstance(target, RemotePlace):
            target = target.folder()
            _require_apart(prefix, _joined(target.key(self.person), outer))
        found = False
        for facts in self.files.below(prefix):
            found = True
            if not facts.key.endswith("/"):  # the marker of an empty folder is no file
                relative = facts.key[len(prefix) :]
                yield self._step_of(facts, target, f"{outer}/{relative}" if outer else relative)
        if not found and not source.is_root:
            raise NotFound(f"There is nothing in {source}.")

    def _step_of(self, facts: ObjectFacts, target: Place, name: str) -> Step:
        if isinstance(target, RemotePlace):
            return CopyStep(facts, target.key(self.person) + name)
        if name:
            return DownloadStep(facts, target.path, name)
        return DownloadStep(facts, target.path.parent, target.path.name)

    def _require_recursive(self, source: Place) -> None:
        if not self.recursive:
            raise InvalidPlace(f"{source} is a folder.", remedy="Add --recursive.")


def _is_folder(target: Place) -> bool:
    if isinstance(target, RemotePlace):
        return target.is_folder
    return target.contents or target.path.is_dir()


def _joined(prefix: str, name: str) -> str:
    return f"{prefix}{name}/" if name else prefix


def _size(path: Path) -> int:
    with about_file(path):
        return FileFacts.of(path).size


def _require_apart(source: str, target: str) -> None:
    if target.startswith(source):
        raise InvalidPlace("A folder cannot be copied into itself.")


def _require_own_targets(steps: Sequence[Step]) -> None:
    targets: set[str] = set()
    for step in steps:
        if step.target in targets:
            raise InvalidPlace(f"Two sources would become {step.target}.")
        if step.target == step.source:
            raise InvalidPlace(f"{step.source} cannot be copied onto itself.")
        targets.add(step.target)

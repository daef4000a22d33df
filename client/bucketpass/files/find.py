"""What a place of the bucket stands for: a folder, or one object."""

from collections.abc import Iterator
from dataclasses import dataclass

from bucketpass.errors import NotFound
from bucketpass.files.bucket_files import BucketFiles
from bucketpass.files.object_facts import ObjectFacts
from bucketpass.files.place import Person, RemotePlace


@dataclass(frozen=True)
class Found:
    """Objects, and prefixes of folders; names are meant relative to `base`."""

    base: str
    entries: Iterator[ObjectFacts | str]

    def name(self, entry: ObjectFacts | str) -> str:
        """The entry's name below the base."""
        return (entry if isinstance(entry, str) else entry.key)[len(self.base) :]


def find(files: BucketFiles, place: RemotePlace, person: Person, *, recursive: bool) -> Found:
    """The folder's entries, or with `recursive` all objects below; else the object of that name.

    Raises NotFound if there is neither; a root is there even if nothing is in it.
    """
    prefix = place.folder().key(person) if place.rest else place.key(person)
    if place.is_root or files.any_below(prefix):
        return Found(prefix, files.below(prefix) if recursive else files.folder(prefix))
    if place.is_folder:
        raise NotFound(f"There is nothing in {place}.")
    key = place.key(person)
    facts: ObjectFacts = files.head(key)
    return Found(key[: key.rfind("/") + 1], iter([facts]))

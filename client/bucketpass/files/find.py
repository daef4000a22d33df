"""What a place of the bucket stands for: a folder, or one object."""

from collections.abc import Iterator
from dataclasses import dataclass

from bucketpass.errors import AccessDenied, InvalidPlace, NotFound
from bucketpass.files.bucket_files import BucketFiles
from bucketpass.files.object_facts import ObjectFacts, ObjectHead
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


def object_at(files: BucketFiles, place: RemotePlace, person: Person) -> ObjectHead:
    """The one object of that name.

    Raises InvalidPlace if it is a folder, NotFound if it is neither.
    """
    if place.is_folder:
        raise _folder(place)
    key = place.key(person)
    try:
        return files.head(key)
    except NotFound:
        if _is_folder(files, key):
            raise _folder(place) from None
        raise


def _is_folder(files: BucketFiles, key: str) -> bool:
    try:
        return files.any_below(f"{key}/")
    except AccessDenied:  # then it is not for us to tell
        return False


def _folder(place: RemotePlace) -> InvalidPlace:
    return InvalidPlace(f"{place} is a folder.", remedy="Add --recursive.")

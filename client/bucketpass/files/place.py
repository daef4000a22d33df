"""What people write for a place: a file or folder of this machine, or one of the bucket."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Protocol

from bucketpass.errors import InvalidPlace

Root = Literal["home", "group", "shared", "key"]

# The prefix of each root in the bucket; that of `home` is the person's own.
_PREFIXES: Final[Mapping[Root, str]] = {
    "home": "",
    "group": "groups/",
    "shared": "shared/",
    "key": "",
}
_MOST_BYTES: Final = 1024  # S3 user guide, "Naming Amazon S3 objects"
_EXPLAINED: Final = "Places of the bucket begin with home:, group:NAME/, shared: or key:."


class Person(Protocol):
    """Whose `home:` it is."""

    @property
    def home(self) -> str:
        """The prefix of the own folder."""


@dataclass(frozen=True)
class LocalPlace:
    """A path of this machine; `contents` says that it was written with a slash at its end."""

    path: Path
    contents: bool = False

    def __str__(self) -> str:
        return str(self.path)


@dataclass(frozen=True)
class RemotePlace:
    """A key or a folder of the bucket, relative to one of four roots."""

    root: Root
    rest: str

    @property
    def is_folder(self) -> bool:
        """Whether it can only be a folder: a root, or with a slash at its end."""
        return not self.rest or self.rest.endswith("/")

    @property
    def is_root(self) -> bool:
        """Whether it is the top of its root, which is there even when nothing is in it."""
        return not self.rest or (self.root == "group" and self.rest.count("/") == 1)

    @property
    def name(self) -> str:
        """The last segment, without a slash; empty for a root."""
        return self.rest.rstrip("/").rpartition("/")[2]

    def key(self, person: Person) -> str:
        """The real key, or the prefix of a folder; raises InvalidPlace for one that is too long."""
        key = (person.home if self.root == "home" else _PREFIXES[self.root]) + self.rest
        return require_key(key)

    def folder(self) -> "RemotePlace":
        """The same as a folder."""
        return self if self.is_folder else RemotePlace(self.root, f"{self.rest}/")

    def __str__(self) -> str:
        return f"{self.root}:{self.rest}"


Place = LocalPlace | RemotePlace


def place(text: str) -> Place:
    """A place of either side: without one of the four roots it is a local path.

    `./home:x` is a local file of that name. Raises InvalidPlace.
    """
    found = _rooted(text)
    if found is not None:
        return found
    if not text or "\0" in text:
        raise InvalidPlace("A path cannot be empty or hold a zero byte.")
    if text.startswith("s3://"):
        raise InvalidPlace("Places are not written as s3:// addresses.", remedy=_EXPLAINED)
    separators = (os.sep, os.altsep) if os.altsep else (os.sep,)
    return LocalPlace(Path(text), contents=text.endswith(separators))


def remote_place(text: str) -> RemotePlace:
    """A place of the bucket: without one of the four roots it is a plain key.

    Raises InvalidPlace.
    """
    if text.startswith("s3://"):
        raise InvalidPlace("Places are not written as s3:// addresses.", remedy=_EXPLAINED)
    return _rooted(text) or RemotePlace("key", text)


def require_key(key: str) -> str:
    """The key, if S3 takes it; raises InvalidPlace."""
    try:
        length = len(key.encode())
    except UnicodeEncodeError:
        raise InvalidPlace("A name that is not UTF-8 cannot be a key.") from None
    if length > _MOST_BYTES:
        raise InvalidPlace(f"The key has {length} bytes, and S3 takes {_MOST_BYTES} at most.")
    return key


def _rooted(text: str) -> RemotePlace | None:
    head, colon, rest = text.partition(":")
    if not colon or head not in _PREFIXES:
        return None
    if head == "group":
        return RemotePlace("group", _in_group(rest))
    if head == "key":
        return RemotePlace("key", rest)
    return RemotePlace("home" if head == "home" else "shared", _inside(rest))


def _in_group(rest: str) -> str:
    name, slash, _ = rest.partition("/")
    if not name:
        raise InvalidPlace("group: needs a name.", remedy="Write group:NAME/.")
    return _inside(rest if slash else f"{name}/")


def _inside(rest: str) -> str:
    """Refuses what looks as if it led out: S3 knows no `..`, but the tools between do."""
    if rest.startswith("/"):
        raise InvalidPlace("There is no slash after the colon.", remedy=_EXPLAINED)
    if {".", ".."} & set(rest.split("/")):
        raise InvalidPlace(
            "A place has no segments `.` and `..`.",
            remedy="A key that does is written key:KEY, exactly as it is.",
        )
    return rest

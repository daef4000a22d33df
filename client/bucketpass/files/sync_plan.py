"""Which files one side lacks, which have changed, which are left over: pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Literal

Direction = Literal["up", "down"]


@dataclass(frozen=True)
class FileState:
    """A file on one side: bytes, and the moment of its last change in seconds of the epoch."""

    size: int
    moment: float


class Verdict(Enum):
    """What size and times say of a file that both sides have."""

    SAME = "same"
    CHANGED = "changed"
    UNSURE = "unsure"


@dataclass(frozen=True)
class SyncPlan:
    """Names to transfer, and names that only the target has, each in order."""

    transfer: tuple[str, ...]
    left_over: tuple[str, ...]


def compare(here: FileState, there: FileState, direction: Direction) -> Verdict:
    """Judge one file by its states on this machine and in the bucket.

    A download takes over the object's time, so equal times mean equal content. An upload cannot:
    there, a file that has not changed since its object was made is the same. Sizes that differ
    decide; whatever else is unsure and has to be read.
    """
    if here.size != there.size:
        return Verdict.CHANGED
    if direction == "up":
        return Verdict.SAME if here.moment <= there.moment else Verdict.UNSURE
    # the whole second of an HTTP date, which a file that was changed here hardly hits
    return Verdict.SAME if here.moment == int(there.moment) else Verdict.UNSURE


def plan_sync(
    here: Mapping[str, FileState],
    there: Mapping[str, FileState],
    direction: Direction,
    same: Callable[[str], bool],
    *,
    read_all: bool = False,
) -> SyncPlan:
    """The plan for one direction; `same` reads a file of an unsure verdict on both sides.

    With `read_all` it reads every file whose sizes are equal.
    """
    source, target = (here, there) if direction == "up" else (there, here)

    def differs(name: str) -> bool:
        if name not in target:
            return True
        verdict = compare(here[name], there[name], direction)
        if verdict is Verdict.CHANGED:
            return True
        return (verdict is Verdict.UNSURE or read_all) and not same(name)

    return SyncPlan(
        tuple(filter(differs, sorted(source))), tuple(sorted(target.keys() - source.keys()))
    )

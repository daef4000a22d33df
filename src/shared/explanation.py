"""Why a caller may or may not do something at a key: told from their places, and S3 is not asked.

So nothing can be learnt about an object, not even whether it exists. IAM decides; this explains.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final, Literal, get_args

from shared.locations import Location, Permission

RemedyCode = Literal["pick_role", "ask_for_permission", "outside_of_your_places"]

ACTIONS: Final[tuple[Permission, ...]] = get_args(Permission)


@dataclass(frozen=True, slots=True)
class Standpoint:
    """A role that the caller can act in: its ARN, what `role=` calls it, where it may go."""

    role_arn: str
    name: str
    locations: Sequence[Location]


@dataclass(frozen=True, slots=True)
class Remedy:
    """What the caller can do: a code, a sentence, and what `role=` has to name, if that helps."""

    code: RemedyCode
    sentence: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """`location` is the one that allows the action, else the nearest, None where there is none.

    `missing` is the permission that lacks there and `remedy` what to do; both None where allowed.
    """

    allowed: bool
    location: Location | None
    missing: Permission | None
    remedy: Remedy | None


def explain(
    action: Permission, key: str, acting: Standpoint | None, others: Sequence[Standpoint]
) -> Explanation:
    """Judge the action at the real key, for `list` at the real prefix.

    `acting` is the role of the request, None where the caller has several and named none;
    `others` are the roles that they could name instead.
    """
    places = acting.locations if acting else ()
    covering = [place for place in places if key.startswith(place.prefix)]
    allowing = [place for place in covering if action in place.permissions]
    if allowing:
        return Explanation(allowed=True, location=_innermost(allowing), missing=None, remedy=None)
    return Explanation(
        allowed=False,
        location=_innermost(covering) if covering else _nearest(key, places),
        missing=action,
        remedy=_remedy(action, key, covering, others),
    )


def _remedy(
    action: Permission, key: str, covering: Sequence[Location], others: Sequence[Standpoint]
) -> Remedy:
    helpful = tuple(other.name for other in others if explain(action, key, other, ()).allowed)
    if helpful:
        return Remedy("pick_role", f"Name the role in role=: {' or '.join(helpful)}.", helpful)
    had = [had for had in ACTIONS if any(had in place.permissions for place in covering)]
    if had:
        sentence = f"Here you may {' and '.join(had)} only; ask for the permission to {action}."
        return Remedy("ask_for_permission", sentence)
    return Remedy("outside_of_your_places", "This is outside of your places.")


def _innermost(places: Sequence[Location]) -> Location:
    return max(places, key=lambda place: len(place.prefix))


def _nearest(key: str, places: Sequence[Location]) -> Location | None:
    """The place that shares the most leading folders with the key, the first of several."""
    return max(places, key=lambda place: _shared_folders(key, place.prefix), default=None)


def _shared_folders(key: str, prefix: str) -> int:
    folders = zip(key.split("/"), prefix.split("/"), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], folders))

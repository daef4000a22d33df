"""The places that a caller may go: what the template's IAM policies grant, told as data.

Nothing is allowed by this table: IAM decides. A change here belongs beside the same change in
the template's policies.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

from shared.settings import DeployedRoles

Permission = Literal["list", "read", "write", "delete"]

_EVERYTHING: Final[tuple[Permission, ...]] = ("list", "read", "write", "delete")


@dataclass(frozen=True, slots=True)
class Location:
    """One grant: `permissions` on every key below `prefix` ("" is the whole bucket).

    `via` says why: `own`, `shared` or `group:NAME`.
    """

    bucket: str
    prefix: str
    permissions: tuple[Permission, ...]
    via: str


@dataclass(frozen=True, slots=True)
class _Grant:
    """`group` None means every signed-in user; `prefix` None means the caller's home."""

    group: str | None
    prefix: str | None
    permissions: tuple[Permission, ...]
    via: str


_GRANTS: Final = (
    _Grant(None, None, _EVERYTHING, "own"),
    _Grant(None, "shared/", ("list", "read"), "shared"),
    _Grant("editors", "shared/", ("write", "delete"), "group:editors"),
    _Grant("editors", "groups/editors/", _EVERYTHING, "group:editors"),
    _Grant("auditors", "", ("list", "read"), "group:auditors"),
)

# The groups whose membership gives anything here.
GROUPS: Final = tuple(dict.fromkeys(grant.group for grant in _GRANTS if grant.group is not None))


def locations_for(
    role_arn: str, groups: Collection[str], roles: DeployedRoles, home: str, bucket: str
) -> list[Location]:
    """The locations of a caller who acts in `role_arn`, one for each grant, the own folder first.

    A group's role has what every signed-in user has, and more; two grants of one prefix stay two
    locations, each with its own `via`. The member role has what each of `groups`, those of the
    verified ID token, may. `home` ends in `/`. A role of another deployment has none.
    """
    acting = {group for group, arn in roles.by_group.items() if arn == role_arn}
    if not acting and role_arn not in {roles.signed_in, roles.member}:
        return []
    if role_arn == roles.member:
        acting = set(groups)
    return [
        Location(
            bucket, home if grant.prefix is None else grant.prefix, grant.permissions, grant.via
        )
        for grant in _GRANTS
        if grant.group is None or grant.group in acting
    ]

"""The places that a caller may go: what the template's IAM policies grant, told as data.

Nothing is allowed by this table: IAM decides. A change here belongs beside the same change in
the template's policies.
"""

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


def locations_for(role_arn: str, roles: DeployedRoles, home: str, bucket: str) -> list[Location]:
    """The locations of a caller who acts in `role_arn`, one for each grant, the own folder first.

    A group's role has what every signed-in user has, and more; two grants of one prefix stay two
    locations, each with its own `via`. `home` ends in `/`. A role of another deployment has none.
    """
    groups = {group for group, arn in roles.by_group.items() if arn == role_arn}
    if not groups and role_arn != roles.signed_in:
        return []
    return [
        Location(
            bucket, home if grant.prefix is None else grant.prefix, grant.permissions, grant.via
        )
        for grant in _GRANTS
        if grant.group is None or grant.group in groups
    ]

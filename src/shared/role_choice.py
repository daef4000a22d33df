"""Which role of this deployment a verified person acts in."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.errors import AmbiguousRole, NoRole, RoleNotYours
from shared.principal import Principal
from shared.settings import CredentialSourceName, DeployedRoles


@dataclass(frozen=True, slots=True)
class RoleChoice:
    """The role to act in; `explicit` where an identity pool has to be told (`CustomRoleArn`).

    Not explicit is what the pool gives unasked: `cognito:preferred_role`, or the role of every
    signed-in user to a token without roles.
    """

    arn: str
    explicit: bool

    @property
    def name(self) -> str:
        """The role's name: what follows the last slash of its ARN."""
        return _name(self.arn)


def choose_role(
    principal: Principal,
    roles: DeployedRoles,
    wanted: str | None,
    credential_source: CredentialSourceName,
) -> RoleChoice:
    """Pick the role among those that the verified ID token carries and this deployment owns.

    `wanted` is a role's ARN or name or a group of the deployment; None leaves the choice to
    `preferred_role`, then to the only role. Roles are compared by their exact ARNs: another
    account, path or partition is a foreign role. Raises RoleNotYours for a wanted role that is
    not among them, AmbiguousRole (members `choices`: what `role=` may name) rather than taking
    the first of several, and NoRole where all roles are foreign: an identity pool would hand
    out one of them. STS gives nothing unasked, so `group-role` serves such a person as one of
    no group.
    """
    ours = {roles.signed_in, *roles.by_group.values()}
    candidates = [arn for arn in dict.fromkeys(principal.roles) if arn in ours]
    if wanted is not None:
        return RoleChoice(_wanted_role(candidates, roles, wanted), explicit=True)
    if principal.preferred_role in candidates:
        return RoleChoice(principal.preferred_role, explicit=False)
    if candidates:
        return RoleChoice(_only(candidates), explicit=True)
    if principal.roles and credential_source == "identity-pool":
        raise NoRole("none of the token's roles is one of this deployment")
    return RoleChoice(roles.signed_in, explicit=False)


def _wanted_role(candidates: Sequence[str], roles: DeployedRoles, wanted: str) -> str:
    matching = [
        arn
        for arn in candidates
        if wanted in (arn, _name(arn)) or roles.by_group.get(wanted) == arn
    ]
    if not matching:
        raise RoleNotYours(f"the token carries no role of this deployment called {wanted!r}")
    return _only(matching)


def _only(candidates: Sequence[str]) -> str:
    if len(candidates) > 1:
        raise AmbiguousRole(
            f"{len(candidates)} roles and none preferred", members={"choices": _choices(candidates)}
        )
    return candidates[0]


def _choices(candidates: Sequence[str]) -> list[str]:
    names = [_name(arn) for arn in candidates]
    return names if len(set(names)) == len(names) else list(candidates)


def _name(arn: str) -> str:
    return arn.rpartition("/")[2]

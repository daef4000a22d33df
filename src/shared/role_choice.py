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

    `wanted` is a group of the deployment, else a role's ARN or name; None leaves the choice to
    `preferred_role`, then to the only role. Roles are compared by their exact ARNs: another
    account, path or partition is a foreign role. Raises RoleNotYours for a wanted role that is
    not among them; AmbiguousRole rather than taking the first of several, with `choices` among
    its members: what `role=` may name, in the token's order; and NoRole where all roles are
    foreign: an identity pool would hand out one of them. STS gives nothing unasked, so
    `group-role` serves such a person as one of no group. In `member-role` mode everybody acts in
    the member role, and no other can be named.
    """
    candidates = list(nameable_roles(principal, roles).values())
    if wanted is not None:
        return RoleChoice(_wanted_role(candidates, roles, wanted), explicit=True)
    if principal.preferred_role in candidates:
        return RoleChoice(principal.preferred_role, explicit=False)
    if candidates:
        return RoleChoice(_only(candidates, roles), explicit=True)
    if principal.roles and credential_source == "identity-pool":
        raise NoRole("none of the token's roles is one of this deployment")
    return RoleChoice(roles.signed_in, explicit=False)


def nameable_roles(principal: Principal, roles: DeployedRoles) -> dict[str, str]:
    """What `role=` may name, and the role's ARN: the token's roles of this deployment, in order.

    In a deployment with a member role it is that one, whatever the token carries.
    """
    if roles.member is not None:
        return {roles.member: roles.member}
    ours = {roles.signed_in, *roles.by_group.values()}
    group_of = {arn: group for group, arn in reversed([*roles.by_group.items()])}
    return {group_of.get(arn, arn): arn for arn in principal.roles if arn in ours}


def _wanted_role(candidates: Sequence[str], roles: DeployedRoles, wanted: str) -> str:
    if roles.by_group.get(wanted) in candidates:
        return roles.by_group[wanted]
    matching = [arn for arn in candidates if wanted in (arn, _name(arn))]
    if not matching:
        raise RoleNotYours(f"the token carries no role of this deployment called {wanted!r}")
    return _only(matching, roles)


def _only(candidates: Sequence[str], roles: DeployedRoles) -> str:
    if len(candidates) > 1:
        group_of = {arn: group for group, arn in reversed([*roles.by_group.items()])}
        raise AmbiguousRole(
            f"{len(candidates)} roles and none preferred",
            members={"choices": [group_of.get(arn, arn) for arn in candidates]},
        )
    return candidates[0]


def _name(arn: str) -> str:
    return arn.rpartition("/")[2]

"""Rules about how an identity pool picks the role."""

from collections import defaultdict
from collections.abc import Iterator

from bucketpass.pools.binding import bindings
from bucketpass.pools.finding import Hit, Severity
from bucketpass.pools.inventory import Group, IdentityPool, Inventory, RoleMapping
from bucketpass.pools.provider_rules import place
from bucketpass.pools.role_reach import contains


def ambiguous_mapping(inventory: Inventory) -> Iterator[Hit]:
    """Members of several groups get no preferred role, since precedence does not decide.

    Worth knowing where such people are refused, or fall back to rights that each of the groups
    has anyway; otherwise they get rights that their groups do not have.
    """
    for binding in bindings(inventory):
        pool, mapping = binding.identity_pool, binding.identity_pool.mapping_of(binding.provider)
        if mapping is None or mapping.type != "Token" or binding.user_pool is None:
            continue
        for rivals in _rivals(binding.user_pool.groups):
            names = " and ".join(group.name for group in rivals)
            safe = _refuses(mapping) or _falls_back_to_the_least(inventory, pool, rivals)
            outcome = "refused" if _refuses(mapping) else "given the default role"
            yield Hit(
                place(pool),
                f"The groups {names} have the same precedence and different roles: members of "
                f"several are {outcome} unless they name a role.",
                Severity.INFO if safe else None,
            )


def group_roles_unused(inventory: Inventory) -> Iterator[Hit]:
    """The groups carry roles that the identity pool never gives."""
    for binding in bindings(inventory):
        mapping = binding.identity_pool.mapping_of(binding.provider)
        groups = binding.user_pool.groups if binding.user_pool else ()
        names = ", ".join(group.name for group in groups if group.role_arn)
        if names and mapping is None:
            yield Hit(
                place(binding.identity_pool),
                f"There is no role mapping, so the roles of the groups {names} are never given.",
            )


def _rivals(groups: tuple[Group, ...]) -> Iterator[list[Group]]:
    by_precedence: dict[int | None, list[Group]] = defaultdict(list)
    for group in groups:
        if group.role_arn:
            by_precedence[group.precedence].append(group)
    for rivals in by_precedence.values():
        if len({group.role_arn for group in rivals}) > 1:
            yield rivals


def _refuses(mapping: RoleMapping) -> bool:
    return mapping.ambiguous == "Deny"


def _falls_back_to_the_least(inventory: Inventory, pool: IdentityPool, rivals: list[Group]) -> bool:
    default = inventory.roles.get(pool.signed_in_role or "")
    roles = [inventory.roles.get(group.role_arn or "") for group in rivals]
    return default is not None and all(role and contains(role, default) for role in roles)

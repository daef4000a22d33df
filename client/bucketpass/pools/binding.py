"""Which identity pool trusts which app client, and where each role is used."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from bucketpass.pools.inventory import (
    AppClient,
    IdentityPool,
    Inventory,
    Provider,
    UserPool,
)

Standing = Literal["signed-in", "guest", "group", "rule"]


@dataclass(frozen=True)
class Binding:
    """One provider of an identity pool; None for a user pool or client that is not found."""

    identity_pool: IdentityPool
    provider: Provider
    user_pool: UserPool | None
    client: AppClient | None


@dataclass(frozen=True)
class RoleUse:
    """A role that an identity pool can give; `via` names the group or rule it comes by."""

    identity_pool: IdentityPool
    role_arn: str
    standing: Standing
    via: str = ""


def bindings(inventory: Inventory) -> list[Binding]:
    """Every binding, in the order of the identity pools."""
    return [b for pool in inventory.identity_pools for b in bindings_of(inventory, pool)]


def bindings_of(inventory: Inventory, pool: IdentityPool) -> list[Binding]:
    """The bindings of one identity pool."""
    return [_binding(inventory, pool, provider) for provider in pool.providers]


def bindings_by_client(inventory: Inventory) -> Mapping[tuple[str, str], list[Binding]]:
    """The bindings of each app client that is found, by the ids of user pool and client."""
    found: dict[tuple[str, str], list[Binding]] = defaultdict(list)
    for binding in bindings(inventory):
        if binding.client is not None:
            found[binding.provider.user_pool_id, binding.client.id].append(binding)
    return found


def _binding(inventory: Inventory, pool: IdentityPool, provider: Provider) -> Binding:
    user_pool = inventory.user_pool(provider.user_pool_id)
    clients = user_pool.clients if user_pool else ()
    client = next((client for client in clients if client.id == provider.client_id), None)
    return Binding(pool, provider, user_pool, client)


def role_uses(inventory: Inventory) -> list[RoleUse]:
    """Every role that an identity pool can give, each standing once."""
    return list(
        dict.fromkeys(use for pool in inventory.identity_pools for use in _uses(inventory, pool))
    )


def _uses(inventory: Inventory, pool: IdentityPool) -> Iterator[RoleUse]:
    if pool.signed_in_role:
        yield RoleUse(pool, pool.signed_in_role, "signed-in")
    if pool.guest_role:
        yield RoleUse(pool, pool.guest_role, "guest")
    for provider in pool.providers:
        mapping = pool.mapping_of(provider)
        user_pool = inventory.user_pool(provider.user_pool_id)
        if mapping and mapping.type == "Token" and user_pool:
            for group in user_pool.groups:
                if group.role_arn:
                    yield RoleUse(pool, group.role_arn, "group", group.name)
        for rule in mapping.rules if mapping else ():
            via = f"{rule.claim} {rule.match_type} {rule.value}"
            yield RoleUse(pool, rule.role_arn, "rule", via)

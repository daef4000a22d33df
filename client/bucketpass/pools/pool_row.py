"""The bindings as rows: one for each app client and each identity pool that trusts it."""

from collections.abc import Iterator
from dataclasses import dataclass

from bucketpass.pools.binding import Binding, bindings_by_client, bindings_of
from bucketpass.pools.inventory import AppClient, IdentityPool, Inventory, UserPool


@dataclass(frozen=True)
class PoolRow:
    """A row; the parts of a side that is not bound, or has no such thing, are empty."""

    user_pool_id: str = ""
    user_pool_name: str = ""
    client_id: str = ""
    client_name: str = ""
    groups: str = ""
    identity_pool_id: str = ""
    identity_pool_name: str = ""
    server_side_token_check: str = ""
    guests: str = ""
    classic_flow: str = ""
    authenticated_role: str = ""
    unauthenticated_role: str = ""
    role_mapping: str = ""


def pool_rows(inventory: Inventory) -> list[PoolRow]:
    """User pools and clients in their order with what they are bound to, then the other pools."""
    return [*_of_user_pools(inventory), *_of_identity_pools(inventory)]


def _of_user_pools(inventory: Inventory) -> Iterator[PoolRow]:
    every = bindings_by_client(inventory)
    for pool in inventory.user_pools:
        for client in pool.clients or (AppClient("", ""),):
            bound = every.get((pool.id, client.id), [])
            yield from (_row(pool, client, binding) for binding in bound)
            if not bound:
                yield _row(pool, client, None)


def _of_identity_pools(inventory: Inventory) -> Iterator[PoolRow]:
    """Identity pools that no client above is bound to, or whose client is not found."""
    for pool in inventory.identity_pools:
        for binding in bindings_of(inventory, pool):
            if binding.client is None:
                yield _row(binding.user_pool, None, binding)
        if not pool.providers:
            yield PoolRow(**_right(pool))


def _row(pool: UserPool | None, client: AppClient | None, binding: Binding | None) -> PoolRow:
    groups = pool.groups if pool else ()
    left = {
        "user_pool_id": pool.id if pool else "",
        "user_pool_name": pool.name if pool else "",
        "client_id": client.id if client else "",
        "client_name": client.name if client else "",
        "groups": ", ".join(f"{g.name} > {role_name(g.role_arn) or 'no role'}" for g in groups),
    }
    if binding is None:
        return PoolRow(**left)
    provider = binding.provider
    mapping = binding.identity_pool.mapping_of(provider)
    return PoolRow(
        **{
            **left,
            **_right(binding.identity_pool),
            "user_pool_id": provider.user_pool_id,
            "client_id": provider.client_id,
            "server_side_token_check": _yes(said=provider.token_check),
            "role_mapping": f"{mapping.type} ({mapping.ambiguous})" if mapping else "",
        }
    )


def _right(pool: IdentityPool) -> dict[str, str]:
    return {
        "identity_pool_id": pool.id,
        "identity_pool_name": pool.name,
        "guests": _yes(said=pool.guests),
        "classic_flow": _yes(said=pool.classic_flow),
        "authenticated_role": role_name(pool.signed_in_role),
        "unauthenticated_role": role_name(pool.guest_role),
    }


def role_name(arn: str | None) -> str:
    """The name at the end of a role's ARN; empty for None."""
    return (arn or "").rpartition("/")[2]


def _yes(*, said: bool) -> str:
    return "yes" if said else "no"

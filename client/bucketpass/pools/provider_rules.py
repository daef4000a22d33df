"""Rules about who gets into an identity pool at all."""

from collections.abc import Iterator

from bucketpass.pools.binding import bindings
from bucketpass.pools.finding import Hit, Severity
from bucketpass.pools.inventory import IdentityPool, Inventory


def place(pool: IdentityPool) -> str:
    """How findings name an identity pool."""
    return f"identity pool {pool.name} ({pool.id})"


def guests_allowed(inventory: Inventory) -> Iterator[Hit]:
    """Anybody gets an identity without signing in; worse if guests have a role."""
    for pool in inventory.identity_pools:
        if pool.guests and pool.guest_role:
            yield Hit(place(pool), "Guests are allowed and get a role.", Severity.HIGH)
        elif pool.guests:
            yield Hit(place(pool), "Guests are allowed; they have no role yet.")


def classic_flow_on(inventory: Inventory) -> Iterator[Hit]:
    """People choose the role themselves: any that trusts the pool."""
    for pool in inventory.identity_pools:
        if pool.classic_flow:
            yield Hit(
                place(pool),
                "The classic flow is on: a person can assume every role that trusts the pool, "
                "whatever their groups.",
            )


def token_check_off(inventory: Inventory) -> Iterator[Hit]:
    """A token of somebody signed out, disabled or deleted still gives credentials."""
    for pool in inventory.identity_pools:
        for provider in pool.providers:
            if not provider.token_check:
                yield Hit(
                    place(pool),
                    f"The server-side token check is off for client {provider.client_id}: a token "
                    "still gives credentials after sign-out, disabling or deletion of its user.",
                )


def client_unknown(inventory: Inventory) -> Iterator[Hit]:
    """The trusted app client or its user pool is not there (any more)."""
    for binding in bindings(inventory):
        provider, where = binding.provider, place(binding.identity_pool)
        if provider.region != inventory.region:
            yield Hit(
                where,
                f"User pool {provider.user_pool_id} is of another region and was not looked at.",
                Severity.INFO,
            )
        elif binding.user_pool is None:
            yield Hit(
                where,
                f"User pool {provider.user_pool_id} is not in this account: deleted, or somebody "
                "else's.",
            )
        elif binding.client is None:
            yield Hit(
                where,
                f"User pool {provider.user_pool_id} has no app client {provider.client_id}.",
            )

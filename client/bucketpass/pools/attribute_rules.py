"""Rules about attributes that people can change themselves."""

from collections.abc import Iterator

from bucketpass.pools.binding import Binding, bindings
from bucketpass.pools.finding import Hit
from bucketpass.pools.inventory import Inventory
from bucketpass.pools.provider_rules import place


def writable_tag(inventory: Inventory) -> Iterator[Hit]:
    """A principal tag, on which policies decide, comes from what its owner may write."""
    for binding in bindings(inventory):
        for tag, claim in (binding.provider.tags or {}).items():
            if how := _written_by_its_owner(binding, claim):
                yield Hit(
                    place(binding.identity_pool),
                    f"The principal tag {tag} is the attribute {claim}, which people {how}.",
                )


def writable_rule(inventory: Inventory) -> Iterator[Hit]:
    """A role is picked by what its owner may write."""
    for binding in bindings(inventory):
        mapping = binding.identity_pool.mapping_of(binding.provider)
        for rule in mapping.rules if mapping else ():
            if how := _written_by_its_owner(binding, rule.claim):
                yield Hit(
                    place(binding.identity_pool),
                    f"The role {rule.role_arn.rpartition('/')[2]} is given by the attribute "
                    f"{rule.claim}, which people {how}.",
                )


def _written_by_its_owner(binding: Binding, claim: str) -> str | None:
    """How people get at the attribute; None if they do not.

    An access token of any client of the user pool can write what that client may, so all count.
    """
    pool = binding.user_pool
    if pool is None or not any(claim in client.writable for client in pool.clients):
        return None
    if claim not in pool.fixed:
        return "may change themselves"
    return "choose when they sign up" if pool.open_sign_up else None

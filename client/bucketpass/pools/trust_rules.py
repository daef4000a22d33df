"""Rules about the trust policies of the roles that identity pools give."""

from collections.abc import Iterator

from bucketpass.pools.binding import RoleUse, role_uses
from bucketpass.pools.finding import Hit, Severity
from bucketpass.pools.inventory import Inventory, Role
from bucketpass.pools.provider_rules import place
from bucketpass.pools.role_trust import (
    GUEST,
    SIGNED_IN,
    TAG_SESSION,
    Newcomer,
    admits,
    nobodys_pool,
)


def used_roles(inventory: Inventory) -> Iterator[tuple[RoleUse, Role]]:
    """Each use of a role that could be read."""
    for use in role_uses(inventory):
        if role := inventory.roles.get(use.role_arn):
            yield use, role


def role_place(arn: str) -> str:
    """How findings name a role."""
    return f"role {arn.rpartition('/')[2]}"


def trust_without_aud(inventory: Inventory) -> Iterator[Hit]:
    """People of any identity pool may assume the role."""
    newcomers = [Newcomer(nobodys_pool(inventory.region), amr) for amr in (SIGNED_IN, GUEST)]
    for arn in dict.fromkeys(role.arn for _, role in used_roles(inventory)):
        if any(admits(inventory.roles[arn], newcomer) for newcomer in newcomers):
            yield Hit(
                role_place(arn),
                "The trust policy does not ask for one identity pool (aud): those of any other "
                "pool are let in too.",
            )


def trust_without_amr(inventory: Inventory) -> Iterator[Hit]:
    """Guests may assume a role that is meant for people who signed in."""
    for use, role in used_roles(inventory):
        if use.standing != "guest" and admits(role, Newcomer(use.identity_pool.id, GUEST)):
            yield Hit(
                role_place(role.arn),
                f"The trust policy lets in guests of {place(use.identity_pool)}, and the role is "
                "meant for people who signed in (amr).",
                Severity.HIGH if use.identity_pool.guests else None,
            )


def trust_shut(inventory: Inventory) -> Iterator[Hit]:
    """Those whom the pool gives the role are not let in: a wrong aud or amr."""
    for use, role in used_roles(inventory):
        amr = GUEST if use.standing == "guest" else SIGNED_IN
        if not admits(role, Newcomer(use.identity_pool.id, amr)):
            yield Hit(
                role_place(role.arn),
                f"The trust policy does not let in people who come {amr} through "
                f"{place(use.identity_pool)}, which gives this role.",
            )


def tag_session_missing(inventory: Inventory) -> Iterator[Hit]:
    """The pool tags sessions, but the role does not allow that: no credentials at all."""
    for use, role in used_roles(inventory):
        person = Newcomer(use.identity_pool.id, SIGNED_IN)
        tags = any(provider.tags is not None for provider in use.identity_pool.providers)
        if tags and admits(role, person) and not admits(role, person, TAG_SESSION):
            yield Hit(
                role_place(role.arn),
                "The trust policy does not allow sts:TagSession, but attributes are principal tags "
                f"in {place(use.identity_pool)}: no credentials at all.",
            )


def role_missing(inventory: Inventory) -> Iterator[Hit]:
    """A pool gives a role that does not exist."""
    for use in role_uses(inventory):
        if use.role_arn in inventory.missing:
            yield Hit(
                role_place(use.role_arn),
                f"The role does not exist, but {place(use.identity_pool)} gives it.",
            )


def role_unread(inventory: Inventory) -> Iterator[Hit]:
    """A role was not judged, so that silence about it means nothing."""
    for arn, reason in inventory.unread.items():
        yield Hit(role_place(arn), f"The role was not looked at: {reason}")

"""Rules about what the roles of an identity pool open."""

from collections.abc import Iterable, Iterator

from bucketpass.pools.binding import RoleUse, bindings
from bucketpass.pools.finding import Hit, Severity
from bucketpass.pools.inventory import Inventory, Role
from bucketpass.pools.provider_rules import place
from bucketpass.pools.role_reach import (
    Opening,
    common_rights,
    has_own_objects,
    listings_of_everyone,
    objects_of_everyone,
)
from bucketpass.pools.trust_rules import role_place, used_roles

_DEFAULT = ("signed-in", "guest")


def default_role_wide(inventory: Inventory) -> Iterator[Hit]:
    """The role that everybody gets opens what belongs to others."""
    for use, role in _each_once(inventory):
        if use.standing not in _DEFAULT:
            continue
        people = "guest" if use.standing == "guest" else "signed-in person"
        if listings := listings_of_everyone(role):
            names = all(opening.names_only for opening in listings)
            yield Hit(
                role_place(role.arn),
                f"Every {people} may list {'the folders' if names else 'the keys'} of all others: "
                f"{_told(listings)}.",
                Severity.MEDIUM if names else None,
            )
        if objects := objects_of_everyone(role):
            yield Hit(
                role_place(role.arn),
                f"Every {people} reaches the objects of all others: {_told(objects)}.",
            )


def group_role_wide(inventory: Inventory) -> Iterator[Hit]:
    """The role of a group opens what belongs to others, which may be what it is for."""
    for use, role in _each_once(inventory):
        wide = [*listings_of_everyone(role), *objects_of_everyone(role)]
        if use.standing not in _DEFAULT and wide:
            yield Hit(
                role_place(role.arn),
                f"Whoever gets this role by {use.standing} {use.via} reaches everybody's "
                f"objects: {_told(wide)}.",
            )


def group_without_home(inventory: Inventory) -> Iterator[Hit]:
    """Members of a group lose their own folder, since its role replaces the default one."""
    for use, role in _each_once(inventory):
        default = inventory.roles.get(use.identity_pool.signed_in_role or "")
        if use.standing != "group" or default is None or objects_of_everyone(role):
            continue
        if has_own_objects(default) and not has_own_objects(role):
            yield Hit(
                role_place(role.arn),
                f"The role of the group {use.via} opens no folder of one's own, and it replaces "
                "the default role, which does.",
            )


def open_sign_up(inventory: Inventory) -> Iterator[Hit]:
    """Strangers make themselves an account and get what the default role gives to everybody."""
    for binding in bindings(inventory):
        user_pool = binding.user_pool
        role = inventory.roles.get(binding.identity_pool.signed_in_role or "")
        if user_pool is None or role is None or not user_pool.open_sign_up:
            continue
        where = f"user pool {user_pool.name} ({user_pool.id})"
        said = f"Anybody can sign up, and {place(binding.identity_pool)} then gives the role"
        name = role.arn.rpartition("/")[2]
        if changes := common_rights(role, changing=True):
            yield Hit(where, f"{said} {name}, which may {_told(changes)}.")
        elif listings_of_everyone(role) or objects_of_everyone(role):
            yield Hit(where, f"{said} {name}, which opens what belongs to others.")
        elif reads := common_rights(role, changing=False):
            yield Hit(where, f"{said} {name}, which may {_told(reads)}.", Severity.INFO)


def _each_once(inventory: Inventory) -> Iterator[tuple[RoleUse, Role]]:
    """One use of each role and standing, whatever the number of pools."""
    seen = set()
    for use, role in used_roles(inventory):
        if (role.arn, use.standing) not in seen:
            seen.add((role.arn, use.standing))
            yield use, role


def _told(openings: Iterable[Opening]) -> str:
    told = list(dict.fromkeys(f"{o.action} on {o.pattern or 'any prefix'}" for o in openings))
    more = f" and {len(told) - 3} more" if len(told) > 3 else ""  # noqa: PLR2004 # fits a line
    return ", ".join(told[:3]) + more

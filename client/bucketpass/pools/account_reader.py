"""Reads the inventory of an account and region."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from botocore.exceptions import ClientError

from bucketpass.pools.administrator import Administrator, as_administrator
from bucketpass.pools.binding import role_uses
from bucketpass.pools.identity_pool_reader import identity_pools
from bucketpass.pools.inventory import Inventory, Role
from bucketpass.pools.role_reader import RoleReader
from bucketpass.pools.user_pool_reader import user_pools

_DENIED: Final = {"AccessDenied", "AccessDeniedException"}


def read_pools(
    administrator: Administrator, report: Callable[[str], None], *, in_detail: bool = False
) -> Inventory:
    """All user pools and identity pools with their bindings, without the roles' policies.

    `in_detail` also reads attributes and sign-up of the user pools that are bound. `report` is
    told what is being read. Raises AccessDenied and the other errors of this package.
    """
    with as_administrator():
        found = tuple(identity_pools(administrator.identity_pools, report))
        bound = {provider.user_pool_id for pool in found for provider in pool.providers}
        users = user_pools(
            administrator.user_pools,
            report,
            in_detail=lambda pool_id: in_detail and pool_id in bound,
        )
        return Inventory(administrator.account, administrator.region, tuple(users), found)


def read_everything(administrator: Administrator, report: Callable[[str], None]) -> Inventory:
    """The same in detail, and every role that an identity pool can give, with its policies.

    A role that may not be read is told in `unread`, one that does not exist in `missing`.
    """
    inventory = read_pools(administrator, report, in_detail=True)
    reader = RoleReader(administrator.iam)
    roles: dict[str, Role] = {}
    missing: set[str] = set()
    unread: dict[str, str] = {}
    for arn in dict.fromkeys(use.role_arn for use in role_uses(inventory)):
        report(f"role {arn.rpartition('/')[2]}")
        if arn.split(":")[4:5] != [inventory.account]:
            unread[arn] = "it is of another account."
            continue
        with as_administrator():
            try:
                roles[arn] = reader.role(arn)
            except ClientError as error:
                code = error.response["Error"]["Code"]
                if code == "NoSuchEntity":
                    missing.add(arn)
                elif code in _DENIED:
                    unread[arn] = f"IAM refused it ({code})."
                else:
                    raise
    return replace(inventory, roles=roles, missing=frozenset(missing), unread=unread)

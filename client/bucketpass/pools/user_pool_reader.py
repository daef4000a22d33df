"""Reads user pools; every list is paged to its end."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from bucketpass.pools.inventory import AppClient, Group, UserPool

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_cognito_idp.type_defs import UserPoolTypeTypeDef

# The most that one answer of Cognito holds.
_PAGE: Final = 60
# What a client may write that names no attributes: the standard ones (OpenID Connect Core 1.0,
# section 5.1, and Cognito's reference of UserPoolClientType), but what Cognito keeps itself.
STANDARD_ATTRIBUTES: Final = frozenset(
    {
        *("address", "birthdate", "email", "family_name", "gender", "given_name", "locale"),
        *("middle_name", "name", "nickname", "phone_number", "picture", "preferred_username"),
        *("profile", "updated_at", "website", "zoneinfo"),
    }
)


def user_pools(
    client: "CognitoIdentityProviderClient",
    report: Callable[[str], None],
    *,
    in_detail: Callable[[str], bool],
) -> Iterator[UserPool]:
    """Every user pool of the region with its clients and groups.

    `in_detail` is asked with the id of a user pool whether attributes and sign-up matter too: that
    is one more call for the pool and one for each client.
    """
    for page in client.get_paginator("list_user_pools").paginate(
        PaginationConfig={"PageSize": _PAGE}
    ):
        for listed in page["UserPools"]:
            report(f"user pool {listed['Name']}")
            detailed = in_detail(listed["Id"])
            described = (
                client.describe_user_pool(UserPoolId=listed["Id"])["UserPool"] if detailed else {}
            )
            yield UserPool(
                id=listed["Id"],
                name=listed["Name"],
                clients=tuple(_clients(client, listed["Id"], detailed=detailed)),
                groups=tuple(_groups(client, listed["Id"])),
                open_sign_up=detailed and _open_sign_up(described),
                fixed=_fixed(described),
            )


def user_pool_ids(client: "CognitoIdentityProviderClient") -> Iterator[str]:
    """The id of every user pool of the region."""
    pages = client.get_paginator("list_user_pools").paginate(PaginationConfig={"PageSize": _PAGE})
    return (listed["Id"] for page in pages for listed in page["UserPools"])


def _open_sign_up(described: "UserPoolTypeTypeDef") -> bool:
    administrated = described.get("AdminCreateUserConfig", {})
    return not administrated.get("AllowAdminCreateUserOnly", False)


def _fixed(described: "UserPoolTypeTypeDef") -> frozenset[str]:
    return frozenset(
        attribute["Name"]
        for attribute in described.get("SchemaAttributes", [])
        if not attribute.get("Mutable", True)
    )


def _clients(
    client: "CognitoIdentityProviderClient", pool_id: str, *, detailed: bool
) -> Iterator[AppClient]:
    for page in client.get_paginator("list_user_pool_clients").paginate(
        UserPoolId=pool_id, PaginationConfig={"PageSize": _PAGE}
    ):
        for listed in page["UserPoolClients"]:
            writable = _writable(client, pool_id, listed["ClientId"]) if detailed else frozenset()
            yield AppClient(listed["ClientId"], listed.get("ClientName", ""), writable)


def _writable(
    client: "CognitoIdentityProviderClient", pool_id: str, client_id: str
) -> frozenset[str]:
    described = client.describe_user_pool_client(UserPoolId=pool_id, ClientId=client_id)
    # Cognito tells WriteAttributes only where somebody has chosen them
    return frozenset(described["UserPoolClient"].get("WriteAttributes") or STANDARD_ATTRIBUTES)


def _groups(client: "CognitoIdentityProviderClient", pool_id: str) -> Iterator[Group]:
    for page in client.get_paginator("list_groups").paginate(
        UserPoolId=pool_id, PaginationConfig={"PageSize": _PAGE}
    ):
        for group in page["Groups"]:
            yield Group(group["GroupName"], group.get("RoleArn"), group.get("Precedence"))

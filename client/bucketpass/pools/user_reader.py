"""Reads users of a user pool with their groups."""

from typing import TYPE_CHECKING

from bucketpass.pools.person import User

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_cognito_idp.type_defs import UserTypeTypeDef


class UserReader:
    """Finds users; botocore's errors pass."""

    def __init__(self, client: "CognitoIdentityProviderClient") -> None:
        self._client = client

    def found(self, pool_id: str, attribute: str, value: str) -> list[User]:
        """The users of the pool with exactly this value of `username`, `sub` or `email`."""
        quoted = value.replace("\\", "\\\\").replace('"', '\\"')
        pages = self._client.get_paginator("list_users").paginate(
            UserPoolId=pool_id, Filter=f'{attribute} = "{quoted}"'
        )
        return [self._user(pool_id, listed) for page in pages for listed in page["Users"]]

    def _user(self, pool_id: str, listed: "UserTypeTypeDef") -> User:
        username = listed.get("Username", "")
        attributes = {a["Name"]: a.get("Value", "") for a in listed.get("Attributes", [])}
        pages = self._client.get_paginator("admin_list_groups_for_user").paginate(
            UserPoolId=pool_id, Username=username
        )
        groups = (group["GroupName"] for page in pages for group in page["Groups"])
        return User(
            username=username,
            sub=attributes.get("sub", ""),
            user_pool_id=pool_id,
            status=listed.get("UserStatus", "UNKNOWN"),
            enabled=listed.get("Enabled", False),
            groups=tuple(groups),
        )

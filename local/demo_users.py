"""The people of the demonstration: who they are, and how they come into the user pool."""

import contextlib
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from local.sign_in import SignInPlace, Tokens, identity_id, sign_in

if TYPE_CHECKING:
    from local.emulated_aws import EmulatedAws

GROUPS_OF_DEMO_USERS: Final[dict[str, tuple[str, ...]]] = {
    "alice": (),
    "bob": (),
    "erin": ("editors",),
    "ada": ("auditors",),
    "mia": ("editors", "auditors"),
}


@dataclass(frozen=True, slots=True)
class DemoUser:
    """One person: `sub` is the user pool's id, `identity_id` names the home folder.

    `tokens` are those of the first sign-in.
    """

    username: str
    password: str = field(repr=False)
    groups: tuple[str, ...]
    sub: str
    identity_id: str
    tokens: Tokens


def new_password() -> str:
    """A random password of 25 characters that has one of each kind, as a policy may ask."""
    return f"Aa1-{secrets.token_urlsafe(16)[:21]}"


def make_user(
    aws: "EmulatedAws", place: SignInPlace, username: str, password: str, groups: tuple[str, ...]
) -> DemoUser:
    """Create the user, or give the existing one that password and those groups; then sign in."""
    pool = place.user_pool_id
    admin = aws.user_pools
    with contextlib.suppress(admin.exceptions.UsernameExistsException):  # its state was kept
        admin.admin_create_user(
            UserPoolId=pool,
            Username=username,
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": "email", "Value": f"{username}@example.com"},
                {"Name": "email_verified", "Value": "true"},
            ],
        )
    admin.admin_set_user_password(
        UserPoolId=pool, Username=username, Password=password, Permanent=True
    )
    for group in groups:
        admin.admin_add_user_to_group(UserPoolId=pool, Username=username, GroupName=group)
    tokens = sign_in(aws, place, username, password)
    return DemoUser(
        username=username,
        password=password,
        groups=groups,
        sub=_sub(aws, pool, username),
        identity_id=identity_id(aws, place, tokens.id),
        tokens=tokens,
    )


def _sub(aws: "EmulatedAws", pool: str, username: str) -> str:
    user = aws.user_pools.admin_get_user(UserPoolId=pool, Username=username)
    return next(a["Value"] for a in user["UserAttributes"] if a["Name"] == "sub")

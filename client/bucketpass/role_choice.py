"""Which role to ask the identity pool for."""

from bucketpass.errors import RoleRefused
from bucketpass.id_token import IdTokenClaims


def chosen_role(claims: IdTokenClaims, wanted: str | None) -> str | None:
    """The ARN of the wanted role; None leaves the choice to the identity pool.

    `wanted` is an ARN or a role's name (what follows its last slash). Raises RoleRefused if the
    ID token carries no such role, or several of that name.
    """
    if wanted is None:
        return None
    matching = [arn for arn in claims.roles if wanted in {arn, role_name(arn)}]
    if len(matching) == 1:
        return matching[0]
    raise RoleRefused(
        f"{wanted!r} is not among your roles."
        if not matching
        else f"Several are named {wanted!r}.",
        remedy=_choices(claims),
    )


def role_name(arn: str) -> str:
    """The role's name without its path."""
    return arn.rpartition("/")[2]


def _choices(claims: IdTokenClaims) -> str:
    if not claims.roles:
        return "You are in no group that has a role: leave the role out."
    return f"Yours are: {', '.join(sorted(claims.roles))}."

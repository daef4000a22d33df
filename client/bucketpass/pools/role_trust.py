"""Whom a role's trust policy lets in through Cognito.

Source: "Role trust and permissions" in the Cognito developer guide: `aud` is the identity pool,
`amr` holds `authenticated` or `unauthenticated`. AWS-2024-003 is what happens without them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bucketpass.pools.inventory import Role
from bucketpass.pools.policy_statement import Condition, Statement, matches, statements

WEB_IDENTITY: Final = "sts:AssumeRoleWithWebIdentity"
TAG_SESSION: Final = "sts:TagSession"
SIGNED_IN: Final = "authenticated"
GUEST: Final = "unauthenticated"


@dataclass(frozen=True)
class Newcomer:
    """Somebody who comes through an identity pool: its id, and SIGNED_IN or GUEST."""

    pool_id: str
    amr: str


def nobodys_pool(region: str) -> str:
    """The id of an identity pool that nobody has: who is let in with it needs no particular one."""
    return f"{region}:00000000-0000-4000-8000-000000000000"


def admits(role: Role, newcomer: Newcomer, action: str = WEB_IDENTITY) -> bool:
    """Whether the trust policy allows the action to the newcomer.

    Conditions on anything but `aud` and `amr` are taken to hold: they say nothing of the pool.
    """
    applying = [
        statement
        for statement in statements([role.trust])
        if statement.covers(action) and _names_cognito(statement) and _holds(statement, newcomer)
    ]
    return any(s.allows for s in applying) and all(s.allows for s in applying)


def _names_cognito(statement: Statement) -> bool:
    # `cognito-identity-us-gov.amazonaws.com` and the Chinese regions have names of their own
    return any(name == "*" or name.startswith("cognito-identity") for name in statement.federated)


def _holds(statement: Statement, newcomer: Newcomer) -> bool:
    for condition in statement.conditions:
        if not condition.key.startswith("cognito-identity"):
            continue
        if condition.key.endswith(":aud") and not _fits(condition, newcomer.pool_id):
            return False
        if condition.key.endswith(":amr") and not _fits(condition, newcomer.amr):
            return False
    return True


_TESTS: Final[dict[str, Callable[[str, str], bool]]] = {
    "stringequals": lambda wanted, value: wanted == value,
    "stringequalsignorecase": lambda wanted, value: wanted.lower() == value.lower(),
    "stringlike": matches,
}


def _fits(condition: Condition, value: str) -> bool:
    test = condition.test
    if positive := _TESTS.get(test):
        return any(positive(wanted, value) for wanted in condition.values)
    if negated := _TESTS.get(test.replace("stringnot", "string")):
        return not any(negated(wanted, value) for wanted in condition.values)
    return True

"""Which role an identity pool gives to an identity, by its role mappings.

Source: Cognito developer guide, role-based-access-control, and the API reference of
GetCredentialsForIdentity (CustomRoleArn).
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

Matcher = Callable[[str, str], bool]

_MATCHERS: Final[Mapping[str, Matcher]] = {
    "Equals": lambda actual, wanted: actual == wanted,
    "Contains": lambda actual, wanted: wanted in actual,
    "StartsWith": lambda actual, wanted: actual.startswith(wanted),
    "NotEqual": lambda actual, wanted: actual != wanted,
}


class RoleForbidden(Exception):
    """Neither a mapping nor a default gives the identity the role; its text is Cognito's."""


def mapped_role(
    pool: Mapping[str, Any], claims_by_provider: Mapping[str, Mapping[str, Any]], custom: str | None
) -> str:
    """The ARN of the role for an identity with these verified claims, empty if there is none.

    `custom` is the role that the caller asks for, None for the pool's choice; raises
    RoleForbidden for one that the token does not carry, and for ambiguity where it is denied.
    """
    for provider, claims in claims_by_provider.items():
        mapping = _mapping(pool, f"{provider}:{claims.get('aud')}")
        if mapping is None:
            continue
        role = _by_mapping(mapping, claims, custom)
        if role:
            return role
        if mapping.get("AmbiguousRoleResolution") == "Deny":
            raise RoleForbidden("Access denied: no role could be resolved for the identity.")
    if custom:
        raise RoleForbidden("Access to role is forbidden.")
    default = "authenticated" if claims_by_provider else "unauthenticated"
    return str(pool.get("_roles", {}).get(default, ""))


def _mapping(pool: Mapping[str, Any], provider: str) -> Mapping[str, Any] | None:
    # CloudFormation keys the map freely and names the provider inside the mapping.
    for key, mapping in (pool.get("_role_mappings") or {}).items():
        if provider in (key, mapping.get("IdentityProvider")):
            return dict(mapping)
    return None


def _by_mapping(
    mapping: Mapping[str, Any], claims: Mapping[str, Any], custom: str | None
) -> str | None:
    if mapping["Type"] == "Rules":
        rules = mapping.get("RulesConfiguration", {}).get("Rules", [])
        return next((str(rule["RoleARN"]) for rule in rules if _matches(rule, claims)), None)
    roles = claims.get("cognito:roles") or []
    if custom:
        if custom not in roles:
            raise RoleForbidden("Access to role is forbidden.")
        return custom
    preferred = claims.get("cognito:preferred_role")
    return preferred or (roles[0] if len(roles) == 1 else None)


def _matches(rule: Mapping[str, Any], claims: Mapping[str, Any]) -> bool:
    claim = claims.get(rule["Claim"])
    if claim is None:
        return bool(rule["MatchType"] == "NotEqual")
    test = _MATCHERS[rule["MatchType"]]
    values = claim if isinstance(claim, list) else [claim]
    return any(test(str(value), rule["Value"]) for value in values)

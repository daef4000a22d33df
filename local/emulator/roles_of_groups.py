"""`cognito:roles` and `cognito:preferred_role` of an ID token, which the emulator leaves out.

Source: Cognito developer guide, cognito-user-pools-user-groups: the roles of the user's groups;
the preferred one is that of the group with the lowest precedence, and there is none if several
groups share it with different roles; a group without precedence ranks last.
"""

# ruff: noqa: ANN401, SLF001 # the emulator is untyped, its private names are what is replaced
import json
import math
from typing import Any

from ministack.services import cognito

from local.emulator.replacement import extend


def install() -> None:
    """Put the role claims into ID tokens, and keep a missing precedence missing."""
    extend(cognito, "_signed_jwt", "b9dfceb8b4398de1", _signed_jwt)
    extend(cognito, "_create_group", "5fa0e67caff05dc5", _create_group)


def role_claims(groups: list[dict[str, Any]]) -> dict[str, Any]:
    """The role claims of a member of these groups (records of the emulator), empty for no role."""
    ranked = sorted((group for group in groups if group.get("RoleArn")), key=_rank)
    if not ranked:
        return {}
    claims: dict[str, Any] = {
        "cognito:roles": list(dict.fromkeys(group["RoleArn"] for group in ranked))
    }
    best = {group["RoleArn"] for group in ranked if _rank(group) == _rank(ranked[0])}
    if len(best) == 1:
        claims["cognito:preferred_role"] = best.pop()
    return claims


def _rank(group: dict[str, Any]) -> float:
    precedence = group.get("Precedence")
    return math.inf if precedence is None else float(precedence)


def _signed_jwt(original: Any, claims: dict[str, Any], pool_id: str = "", use: str = "") -> Any:
    pool = cognito._user_pools.get(pool_id) if pool_id else None
    if pool and claims.get("token_use") == "id":
        names = claims.get("cognito:groups") or []
        known = [pool["_groups"][name] for name in names if name in pool["_groups"]]
        claims = {**claims, **role_claims(known)}
    return original(claims, pool_id, use)


def _create_group(original: Any, data: dict[str, Any]) -> Any:
    status, headers, body = original(data)
    if status == 200 and "Precedence" not in data:  # noqa: PLR2004 # plain HTTP
        del cognito._user_pools[data["UserPoolId"]]["_groups"][data["GroupName"]]["Precedence"]
        group = json.loads(body)
        del group["Group"]["Precedence"]
        body = json.dumps(group).encode()
    return status, headers, body

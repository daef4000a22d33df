"""Tokens renewed at the pool's own pages, which the emulator makes without the user's groups.

Source: Cognito developer guide, amazon-cognito-user-pools-using-the-refresh-token and
cognito-user-pools-user-groups: a renewed ID or access token has the claims of a fresh one, with
the groups as they are now.
"""

# ruff: noqa: ANN401, SLF001 # the emulator is untyped, its private names are what is replaced
from typing import Any

from ministack.services import cognito

from local.emulator.replacement import extend


def install() -> None:
    """Name the groups in each token that is renewed."""
    extend(cognito, "_fake_token", "7e26f28e0883ae87", _token)


def _token(original: Any, sub: str, pool_id: str, *rest: Any, **named: Any) -> Any:
    if named.get("trigger_source") == "TokenGeneration_RefreshTokens" and not named.get("groups"):
        pool = cognito._get_pool_unscoped(pool_id) or {}
        user = pool.get("_users", {}).get(named.get("username"), {})
        named = {**named, "groups": list(user.get("_groups", []))}
    return original(sub, pool_id, *rest, **named)

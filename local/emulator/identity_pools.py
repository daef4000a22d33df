"""Identity pools as Cognito enforces them; the emulator gives every identity the default role.

Sources: Cognito API reference of GetId, GetCredentialsForIdentity and GetOpenIdToken; developer
guide, authentication-flow (classic flow), role-trust-and-permissions, attributes-for-access-control
and amazon-cognito-integrating-user-pools-with-identity-pools (server-side token check).
"""

# ruff: noqa: ANN401, SLF001 # the emulator is untyped, its private names are what is replaced
import json
import threading
import time
from typing import Any, Final

from ministack.core.responses import error_response_json, get_account_id
from ministack.services import cognito, iam, sts

from local.emulator.replacement import extend
from local.emulator.role_mapping import RoleForbidden, mapped_role
from local.emulator.session_context import remember_context, web_identity_context
from local.emulator.web_identity_trust import trusts_web_identity

_NO_GUESTS: Final = "Unauthenticated access is not supported for this identity pool."
_NO_CLASSIC_FLOW: Final = "Basic (classic) flow is not enabled, please use enhanced flow."
_NO_ROLE: Final = "Invalid identity pool configuration. Check assigned IAM roles for this pool."
_SESSION_NAME: Final = "CognitoIdentityCredentials"

# Two first calls for one login at the same moment would make two identities of one person.
_ONE_AT_A_TIME: Final = threading.Lock()


def install() -> None:
    """Refuse guests, the classic flow, and users whom the server-side check does not find."""
    extend(cognito, "_identity_logins_error", "060824c9ffac1103", _logins_error)
    extend(cognito, "_get_id", "d02a9a585441417f", _get_id)
    extend(cognito, "_get_open_id_token", "35195571cfa8b3dd", _get_open_id_token)
    extend(cognito, "_get_credentials_for_identity", "62adc8daf624c4cf", _get_credentials)


def _get_id(original: Any, data: dict[str, Any]) -> Any:
    pool = cognito._identity_pools.get(data.get("IdentityPoolId"))
    if pool and _is_forbidden_guest(pool, data):
        return _refusal(_NO_GUESTS)
    with _ONE_AT_A_TIME:
        return original(data)


def _get_open_id_token(original: Any, data: dict[str, Any]) -> Any:
    pool = _pool_of(data.get("IdentityId"))
    if pool is None:
        return original(data)
    if _is_forbidden_guest(pool, data):
        return _refusal(_NO_GUESTS)
    if not _is_true(pool.get("AllowClassicFlow")):
        return _refusal(_NO_CLASSIC_FLOW, "InvalidParameterException")
    return original(data)


def _get_credentials(original: Any, data: dict[str, Any]) -> Any:
    identity_id, logins = data.get("IdentityId"), data.get("Logins") or {}
    pool = _pool_of(identity_id)
    if pool is None:
        return _refusal(f"Identity '{identity_id}' not found.", "ResourceNotFoundException")
    if _is_forbidden_guest(pool, data):
        return _refusal(_NO_GUESTS)
    if error := cognito._identity_logins_error(pool, identity_id, logins):
        return error
    claims = {provider: cognito._token_claims(token) for provider, token in logins.items()}
    try:
        role_arn = mapped_role(pool, claims, data.get("CustomRoleArn"))
    except RoleForbidden as forbidden:
        return _refusal(str(forbidden))
    return _assumed(original, data, pool, claims, role_arn)


def _assumed(
    original: Any, data: dict[str, Any], pool: Any, claims: dict[str, Any], role_arn: str
) -> Any:
    """The emulator's answer, its session turned into one of the role if the role trusts it."""
    role = iam._roles.get(role_arn.rpartition("/")[2])
    tags = _principal_tags(pool, claims)
    amr = cognito._identity_login_fields(data.get("Logins") or {})[0]
    pool_id = pool["IdentityPoolId"]
    context = web_identity_context(data["IdentityId"], pool_id, amr)
    if (
        role is None
        or role.get("Arn") != role_arn
        or not trusts_web_identity(role, role_arn, context, tags)
    ):
        return _refusal(_NO_ROLE, "InvalidIdentityPoolConfigurationException")
    answer = original(data)
    issued = json.loads(answer[2])
    if "Credentials" in issued:
        session = sts._sessions[issued["Credentials"]["AccessKeyId"]]
        session.update(
            Arn=f"arn:aws:sts::{get_account_id()}:assumed-role/{role['RoleName']}/{_SESSION_NAME}",
            UserId=f"{role['RoleId']}:{_SESSION_NAME}",
            SessionTags=tags,
            IssuedAt=time.time(),
        )
        # The original may have answered for another identity, to which the login belongs.
        remember_context(session, web_identity_context(issued["IdentityId"], pool_id, amr))
    return answer


def _logins_error(original: Any, pool: Any, identity_id: str | None, logins: Any) -> Any:
    error = original(pool, identity_id, logins)
    if error or not logins:
        return error
    for provider, token in logins.items():
        for configured in pool.get("CognitoIdentityProviders") or []:
            if configured.get("ProviderName") != provider:
                continue
            claims = cognito._token_claims(token)
            if provider.startswith("cognito-idp.") and claims.get("token_use") != "id":
                return _refusal("Invalid login token. Not a valid OpenId Connect identity token.")
            if _is_true(configured.get("ServerSideTokenCheck")) and not _is_signed_in(claims):
                return _refusal("Invalid login token. Token is not valid any more.")
    return None


def _is_signed_in(claims: dict[str, Any]) -> bool:
    pool = cognito._user_pools.get(str(claims.get("iss", "")).rpartition("/")[2]) or {}
    user = pool.get("_users", {}).get(claims.get("cognito:username"))
    return bool(
        user
        and user.get("Enabled", True)
        and claims.get("origin_jti") not in cognito._revoked_tokens
    )


def _principal_tags(pool: Any, claims_by_provider: dict[str, Any]) -> list[dict[str, str]]:
    tags = []
    for provider, claims in claims_by_provider.items():
        mapping = (pool.get("_principal_tags") or {}).get(provider)
        if mapping:
            names = mapping.get("PrincipalTags") or {}
            if _is_true(mapping.get("UseDefaults")):
                names = {"username": "sub", "client": "aud"}
            tags += [
                {"Key": key, "Value": str(claims[claim])}
                for key, claim in names.items()
                if claims.get(claim) is not None
            ]
    return tags


def _pool_of(identity_id: str | None) -> Any:
    pools = cognito._identity_pools.values()
    return next((pool for pool in pools if identity_id in pool.get("_identities", {})), None)


def _is_forbidden_guest(pool: Any, data: dict[str, Any]) -> bool:
    return not data.get("Logins") and not _is_true(pool.get("AllowUnauthenticatedIdentities"))


def _is_true(value: Any) -> bool:
    # A template's boolean may arrive as text.
    return str(value).lower() == "true"


def _refusal(message: str, code: str = "NotAuthorizedException") -> Any:
    return error_response_json(code, message, 400)

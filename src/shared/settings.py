"""What the deployment tells the function, read once at cold start."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

CredentialSourceName = Literal["identity-pool", "group-role", "member-role"]

_POOL_ID: Final = re.compile(r"[\w-]+_[0-9A-Za-z]+")
_IDENTITY_POOL_ID: Final = re.compile(r"[\w-]+:[0-9a-f-]{36}")
_ROLE_ARN: Final = re.compile(r"arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+")


class SettingsError(ValueError):
    """The environment lacks a setting or holds a malformed one; the function does not start."""


@dataclass(frozen=True, slots=True)
class DeployedRoles:
    """The only roles that a caller can act in: one for every signed-in user, one per group.

    `member` is the one role of everybody where the credential source is `member-role`, else None.
    """

    signed_in: str
    by_group: Mapping[str, str]
    member: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """The function's configuration.

    `endpoint_url` is None on AWS; where it is set, every AWS call and the signing keys go there.
    """

    region: str
    user_pool_id: str
    client_ids: tuple[str, ...]
    identity_pool_id: str
    bucket: str
    credential_source: CredentialSourceName
    roles: DeployedRoles
    allowed_origin: str
    url_suffix: str
    version: str
    endpoint_url: str | None

    @property
    def login_provider(self) -> str:
        """The user pool's name in an identity pool's `Logins` map."""
        return f"cognito-idp.{self.region}.{self.url_suffix}/{self.user_pool_id}"

    @property
    def issuer(self) -> str:
        """The exact `iss` of the user pool's tokens."""
        return f"https://{self.login_provider}"

    @property
    def jwks_url(self) -> str:
        """Where the user pool publishes its signing keys."""
        base = f"{self.endpoint_url}/{self.user_pool_id}" if self.endpoint_url else self.issuer
        return f"{base}/.well-known/jwks.json"


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings from environment variables; raises SettingsError naming the variable."""
    source = _credential_source(environ)
    return Settings(
        region=_required(environ, "AWS_REGION"),
        user_pool_id=_matching(environ, "USER_POOL_ID", _POOL_ID),
        client_ids=_names(environ, "USER_POOL_CLIENT_IDS"),
        identity_pool_id=_matching(environ, "IDENTITY_POOL_ID", _IDENTITY_POOL_ID),
        bucket=_required(environ, "BUCKET_NAME"),
        credential_source=source,
        roles=DeployedRoles(
            signed_in=_matching(environ, "SIGNED_IN_ROLE_ARN", _ROLE_ARN),
            by_group=_group_roles(environ),
            member=(
                _matching(environ, "MEMBER_ROLE_ARN", _ROLE_ARN)
                if source == "member-role"
                else None
            ),
        ),
        allowed_origin=_required(environ, "ALLOWED_ORIGIN"),
        url_suffix=environ.get("URL_SUFFIX", "amazonaws.com"),
        version=environ.get("SERVICE_VERSION", "unknown"),
        endpoint_url=(environ.get("AWS_ENDPOINT_URL") or "").rstrip("/") or None,
    )


def _required(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "").strip()
    if not value:
        raise SettingsError(f"{name} is not set")
    return value


def _matching(environ: Mapping[str, str], name: str, pattern: re.Pattern[str]) -> str:
    value = _required(environ, name)
    if not pattern.fullmatch(value):
        raise SettingsError(f"{name} is malformed: {value!r}")
    return value


def _names(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    values = tuple(part.strip() for part in _required(environ, name).split(","))
    if not all(values):
        raise SettingsError(f"{name} has an empty entry")
    return values


def _credential_source(environ: Mapping[str, str]) -> CredentialSourceName:
    value = _required(environ, "CREDENTIAL_SOURCE")
    for name in get_args(CredentialSourceName):
        if value == name:
            return name  # type: ignore[no-any-return] # get_args is typed as Any
    raise SettingsError(f"CREDENTIAL_SOURCE is none of {get_args(CredentialSourceName)}: {value!r}")


def _group_roles(environ: Mapping[str, str]) -> dict[str, str]:
    text = _required(environ, "GROUP_ROLE_ARNS")
    try:
        roles = json.loads(text)
    except ValueError as error:
        raise SettingsError("GROUP_ROLE_ARNS is not JSON") from error
    if not isinstance(roles, dict):
        raise SettingsError("GROUP_ROLE_ARNS is not an object of group names and role ARNs")
    for group, arn in roles.items():
        if not (isinstance(arn, str) and _ROLE_ARN.fullmatch(arn)):
            raise SettingsError(f"GROUP_ROLE_ARNS has a malformed role for group {group!r}")
    return roles

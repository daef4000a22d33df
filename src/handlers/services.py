"""Everything that lives as long as the execution environment, built once."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.access_token import AccessTokenVerifier
from shared.aws_clients import build_clients
from shared.credential_source import CredentialSource
from shared.group_role import GroupRole
from shared.id_token import IdTokenVerifier
from shared.identity_pool import IdentityPool
from shared.locations import GROUPS
from shared.member_role import MemberRole
from shared.observability import count, log_exchange
from shared.settings import Settings
from shared.signing_keys import SigningKeys, https_fetch
from shared.user_pool import UserPool

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_sts import STSClient


@dataclass(frozen=True, slots=True)
class Services:
    """What the routes work with; a test gives fakes for each part."""

    settings: Settings
    verifier: IdTokenVerifier
    access_tokens: AccessTokenVerifier
    user_pool: UserPool
    credential_source: CredentialSource
    s3: "S3Client"


def build_services(settings: Settings) -> Services:
    """Wire the services for one deployment; makes no network call."""
    clients = build_clients(settings)
    keys = SigningKeys(https_fetch(settings.jwks_url))
    return Services(
        settings=settings,
        verifier=IdTokenVerifier(settings.issuer, settings.client_ids, keys),
        access_tokens=AccessTokenVerifier(settings.issuer, settings.client_ids, keys),
        user_pool=UserPool(clients.cognito_idp),
        credential_source=CredentialSource(
            settings=settings,
            identity_pool=IdentityPool(
                clients.cognito_identity, settings.identity_pool_id, settings.login_provider
            ),
            assumed_role=_assumed_role(settings, clients.sts),
            count=count,
            exchanged=log_exchange,
        ),
        s3=clients.s3,
    )


def _assumed_role(settings: Settings, sts: "STSClient") -> GroupRole:
    if settings.credential_source == "member-role":
        return MemberRole(sts, GROUPS)
    return GroupRole(sts)

"""Everything that lives as long as the execution environment, built once."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.aws_clients import build_clients
from shared.credential_source import CredentialSource
from shared.group_role import GroupRole
from shared.id_token import IdTokenVerifier
from shared.identity_pool import IdentityPool
from shared.observability import count
from shared.settings import Settings
from shared.signing_keys import SigningKeys, https_fetch

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


@dataclass(frozen=True, slots=True)
class Services:
    """What the routes work with; a test gives fakes for each part."""

    settings: Settings
    verifier: IdTokenVerifier
    credential_source: CredentialSource
    s3: "S3Client"


def build_services(settings: Settings) -> Services:
    """Wire the services for one deployment; makes no network call."""
    clients = build_clients(settings)
    return Services(
        settings=settings,
        verifier=IdTokenVerifier(
            settings.issuer, settings.client_ids, SigningKeys(https_fetch(settings.jwks_url))
        ),
        credential_source=CredentialSource(
            settings=settings,
            identity_pool=IdentityPool(
                clients.cognito_identity, settings.identity_pool_id, settings.login_provider
            ),
            group_role=GroupRole(clients.sts),
            count=count,
        ),
        s3=clients.s3,
    )

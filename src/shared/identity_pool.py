"""The exchange of an ID token at a Cognito identity pool (the enhanced flow)."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from shared.aws_errors import translated
from shared.errors import BucketpassError, IdentityRefused
from shared.principal import Principal
from shared.role_choice import RoleChoice
from shared.scoped_credentials import ScopedCredentials, read_credentials
from shared.upstream_errors import UpstreamError, UpstreamUnavailable

if TYPE_CHECKING:
    from types_boto3_cognito_identity import CognitoIdentityClient

# region:UUID. The identity id becomes part of keys and a session tag: no other character.
_IDENTITY_ID: Final = re.compile(r"[a-z0-9-]+:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class IdentityForgotten(UpstreamError):
    """Cognito does not know (any more) the identity id that it once gave."""


_GET_ID_ERRORS: Final[Mapping[str, type[BucketpassError]]] = {
    # The token was revoked, its client deleted or its user disabled after we verified it
    # (server-side token check), or the pool does not know this user pool client.
    "NotAuthorizedException": IdentityRefused,
    # The login belongs to another identity of the pool.
    "ResourceConflictException": IdentityRefused,
    "ExternalServiceException": UpstreamUnavailable,
    "InternalErrorException": UpstreamUnavailable,
}
_GET_CREDENTIALS_ERRORS: Final[Mapping[str, type[BucketpassError]]] = {
    **_GET_ID_ERRORS,
    # No role attached for this identity, or its trust policy does not admit it.
    "InvalidIdentityPoolConfigurationException": IdentityRefused,
    "ResourceNotFoundException": IdentityForgotten,
}


class IdentityPool:
    """The deployment's identity pool; both calls are public and carry the person's ID token.

    `login_provider` is the user pool's name in `Logins`. Raises IdentityRefused where Cognito
    refuses the person, Throttled, UpstreamUnavailable and UpstreamError as `aws_errors` says.
    """

    def __init__(
        self, client: "CognitoIdentityClient", identity_pool_id: str, login_provider: str
    ) -> None:
        self._client = client
        self._identity_pool_id = identity_pool_id
        self._login_provider = login_provider

    def identity_id(self, principal: Principal) -> str:
        """The person's identity id (GetId): always the same for the same user of the user pool."""
        with translated(_GET_ID_ERRORS):
            answer = self._client.get_id(
                IdentityPoolId=self._identity_pool_id, Logins=self._logins(principal)
            )
        identity_id: object = answer.get("IdentityId")
        if not (isinstance(identity_id, str) and _IDENTITY_ID.fullmatch(identity_id)):
            raise UpstreamError("GetId: the answer holds no identity id")
        return identity_id

    def credentials(
        self, principal: Principal, identity_id: str, role: RoleChoice
    ) -> ScopedCredentials:
        """Credentials of the person in the role (GetCredentialsForIdentity), valid for an hour.

        `identity_id` comes from `identity_id()`, never from a caller; IdentityForgotten where
        Cognito does not know it.
        """
        named = {"CustomRoleArn": role.arn} if role.explicit else {}
        with translated(_GET_CREDENTIALS_ERRORS):
            answer = self._client.get_credentials_for_identity(
                IdentityId=identity_id, Logins=self._logins(principal), **named
            )
        if answer.get("IdentityId") != identity_id:
            raise UpstreamError("GetCredentialsForIdentity: the answer is for another identity")
        return read_credentials(answer, "SecretKey", identity_id, role.arn)

    def _logins(self, principal: Principal) -> dict[str, str]:
        # Without Logins, GetId makes a fresh guest identity at each call.
        return {self._login_provider: principal.id_token.reveal()}

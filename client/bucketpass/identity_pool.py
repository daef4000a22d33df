"""A Cognito identity pool: what exchanges an ID token for AWS credentials (enhanced flow)."""

from typing import TYPE_CHECKING, Any, Final

from bucketpass.aws_errors import translated
from bucketpass.errors import (
    BucketpassError,
    ConfigurationError,
    IdentityRefused,
    UnexpectedAnswer,
)
from bucketpass.profile import Profile
from bucketpass.scoped_credentials import ScopedCredentials
from bucketpass.secret import Secret

if TYPE_CHECKING:
    from types_boto3_cognito_identity import CognitoIdentityClient

_REFUSALS: Final[dict[str, type[BucketpassError]]] = {
    "InvalidIdentityPoolConfigurationException": IdentityRefused,
    "InvalidParameterException": IdentityRefused,
    "NotAuthorizedException": IdentityRefused,
    "ResourceConflictException": IdentityRefused,
    "ResourceNotFoundException": ConfigurationError,
    "ValidationException": ConfigurationError,
}


class IdentityPool:
    """The calls of one identity pool; each carries an ID token, so none makes a guest identity.

    Every method raises IdentityRefused, ConfigurationError for a pool that is not there,
    Throttled, Unreachable or UnexpectedAnswer.
    """

    def __init__(self, client: "CognitoIdentityClient", profile: Profile) -> None:
        self._client = client
        self._profile = profile
        self._provider = profile.login_provider

    def identity_id(self, id_token: Secret, account_id: str | None = None) -> str:
        """The identity id of the token's bearer; it names the home folder.

        `account_id` is the AWS account of the identity pool; Cognito does not need it.
        """
        arguments: dict[str, Any] = {"AccountId": account_id} if account_id else {}
        pool_id = self._profile.require("identity_pool_id")
        with translated(_REFUSALS):
            return self._client.get_id(
                IdentityPoolId=pool_id, Logins=self._logins(id_token), **arguments
            )["IdentityId"]

    def credentials(
        self, id_token: Secret, identity_id: str, role_arn: str | None
    ) -> ScopedCredentials:
        """Temporary credentials of the role; with None the identity pool picks it."""
        arguments: dict[str, Any] = {"CustomRoleArn": role_arn} if role_arn else {}
        with translated(_REFUSALS):
            answer = self._client.get_credentials_for_identity(
                IdentityId=identity_id, Logins=self._logins(id_token), **arguments
            )
        try:
            issued = answer["Credentials"]
            return ScopedCredentials(
                access_key_id=issued["AccessKeyId"],
                secret_access_key=Secret(issued["SecretKey"]),
                session_token=Secret(issued["SessionToken"]),
                expiration=issued["Expiration"],
            )
        except KeyError as error:
            raise UnexpectedAnswer("Cognito's answer holds no credentials.") from error

    def _logins(self, id_token: Secret) -> dict[str, str]:
        if not id_token:
            raise IdentityRefused("There is no ID token.")
        return {self._provider: id_token.reveal()}

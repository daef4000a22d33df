"""The user pool, asked on behalf of a person: to end their sign-ins."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from shared.aws_errors import translated
from shared.errors import BucketpassError, IdentityRefused
from shared.secret import Secret
from shared.upstream_errors import UpstreamUnavailable

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

_ERRORS: Final[Mapping[str, type[BucketpassError]]] = {
    # Revoked already, or the user was disabled or deleted after we verified the token.
    "NotAuthorizedException": IdentityRefused,
    "PasswordResetRequiredException": IdentityRefused,
    "UserNotConfirmedException": IdentityRefused,
    "UserNotFoundException": IdentityRefused,
    "InternalErrorException": UpstreamUnavailable,
}


class UserPool:
    """The deployment's user pool; its call is public and carries the person's access token.

    `client` gives the client when it is needed.
    """

    def __init__(self, client: "Callable[[], CognitoIdentityProviderClient]") -> None:
        self._client = client

    def sign_out(self, access_token: Secret) -> None:
        """End every sign-in of the token's user (GlobalSignOut): no refresh, no new identity.

        Raises IdentityRefused where Cognito no longer takes the token, Throttled,
        UpstreamUnavailable and UpstreamError as `aws_errors` says.
        """
        with translated(_ERRORS):
            self._client().global_sign_out(AccessToken=access_token.reveal())

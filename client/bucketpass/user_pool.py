"""A Cognito user pool, as an app client without a secret calls it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from bucketpass.aws_errors import translated
from bucketpass.errors import (
    BucketpassError,
    ChallengeUnanswered,
    CodeRefused,
    ConfigurationError,
    PasswordRefused,
    SignInExpired,
    SignInRefused,
)
from bucketpass.profile import Profile
from bucketpass.secret import Secret

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

_SIGN_IN: Final[dict[str, type[BucketpassError]]] = {
    "CodeMismatchException": CodeRefused,
    "EnableSoftwareTokenMFAException": CodeRefused,
    "ExpiredCodeException": CodeRefused,
    "InvalidPasswordException": PasswordRefused,
    "NotAuthorizedException": SignInRefused,
    "PasswordHistoryPolicyViolationException": PasswordRefused,
    "PasswordResetRequiredException": ChallengeUnanswered,
    "ResourceNotFoundException": ConfigurationError,
    "UserNotConfirmedException": ChallengeUnanswered,
    "UserNotFoundException": SignInRefused,
}
_SIGNED_IN: Final[dict[str, type[BucketpassError]]] = {
    **_SIGN_IN,
    "NotAuthorizedException": SignInExpired,
    "RefreshTokenReuseException": SignInExpired,
    "UserNotFoundException": SignInExpired,
}


class UserPool:
    """The calls of one user pool and app client; each raises this package's errors."""

    def __init__(self, client: "CognitoIdentityProviderClient", profile: Profile) -> None:
        self._client = client
        self.pool_id = profile.require("user_pool_id")
        self.client_id = profile.require("client_id")

    def start(self, parameters: Mapping[str, str]) -> Mapping[str, Any]:
        """Begin a sign-in by SRP: a challenge."""
        with translated(_SIGN_IN):
            return self._client.initiate_auth(
                AuthFlow="USER_SRP_AUTH", ClientId=self.client_id, AuthParameters=parameters
            )

    def respond(
        self,
        challenge: Any,  # noqa: ANN401 # one of the stubs' literals, and new ones to come
        responses: Mapping[str, str],
        session: str | None,
    ) -> Mapping[str, Any]:
        """Answer a challenge: the next one, or `AuthenticationResult`."""
        with translated(_SIGN_IN):
            return self._client.respond_to_auth_challenge(
                ClientId=self.client_id,
                ChallengeName=challenge,
                ChallengeResponses=responses,
                **_given(Session=session),
            )

    def refresh(self, refresh_token: Secret, device_key: str | None) -> dict[str, Any]:
        """Renew the tokens: Cognito's `AuthenticationResult`.

        GetTokensFromRefreshToken serves app clients with and without rotation; the older flow
        REFRESH_TOKEN_AUTH is refused where refresh tokens rotate (Cognito developer guide).
        """
        with translated(_SIGNED_IN):
            answer = self._client.get_tokens_from_refresh_token(
                ClientId=self.client_id,
                RefreshToken=refresh_token.reveal(),
                **_given(DeviceKey=device_key),
            )
        return dict(answer["AuthenticationResult"])

    def revoke(self, refresh_token: Secret) -> None:
        """End this sign-in: the refresh token and the tokens that came from it."""
        with translated({**_SIGNED_IN, "UnsupportedTokenTypeException": SignInExpired}):
            self._client.revoke_token(ClientId=self.client_id, Token=refresh_token.reveal())

    def sign_out_everywhere(self, access_token: Secret) -> None:
        """End all sign-ins of the person."""
        with translated(_SIGNED_IN):
            self._client.global_sign_out(AccessToken=access_token.reveal())

    def new_totp_secret(self, session: str) -> tuple[Secret, str]:
        """A secret for an authenticator app, and the session to go on with."""
        with translated(_SIGN_IN):
            answer = self._client.associate_software_token(Session=session)
        return Secret(answer["SecretCode"]), answer["Session"]

    def verify_totp(self, session: str, code: str) -> str:
        """Prove that the app has the secret: the session to go on with."""
        with translated(_SIGN_IN):
            return self._client.verify_software_token(Session=session, UserCode=code)["Session"]

    def confirm_device(
        self,
        access_token: Secret,
        device_key: str,
        verifier: Any,  # noqa: ANN401 # a typed dict of the stubs
        name: str,
    ) -> bool:
        """Register this device; whether the person still has to agree that it is remembered."""
        with translated(_SIGNED_IN):
            answer = self._client.confirm_device(
                AccessToken=access_token.reveal(),
                DeviceKey=device_key,
                DeviceSecretVerifierConfig=verifier,
                DeviceName=name,
            )
        return bool(answer.get("UserConfirmationNecessary"))

    def remember_device(self, access_token: Secret, device_key: str) -> None:
        """Have the device remembered: it counts as a second factor from now on."""
        with translated(_SIGNED_IN):
            self._client.update_device_status(
                AccessToken=access_token.reveal(),
                DeviceKey=device_key,
                DeviceRememberedStatus="remembered",
            )


def _given(**arguments: str | None) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if value}

"""AWS as somebody without AWS keys calls it: unsigned."""

import os
from typing import TYPE_CHECKING, Any, Final, cast

import botocore.session
from botocore import UNSIGNED
from botocore.config import Config

from bucketpass.clock_watch import ClockWatch
from bucketpass.profile import Profile

if TYPE_CHECKING:
    from types_boto3_cognito_identity import CognitoIdentityClient
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

_NO_FILES: Final[Any] = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


def isolated_session() -> botocore.session.Session:
    """A botocore session that reads neither AWS_PROFILE nor the files below ~/.aws.

    What these name may be this very program (`credential_process`), or not exist.
    """
    return botocore.session.Session(session_vars=_NO_FILES)


class PublicAws:
    """The public calls of Cognito for that profile; `watch` observes the clock in each answer."""

    def __init__(self, profile: Profile, watch: ClockWatch) -> None:
        self._profile = profile
        self._watch = watch
        self._session = isolated_session()

    def user_pools(self) -> "CognitoIdentityProviderClient":
        """A client of the user pool's region."""
        region = self._profile.require("user_pool_id").partition("_")[0]
        return cast("CognitoIdentityProviderClient", self._client("cognito-idp", region))

    def identities(self) -> "CognitoIdentityClient":
        """A client of the identity pool's region."""
        named = (self._profile.identity_pool_id or "").partition(":")[0]
        region = named or self._profile.require("region")
        return cast("CognitoIdentityClient", self._client("cognito-identity", region))

    def _client(self, service: str, region: str) -> Any:  # noqa: ANN401 # botocore makes its classes at run time
        # the stubs do not know this option: the endpoint comes from the profile alone
        endpoint: dict[str, Any] = {"ignore_configured_endpoint_urls": True}
        client = self._session.create_client(
            service,
            region_name=region,
            endpoint_url=self._profile.endpoint_url,
            config=Config(
                signature_version=UNSIGNED,
                connect_timeout=5,
                read_timeout=20,
                retries={"mode": "standard", "total_max_attempts": 3},
                **endpoint,
            ),
        )
        self._watch.follow(client)
        return client

"""Clients of the emulated AWS, which know nothing of the developer's own AWS set-up."""

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

import boto3
import botocore.session
from botocore import UNSIGNED
from botocore.config import Config

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from types_boto3_cloudformation import CloudFormationClient
    from types_boto3_cognito_identity import CognitoIdentityClient
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_lambda import LambdaClient
    from types_boto3_logs import CloudWatchLogsClient
    from types_boto3_s3 import S3Client

REGION: Final = "eu-west-1"

# per name: its name in a file, its environment variable, its default, its conversion
_Variables = dict[str, tuple[Any, Any, Any, Any]]


@dataclass(frozen=True, slots=True)
class RootKeys:
    """The key pair of the emulated account's root user."""

    access_key_id: str
    secret_access_key: str = field(repr=False)


class EmulatedAws:
    """Clients for one endpoint; `keys` of None gives clients that can only send unsigned calls.

    Neither `~/.aws`, nor any AWS_ variable, nor a proxy of the environment is looked at.
    """

    def __init__(self, endpoint_url: str, keys: RootKeys | None = None) -> None:
        self.endpoint_url = endpoint_url
        self._session = boto3.Session(
            botocore_session=botocore.session.Session(session_vars=_own_variables()),
            region_name=REGION,
            aws_access_key_id=keys.access_key_id if keys else None,
            aws_secret_access_key=keys.secret_access_key if keys else None,
        )
        self._clients: dict[tuple[str, bool], BaseClient] = {}

    def client(self, service: str, *, unsigned: bool = False) -> "BaseClient":
        """The client that acts as root, or as nobody if `unsigned`: one for a service and actor."""
        actor = service, unsigned
        if actor not in self._clients:
            self._clients[actor] = self._new_client(service, unsigned=unsigned)
        return self._clients[actor]

    def _new_client(self, service: str, *, unsigned: bool) -> "BaseClient":
        config = Config(
            s3={"addressing_style": "path"},
            proxies={},
            retries={"total_max_attempts": 2, "mode": "standard"},
            connect_timeout=5,
            read_timeout=60,
        )
        if unsigned:
            config = config.merge(Config(signature_version=UNSIGNED))
        client = self._session.client(
            service,  # type: ignore[call-overload] # the stubs know literal names only
            endpoint_url=self.endpoint_url,
            config=config,
        )
        return cast("BaseClient", client)

    @property
    def s3(self) -> "S3Client":
        """S3 as root."""
        return cast("S3Client", self.client("s3"))

    @property
    def cloudformation(self) -> "CloudFormationClient":
        """CloudFormation as root."""
        return cast("CloudFormationClient", self.client("cloudformation"))

    @property
    def functions(self) -> "LambdaClient":
        """Lambda as root."""
        return cast("LambdaClient", self.client("lambda"))

    @property
    def logs(self) -> "CloudWatchLogsClient":
        """CloudWatch Logs as root."""
        return cast("CloudWatchLogsClient", self.client("logs"))

    @property
    def user_pools(self) -> "CognitoIdentityProviderClient":
        """The administration of user pools, as root."""
        return cast("CognitoIdentityProviderClient", self.client("cognito-idp"))

    @property
    def public_user_pools(self) -> "CognitoIdentityProviderClient":
        """User pools as an application on somebody's machine sees them: without keys."""
        return cast("CognitoIdentityProviderClient", self.client("cognito-idp", unsigned=True))

    @property
    def public_identities(self) -> "CognitoIdentityClient":
        """Identity pools as an application on somebody's machine sees them: without keys."""
        return cast("CognitoIdentityClient", self.client("cognito-identity", unsigned=True))


def _own_variables() -> _Variables:
    """The settings of botocore with the environment taken out, and no file to read."""
    known = botocore.session.Session.SESSION_VARIABLES
    settings: _Variables = {
        name: (in_file, None, default, conversion)
        for name, (in_file, _, default, conversion) in known.items()
    }
    for name in ("config_file", "credentials_file"):
        settings[name] = (None, None, os.devnull, None)
    return settings

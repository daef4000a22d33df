"""An administrator's clients: credentials by the ordinary chain of the AWS SDK."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import (
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)

from bucketpass.aws_errors import translated
from bucketpass.errors import AccessDenied, BucketpassError, ConfigurationError

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient
    from types_boto3_cognito_identity import CognitoIdentityClient
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_iam import IAMClient


class AdministratorUnknown(ConfigurationError):
    """AWS does not accept the administrator's credentials, or there are none."""

    default_sentence = "There are no AWS credentials of an administrator."
    default_remedy = "Name a profile with --aws-profile, or set AWS_PROFILE or AWS_ACCESS_KEY_ID."


class NotThere(ConfigurationError):
    """Something that the administrator named does not exist in the account and region."""

    default_remedy = "Check the name, the region (--region) and the account (--aws-profile)."


_REFUSALS: Final[dict[str, type[BucketpassError]]] = {
    "AccessDenied": AccessDenied,
    "AccessDeniedException": AccessDenied,
    "NotAuthorizedException": AccessDenied,
    "ExpiredToken": AdministratorUnknown,
    "ExpiredTokenException": AdministratorUnknown,
    "InvalidClientTokenId": AdministratorUnknown,
    "InvalidSignatureException": AdministratorUnknown,
    "SignatureDoesNotMatch": AdministratorUnknown,
    "UnrecognizedClientException": AdministratorUnknown,
    "ResourceNotFoundException": NotThere,
    "ValidationError": NotThere,
}


class Administrator:
    """Clients for one account and region; None leaves a setting to the chain.

    Raises ConfigurationError for a profile or region that is not there.
    """

    def __init__(
        self,
        aws_profile: str | None = None,
        region: str | None = None,
        endpoint_url: str | None = None,
    ) -> None:
        # boto3 itself knows AWS_DEFAULT_REGION alone; the AWS CLI puts AWS_REGION before it
        region = region or os.environ.get("AWS_REGION") or None
        with as_administrator():
            self._session = boto3.Session(profile_name=aws_profile, region_name=region)
        if not self._session.region_name:
            raise ConfigurationError(
                "No region is named.", remedy="Name one with --region or set AWS_REGION."
            )
        self.region: str = self._session.region_name
        self._endpoint_url = endpoint_url

    @property
    def account(self) -> str:
        """The id of the account; a call to STS."""
        with as_administrator():
            return str(self.client("sts").get_caller_identity()["Account"])

    @property
    def user_pools(self) -> "CognitoIdentityProviderClient":
        """A client of cognito-idp."""
        client: CognitoIdentityProviderClient = self.client("cognito-idp")
        return client

    @property
    def identity_pools(self) -> "CognitoIdentityClient":
        """A client of cognito-identity."""
        client: CognitoIdentityClient = self.client("cognito-identity")
        return client

    @property
    def iam(self) -> "IAMClient":
        """A client of IAM."""
        client: IAMClient = self.client("iam")
        return client

    @property
    def stacks(self) -> "CloudFormationClient":
        """A client of CloudFormation."""
        client: CloudFormationClient = self.client("cloudformation")
        return client

    def client(self, service: str) -> Any:  # noqa: ANN401 # botocore makes its classes at run time
        """A client of any service; it waits by itself when AWS asks to slow down."""
        with as_administrator():
            return self._session.client(
                service,  # type: ignore[call-overload] # the stubs know literal names only
                endpoint_url=self._endpoint_url,
                config=Config(
                    connect_timeout=5,
                    read_timeout=30,
                    retries={"mode": "adaptive", "total_max_attempts": 8},
                ),
            )


@contextmanager
def as_administrator() -> Iterator[None]:
    """Turn botocore's errors within into this package's; missing credentials get a remedy."""
    with translated(_REFUSALS):
        try:
            yield
        except ProfileNotFound as error:
            raise AdministratorUnknown(f"{error}.") from error
        except (NoCredentialsError, PartialCredentialsError) as error:
            raise AdministratorUnknown from error
        except (SSOError, TokenRetrievalError) as error:
            raise AdministratorUnknown(
                "The administrator's single sign-on has ended.", remedy="Run `aws sso login`."
            ) from error

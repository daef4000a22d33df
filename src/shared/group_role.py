"""The exchange of a verified ID token for a role of the deployment at STS."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from shared.aws_errors import translated
from shared.errors import BucketpassError, IdentityRefused, UpstreamUnavailable
from shared.principal import Principal
from shared.role_choice import RoleChoice
from shared.scoped_credentials import ScopedCredentials, read_credentials

if TYPE_CHECKING:
    from types_boto3_sts import STSClient

# The most that a role may get by way of another role (role chaining), and the pool's hour.
_DURATION_SECONDS: Final = 3600

_ERRORS: Final[Mapping[str, type[BucketpassError]]] = {
    # The role is gone or its trust policy does not admit this function with this person's tags:
    # the same cause, and the same answer, as a refusal by an identity pool.
    "AccessDenied": IdentityRefused,
    "AccessDeniedException": IdentityRefused,
    # The function's own credentials: another execution environment has fresh ones.
    "ExpiredToken": UpstreamUnavailable,
    "ExpiredTokenException": UpstreamUnavailable,
}


class GroupRole:
    """`sts:AssumeRole` by the function's own role, with the person in the session's tags."""

    def __init__(self, client: "STSClient") -> None:
        self._client = client

    def credentials(
        self, principal: Principal, identity_id: str, role: RoleChoice
    ) -> ScopedCredentials:
        """Credentials of the person in the role, valid for an hour.

        The session is named by the sub and tagged with `identity_id` and `sub`, which the
        policies and the trust of the roles ask for. Raises IdentityRefused where STS refuses the
        role, Throttled, UpstreamUnavailable and UpstreamError as `aws_errors` says.
        """
        with translated(_ERRORS):
            answer = self._client.assume_role(
                RoleArn=role.arn,
                RoleSessionName=principal.sub,
                DurationSeconds=_DURATION_SECONDS,
                Tags=[
                    {"Key": "identity_id", "Value": identity_id},
                    {"Key": "sub", "Value": principal.sub},
                ],
            )
        return read_credentials(answer, "SecretAccessKey", identity_id, role.arn)

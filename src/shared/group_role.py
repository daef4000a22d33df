"""The exchange of a verified ID token for a role of the deployment at STS."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from shared.aws_errors import translated
from shared.errors import BucketpassError, IdentityRefused, ScopeTooLarge
from shared.principal import Principal
from shared.role_choice import RoleChoice
from shared.scoped_credentials import ScopedCredentials, read_credentials
from shared.upstream_errors import UpstreamUnavailable

if TYPE_CHECKING:
    from types_boto3_sts import STSClient
    from types_boto3_sts.type_defs import AssumeRoleRequestTypeDef, TagTypeDef

# STS API reference, AssumeRole, DurationSeconds.
SHORTEST_SECONDS: Final = 900
# The most that a role may get by way of another role (role chaining), and the pool's hour.
LONGEST_SECONDS: Final = 3600

_ERRORS: Final[Mapping[str, type[BucketpassError]]] = {
    # The role is gone or its trust policy does not admit this function with this person's tags:
    # the same cause, and the same answer, as a refusal by an identity pool.
    "AccessDenied": IdentityRefused,
    "AccessDeniedException": IdentityRefused,
    # The function's own credentials: another execution environment has fresh ones.
    "ExpiredToken": UpstreamUnavailable,
    "ExpiredTokenException": UpstreamUnavailable,
}
# How far STS can compress a policy and tags shows only when it tries.
_ERRORS_OF_A_POLICY: Final[Mapping[str, type[BucketpassError]]] = {
    **_ERRORS,
    "PackedPolicyTooLarge": ScopeTooLarge,
    "PackedPolicyTooLargeException": ScopeTooLarge,
}


class GroupRole:
    """`sts:AssumeRole` by the function's own role, with the person in the session's tags."""

    def __init__(self, client: "STSClient") -> None:
        self._client = client

    def credentials(
        self,
        principal: Principal,
        identity_id: str,
        role: RoleChoice,
        duration: int = LONGEST_SECONDS,
        session_policy: str | None = None,
    ) -> ScopedCredentials:
        """Credentials of the person in the role, valid for `duration` seconds.

        The session is named by the sub and tagged as `tags` says. `session_policy` None leaves it
        all that the role may. Raises IdentityRefused where STS refuses the role, ScopeTooLarge
        where it cannot pack the policy, Throttled, UpstreamUnavailable and UpstreamError as
        `aws_errors` says.
        """
        request: AssumeRoleRequestTypeDef = {
            "RoleArn": role.arn,
            "RoleSessionName": principal.sub,
            "DurationSeconds": duration,
            "Tags": self.tags(principal, identity_id),
        }
        if session_policy is not None:
            request["Policy"] = session_policy
        with translated(_ERRORS if session_policy is None else _ERRORS_OF_A_POLICY):
            answer = self._client.assume_role(**request)
        return read_credentials(answer, "SecretAccessKey", identity_id, role.arn)

    def tags(self, principal: Principal, identity_id: str) -> "list[TagTypeDef]":
        """The session's tags: `identity_id` and `sub`, which policies and trust of a role want."""
        return [
            {"Key": "identity_id", "Value": identity_id},
            {"Key": "sub", "Value": principal.sub},
        ]

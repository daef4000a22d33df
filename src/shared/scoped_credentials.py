"""The temporary credentials that AWS scoped to one person."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from shared.secret import Secret
from shared.upstream_errors import UpstreamError


@dataclass(frozen=True, slots=True)
class ScopedCredentials:
    """Temporary credentials of one person in one role; the two secret fields are masked.

    `expiration` is aware, in UTC; `identity_id` is the person's id in the identity pool, which
    names the home folder; `role_arn` is the role of this deployment that the credentials act in;
    `refused` is set once AWS answers that it no longer takes them.
    """

    access_key_id: str
    secret_access_key: Secret = field(repr=False)
    session_token: Secret = field(repr=False)
    expiration: datetime
    identity_id: str
    role_arn: str
    refused: threading.Event = field(default_factory=threading.Event, repr=False, compare=False)


def read_credentials(
    answer: Mapping[str, object], secret_name: str, identity_id: str, role_arn: str
) -> ScopedCredentials:
    """The credentials in an answer of Cognito or STS; UpstreamError unless they are whole.

    `secret_name` is what the service calls the secret access key: `SecretKey` at Cognito,
    `SecretAccessKey` at STS.
    """
    given = answer.get("Credentials")
    if not isinstance(given, Mapping):
        raise UpstreamError("the answer holds no credentials")
    return ScopedCredentials(
        access_key_id=_text(given, "AccessKeyId"),
        secret_access_key=Secret(_text(given, secret_name)),
        session_token=Secret(_text(given, "SessionToken")),
        expiration=_time(given, "Expiration"),
        identity_id=identity_id,
        role_arn=role_arn,
    )


def _text(given: Mapping[str, object], name: str) -> str:
    value = given.get(name)
    if not (isinstance(value, str) and value):
        raise UpstreamError(f"the credentials lack {name}")
    return value


def _time(given: Mapping[str, object], name: str) -> datetime:
    value = given.get(name)
    if not (isinstance(value, datetime) and value.tzinfo):
        raise UpstreamError(f"the credentials lack {name}")
    return value.astimezone(UTC)

"""The AWS clients, built once from one botocore session."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast

import botocore.session
from botocore import UNSIGNED
from botocore.config import Config

from shared import deadline
from shared.aws_timestamp import parse_aws_timestamp
from shared.request_credentials import sign_with_request_credentials
from shared.request_trace import trace_presigned_urls
from shared.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.client import BaseClient
    from types_boto3_cognito_identity import CognitoIdentityClient
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_s3 import S3Client
    from types_boto3_sts import STSClient

# The second one also replaces a kept connection that died while the environment was frozen.
TOTAL_ATTEMPTS: Final = 2
# Botocore's `standard` mode sleeps up to 1 s before the second attempt, unaware of a deadline.
BACKOFF_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that one attempt waits to be connected, and for each piece of the answer.

    Connecting counts per address of a name (S3 has up to eight): what that adds in the worst
    case has to fit between the handler's deadline and API Gateway's 29 s.
    """

    connect: float = 1.0
    exchange_read: float = 5.0
    s3_read: float = 8.0


PATIENCE: Final = Patience()


@dataclass(frozen=True, slots=True)
class AwsClients:
    """One long-lived, thread-safe client per service.

    `cognito_identity` never signs; `sts` acts as the function's own role, but not where the
    credential source is `identity-pool`; `s3` acts as the person of
    `request_credentials.acting_as` and as nobody else. `cognito_idp` gives a client that never
    signs, built when it is first asked for: only a sign-out needs it, and it would cost each cold
    start 9 ms.
    """

    cognito_identity: "CognitoIdentityClient"
    sts: "STSClient"
    s3: "S3Client"
    cognito_idp: "Callable[[], CognitoIdentityProviderClient]"


def build_clients(settings: Settings, patience: Patience = PATIENCE) -> AwsClients:
    """Build the clients; makes no network call.

    Each attempt of each call starts only if it can end before the deadline (else
    DeadlineExceeded), and botocore's is the only layer that retries.
    """
    session = botocore.session.get_session()
    session.get_component("response_parser_factory").set_parser_defaults(
        timestamp_parser=parse_aws_timestamp
    )
    read = patience.exchange_read
    # GetId and GetCredentialsForIdentity are public calls, identified by the ID token. Where
    # nobody assumes a role, no client knows the function's role at all.
    unsigned = {"signature_version": UNSIGNED}
    sts_options = unsigned if settings.credential_source == "identity-pool" else {}
    cognito_identity = _client(
        session, settings, "cognito-identity", (patience.connect, read), unsigned
    )
    sts = _client(session, settings, "sts", (patience.connect, read), sts_options)
    s3 = _client(
        session, settings, "s3", (patience.connect, patience.s3_read), _s3_options(settings)
    )
    sign_with_request_credentials(s3)
    trace_presigned_urls(s3)
    return AwsClients(
        cognito_identity=cast("CognitoIdentityClient", cognito_identity),
        sts=cast("STSClient", sts),
        s3=cast("S3Client", s3),
        cognito_idp=cache(
            lambda: cast(
                "CognitoIdentityProviderClient",
                _client(session, settings, "cognito-idp", (patience.connect, read), unsigned),
            )
        ),
    )


def _s3_options(settings: Settings) -> dict[str, object]:
    return {
        # Botocore presigns with SigV2 and the global host unless told otherwise.
        "signature_version": "s3v4",
        "s3": {
            # An overridden endpoint is an address, not a domain with a name per bucket.
            "addressing_style": "path" if settings.endpoint_url else "virtual",
            # For us-east-1 alone botocore would presign the global host.
            "us_east_1_regional_endpoint": "regional",
            # A shared client would sign one person's requests with another's session. An explicit
            # signature version happens to prevent that too; Config's own keyword of this name is
            # silently ignored.
            "disable_s3_express_session_auth": True,
        },
    }


def _client(
    session: botocore.session.Session,
    settings: Settings,
    service: str,
    timeouts: tuple[float, float],
    options: dict[str, Any],
) -> "BaseClient":
    connect, read = timeouts
    config = Config(
        connect_timeout=connect,
        read_timeout=read,
        retries={"mode": "standard", "total_max_attempts": TOTAL_ATTEMPTS},
        # The endpoint comes from the settings and from no other variable or file.
        **{"ignore_configured_endpoint_urls": True, **options},
    )
    # The S3 client is given a key pair of no one, so that botocore never looks for the
    # function's role; what it signs with is a matter of request_credentials.
    no_one = "signed-per-request" if service == "s3" else None
    client: BaseClient = session.create_client(
        service,
        region_name=settings.region,
        endpoint_url=settings.endpoint_url,
        config=config,
        aws_access_key_id=no_one,
        aws_secret_access_key=no_one,
    )
    _start_attempts_in_time_only(client, connect + read + BACKOFF_SECONDS)
    return client


def _start_attempts_in_time_only(client: "BaseClient", worst_seconds: float) -> None:
    def before_send(**_event: object) -> None:
        deadline.require(worst_seconds)

    service = client.meta.service_model.service_id.hyphenize()
    client.meta.events.register_first(f"before-send.{service}", before_send)

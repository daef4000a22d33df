"""Scoped credentials as botocore takes and renews them."""

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.credentials import (
    CredentialProvider,
    CredentialResolver,
    DeferredRefreshableCredentials,
)

from bucketpass.profile import Profile
from bucketpass.public_aws import isolated_session
from bucketpass.scoped_credentials import ScopedCredentials

METHOD: Final = "bucketpass"


class PersonProvider(CredentialProvider):
    """A link for botocore's chain of providers.

    `fetch` makes new credentials; it is called at the first use and again some minutes before
    they end. `now` gives the seconds since the epoch by which their end is judged.
    """

    METHOD = METHOD
    CANONICAL_NAME = METHOD

    def __init__(self, fetch: Callable[[], ScopedCredentials], now: Callable[[], float]) -> None:
        super().__init__()
        self._fetch = fetch
        self._now = now

    def load(self) -> DeferredRefreshableCredentials:
        """Credentials that renew themselves; makes no call yet."""
        return DeferredRefreshableCredentials(
            refresh_using=self._metadata,
            method=METHOD,
            time_fetcher=lambda: datetime.fromtimestamp(self._now(), timezone.utc),
        )

    def _metadata(self) -> dict[str, str]:
        credentials = self._fetch()
        return {
            "access_key": credentials.access_key_id,
            "secret_key": credentials.secret_access_key.reveal(),
            "token": credentials.session_token.reveal(),
            "expiry_time": credentials.expiration_text,
        }


class PersonSession(boto3.Session):
    """A boto3 session that acts as one person and, unless told otherwise, at the profile's address.

    The files below ~/.aws and AWS_PROFILE have no part in it.
    """

    def __init__(self, profile: Profile, provider: PersonProvider) -> None:
        own = isolated_session()
        own.register_component("credential_provider", CredentialResolver([provider]))
        own.user_agent_extra = METHOD
        super().__init__(botocore_session=own, region_name=profile.require("region"))
        self._endpoint_url = profile.endpoint_url

    def client(self, service_name: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 # boto3's
        """boto3's `client`."""
        return super().client(service_name, *args, **self._placed(service_name, kwargs))

    def resource(self, service_name: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 # boto3's
        """boto3's `resource`."""
        return super().resource(service_name, *args, **self._placed(service_name, kwargs))

    def _placed(self, service_name: str, kwargs: dict[str, Any]) -> dict[str, Any]:
        placed = {**kwargs}
        if self._endpoint_url and placed.get("endpoint_url") is None:
            placed["endpoint_url"] = self._endpoint_url
        if service_name == "s3":
            # without it botocore presigns with SigV2, which does not know newer regions; an
            # endpoint that is an address has no name per bucket
            local = placed.get("endpoint_url") is not None
            own = Config(
                signature_version="s3v4", s3={"addressing_style": "path" if local else "auto"}
            )
            placed["config"] = own.merge(placed["config"]) if placed.get("config") else own
        return placed

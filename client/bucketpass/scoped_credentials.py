"""Temporary AWS credentials that reach what one person may."""

from dataclasses import dataclass
from datetime import datetime, timezone

from bucketpass.secret import Secret


@dataclass(frozen=True)
class ScopedCredentials:
    """The four fields of temporary credentials; `expiration` is aware of its time zone."""

    access_key_id: str
    secret_access_key: Secret
    session_token: Secret
    expiration: datetime

    @property
    def expiration_text(self) -> str:
        """The expiration in ISO 8601, UTC, whole seconds, as the AWS SDKs read it."""
        moment = self.expiration.astimezone(timezone.utc).replace(microsecond=0)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

"""An address that opens one object to whoever has it, for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from bucketpass.errors import ConfigurationError

if TYPE_CHECKING:
    from bucketpass.session import Session


@dataclass(frozen=True)
class Presigned:
    """The address, its true end (UTC), and whether the credentials end sooner than was asked."""

    url: str
    end: datetime
    cut_short: bool


def presign(session: "Session", key: str, seconds: int) -> Presigned:
    """Sign a GET for the key with new credentials; it ends with them at the latest.

    Makes no call to S3. Raises BucketpassError.
    """
    credentials = session.scoped_credentials()
    now = datetime.fromtimestamp(session.connection.watch.now(), timezone.utc)
    left = int((credentials.expiration - now).total_seconds())
    granted = min(seconds, left)
    if granted <= 0:
        raise ConfigurationError("The credentials have ended already.", remedy="Try again.")
    client = session.client(
        "s3",
        aws_access_key_id=credentials.access_key_id,
        aws_secret_access_key=credentials.secret_access_key.reveal(),
        aws_session_token=credentials.session_token.reveal(),
    )
    url = client.generate_presigned_url(
        "get_object",
        Params={
            "Bucket": session.bucket,
            "Key": key,
            # what somebody put there is not to run as a page of S3's
            "ResponseContentDisposition": "attachment",
        },
        ExpiresIn=granted,
    )
    return Presigned(url, now + timedelta(seconds=granted), granted < seconds)

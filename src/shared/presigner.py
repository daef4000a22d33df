"""Who signs URLs with one person's credentials."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from shared.content_disposition import Disposition, content_disposition, file_name
from shared.presigned_url import PresignedUrl, lifetime
from shared.s3_calls import s3_call
from shared.scoped_credentials import ScopedCredentials

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


@dataclass(frozen=True, slots=True)
class Presigner:
    """Signs URLs of one bucket here: S3 is not asked, so neither is IAM until a URL is used.

    `client` is the shared S3 client that signs with `acting_as`; `clock` gives epoch seconds.
    """

    client: "S3Client"
    bucket: str
    credentials: ScopedCredentials
    clock: Callable[[], float] = time.time

    def sign(
        self, operation: str, key: str, expires_in: int, parameters: Mapping[str, object]
    ) -> PresignedUrl:
        """A URL for one operation of the S3 client, such as `put_object`, on one key.

        It lives for `expires_in` seconds, or less where `limited_by` says so. `parameters` are
        the operation's others; those that travel as headers have to be sent as they are signed.
        Raises InvalidRequest for an `expires_in` below 1, UpstreamUnavailable where nothing is
        left of the credentials.
        """
        now = self.clock()
        life = lifetime(expires_in, self.credentials.expiration, now)
        with s3_call(self.credentials):
            url = self.client.generate_presigned_url(
                operation,
                Params={"Bucket": self.bucket, "Key": key, **parameters},
                ExpiresIn=life.seconds,
            )
        expires_at = datetime.fromtimestamp(int(now) + life.seconds, UTC)
        return PresignedUrl(url, expires_at, life.limited_by)

    def sign_get(  # noqa: PLR0913 # keyword-only settings, each with a default
        self,
        key: str,
        expires_in: int,
        *,
        version_id: str | None = None,
        filename: str | None = None,
        disposition: Disposition = "attachment",
        content_type: str | None = None,
    ) -> PresignedUrl:
        """A URL for a GET of the object, the latest version where `version_id` is None.

        The answer to it is saved as `filename`, None meaning the key's last segment, and has
        `content_type`, None meaning the stored one.
        """
        name = file_name(key) if filename is None else filename
        parameters = {"ResponseContentDisposition": content_disposition(name, disposition)}
        if content_type is not None:
            parameters["ResponseContentType"] = content_type
        if version_id is not None:
            parameters["VersionId"] = version_id
        return self.sign("get_object", key, expires_in, parameters)

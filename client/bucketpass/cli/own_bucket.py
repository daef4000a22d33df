"""The person's bucket, for the commands about files."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bucketpass.files.bucket_files import BucketFiles
    from bucketpass.session import Session


def bucket_files(session: "Session") -> "BucketFiles":
    """The bucket of the session's objects, with connections enough for all threads."""
    from botocore.config import Config  # noqa: PLC0415 # botocore takes long to import

    from bucketpass.files.bucket_files import BucketFiles  # noqa: PLC0415 # see above
    from bucketpass.files.transfer_run import FILES_AT_ONCE, PARTS_AT_ONCE  # noqa: PLC0415 # too

    config = Config(
        max_pool_connections=FILES_AT_ONCE + 2 * PARTS_AT_ONCE, connect_timeout=10, read_timeout=60
    )
    return BucketFiles(session.client("s3", config=config), session.bucket)

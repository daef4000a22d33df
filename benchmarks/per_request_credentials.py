"""What one S3 client with the request's credentials saves over a client for each person.

`python benchmarks/per_request_credentials.py` lists 10 keys as 40 people in three ways and
prints the CPU time of each as a ratio to the first. S3 is a function in this process, so what is
measured is our side alone; the ways take turns, so that a noisy machine disturbs all alike.
"""

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.config import Config

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from shared.aws_clients import build_clients
from shared.object_store import ObjectStore
from shared.scoped_credentials import ScopedCredentials
from shared.secret import Secret
from shared.settings import load_settings

PEOPLE = 40
ROUNDS = 5
ROLE = "arn:aws:iam::123456789012:role/signed-in"
ENVIRONMENT = {
    "AWS_REGION": "eu-west-1",
    "USER_POOL_ID": "eu-west-1_Benchmark",
    "USER_POOL_CLIENT_IDS": "client",
    "IDENTITY_POOL_ID": "eu-west-1:00000000-0000-0000-0000-000000000000",
    "BUCKET_NAME": "bucket",
    "CREDENTIAL_SOURCE": "identity-pool",
    "SIGNED_IN_ROLE_ARN": ROLE,
    "GROUP_ROLE_ARNS": "{}",
    "ALLOWED_ORIGIN": "http://localhost:8080",
}
LISTING = (
    '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>bucket</Name>'
    "<KeyCount>10</KeyCount><IsTruncated>false</IsTruncated>"
    + "".join(
        f"<Contents><Key>home/{n}</Key><LastModified>2026-11-20T10:11:12.000Z</LastModified>"
        f'<ETag>"{n}"</ETag><Size>{n}</Size><StorageClass>STANDARD</StorageClass></Contents>'
        for n in range(10)
    )
    + "</ListBucketResult>"
).encode()


class _Body:
    def __init__(self) -> None:
        self._left = LISTING

    def stream(self, *_: object, **__: object) -> list[bytes]:
        return [LISTING]

    def read(self, *_: object, **__: object) -> bytes:
        left, self._left = self._left, b""
        return left


def answered(client: object) -> object:
    """The client with S3 replaced by one good answer."""

    def answer(request: object, **_: object) -> AWSResponse:
        return AWSResponse(request.url, 200, {"Content-Type": "application/xml"}, _Body())

    client.meta.events.register_last("before-send.s3", answer)
    return client


def person(number: int) -> ScopedCredentials:
    """Credentials of one of the people."""
    end = datetime.now(UTC) + timedelta(hours=1)
    return ScopedCredentials(f"ASIA{number:016}", Secret("s"), Secret("t"), end, "id", ROLE)


def client_of(session: botocore.session.Session, credentials: ScopedCredentials) -> object:
    """A client of this person alone."""
    return session.create_client(
        "s3",
        region_name="eu-west-1",
        config=Config(signature_version="s3v4"),
        aws_access_key_id=credentials.access_key_id,
        aws_secret_access_key=credentials.secret_access_key.reveal(),
        aws_session_token=credentials.session_token.reveal(),
    )


def ways() -> dict[str, Callable[[ScopedCredentials], object]]:
    """The three ways to list a page as one person."""
    shared = answered(build_clients(load_settings(ENVIRONMENT)).s3)
    session = botocore.session.get_session()

    def own_client(credentials: ScopedCredentials) -> object:
        return answered(client_of(session, credentials)).list_objects_v2(Bucket="bucket")

    def own_session(credentials: ScopedCredentials) -> object:
        client = answered(client_of(botocore.session.get_session(), credentials))
        return client.list_objects_v2(Bucket="bucket")

    return {
        "one client, credentials per request": lambda c: ObjectStore(shared, "bucket", c).list(""),
        "a client per person, one session": own_client,
        "a session and a client per person": own_session,
    }


def main() -> None:
    """Measure and print."""
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    times: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for name, way in ways().items():
            started = time.process_time()
            for number in range(PEOPLE):
                way(person(number))
            times.setdefault(name, []).append((time.process_time() - started) / PEOPLE)
    first = median(next(iter(times.values())))
    for name, seconds in times.items():
        print(f"{name:38} {median(seconds) * 1000:8.2f} ms  {median(seconds) / first:6.1f} x")


if __name__ == "__main__":
    main()

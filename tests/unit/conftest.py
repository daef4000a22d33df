from collections.abc import Iterator
from contextlib import closing

import pytest

from shared.aws_clients import build_clients
from shared.settings import DeployedRoles, Settings
from tests.unit.shared.s3_stub import BUCKET, REGION, ROLE, S3Stub


@pytest.fixture(scope="session")
def stub() -> Iterator[S3Stub]:
    with closing(S3Stub()) as stub:
        yield stub


@pytest.fixture(scope="session")
def client(stub):
    clients = build_clients(
        Settings(
            region=REGION,
            user_pool_id="eu-central-1_pool",
            client_ids=("client",),
            identity_pool_id="eu-central-1:0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
            bucket=BUCKET,
            credential_source="identity-pool",
            roles=DeployedRoles(ROLE, {}),
            allowed_origin="https://app.example",
            url_suffix="amazonaws.com",
            version="test",
            endpoint_url=stub.url,
        )
    )
    yield clients.s3
    for each in (clients.s3, clients.sts, clients.cognito_identity):
        each.close()


@pytest.fixture
def s3(stub):
    stub.requests.clear()
    stub.replies.clear()
    stub.before_reply = lambda: None
    yield stub
    assert not stub.replies, "a reply that nobody asked for"

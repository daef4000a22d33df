"""`GET /buckets`."""

import pytest

from tests.unit.handlers.deployment import BUCKET
from tests.unit.handlers.fake_services import authorized
from tests.unit.handlers.gateway_event import event
from tests.unit.shared.s3_stub import Reply, refusal


@pytest.fixture
def buckets(service_with, client, s3):
    service = service_with(s3=client)
    return lambda: service(event("GET", "/buckets", headers=authorized()))


def test_the_deployments_bucket_is_told(buckets, s3):
    """The template's roles do not allow ListBuckets: the caller's own bucket and its region."""
    s3.replies = [refusal(403, "AccessDenied")]
    answer = buckets()
    assert answer.status == 200
    assert answer.json == {"buckets": [{"name": BUCKET, "region": "eu-central-1"}]}


def test_what_iam_allows_is_told(buckets, s3):
    """A role that may list the account's buckets sees them; an unknown region is left out."""
    s3.replies = [
        Reply(
            200,
            {"Content-Type": "application/xml"},
            b"<ListAllMyBucketsResult><Buckets><Bucket><Name>a</Name></Bucket></Buckets>"
            b"</ListAllMyBucketsResult>",
        )
    ]
    assert buckets().json == {"buckets": [{"name": "a"}]}


def test_ended_credentials_are_no_empty_list(buckets, s3):
    """What S3 refuses for another cause is that cause."""
    s3.replies = [refusal(400, "ExpiredToken")]
    assert buckets().refused == (403, "identity_refused")

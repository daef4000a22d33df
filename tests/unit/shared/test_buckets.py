import pytest

from shared.buckets import Bucket, buckets_of
from shared.locations import Location
from shared.upstream_errors import UpstreamUnavailable
from tests.unit.shared.s3_stub import BUCKET, Reply, credentials, refusal

OWN = Location(BUCKET, "home/x/", ("list", "read"), "own")
DROP = Location(BUCKET, "drop/", ("write",), "group:drops")


def test_who_may_list_buckets_sees_those_of_the_account(s3, client):
    """IAM's word goes first; the region is told where S3 tells it."""
    s3.replies = [
        Reply(
            200,
            {"Content-Type": "application/xml"},
            b"<ListAllMyBucketsResult><Buckets><Bucket><Name>a</Name></Bucket><Bucket>"
            b"<Name>b</Name><BucketRegion>eu-west-1</BucketRegion></Bucket></Buckets>"
            b"</ListAllMyBucketsResult>",
        )
    ]
    assert buckets_of(client, credentials("alice"), [OWN], "r") == [
        Bucket("a", None),
        Bucket("b", "eu-west-1"),
    ]
    assert s3.requests[0].key_id == "ASIAALICE"
    assert s3.requests[0].path == "/"


@pytest.mark.parametrize(
    ("locations", "expected"),
    [([OWN, DROP, OWN], [Bucket(BUCKET, "r")]), ([DROP], []), ([], [])],
)
def test_others_see_the_bucket_of_their_locations(s3, client, locations, expected):
    """Refused by IAM: the deployment's bucket, once, and only if some place of it can be listed."""
    s3.replies = [refusal(403, "AccessDenied")]
    assert buckets_of(client, credentials("alice"), locations, "r") == expected


def test_a_fault_is_no_refusal(s3, client):
    """Where S3 cannot answer nothing is made up."""
    s3.replies = [refusal(503, "ServiceUnavailable")] * 2
    with pytest.raises(UpstreamUnavailable):
        buckets_of(client, credentials("alice"), [OWN], "r")

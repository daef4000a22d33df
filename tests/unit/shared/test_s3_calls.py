import pytest

from shared.errors import (
    AccessDenied,
    BucketpassError,
    IdentityRefused,
    InvalidCursor,
)
from shared.request_credentials import RequestCredentialsUnset
from shared.s3_calls import s3_call
from shared.s3_errors import S3_CAUSES
from tests.unit.shared.s3_stub import BUCKET, client_error, credentials, listing, refusal


def test_a_call_is_signed_by_the_person_and_by_nobody_afterwards(s3, client):
    """Inside, the person's key signs; outside, nobody's: the call is not sent."""
    s3.replies = [listing()]
    with s3_call(credentials("alice")):
        client.list_objects_v2(Bucket=BUCKET)
    with pytest.raises(RequestCredentialsUnset):
        client.list_objects_v2(Bucket=BUCKET)
    assert [request.key_id for request in s3.requests] == ["ASIAALICE"]


def test_errors_are_told_as_ours_by_the_given_table():
    """A code of S3 is the cause that the table names, the usual one where none is given."""
    with pytest.raises(AccessDenied), s3_call(credentials("alice")):
        raise client_error(403, "AccessDenied")
    causes = {**S3_CAUSES, "InvalidArgument": InvalidCursor}
    with pytest.raises(InvalidCursor), s3_call(credentials("alice"), causes):
        raise client_error(400, "InvalidArgument")


@pytest.mark.parametrize("code", ["ExpiredToken", "InvalidToken", "InvalidAccessKeyId"])
def test_credentials_that_s3_no_longer_takes_are_marked(s3, client, code):
    """After S3's refusal of the session itself the credentials say that they are of no use."""
    s3.replies = [refusal(400, code)]
    mine = credentials("alice")
    with pytest.raises(IdentityRefused), s3_call(mine):
        client.list_objects_v2(Bucket=BUCKET)
    assert mine.refused.is_set()


@pytest.mark.parametrize(
    ("status", "code"), [(403, "AccessDenied"), (403, "SignatureDoesNotMatch"), (503, "SlowDown")]
)
def test_other_refusals_leave_the_credentials_as_they_are(status, code):
    """What S3 refuses by right, or cannot do now, is no fault of the credentials."""
    mine = credentials("alice")
    with pytest.raises(BucketpassError), s3_call(mine):
        raise client_error(status, code)
    assert not mine.refused.is_set()

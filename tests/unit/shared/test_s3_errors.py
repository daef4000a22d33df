import pytest
from botocore.exceptions import ReadTimeoutError

from shared.errors import (
    BucketpassError,
    IdentityRefused,
    InvalidKey,
    InvalidRequest,
)
from shared.object_errors import Conflict, ObjectArchived
from shared.object_store import ObjectStore
from shared.upstream_errors import Throttled, UpstreamError, UpstreamUnavailable
from tests.unit.shared.s3_stub import BUCKET, RefusingClient, client_error, credentials


@pytest.mark.parametrize("call", ["list", "head", "get"])
@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (404, "NoSuchBucket", UpstreamError),
        (301, "PermanentRedirect", UpstreamError),
        (301, "301", UpstreamError),
        (400, "AuthorizationHeaderMalformed", UpstreamError),
        (403, "SignatureDoesNotMatch", UpstreamError),
        (403, "RequestTimeTooSkewed", UpstreamError),
        (400, "KMS.DisabledException", UpstreamError),
        (400, "SomethingNew", UpstreamError),
        (403, "InvalidObjectState", ObjectArchived),
        (400, "KeyTooLongError", InvalidKey),
        (400, "MetadataTooLarge", InvalidRequest),
        (400, "RequestHeaderSectionTooLarge", InvalidRequest),
        (409, "OperationAborted", Conflict),
        (400, "ExpiredToken", IdentityRefused),
        (400, "InvalidToken", IdentityRefused),
        (403, "InvalidAccessKeyId", IdentityRefused),
        (503, "SlowDown", UpstreamUnavailable),
        (503, "ServiceUnavailable", UpstreamUnavailable),
        (500, "InternalError", UpstreamUnavailable),
        (429, "TooManyRequests", Throttled),
    ],
)
def test_the_other_refusals_of_s3(call, status, code, expected):
    """The table of causes: exact class, asked once, and nothing of S3's words is told."""
    client = RefusingClient(client_error(status, code, Message="the-bucket 123456789012"))
    store = ObjectStore(client, BUCKET, credentials("alice"))
    with pytest.raises(BucketpassError) as error:
        getattr(store, call)("k")
    assert type(error.value) is expected
    assert error.value.detail == expected.sentence
    assert len(client.calls) == 1


def test_an_archived_object_has_a_code_and_words_of_its_own():
    """409 archived, saying what to do."""
    client = RefusingClient(client_error(403, "InvalidObjectState"))
    with pytest.raises(ObjectArchived) as error:
        ObjectStore(client, BUCKET, credentials("alice")).get("k")
    assert (error.value.status, error.value.code) == (409, "archived")
    assert "restore it" in error.value.detail


@pytest.mark.parametrize("call", ["list", "head", "get"])
def test_a_time_out_is_unavailable(call):
    """A connection that fails is 503, without the endpoint's name."""
    client = RefusingClient(ReadTimeoutError(endpoint_url="https://internal.example"))
    with pytest.raises(UpstreamUnavailable) as error:
        getattr(ObjectStore(client, BUCKET, credentials("alice")), call)("k")
    assert "internal" not in error.value.detail

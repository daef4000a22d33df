"""`GET /config`."""

from tests.unit.handlers.deployment import ENVIRONMENT
from tests.unit.handlers.gateway_event import event


def test_the_ids_are_told_to_anybody(service):
    """Without a token: the public ids of the deployment and nothing else; AWS is not asked."""
    answer = service(event("GET", "/config"))
    assert answer.status == 200
    assert answer.json == {
        "region": ENVIRONMENT["AWS_REGION"],
        "userPoolId": ENVIRONMENT["USER_POOL_ID"],
        "userPoolClientId": ENVIRONMENT["USER_POOL_CLIENT_IDS"].split(",")[0],
        "identityPoolId": ENVIRONMENT["IDENTITY_POOL_ID"],
        "bucket": ENVIRONMENT["BUCKET_NAME"],
    }
    assert (service.credential_source.asked, service.s3.calls) == ([], [])

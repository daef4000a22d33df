"""GET /openapi.json."""

from local.openapi_document import load_document, served_text
from tests.unit.handlers.gateway_event import event


def test_anybody_gets_the_document(service):
    """Without a token, as JSON, byte for byte what stands beside the code."""
    answer = service(event("GET", "/openapi.json"))
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.body == served_text()
    assert answer.json == load_document()


def test_nobody_is_asked_for_it(service):
    """Neither Cognito nor S3 takes part, and there is nothing of a person in it."""
    assert service(event("GET", "/openapi.json")).status == 200
    assert service.credential_source.asked == []
    assert service.s3.calls == []

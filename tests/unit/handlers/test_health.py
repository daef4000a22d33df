"""`GET /health`."""

from tests.unit.handlers.gateway_event import event


def test_it_answers_without_a_token(service):
    """The answer is `ok` and the version; nobody is authenticated and AWS is not asked."""
    answer = service(event("GET", "/health"))
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json == {"status": "ok", "version": "9.8.7"}
    assert (service.credential_source.asked, service.s3.calls) == ([], [])

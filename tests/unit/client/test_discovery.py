import pytest

from bucketpass.discovery import discovered
from bucketpass.errors import UnexpectedAnswer
from bucketpass.service_api import ServiceApi
from tests.unit.client.http_stub import http_stub


def service(answers):
    return http_stub(
        lambda _, path, *__: (200, {}, answers[path]) if path in answers else (404, {}, {})
    )


def test_what_the_service_tells_is_taken():
    """Known members only, and only texts."""
    told = {"userPoolId": "eu-west-1_Ab", "bucket": "a-bucket", "identityPoolId": None, "x": "y"}
    with service({"/config": told}) as (url, seen):
        assert discovered(ServiceApi(url), url) == {
            "api_url": url,
            "user_pool_id": "eu-west-1_Ab",
            "bucket": "a-bucket",
        }
    assert "Authorization" not in seen[0][2]


def test_a_service_without_the_route_tells_nothing():
    """Its URL is all that is known then."""
    with service({"/health": {"status": "ok"}}) as (url, _):
        assert discovered(ServiceApi(url), url) == {"api_url": url}


def test_what_is_no_service_is_refused():
    """A mistyped URL shows at once."""
    with service({}) as (url, _), pytest.raises(UnexpectedAnswer):
        discovered(ServiceApi(url), url)


def test_the_region_is_in_the_url_of_api_gateway():
    """So that it need not be asked for."""

    class Silent:
        def get(self, *_):
            return {}

    url = "https://abc123.execute-api.eu-central-1.amazonaws.com/v1"
    assert discovered(Silent(), url)["region"] == "eu-central-1"
    assert "region" not in discovered(Silent(), f"https://example.com/{url}")

import pytest

from bucketpass.credential_source import FromIdentityPool, FromService
from bucketpass.errors import RoleRefused, UnexpectedAnswer
from bucketpass.service_api import ServiceApi
from bucketpass.tokens import tokens_of_answer
from tests.unit.client.http_stub import http_stub

GOOD = {
    "accessKeyId": "ASIA1",
    "secretAccessKey": "secret",
    "sessionToken": "token",
    "expiration": "2030-01-02T03:04:05Z",
    "somethingNew": 1,
}


@pytest.fixture
def tokens(make_id_token, clock):
    return tokens_of_answer({"IdToken": make_id_token()}, clock.now)


def from_service(answers):
    return http_stub(lambda _, path, *__: (200, {}, answers[path.partition("?")[0]]))


def test_the_service_gives_credentials(tokens):
    """Asked as JSON, with the role where one is wanted; further members do not matter."""
    with from_service({"/credentials": GOOD, "/me": {"identityId": "eu-west-1:x"}}) as (url, seen):
        source = FromService(ServiceApi(url))
        issued = source.credentials(tokens, "editors")
        assert source.identity_id(tokens) == "eu-west-1:x"
    assert issued.expiration_text == "2030-01-02T03:04:05Z"
    assert (issued.access_key_id, issued.session_token.reveal()) == ("ASIA1", "token")
    assert seen[0][1] == "/credentials?format=json&role=editors"
    assert "secret'" not in repr(issued)


@pytest.mark.parametrize("member", ["accessKeyId", "secretAccessKey", "sessionToken", "expiration"])
@pytest.mark.parametrize("value", [None, "", 5])
def test_a_missing_member_is_refused(tokens, member, value):
    """Above all the expiration: without it nobody would ever ask again."""
    with (
        from_service({"/credentials": {**GOOD, member: value}}) as (url, _),
        pytest.raises(UnexpectedAnswer, match=member),
    ):
        FromService(ServiceApi(url)).credentials(tokens, None)


@pytest.mark.parametrize("text", ["soon", "2030-01-02T03:04:05"])
def test_an_expiration_that_is_no_moment_is_refused(tokens, text):
    """A time without a zone is not a moment."""
    with (
        from_service({"/credentials": {**GOOD, "expiration": text}}) as (url, _),
        pytest.raises(UnexpectedAnswer),
    ):
        FromService(ServiceApi(url)).credentials(tokens, None)


def test_a_role_that_is_not_yours_costs_no_call(tokens):
    """The ID token already says so."""
    with pytest.raises(RoleRefused):
        FromIdentityPool(pool=None).credentials(tokens, "editors")

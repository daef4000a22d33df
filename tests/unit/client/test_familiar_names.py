import pytest

from bucketpass.errors import ConfigurationError, IdentityRefused
from bucketpass.familiar_names import (
    LoginWithCognito,
    get_aws_creds_from_cognito_id_token,
    get_id,
    put_file,
)
from bucketpass.masked_mapping import MaskedMapping
from tests.unit.client.http_stub import http_stub

POOL = "eu-west-1:11111111-2222-3333-4444-555555555555"


def test_a_notebook_shows_no_secret():
    """Keys and times are shown, values are not; they are there all the same."""
    given = MaskedMapping({"SecretKey": "the-secret", "Expiration": 5})
    for shown in (repr(given), str(given), f"{given}"):
        assert "the-secret" not in shown
        assert "'Expiration': 5" in shown
    assert given["SecretKey"] == given.SecretKey == "the-secret"
    with pytest.raises(AttributeError):
        _ = given.missing


def test_no_token_no_guest(monkeypatch):
    """GetId without a login would make a guest identity: it is refused before any call."""
    with http_stub(lambda *_: (200, {}, {"IdentityId": "eu-west-1:guest"})) as (url, seen):
        monkeypatch.setenv("BUCKETPASS_ENDPOINT_URL", url)
        with pytest.raises(IdentityRefused):
            get_id("", POOL, "eu-west-1_Ab")
        with pytest.raises(IdentityRefused):
            get_aws_creds_from_cognito_id_token(POOL, "eu-west-1_Ab", "1" * 12, "eu-west-1", "")
    assert seen == []


def test_every_argument_counts(monkeypatch):
    """The account, the pools and the token are what is sent, unsigned."""
    answers = iter(
        [
            {"IdentityId": "eu-west-1:x"},
            {
                "IdentityId": "eu-west-1:x",
                "Credentials": {
                    "AccessKeyId": "ASIA1",
                    "SecretKey": "s",
                    "SessionToken": "t",
                    "Expiration": 1_900_000_000,
                },
            },
        ]
    )
    with http_stub(lambda *_: (200, {}, next(answers))) as (url, seen):
        monkeypatch.setenv("BUCKETPASS_ENDPOINT_URL", url)
        given = get_aws_creds_from_cognito_id_token(
            POOL, "eu-west-1_Ab", "123456789012", "eu-west-1", "a.token.here"
        )
    assert (given["AccessKeyId"], given["Expiration"].year) == ("ASIA1", 2030)
    assert '"AccountId": "123456789012"' in seen[0][3]
    assert f'"IdentityPoolId": "{POOL}"' in seen[0][3]
    login = '"Logins": {"cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab": "a.token.here"}'
    assert all(login in request[3] for request in seen)
    assert all("Authorization" not in request[2] for request in seen)


def test_a_region_that_is_not_the_pools_is_refused():
    """Rather than quietly ignored."""
    with pytest.raises(ConfigurationError, match="us-east-1"):
        get_aws_creds_from_cognito_id_token(POOL, "eu-west-1_Ab", "1" * 12, "us-east-1", "t")


@pytest.mark.parametrize(
    "env",
    [
        {"REGION": "eu-west-1", "USER_POOL_ID": "eu-west-1_Ab", "APP_CLIENT_ID": "client"},
        {"cognito_user_pool_id": "eu-west-1_Ab", "cognito_client_id": "client"},
    ],
)
def test_the_usual_names_of_settings_are_understood(env):
    """In either case of letters."""
    profile = LoginWithCognito(env)._profile
    assert (profile.user_pool_id, profile.client_id) == ("eu-west-1_Ab", "client")


def test_put_file_needs_whole_credentials(tmp_path):
    """It never falls back to the machine's own."""
    with pytest.raises(ConfigurationError, match="SessionToken"):
        put_file(tmp_path / "x", "a-bucket", "eu-west-1:x", {"AccessKeyId": "A", "SecretKey": "s"})

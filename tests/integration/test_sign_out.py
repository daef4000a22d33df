"""`POST /session/revoke` over HTTP: what ends at once, and what goes on for a while."""

import itertools

import pytest
import requests
from botocore.exceptions import ClientError

from tests.integration.refusal import refusal
from tests.integration.vended import client_with

_numbers = itertools.count()


@pytest.fixture
def carol(stack):
    """Somebody of their own: the sign-out must not concern the other tests."""
    return stack.add_user(f"carol{next(_numbers)}")


def revoke(api, who, access_token, **options):
    return api.call("POST", "/session/revoke", who, json={"accessToken": access_token}, **options)


def refresh(stack, tokens):
    return stack.client("cognito-idp", unsigned=True).initiate_auth(
        ClientId=stack.place.client_id,
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={"REFRESH_TOKEN": tokens.refresh},
    )["AuthenticationResult"]


def test_a_sign_out_ends_the_sign_in(api, carol):
    """No refresh, no new credentials and nothing cached: the ID token opens nothing here."""
    who, stack = carol.username, api.stack
    assert api.get("/me", who).status_code == 200
    assert refresh(stack, carol.tokens)["IdToken"]
    answer = revoke(api, who, carol.tokens.access)
    assert (answer.status_code, answer.content) == (204, b"")
    with pytest.raises(ClientError) as refused:
        refresh(stack, carol.tokens)
    assert refused.value.response["Error"]["Code"] == "NotAuthorizedException"
    assert refusal(api.get("/me", who)) == (403, "identity_refused")
    assert refusal(api.get("/objects", who)) == (403, "identity_refused")


def test_every_sign_in_of_the_person_ends(api, carol):
    """Also the one on another device."""
    elsewhere = api.stack.sign_in(carol.username)
    assert revoke(api, carol.username, carol.tokens.access).status_code == 204
    with pytest.raises(ClientError):
        refresh(api.stack, elsewhere)
    assert refusal(api.get("/me", token=elsewhere.id)) == (403, "identity_refused")


def test_a_new_sign_in_is_as_before(api, carol):
    """The person comes back to the same folder."""
    home = api.get("/me", carol.username).json()["homePrefix"]
    assert revoke(api, carol.username, carol.tokens.access).status_code == 204
    again = api.get("/me", token=api.stack.sign_in(carol.username).id)
    assert (again.status_code, again.json()["homePrefix"]) == (200, home)


def test_what_was_given_out_lives_on(api, carol):
    """As the documentation says: credentials and URLs of before work until they expire."""
    key = f"{api.home(carol.username)}a.txt"
    assert api.object(key, carol.username, method="PUT", data=b"x").status_code == 201
    url = api.object(key, carol.username, params={"as": "link"}).json()["url"]
    given = api.get("/credentials", carol.username).json()
    assert revoke(api, carol.username, carol.tokens.access).status_code == 204
    assert requests.get(url, timeout=60).content == b"x"
    s3 = client_with(given, "s3", api.stack.endpoint_url)
    assert s3.head_object(Bucket=given["bucket"], Key=key)["ContentLength"] == 1


def test_nobody_else_is_signed_out(api, carol):
    """Others stay signed in, and another's access token signs nobody out."""
    assert refusal(revoke(api, "alice", carol.tokens.access)) == (400, "invalid_access_token")
    assert refresh(api.stack, carol.tokens)["IdToken"]
    assert revoke(api, carol.username, carol.tokens.access).status_code == 204
    assert api.get("/me", "alice").status_code == 200
    assert refresh(api.stack, api.stack.users["alice"].tokens)["IdToken"]


@pytest.mark.parametrize("kind", ["id", "refresh"])
def test_another_kind_of_token_signs_nobody_out(api, carol, kind):
    """Neither the ID token nor the refresh token is an access token."""
    answer = revoke(api, carol.username, getattr(carol.tokens, kind))
    assert refusal(answer) == (400, "invalid_access_token")
    assert api.get("/me", carol.username).status_code == 200


def test_the_access_token_alone_is_no_identity(api, carol):
    """The Authorization header wants the ID token here too."""
    answer = revoke(api, None, carol.tokens.access)
    assert refusal(answer) == (401, "invalid_token")
    answer = revoke(api, None, carol.tokens.access, token=carol.tokens.access)
    assert refusal(answer)[0] == 401
    assert api.get("/me", carol.username).status_code == 200

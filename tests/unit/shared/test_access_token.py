"""The access token that a person signs themselves out with."""

import json

import pytest

from shared.access_token import AccessTokenVerifier
from shared.errors import InvalidAccessToken
from shared.secret import Secret
from shared.signing_keys import SigningKeys
from shared.upstream_errors import KeysUnavailable
from tests.id_tokens import (
    ABSENT,
    CLIENT_ID,
    ISSUER,
    NOW,
    SECOND_CLIENT_ID,
    access_claims,
    access_token,
    access_verifier,
    b64,
    header,
    id_token,
    private_key,
    signed,
    verifier,
)

OTHER = "0b0b0b0b-7a41-4d0e-8a59-6f2f0c6f1b7d"
ADMIN = "aws.cognito.signin.user.admin"


@pytest.fixture(scope="module")
def alice():
    return verifier().verify(Secret(id_token()))


def refused(token, person, **options):
    with pytest.raises(InvalidAccessToken) as caught:
        access_verifier(**options).verify(Secret(token), person)
    error = caught.value
    assert (error.status, error.code) == (400, "invalid_access_token")
    assert not token or token not in error.reason + error.detail + str(error.members)
    return error


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"client_id": SECOND_CLIENT_ID},
        {"scope": f"openid {ADMIN} profile"},
        {"cognito:groups": ABSENT},
        {"exp": NOW + 1},
        {"iat": NOW + 60},
    ],
)
def test_the_persons_own_token_passes(alice, claims):
    """Of any of the app clients, whatever its groups, until it expires."""
    assert access_verifier().verify(Secret(access_token(claims)), alice) is None


SPOILT = {
    "another person": {"sub": OTHER},
    "no sub": {"sub": ABSENT},
    "another pool": {"iss": f"{ISSUER}x"},
    "another client": {"client_id": "1111111111111111111111111a"},
    "no client": {"client_id": ABSENT},
    "a client's list": {"client_id": [CLIENT_ID]},
    "an aud instead": {"client_id": ABSENT, "aud": CLIENT_ID},
    "no use": {"token_use": ABSENT},
    "another use": {"token_use": "refresh"},
    "from the future": {"iat": NOW + 61},
    "not yet": {"nbf": NOW + 61},
    "endless": {"exp": NOW + 25 * 3600},
    "text as time": {"exp": str(NOW + 100)},
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_token_is_refused_alike(alice, name):
    """A genuine signature does not help; the public sentence tells nothing apart."""
    error = refused(access_token(SPOILT[name]), alice)
    assert error.detail == InvalidAccessToken.sentence


def _unsigned(token):
    return f"{b64(json.dumps({'alg': 'none', 'kid': 'key-live'}).encode())}.{token.split('.')[1]}."


FORGED = {
    "not signed": _unsigned,
    "garbage": lambda _: "garbage",
    "empty": lambda _: "",
    "cut": lambda token: token[:-4],
    "lengthened": lambda token: f"{token}=",
    "other claims": lambda token: ".".join(
        [token.split(".")[0], b64(access_claims({"scope": f"{ADMIN} x"})), token.split(".")[2]]
    ),
    "another key": lambda _: access_token(key=private_key("foreign")),
    "unknown kid": lambda _: signed(header({"kid": "other"}), access_claims()),
    "HS256": lambda _: signed(header({"alg": "HS256"}), access_claims()),
    "an ID token": lambda _: id_token(),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_token_is_refused_alike(alice, name):
    """What the pool did not sign as an access token is none."""
    assert refused(FORGED[name](access_token()), alice).detail == InvalidAccessToken.sentence


def test_an_expired_token_is_named_as_such(alice):
    """A person whose own token has just expired is told to refresh it."""
    assert "expired" in refused(access_token({"exp": NOW}), alice).detail


def test_another_persons_expired_token_is_not_told_apart(alice):
    """Whose token it is comes before whether it has expired."""
    error = refused(access_token({"exp": NOW, "sub": OTHER}), alice)
    assert error.detail == InvalidAccessToken.sentence


@pytest.mark.parametrize("scope", [ABSENT, "", "openid", f"{ADMIN}s", [ADMIN], f"x{ADMIN}"])
def test_a_token_that_cannot_sign_out_is_named_as_such(alice, scope):
    """Cognito would refuse it: managed login gives the scope only to clients that ask for it."""
    assert ADMIN in refused(access_token({"scope": scope}), alice).detail


def test_unfetched_keys_refuse_nothing(alice):
    """Where no signature can be judged it is 503, not a refusal."""

    def silent():
        raise OSError("no answer")

    with pytest.raises(KeysUnavailable):
        access_verifier(silent).verify(Secret(access_token()), alice)


def test_a_verifier_without_clients_is_not_made():
    """No client would be any client."""
    with pytest.raises(ValueError, match="client_ids"):
        AccessTokenVerifier(ISSUER, (), SigningKeys(lambda: b"{}"))

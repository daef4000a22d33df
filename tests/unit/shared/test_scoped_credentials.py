"""The value that holds one person's credentials."""

import copy
import pickle
from dataclasses import asdict
from datetime import UTC, datetime, timedelta, timezone

import pytest

from shared.scoped_credentials import read_credentials
from shared.upstream_errors import UpstreamError

IDENTITY = "eu-central-1:0f0e0d0c-1111-4222-8333-444455556666"
ROLE = "arn:aws:iam::123456789012:role/SignedIn"
EXPIRATION = datetime(2026, 11, 20, 10, 11, 12, tzinfo=UTC)


def answer(**changes):
    given = {
        "AccessKeyId": "ASIAALICE",
        "SecretKey": "alice-secret",
        "SessionToken": "alice-session",
        "Expiration": EXPIRATION,
    }
    given.update(changes)
    return {"Credentials": {name: value for name, value in given.items() if value is not ...}}


def read(given, named="SecretKey"):
    return read_credentials(given, named, IDENTITY, ROLE)


def test_a_whole_answer_is_read():
    """The four fields, the identity and the role arrive under one set of names."""
    credentials = read(answer())
    assert credentials.access_key_id == "ASIAALICE"
    assert credentials.secret_access_key.reveal() == "alice-secret"
    assert credentials.session_token.reveal() == "alice-session"
    assert credentials.expiration == EXPIRATION
    assert (credentials.identity_id, credentials.role_arn) == (IDENTITY, ROLE)


def test_the_name_of_the_secret_differs_by_service():
    """STS says SecretAccessKey where Cognito says SecretKey; the other's name is not taken."""
    sts = answer(SecretKey=..., SecretAccessKey="sts-secret")
    assert read(sts, "SecretAccessKey").secret_access_key.reveal() == "sts-secret"
    with pytest.raises(UpstreamError):
        read(sts, "SecretKey")


@pytest.mark.parametrize("field", ["AccessKeyId", "SecretKey", "SessionToken", "Expiration"])
@pytest.mark.parametrize("value", [..., None, "", 5, [], EXPIRATION.replace(tzinfo=None)])
def test_half_a_credential_set_is_refused(field, value):
    """A missing, empty or ill-typed field is an unexpected answer, never half a set."""
    with pytest.raises(UpstreamError) as caught:
        read(answer(**{field: value}))
    assert (caught.value.status, caught.value.code) == (502, "upstream_error")
    assert "alice" not in caught.value.reason


@pytest.mark.parametrize("given", [{}, {"Credentials": None}, {"Credentials": []}])
def test_an_answer_without_credentials_is_refused(given):
    """No credentials at all is an unexpected answer too."""
    with pytest.raises(UpstreamError):
        read(given)


def test_the_expiration_is_in_utc():
    """A local time of the same instant is told in UTC."""
    local = EXPIRATION.astimezone(timezone(timedelta(hours=5, minutes=30)))
    expiration = read(answer(Expiration=local)).expiration
    assert expiration.isoformat() == "2026-11-20T10:11:12+00:00"


def test_the_secrets_do_not_show():
    """Neither repr, str nor format shows a secret."""
    credentials = read(answer())
    for shown in (repr(credentials), str(credentials), f"{credentials}"):
        assert "ASIAALICE" in shown
        assert "alice-secret" not in shown
        assert "alice-session" not in shown


@pytest.mark.parametrize("serialise", [pickle.dumps, copy.deepcopy, asdict])
def test_the_secrets_do_not_leave_by_serialisation(serialise):
    """Neither pickle nor a copy nor a dictionary takes them along."""
    with pytest.raises(TypeError):
        serialise(read(answer()))

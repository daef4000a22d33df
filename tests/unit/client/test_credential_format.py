import json
import shlex
from datetime import datetime, timedelta, timezone

import pytest

from bucketpass.credential_format import FORMATS, as_container, environment
from bucketpass.profile import Profile
from bucketpass.scoped_credentials import ScopedCredentials
from bucketpass.secret import Secret

ISSUED = ScopedCredentials(
    access_key_id="ASIA1",
    secret_access_key=Secret("s/e+c'ret"),
    session_token=Secret("to ken=="),
    expiration=datetime(2030, 1, 2, 5, 4, 5, 678, tzinfo=timezone(timedelta(hours=2))),
)
PROFILE = Profile(name="work", region="eu-west-1", endpoint_url="http://127.0.0.1:1")


def test_process_is_exactly_the_contract():
    """Version 1, the four members, ISO 8601 in UTC, and nothing else."""
    assert json.loads(FORMATS["process"](ISSUED, PROFILE)) == {
        "Version": 1,
        "AccessKeyId": "ASIA1",
        "SecretAccessKey": "s/e+c'ret",
        "SessionToken": "to ken==",
        "Expiration": "2030-01-02T03:04:05Z",
    }


def test_env_survives_a_shell():
    """Signs that mean something to a shell are quoted."""
    words = [shlex.split(line) for line in FORMATS["env"](ISSUED, PROFILE).splitlines()]
    assert all(word[0] == "export" and len(word) == 2 for word in words)
    assert dict(word[1].split("=", 1) for word in words) == environment(ISSUED, PROFILE)


def test_the_environment_leads_to_the_same_place():
    """Region and, for a local stack, the endpoint; none of them without a value."""
    variables = environment(ISSUED, PROFILE)
    assert variables["AWS_REGION"] == variables["AWS_DEFAULT_REGION"] == "eu-west-1"
    assert variables["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1"
    assert variables["AWS_CREDENTIAL_EXPIRATION"] == "2030-01-02T03:04:05Z"
    assert "AWS_ENDPOINT_URL" not in environment(ISSUED, Profile(region="eu-west-1"))


def test_json_and_ini_and_container():
    """The service's own names; a section; what the SDKs' container provider wants."""
    assert json.loads(FORMATS["json"](ISSUED, PROFILE))["secretAccessKey"] == "s/e+c'ret"
    assert FORMATS["ini"](ISSUED, PROFILE).startswith("[work]\naws_access_key_id = ASIA1\n")
    assert set(json.loads(as_container(ISSUED))) == {
        "AccessKeyId",
        "SecretAccessKey",
        "Token",
        "Expiration",
    }


@pytest.mark.parametrize("shown", [repr, str, "{}".format])
def test_credentials_do_not_show_themselves(shown):
    """Only the formats above reveal them."""
    assert "s/e+c" not in shown(ISSUED)
    assert "to ken" not in shown(ISSUED)

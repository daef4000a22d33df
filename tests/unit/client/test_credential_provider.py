from datetime import datetime, timedelta, timezone

import pytest

from bucketpass.credential_provider import PersonProvider, PersonSession
from bucketpass.errors import SignInExpired
from bucketpass.profile import Profile
from bucketpass.scoped_credentials import ScopedCredentials
from bucketpass.secret import Secret


class Issuer:
    """Issues numbered credentials for one hour by that clock."""

    def __init__(self, clock):
        self.clock = clock
        self.count = 0

    def __call__(self):
        self.count += 1
        end = datetime.fromtimestamp(self.clock.now, timezone.utc) + timedelta(hours=1)
        return ScopedCredentials(f"ASIA{self.count}", Secret("s"), Secret("t"), end)


@pytest.fixture
def issuer(clock):
    return Issuer(clock)


def test_credentials_are_fetched_at_first_use_and_before_their_end(issuer, clock):
    """Once an hour and no oftener, however often they are used."""
    credentials = PersonProvider(issuer, lambda: clock.now).load()
    assert issuer.count == 0
    for _ in range(3):
        assert credentials.get_frozen_credentials().access_key == "ASIA1"
    clock.now += 3600 - 9 * 60
    for _ in range(3):
        assert credentials.get_frozen_credentials().access_key == "ASIA2"
    assert issuer.count == 2


def test_the_cause_of_a_failed_renewal_comes_through(issuer, clock):
    """Botocore does not hide it behind an error of its own."""

    def refuse():
        raise SignInExpired

    credentials = PersonProvider(refuse, lambda: clock.now).load()
    with pytest.raises(SignInExpired):
        credentials.get_frozen_credentials()


def test_the_session_acts_as_the_person_and_as_nobody_else(issuer, clock, tmp_path, monkeypatch):
    """Neither keys nor a profile of the environment come before; a broken file does not matter."""
    (tmp_path / "broken").write_text("[[[")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "broken"))
    monkeypatch.setenv("AWS_PROFILE", "does-not-exist")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAOTHER")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "other")
    provider = PersonProvider(issuer, lambda: clock.now)
    session = PersonSession(Profile(region="eu-west-1"), provider)
    assert session.get_credentials().access_key == "ASIA1"
    assert session.region_name == "eu-west-1"


def test_clients_go_where_the_profile_says(issuer, clock):
    """To the local stack unless told otherwise; S3 by path there, and presigned with SigV4."""
    provider = PersonProvider(issuer, lambda: clock.now)
    local = PersonSession(Profile(region="eu-west-1", endpoint_url="http://127.0.0.1:1"), provider)
    url = local.client("s3").generate_presigned_url(
        "get_object", Params={"Bucket": "b-1", "Key": "k"}
    )
    assert url.startswith("http://127.0.0.1:1/b-1/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&")
    assert local.client("sts", endpoint_url="http://127.0.0.1:2").meta.endpoint_url.endswith(":2")
    aws = PersonSession(Profile(region="eu-west-1"), provider)
    assert aws.client("s3").meta.endpoint_url == "https://s3.eu-west-1.amazonaws.com"

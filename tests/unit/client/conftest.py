import base64
import json
import os
from dataclasses import dataclass, field

import pytest

from bucketpass.profile import Profile

NOW = 1_700_000_000.0


def id_token(**claims):
    """A token with the shape of Cognito's; its signature is nobody's."""
    payload = {
        "token_use": "id",
        "sub": "11111111-2222-3333-4444-555555555555",
        "cognito:username": "alice",
        "iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool",
        "aud": "client",
        "iat": NOW,
        "exp": NOW + 3600,
        **claims,
    }
    parts = (json.dumps(part).encode() for part in ({"alg": "RS256"}, payload))
    return ".".join(base64.urlsafe_b64encode(p).rstrip(b"=").decode() for p in parts) + ".c2ln"


@pytest.fixture
def make_id_token():
    return id_token


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: float = NOW
    asked: int = field(default=0)

    def __call__(self):
        self.asked += 1
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def profile():
    return Profile(
        user_pool_id="eu-west-1_Pool",
        client_id="client",
        identity_pool_id="eu-west-1:11111111-2222-3333-4444-555555555555",
        bucket="a-bucket",
    )


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch):
    """Nothing of the developer's: no settings, no tokens, no files of AWS."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "BUCKETPASS_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("BUCKETPASS_TOKEN_STORE", "file")
    return tmp_path

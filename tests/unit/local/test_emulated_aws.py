import pytest
from botocore.awsrequest import AWSResponse

from local.emulated_aws import REGION, EmulatedAws, RootKeys

KEYS = RootKeys("LOCALROOTTEST", "root-secret")


@pytest.fixture
def hostile_environment(monkeypatch, tmp_path):
    """A developer's shell and files that would each change or break a client."""
    config = tmp_path / "config"
    config.write_text("[default]\nregion = us-west-2\nendpoint_url = http://config.example\n")
    for name, value in {
        "AWS_ACCESS_KEY_ID": "DEVELOPER",
        "AWS_SECRET_ACCESS_KEY": "developers-secret",
        "AWS_SESSION_TOKEN": "developers-token",
        "AWS_PROFILE": "no-such-profile",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": "http://environment.example",
        "AWS_USE_FIPS_ENDPOINT": "true",
        "AWS_CONFIG_FILE": str(config),
        "AWS_CA_BUNDLE": "/nonexistent",
        "HTTP_PROXY": "http://proxy.example",
    }.items():
        monkeypatch.setenv(name, value)


def _sent(client, operation, **request):
    """The request that would leave the machine."""
    sent = []

    def answer(request, **_):
        sent.append(request)
        return AWSResponse(request.url, 200, {}, _Body())

    client.meta.events.register("before-send", answer)
    getattr(client, operation)(**request)
    return sent[0]


class _Body:
    def stream(self):
        yield b"{}"


@pytest.mark.usefixtures("hostile_environment")
def test_nothing_of_the_developers_set_up_is_used():
    """Keys, region and endpoint are the emulator's alone."""
    client = EmulatedAws("http://127.0.0.1:4599", KEYS).client("cognito-idp")
    request = _sent(client, "list_user_pools", MaxResults=1)
    authorization = request.headers["Authorization"].decode()
    assert request.url == "http://127.0.0.1:4599/"
    assert "Credential=LOCALROOTTEST/" in authorization
    assert f"/{REGION}/" in authorization
    assert "X-Amz-Security-Token" not in request.headers
    assert client.meta.config.proxies == {}


@pytest.mark.usefixtures("hostile_environment")
def test_public_clients_sign_nothing():
    """Signing in and asking for an identity need no AWS keys, and none are sent."""
    client = EmulatedAws("http://127.0.0.1:4599").public_identities
    request = _sent(client, "get_id", IdentityPoolId="eu-west-1:0")
    assert "Authorization" not in request.headers


def test_root_secret_is_not_shown():
    """The repr of the root keys leaves the secret out."""
    assert repr(KEYS) == "RootKeys(access_key_id='LOCALROOTTEST')"

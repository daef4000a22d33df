import pytest

from bucketpass.errors import ConfigurationError
from bucketpass.exit_status import status_of
from bucketpass.pools.administrator import (
    Administrator,
    AdministratorUnknown,
    NotThere,
    as_administrator,
)
from tests.unit.client.pools.aws_fakes import refusal


@pytest.fixture(autouse=True)
def no_files(own_folders, monkeypatch):
    monkeypatch.setenv("AWS_CONFIG_FILE", str(own_folders / "config.ini"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(own_folders / "credentials.ini"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return own_folders


def test_the_region_comes_from_where_the_aws_tools_look(monkeypatch, no_files):
    """The option before AWS_REGION before AWS_DEFAULT_REGION before the profile."""
    (no_files / "config.ini").write_text("[profile admin]\nregion = eu-north-1\n")
    assert Administrator("admin").region == "eu-north-1"
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-2")
    assert Administrator("admin").region == "eu-west-2"
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    assert Administrator("admin").region == "eu-west-1"
    assert Administrator("admin", "us-east-1").region == "us-east-1"


def test_without_a_region_nothing_is_looked_at():
    """Not that of some default."""
    with pytest.raises(ConfigurationError, match="--region"):
        Administrator()


def test_a_profile_that_is_not_there():
    """With its name and the way out."""
    with pytest.raises(AdministratorUnknown, match=r"\(ghost\).*--aws-profile"):
        Administrator("ghost", "eu-west-1")


def test_nobody_is_an_administrator_without_credentials():
    """The status is that of a missing setting."""
    with pytest.raises(AdministratorUnknown) as caught:
        _ = Administrator(region="eu-west-1", endpoint_url="http://127.0.0.1:9").account
    assert status_of(caught.value) == status_of(ConfigurationError())


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("ExpiredToken", AdministratorUnknown),
        ("UnrecognizedClientException", AdministratorUnknown),
        ("ResourceNotFoundException", NotThere),
        ("ValidationError", NotThere),
    ],
)
def test_refusals_have_a_remedy_for_administrators(code, cause):
    """None of them leads to `bucketpass configure`."""
    with pytest.raises(cause) as caught, as_administrator():
        raise refusal(code)
    assert "configure" not in str(caught.value)
    assert caught.value.remedy


def test_the_endpoint_is_the_one_that_was_named():
    """For every client."""
    who = Administrator(region="eu-west-1", endpoint_url="http://127.0.0.1:9")
    clients = [who.user_pools, who.identity_pools, who.iam, who.stacks, who.client("logs")]
    assert {client.meta.endpoint_url for client in clients} == {"http://127.0.0.1:9"}

"""The function's configuration, read once."""

from contextlib import suppress
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.settings import DeployedRoles, SettingsError, load_settings

ROLE = "arn:aws:iam::123456789012:role/app/signed-in"
EDITORS = "arn:aws:iam::123456789012:role/editors"
MEMBER = "arn:aws:iam::123456789012:role/member"
ENVIRONMENT = {
    "AWS_REGION": "eu-central-1",
    "USER_POOL_ID": "eu-central-1_Example01",
    "USER_POOL_CLIENT_IDS": "first, second",
    "IDENTITY_POOL_ID": "eu-central-1:11111111-2222-4333-8444-555555555555",
    "BUCKET_NAME": "bucket",
    "CREDENTIAL_SOURCE": "identity-pool",
    "SIGNED_IN_ROLE_ARN": ROLE,
    "GROUP_ROLE_ARNS": f'{{"editors": "{EDITORS}"}}',
    "ALLOWED_ORIGIN": "https://app.example.com",
}
OPTIONAL = {"URL_SUFFIX", "SERVICE_VERSION", "AWS_ENDPOINT_URL"}


def test_every_variable_has_its_place():
    """The whole of it, with the defaults of what may be absent."""
    settings = load_settings(ENVIRONMENT)
    assert settings.region == "eu-central-1"
    assert settings.user_pool_id == "eu-central-1_Example01"
    assert settings.client_ids == ("first", "second")
    assert settings.identity_pool_id == "eu-central-1:11111111-2222-4333-8444-555555555555"
    assert settings.bucket == "bucket"
    assert settings.credential_source == "identity-pool"
    assert settings.roles == DeployedRoles(ROLE, {"editors": EDITORS})
    assert settings.allowed_origin == "https://app.example.com"
    assert settings.url_suffix == "amazonaws.com"
    assert settings.version == "unknown"
    assert settings.endpoint_url is None


@pytest.mark.parametrize("name", ENVIRONMENT)
@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_missing_variable_is_named(name, value):
    """The function does not start, and says which variable it misses."""
    broken = {**ENVIRONMENT, name: value}
    if value is None:
        del broken[name]
    with pytest.raises(SettingsError, match=f"^{name} is not set$"):
        load_settings(broken)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            ("USER_POOL_ID", value)
            for value in ("eu-central-1", "_", "a_b/c", "a_b\nc", "https://x")
        ),
        *(("IDENTITY_POOL_ID", value) for value in ("eu-central-1", "eu:1234", "11111111-2222")),
        *(
            ("SIGNED_IN_ROLE_ARN", value)
            for value in ("*", "role/x", ROLE + " x", "arn:aws:iam::1:x")
        ),
        *(("CREDENTIAL_SOURCE", value) for value in ("pool", "Identity-Pool", "identity-pool,")),
        *(("USER_POOL_CLIENT_IDS", value) for value in (",", "a,", "a,,b")),
        *(("GROUP_ROLE_ARNS", value) for value in ("{", "[]", "null", '"x"', "5")),
        *(("GROUP_ROLE_ARNS", value) for value in ('{"a": null}', '{"a": "*"}', '{"a": ["x"]}')),
    ],
)
def test_a_malformed_variable_is_named(name, value):
    """Better no function than one with half a configuration."""
    with pytest.raises(SettingsError, match=f"^{name} "):
        load_settings({**ENVIRONMENT, name: value})


def test_no_groups_are_allowed():
    """A deployment may have a role for every signed-in user alone."""
    assert load_settings({**ENVIRONMENT, "GROUP_ROLE_ARNS": "{}"}).roles.by_group == {}


MEMBER_MODE = {**ENVIRONMENT, "CREDENTIAL_SOURCE": "member-role", "MEMBER_ROLE_ARN": MEMBER}


@pytest.mark.parametrize("source", ["identity-pool", "group-role", "member-role"])
def test_each_credential_source_is_known(source):
    """The three of the template's parameter."""
    settings = load_settings({**MEMBER_MODE, "CREDENTIAL_SOURCE": source})
    assert settings.credential_source == source


def test_the_member_role_is_known_in_its_mode_alone():
    """In the other modes nothing can act in it, whatever the environment says."""
    assert load_settings(MEMBER_MODE).roles == DeployedRoles(ROLE, {"editors": EDITORS}, MEMBER)
    for source in ("identity-pool", "group-role"):
        assert load_settings({**MEMBER_MODE, "CREDENTIAL_SOURCE": source}).roles.member is None


@pytest.mark.parametrize("value", ["", " ", "*", "role/member", MEMBER + " x", MEMBER + "*"])
def test_the_member_role_is_required_in_its_mode(value):
    """Without it, or with something else in its place, the function does not start."""
    with pytest.raises(SettingsError, match=r"^MEMBER_ROLE_ARN "):
        load_settings({**MEMBER_MODE, "MEMBER_ROLE_ARN": value})


def test_on_aws_the_names_of_the_pool_follow_from_its_id():
    """Issuer, key address and login provider, with the partition's own suffix."""
    settings = load_settings(ENVIRONMENT)
    provider = "cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example01"
    assert settings.login_provider == provider
    assert settings.issuer == f"https://{provider}"
    assert settings.jwks_url == f"https://{provider}/.well-known/jwks.json"
    china = load_settings({**ENVIRONMENT, "URL_SUFFIX": "amazonaws.com.cn"})
    assert (
        china.issuer == "https://cognito-idp.eu-central-1.amazonaws.com.cn/eu-central-1_Example01"
    )


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:4566", "http://127.0.0.1:4566/"])
def test_an_endpoint_moves_the_keys_but_not_the_issuer(endpoint):
    """The tokens of an embedded AWS name the same issuer; its keys are at the endpoint."""
    settings = load_settings({**ENVIRONMENT, "AWS_ENDPOINT_URL": endpoint})
    assert settings.endpoint_url == "http://127.0.0.1:4566"
    assert settings.issuer == load_settings(ENVIRONMENT).issuer
    keys = "http://127.0.0.1:4566/eu-central-1_Example01/.well-known/jwks.json"
    assert settings.jwks_url == keys


def test_an_empty_endpoint_is_none():
    """A variable that is set to nothing means AWS."""
    assert load_settings({**ENVIRONMENT, "AWS_ENDPOINT_URL": ""}).endpoint_url is None


def test_the_settings_do_not_change():
    """Read once; a request cannot alter what the next one sees."""
    with pytest.raises(FrozenInstanceError):
        load_settings(ENVIRONMENT).bucket = "another"


@given(st.dictionaries(st.sampled_from([*ENVIRONMENT, *sorted(OPTIONAL)]), st.text()))
def test_any_environment_is_read_or_refused(changes):
    """Garbage in a variable is a SettingsError, never another exception."""
    with suppress(SettingsError):
        settings = load_settings({**ENVIRONMENT, **changes})
        assert settings.bucket == {**ENVIRONMENT, **changes}["BUCKET_NAME"].strip()

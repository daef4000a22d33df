import pytest

from bucketpass.errors import ConfigurationError
from bucketpass.profile import Profile
from bucketpass.profile_setting import SETTINGS


def test_the_region_follows_from_the_pools():
    """Nobody has to name a region that the ids already name."""
    assert Profile(user_pool_id="eu-west-1_Ab1").region == "eu-west-1"
    assert Profile(identity_pool_id="us-gov-west-1:1-2").region == "us-gov-west-1"
    assert Profile(user_pool_id="eu-west-1_Ab1", region="us-east-1").region == "us-east-1"


@pytest.mark.parametrize("name", ["", ".hidden", "-flag", "a/b", "../x", "a b", "a\nb", "x" * 65])
def test_a_name_that_could_not_be_a_files_is_refused(name):
    """Names of profiles become names of files and of sections."""
    with pytest.raises(ConfigurationError, match="cannot be the name"):
        Profile(name=name)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("region", "eu-west"),
        ("user_pool_id", "eu-west-1/x"),
        ("client_id", "a b"),
        ("identity_pool_id", "eu-west-1_x"),
        ("bucket", "Bad_Bucket"),
        ("role", "two\nlines"),
        ("username", ""),
        ("api_url", "http://example.com"),
        ("endpoint_url", "ftp://localhost"),
        ("login_url", "https://user:pass@example.com"),
    ],
)
def test_a_malformed_setting_is_refused(setting, value):
    """What AWS could not mean, and addresses that no secret may travel to."""
    with pytest.raises(ConfigurationError):
        Profile(**{setting: value})


def test_a_missing_setting_names_every_way_to_give_it():
    """The error says how to go on."""
    with pytest.raises(ConfigurationError) as raised:
        Profile(name="work").require("client_id")
    assert "work" in raised.value.sentence
    assert "BUCKETPASS_CLIENT_ID" in raised.value.remedy
    assert "--client-id" in raised.value.remedy


def test_changed_keeps_what_is_not_named():
    """None is no value."""
    profile = Profile(bucket="one-bucket", role="r").changed({"bucket": "other", "role": None})
    assert (profile.bucket, profile.role) == ("other", "r")


def test_every_setting_of_the_table_is_one_of_the_profile():
    """Table and class say the same."""
    profile = Profile()
    assert all(hasattr(profile, setting.name) for setting in SETTINGS)


def test_the_login_provider_follows_the_partition():
    """The Logins key of China has another suffix."""
    assert (
        Profile(user_pool_id="eu-west-1_Ab").login_provider
        == "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab"
    )
    assert (
        Profile(user_pool_id="cn-north-1_Ab").login_provider
        == "cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_Ab"
    )

import pytest

from bucketpass.errors import ConfigurationError
from bucketpass.profile import Profile
from bucketpass.profile_choice import choose_profile
from bucketpass.profile_file import ProfileFile


@pytest.fixture
def file(tmp_path):
    file = ProfileFile(tmp_path / "config-file")
    file.save(Profile(name="default", bucket="in-file", role="in-file"))
    file.save(Profile(name="work", bucket="in-work"))
    return file


def test_flags_come_before_variables_before_the_file(file):
    """The nearest says what counts; an empty variable says nothing."""
    environ = {"BUCKETPASS_BUCKET": "in-env", "BUCKETPASS_ROLE": ""}
    profile = choose_profile(None, {"bucket": "in-flag"}, file=file, environ=environ)
    assert (profile.bucket, profile.role) == ("in-flag", "in-file")
    assert choose_profile(file=file, environ=environ).bucket == "in-env"
    assert choose_profile(file=file, environ={}).bucket == "in-file"


def test_the_name_comes_from_the_argument_before_the_variable(file):
    """BUCKETPASS_PROFILE is for where nobody names one."""
    environ = {"BUCKETPASS_PROFILE": "work"}
    assert choose_profile(file=file, environ=environ).name == "work"
    assert choose_profile("default", file=file, environ=environ).name == "default"


def test_the_variables_alone_are_enough(tmp_path):
    """A container needs no file."""
    environ = {"BUCKETPASS_USER_POOL_ID": "eu-west-1_Ab"}
    profile = choose_profile(file=ProfileFile(tmp_path / "none"), environ=environ)
    assert (profile.name, profile.region) == ("default", "eu-west-1")


def test_a_profile_that_is_not_there_is_refused(file):
    """And those that are there are named."""
    with pytest.raises(ConfigurationError, match="default, work"):
        choose_profile("wrok", file=file, environ={})

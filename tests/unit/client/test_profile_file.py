import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bucketpass.errors import ConfigurationError
from bucketpass.profile import Profile
from bucketpass.profile_file import ProfileFile


def test_what_is_saved_is_loaded(tmp_path):
    """Every setting comes back, beside another profile that stays."""
    file = ProfileFile(tmp_path / "new" / "config")
    work = Profile(name="work", user_pool_id="eu-west-1_Ab", bucket="a-bucket", role="x%(y)s = z")
    file.save(Profile(name="home", bucket="b-bucket"))
    file.save(work)
    file.save(Profile(name="home", bucket="c-bucket"))
    assert file.load("work") == work
    assert file.load("home").bucket == "c-bucket"
    assert file.names() == ["home", "work"]
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=40))
def test_any_user_name_survives_the_file(tmp_path_factory, username):
    """Signs that mean something in the file mean nothing in a value."""
    file = ProfileFile(tmp_path_factory.mktemp("p") / "config")
    file.save(Profile(name="default", username=username.strip() or "x"))
    assert file.load("default").username == (username.strip() or "x")


def test_nothing_there_is_no_profile(tmp_path):
    """No file, no section: None."""
    assert ProfileFile(tmp_path / "config").load("default") is None


@pytest.mark.parametrize(
    "text", ["no section", "[a]\n[a]\n", "[default]\nbucket\n", "[default]\npasword = x\n"]
)
def test_a_damaged_file_is_named(tmp_path, text):
    """The error says which file it is."""
    path = tmp_path / "config"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=str(path)):
        ProfileFile(path).load("default")

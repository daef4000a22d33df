import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bucketpass.aws_config_file import aws_config_path, with_profile, write_profile
from bucketpass.errors import ConfigurationError

OURS = {"credential_process": "/opt/bucketpass credential-process", "region": "eu-west-1"}

REST = """\
# kept by hand
[default]
region = us-east-1

[profile other]
s3 =
  max_concurrent_requests = 20
  # credential_process = not a setting
credential_process = /bin/other
"""


def test_a_profile_is_appended_and_the_rest_stays():
    """Comments and nested settings included."""
    text = with_profile(REST, "work", OURS, replace=False)
    assert text.startswith(REST)
    assert text.removeprefix(REST) == (
        "\n[profile work]\ncredential_process = /opt/bucketpass credential-process\n"
        "region = eu-west-1\n"
    )


def test_doing_it_again_changes_nothing():
    """And a changed setting changes only itself; one that is no longer given goes."""
    once = with_profile(REST, "work", {**OURS, "endpoint_url": "http://x"}, replace=False)
    assert with_profile(once, "work", {**OURS, "endpoint_url": "http://x"}, replace=False) == once
    assert with_profile(once, "work", OURS, replace=False) == with_profile(
        REST, "work", OURS, replace=False
    )


def test_the_persons_own_settings_in_the_section_stay():
    """Also when the section is not the last."""
    text = "[profile work] # mine\noutput = json\nregion = x\n\n[profile z]\nregion = y\n"
    assert with_profile(text, "work", OURS, replace=False) == (
        "[profile work] # mine\ncredential_process = /opt/bucketpass credential-process\n"
        "region = eu-west-1\noutput = json\n\n[profile z]\nregion = y\n"
    )


def test_the_default_profile_has_no_prefix():
    """`[profile default]` would be read by some tools only."""
    assert with_profile("", "default", OURS, replace=False).startswith("[default]\n")


@pytest.mark.parametrize(
    "line",
    [
        "credential_process = /bin/other",
        "role_arn = arn:aws:iam::1:role/x",
        "sso_session = x",
        "aws_access_key_id = AKIA",
    ],
)
def test_a_profile_of_somebody_else_is_not_taken(line):
    """Unless that is asked for; then what would win over ours goes."""
    text = f"[profile work]\n{line}\noutput = json\n"
    with pytest.raises(ConfigurationError, match="--force"):
        with_profile(text, "work", OURS, replace=False)
    forced = with_profile(text, "work", OURS, replace=True)
    assert line not in forced
    assert "output = json" in forced


lines = st.lists(
    st.sampled_from(
        ["[profile a]", "[profile work2]", "[default]", "# c", "", "region = x", "  nested = y"]
    ),
    max_size=12,
)


@given(lines)
def test_no_other_line_is_ever_lost(given_lines):
    """Whatever the file holds, it comes out whole and in order, and the second time unchanged."""
    text = "".join(line + "\n" for line in given_lines)
    once = with_profile(text, "work", OURS, replace=False)
    assert once.startswith(text)
    assert with_profile(once, "work", OURS, replace=False) == once


def test_the_file_keeps_its_mode_and_its_link(tmp_path):
    """Somebody's dotfiles stay linked; a new file is private."""
    real = tmp_path / "dotfiles"
    real.write_text(REST)
    real.chmod(0o640)
    link = tmp_path / "config"
    link.symlink_to(real)
    assert write_profile(link, "work", OURS) is True
    assert write_profile(link, "work", OURS) is False
    assert link.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    new = tmp_path / ".aws" / "config"
    write_profile(new, "work", OURS)
    assert stat.S_IMODE(new.stat().st_mode) == 0o600


def test_the_variable_names_the_file(own_folders):
    """As for the SDKs."""
    assert aws_config_path({"AWS_CONFIG_FILE": "~/x"}) == own_folders / "x"
    assert aws_config_path({}) == Path.home() / ".aws" / "config"

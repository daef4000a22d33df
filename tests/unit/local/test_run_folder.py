import stat

import pytest

from local.run_folder import RunFolder


@pytest.fixture
def folder(tmp_path):
    return RunFolder(tmp_path, 4599)


def test_header_file_is_what_curl_takes(folder):
    """`curl -H @file` reads one header line, and only the owner can read the file."""
    folder.write_header("alice", "old")
    folder.write_header("alice", "eyJ.new")
    path = folder.header_file("alice")
    assert path.read_text() == "Authorization: eyJ.new\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_environment_comes_back(folder):
    """The functions' environment is read as it was written."""
    environment = {"ApiFunction": {"BUCKET_NAME": "b"}}
    folder.write_environment(environment)
    assert folder.read_environment() == environment


def test_two_stacks_have_two_folders(tmp_path, folder):
    """The end of one stack leaves the files of another."""
    other = RunFolder(tmp_path, 4600)
    folder.write_header("alice", "one")
    other.write_header("alice", "two")
    folder.remove()
    folder.remove()
    assert not folder.header_file("alice").exists()
    assert other.header_file("alice").read_text() == "Authorization: two\n"

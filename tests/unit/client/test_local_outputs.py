import json

import pytest

from bucketpass.errors import ConfigurationError
from bucketpass.local_outputs import profile_of_local_stack

OUTPUTS = {
    "ApiUrl": "http://localhost:4599/v1",
    "Region": "eu-west-1",
    "UserPoolId": "eu-west-1_Ab",
    "UserPoolClientId": "client",
    "IdentityPoolId": "eu-west-1:1-2",
    "BucketName": "a-bucket",
    "EndpointUrl": "http://127.0.0.1:4599",
    "Users": [{"username": "alice", "password": "not-to-be-kept", "groups": []}],
}


def test_the_outputs_become_a_profile_without_passwords(tmp_path):
    """Each output has its setting; the demo passwords stay where they are."""
    path = tmp_path / "outputs.json"
    path.write_text(json.dumps(OUTPUTS))
    profile = profile_of_local_stack("local", path)
    assert profile.api_url == OUTPUTS["ApiUrl"]
    assert profile.endpoint_url == OUTPUTS["EndpointUrl"]
    assert profile.client_id == "client"
    assert "not-to-be-kept" not in repr(profile)


def test_the_file_is_found_from_a_folder_below(tmp_path, monkeypatch):
    """Like git: from anywhere inside."""
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local" / "outputs.json").write_text(json.dumps(OUTPUTS))
    monkeypatch.chdir(below)
    assert profile_of_local_stack("local").bucket == "a-bucket"


@pytest.mark.parametrize("text", ["", "[]", "{", "{}", '{"ApiUrl": 5}'])
def test_a_damaged_file_is_refused(tmp_path, text):
    """Never half a profile."""
    path = tmp_path / "outputs.json"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match="Start the local stack"):
        profile_of_local_stack("local", path)


def test_no_running_stack_is_said_so(tmp_path):
    """With the command that starts one."""
    with pytest.raises(ConfigurationError, match="make run"):
        profile_of_local_stack("local", tmp_path / "outputs.json")

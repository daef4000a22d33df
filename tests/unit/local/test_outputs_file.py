import json
import stat

import pytest

from local.failure import LocalRunError
from local.outputs_file import read_outputs, remove_outputs, write_outputs

OUTPUTS = {
    "ApiUrl": "http://localhost:4599/v1",
    "EndpointUrl": "http://127.0.0.1:4599",
    "Users": [{"username": "alice", "password": "pässword", "groups": []}],
}


def test_outputs_come_back_as_they_were_written(tmp_path):
    """What one program writes, another reads, from outputs.json with mode 0600."""
    write_outputs(OUTPUTS, tmp_path)
    path = tmp_path / "outputs.json"
    assert read_outputs(tmp_path) == json.loads(path.read_text()) == OUTPUTS
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_removed_outputs_are_gone(tmp_path):
    """After the end no file is left, and a second end is harmless."""
    write_outputs(OUTPUTS, tmp_path)
    remove_outputs(OUTPUTS, tmp_path)
    remove_outputs(OUTPUTS, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_outputs_of_another_stack_stay(tmp_path):
    """A stack that ends leaves the outputs that another one has put there meanwhile."""
    other = {**OUTPUTS, "EndpointUrl": "http://127.0.0.1:4600"}
    write_outputs(OUTPUTS, tmp_path)
    write_outputs(other, tmp_path)
    remove_outputs(OUTPUTS, tmp_path)
    assert read_outputs(tmp_path) == other


def test_missing_outputs_say_how_to_start(tmp_path):
    """Without a running stack the sentence names the command that starts one."""
    with pytest.raises(LocalRunError, match="make run"):
        read_outputs(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", "null"])
def test_damaged_outputs_are_refused(tmp_path, text):
    """A damaged file is a sentence, not a traceback."""
    (tmp_path / "outputs.json").write_text(text)
    with pytest.raises(LocalRunError, match="is damaged"):
        read_outputs(tmp_path)

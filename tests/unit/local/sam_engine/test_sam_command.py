import json
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from local.failure import LocalRunError
from local.sam_engine.sam_command import run_sam

NOTE = """#!{python}
import json, os, sys
with open("{note}", "w") as file:
    json.dump([sys.argv[1:], dict(os.environ)], file)
sys.exit(7)
"""
WAIT = """
import os, signal
print(os.getpid(), flush=True)
signal.pause()
"""


def script(path, text):
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def sam(tmp_path):
    """An environment whose `sam` notes how it was called and ends with status 7."""
    (tmp_path / "bin").mkdir()
    client = tmp_path / "awslambdaric"
    client.mkdir()
    facts = {
        "version": "3.13",
        "interpreter": sys.executable,
        "emulators": str(tmp_path),
        "client": [str(client)],
    }
    script(tmp_path / "bin" / "python", f"#!/bin/sh\necho '{json.dumps(facts)}'\n")
    note = NOTE.format(python=sys.executable, note=tmp_path / "note")
    return script(tmp_path / "bin" / "sam", note)


def noted(sam):
    return json.loads((sam.parent.parent / "note").read_text())


def test_the_command_runs_as_given(sam):
    """The words reach `sam` unchanged, and its exit status is the answer."""
    assert run_sam([str(sam), "local", "invoke", "-e", "an event.json"]) == 7
    assert noted(sam)[0] == ["local", "invoke", "-e", "an event.json"]


def test_sam_knows_the_engine_and_nobodys_keys(sam, monkeypatch):
    """`sam` is led to the engine and away from the developer's AWS credentials."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAMINE")
    monkeypatch.setenv("AWS_PROFILE", "work")
    run_sam([str(sam)])
    environment = noted(sam)[1]
    assert environment["DOCKER_HOST"].startswith("unix:///")
    assert environment["SAM_CLI_TELEMETRY"] == "0"
    assert "AWS_ACCESS_KEY_ID" not in environment
    assert "AWS_PROFILE" not in environment
    assert environment["AWS_SHARED_CREDENTIALS_FILE"] == "/dev/null"


def test_a_missing_sam_is_said():
    """Without that command the sentence says what installs it."""
    with pytest.raises(LocalRunError, match="make build"):
        run_sam(["/nowhere/sam"])


def test_an_environment_without_the_client_is_said(sam):
    """Without awslambdaric beside `sam` the sentence says so, with what Python wrote."""
    script(sam.parent / "python", "#!/bin/sh\necho no such package >&2\nexit 1\n")
    with pytest.raises(LocalRunError, match="awslambdaric") as caught:
        run_sam([str(sam)])
    assert caught.value.evidence == "no such package\n"


def test_a_signal_ends_sam_and_the_engine(sam):
    """Ended from outside, the command takes `sam` with it and says by which signal."""
    script(sam, f"#!{sys.executable}\n{WAIT}")
    engine = subprocess.Popen(  # noqa: S603 # our own command
        [sys.executable, "-m", "local.sam_engine", "--", str(sam)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[4],
    )
    with engine:
        number = int(engine.stdout.readline())
        engine.send_signal(signal.SIGTERM)
        assert engine.wait(20) == 128 + signal.SIGTERM
    assert not Path(f"/proc/{number}").exists()

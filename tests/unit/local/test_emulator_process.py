from pathlib import Path

import pytest

from local.emulated_aws import RootKeys
from local.emulator_process import EmulatorProcess, emulator_environment

KEYS = RootKeys("LOCALROOTTEST", "root-secret")
STATE = Path("/state")


def _environment(*, persistent=False, environ=None):
    return emulator_environment(4599, STATE, KEYS, persistent=persistent, environ=environ or {})


def test_only_loopback_and_only_enforced():
    """The emulator listens on loopback alone, authorizes every call, and needs no Docker."""
    environment = _environment()
    assert environment["BIND_HOST"] == "127.0.0.1"
    assert environment["GATEWAY_PORT"] == "4599"
    assert environment["IOT_MTLS_ENABLED"] == "0"
    assert environment["AUTH"] == "true"
    assert environment["LAMBDA_EXECUTOR"] == "local"
    assert environment["AWS_ACCESS_KEY_ID"] == "LOCALROOTTEST"


def test_every_file_stays_below_the_state():
    """Services, objects and temporary files each have a place below the state folder."""
    environment = _environment()
    places = {environment[name] for name in ("STATE_DIR", "S3_DATA_DIR", "TMPDIR")}
    assert places == {"/state/services", "/state/s3", "/state/tmp"}


def test_developers_environment_stays_outside():
    """Neither AWS configuration nor proxies nor emulator settings come in; the locale does."""
    developer = {
        "AWS_PROFILE": "work",
        "AWS_SESSION_TOKEN": "t",
        "AWS_ENDPOINT_URL": "http://elsewhere",
        "HTTPS_PROXY": "http://proxy",
        "http_proxy": "http://proxy",
        "USE_SSL": "1",
        "S3_PERSIST": "1",
        "PATH": "/bin",
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": "/lib",
    }
    environment = _environment(environ=developer)
    assert {name for name in developer if name in environment} == {"PATH", "LC_ALL", "PYTHONPATH"}
    assert (
        environment["AWS_CONFIG_FILE"] == environment["AWS_SHARED_CREDENTIALS_FILE"] == "/dev/null"
    )


@pytest.mark.parametrize("persistent", [True, False])
def test_only_kept_state_persists(persistent):
    """State is either persistent or named for removal, never both."""
    environment = _environment(persistent=persistent)
    assert (environment.get("PERSIST_STATE") == "1") is persistent
    assert (environment.get("S3_PERSIST") == "1") is persistent
    assert ("LOCAL_TEMPORARY_STATE" in environment) is not persistent


def test_process_that_never_started_can_be_stopped(tmp_path):
    """Stopping is harmless at any time."""
    process = EmulatorProcess(4599, tmp_path, KEYS, persistent=False)
    process.stop()
    assert process.pid is None
    assert process.log_tail() == ""
    assert process.wait(0)

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pexpect
import pytest

REPOSITORY = Path(__file__).parents[3]


@dataclass(frozen=True)
class Machine:
    """Somebody's machine: a home folder, nothing of AWS in it, and `bucketpass` as a command."""

    home: Path
    stack: object

    @property
    def environment(self):
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "PYTHONPATH": str(REPOSITORY / "client"),
            "AWS_CONFIG_FILE": str(self.home / "aws-config"),
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "BUCKETPASS_TOKEN_STORE": "file",
            "TERM": "dumb",
        }

    @property
    def tokens(self):
        return self.home / ".local" / "state" / "bucketpass" / "tokens" / "default.json"

    def run(self, *arguments, given="", **variables):
        """One run without a terminal."""
        return subprocess.run(  # noqa: S603 # our own
            [sys.executable, "-m", "bucketpass", *arguments],
            env={**self.environment, **variables},
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def done(self, *arguments, given=""):
        """The stdout of a run that has to succeed."""
        result = self.run(*arguments, given=given)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def login(self, username):
        self.done("login", username, "--password-stdin", given=self.password(username) + "\n")

    def password(self, username):
        return self.stack.users[username].password

    def terminal(self, *arguments):
        """One run on a terminal of its own."""
        return pexpect.spawn(
            sys.executable,
            ["-m", "bucketpass", *arguments],
            env=self.environment,
            encoding="utf-8",
            timeout=30,
            dimensions=(40, 200),
        )


@pytest.fixture(scope="session")
def configured(tmp_path_factory, pool_stack):
    """A home folder in which `configure` has run for the local stack."""
    home = tmp_path_factory.mktemp("configured")
    outputs = home / "outputs.json"
    outputs.write_text(json.dumps(pool_stack.outputs))
    Machine(home, pool_stack).done("configure", "--outputs", str(outputs))
    return home


@pytest.fixture
def machine(tmp_path, pool_stack, configured):
    """A machine that is configured for the local stack; nobody is signed in."""
    shutil.copytree(configured, tmp_path, dirs_exist_ok=True)
    return Machine(tmp_path, pool_stack)


@pytest.fixture
def settings(pool_stack):
    """The settings of a profile as the library takes them."""
    outputs = pool_stack.outputs
    return {
        "region": outputs["Region"],
        "user_pool_id": outputs["UserPoolId"],
        "client_id": outputs["UserPoolClientId"],
        "identity_pool_id": outputs["IdentityPoolId"],
        "bucket": outputs["BucketName"],
        "api_url": outputs["ApiUrl"],
        "endpoint_url": outputs["EndpointUrl"],
    }


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch):
    """The library keeps nothing of the developer's either."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "library" / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "library" / "state"))
    monkeypatch.setenv("BUCKETPASS_TOKEN_STORE", "file")

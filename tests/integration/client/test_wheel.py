"""What the documentation promises, by the wheel in a clean environment and the aws CLI."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path

import pytest

from bucketpass import __version__

REPOSITORY = Path(__file__).parents[3]
AWS = REPOSITORY / ".venv-aws" / "bin" / "aws"


@dataclass(frozen=True)
class Shell:
    """A POSIX shell of somebody who has installed the wheel; it starts in the home folder."""

    home: Path
    commands: Path

    def __call__(self, line, **variables):
        environment = {
            "PATH": os.pathsep.join(map(str, (self.commands, AWS.parent, "/usr/bin", "/bin"))),
            "HOME": str(self.home),
            "AWS_EC2_METADATA_DISABLED": "true",
            "BUCKETPASS_TOKEN_STORE": "file",
            **variables,
        }
        return subprocess.run(  # noqa: S603 # our own
            ["/bin/sh", "-c", line],
            env=environment,
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def done(self, line, **variables):
        result = self(line, **variables)
        assert result.returncode == 0, result.stderr
        return result.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(  # noqa: S603 # our own
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
    )
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """An environment of its own with the wheel; what it needs comes from the locked environment.

    So the test needs no network, and the dependencies are those of the lock.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    places = sysconfig.get_paths(
        "venv", vars={"base": str(folder), "platbase": str(folder), "installed_base": str(folder)}
    )
    subprocess.run(  # noqa: S603 # our own
        [
            *(sys.executable, "-m", "pip", "--python", str(folder), "install", "--quiet"),
            *("--no-index", "--no-deps", "--disable-pip-version-check", str(wheel)),
        ],
        capture_output=True,
        check=True,
    )
    dependencies = Path(places["purelib"]) / "dependencies.pth"
    dependencies.write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin"


@pytest.fixture
def shell(installed, tmp_path, pool_stack):
    """In a folder in which a stack runs, as `make run` leaves it."""
    (tmp_path / ".local").mkdir(mode=0o700)
    outputs = tmp_path / ".local" / "outputs.json"
    outputs.touch(0o600)
    outputs.write_text(json.dumps(pool_stack.outputs))
    (tmp_path / "password").write_text(pool_stack.users["alice"].password + "\n")
    (tmp_path / "FILE").write_text("what I brought\n")
    return Shell(tmp_path, installed)


def test_the_wheel_is_what_runs(shell):
    """Its command and its modules, not those of the working copy."""
    assert shell.done("bucketpass --version").split() == ["bucketpass", __version__]
    where = "import bucketpass; print(bucketpass.__file__)"
    found = Path(shell.done(f"python -c '{where}'").strip())
    assert found.is_relative_to(shell.commands.parent)
    assert REPOSITORY not in found.parents


def test_the_first_five_commands(shell, pool_stack):
    """configure, login, ls, cp; and what was copied is there."""
    listed = shell.done(
        "bucketpass configure --local && bucketpass login alice --password-stdin < password && "
        "bucketpass ls home: && bucketpass cp FILE home:"
    )
    assert "hello.txt" in listed.splitlines()
    assert shell.done("bucketpass cat home:FILE") == "what I brought\n"
    home = f"home/{pool_stack.users['alice'].identity_id}/"
    body = pool_stack.client("s3").get_object(
        Bucket=pool_stack.outputs["BucketName"], Key=f"{home}FILE"
    )["Body"]
    assert body.read() == b"what I brought\n"
    shell.done("bucketpass rm home:FILE")


def test_the_aws_cli_by_a_profile(shell, pool_stack):
    """It lists the own folder and nobody else's, and it needs no setting but the profile."""
    if not AWS.exists():
        verdict = pytest.fail if os.environ.get("CI") else pytest.skip
        verdict("aws is missing: make .venv-aws/.ready")
    shell.done(
        "bucketpass configure --local && bucketpass login alice --password-stdin < password && "
        "bucketpass configure-profile work"
    )
    bucket = pool_stack.outputs["BucketName"]
    alice, bob = (f"home/{pool_stack.users[name].identity_id}/" for name in ("alice", "bob"))
    assert "hello.txt" in shell.done(f"aws s3 ls s3://{bucket}/{alice} --profile work")
    by_exec = """bucketpass exec -- sh -c 'aws s3 ls "$BUCKETPASS_HOME"'"""
    assert "hello.txt" in shell.done(by_exec)
    shell.done(f"aws s3 cp FILE s3://{bucket}/{alice}by-aws --profile work")
    assert shell.done("bucketpass cat home:by-aws") == "what I brought\n"
    shell.done("bucketpass rm home:by-aws")
    refused = shell(f"aws s3 ls s3://{bucket}/{bob} --profile work")
    assert refused.returncode in {254, 255}  # of version 2 and of version 1
    assert "AccessDenied" in refused.stderr

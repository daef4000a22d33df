"""The recipes of docs/aws-tools.md, run as they stand there, for alice and against bob's folder."""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError, CredentialRetrievalError

from local.emulator_process import EmulatorProcess
from local.stack import LocalStack
from tests.integration.conftest import Api

ROOT = Path(__file__).resolve().parents[2]
RECIPES = ROOT / "docs" / "aws-tools.md"
AWS_CLI = ROOT / ".venv-aws" / "bin"
NEEDED = {
    "aws": "make .venv-aws/.ready",
    "curl": "apt install curl",
    "rclone": "apt install rclone",
}


def recipe(heading, language="sh"):
    """The one block of code of that language below the heading."""
    section = RECIPES.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    (block,) = re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)
    return block


def require(*tools):
    """Skip where a tool is missing; where CI is set it is a failure instead."""
    places = f"{AWS_CLI}{os.pathsep}{os.environ['PATH']}"
    for tool in tools:
        if shutil.which(tool, path=places) is None:
            verdict = pytest.fail if os.environ.get("CI") else pytest.skip
            verdict(f"{tool} is missing: {NEEDED[tool]}")


class Machine:
    """A person's machine: an empty home, the environment that the recipes presume."""

    def __init__(self, api, who, home):
        me = api.get("/me", who).json()
        (home / "report.txt").write_text(f"A report of {who}.\n")
        self.home = home
        self.environment = {
            "API": api.stack.api_url,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": api.stack.endpoint_url,
            "BUCKET": me["bucket"],
            "HOME": str(home),
            "HOME_PREFIX": me["homePrefix"],
            "ID_TOKEN": api.stack.users[who].tokens.id,
            "PATH": f"{AWS_CLI}{os.pathsep}{os.environ['PATH']}",
            "RCLONE_RETRIES": "1",
            "RCLONE_S3_ENDPOINT": api.stack.endpoint_url,
            "RCLONE_S3_PROVIDER": "Other",
            "REGION": "eu-west-1",
        }

    def run(self, *scripts, **variables):
        """The scripts as one, in a shell that stops at the first failure."""
        return subprocess.run(  # noqa: S603 # the recipes of this project
            ["/bin/sh", "-euc", "\n".join(scripts)],
            check=False,
            cwd=self.home,
            env={**self.environment, **variables},
            capture_output=True,
            text=True,
            timeout=60,
        )


@pytest.fixture
def alice(api, tmp_path):
    machine = Machine(api, "alice", tmp_path)
    done = machine.run(recipe("The token file"))
    assert (done.returncode, done.stderr) == (0, "")
    return machine


@pytest.fixture
def bobs(api):
    return {"HOME_PREFIX": api.home("bob")}


def test_the_token_file_is_the_owners(alice):
    """Nobody else of the machine can read the token, and it has no line break."""
    file = alice.home / ".bucketpass" / "token"
    assert file.read_text() == alice.environment["ID_TOKEN"]
    assert [path.stat().st_mode & 0o777 for path in (file.parent, file)] == [0o700, 0o600]


def test_aws_cli(alice):
    """It lists, uploads and downloads in the own folder."""
    require("aws")
    done = alice.run(recipe("aws CLI"))
    assert done.returncode == 0, done.stderr
    assert "hello.txt" in done.stdout
    assert "PRE notes/" in done.stdout
    assert done.stdout.endswith("A report of alice.\n")


@pytest.mark.parametrize(
    "command",
    [
        'aws s3 ls "s3://$BUCKET/$HOME_PREFIX"',
        'aws s3 cp report.txt "s3://$BUCKET/${HOME_PREFIX}report.txt"',
        'aws s3 cp "s3://$BUCKET/${HOME_PREFIX}hello.txt" -',
        'aws s3 rm "s3://$BUCKET/${HOME_PREFIX}hello.txt"',
        'aws s3 ls "s3://$BUCKET/home/"',
        "aws s3 ls",
    ],
)
def test_aws_cli_at_bobs(alice, bobs, command):
    """Every way into bob's folder is refused by S3, and nothing of his is shown."""
    require("aws")
    exports = [line for line in recipe("aws CLI").splitlines() if line.startswith("export ")]
    assert len(exports) == 3
    done = alice.run(*exports, command, **bobs)
    assert done.returncode != 0
    assert re.search("AccessDenied|403|Forbidden", done.stderr)
    assert "Hello Bob" not in done.stdout


def test_boto3(alice):
    """The example lists the own folder, and bob's is refused."""
    settings = {
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{alice.environment['API']}/credentials/container",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": str(alice.home / ".bucketpass" / "token"),
        "AWS_DEFAULT_REGION": "eu-west-1",
    }
    script = f"{sys.executable} -c '{recipe('boto3', 'python')}'"
    done = alice.run(script, **settings)
    assert done.returncode == 0, done.stderr
    assert f"{alice.environment['HOME_PREFIX']}hello.txt" in done.stdout.splitlines()
    refused = alice.run(script, **settings, HOME_PREFIX="home/")
    assert refused.returncode != 0
    assert "AccessDenied" in refused.stderr


def test_rclone(alice):
    """A tool that is not written in Python lists, uploads and downloads in the own folder."""
    require("curl", "rclone")
    done = alice.run(recipe("rclone, and whatever reads the environment"))
    assert done.returncode == 0, done.stderr
    assert {"hello.txt", "notes/"} <= set(done.stdout.splitlines())
    assert done.stdout.endswith("A report of alice.\n")


@pytest.mark.parametrize(
    "command",
    [
        'rclone lsf ":s3:$BUCKET/$HOME_PREFIX"',
        'rclone copyto report.txt ":s3:$BUCKET/${HOME_PREFIX}new.txt"',
        'rclone cat ":s3:$BUCKET/${HOME_PREFIX}hello.txt"',
    ],
)
def test_rclone_at_bobs(alice, bobs, command):
    """The same tool is refused in bob's folder."""
    require("curl", "rclone")
    setting_up = recipe("rclone, and whatever reads the environment").split("rclone lsf")[0]
    done = alice.run(setting_up, command, **bobs, RCLONE_LOW_LEVEL_RETRIES="1")
    assert done.returncode != 0
    assert re.search("AccessDenied|Forbidden|403", done.stderr)
    assert "Hello Bob" not in done.stdout


def test_a_profile(alice, bobs):
    """A profile with credential_process works at home and is refused at bob's."""
    require("aws", "curl")
    done = alice.run(recipe("A profile"))
    assert done.returncode == 0, done.stderr
    assert "hello.txt" in done.stdout
    (command,) = [line for line in recipe("A profile").splitlines() if line.startswith("aws ")]
    refused = alice.run(command, **bobs)
    assert refused.returncode != 0
    assert "AccessDenied" in refused.stderr


def test_a_refusal_is_not_evaluated(alice):
    """Where the API refuses, the shell gets no line to evaluate and the script ends."""
    require("curl")
    recipe_of_rclone = recipe("rclone, and whatever reads the environment")
    asking = recipe_of_rclone.split("export ")[0].replace("format=env", "format=env&role=auditors")
    done = alice.run(asking, 'echo "key: ${AWS_ACCESS_KEY_ID:-none}"')
    assert done.stdout in {"", "key: none\n"}
    assert "403" in done.stderr


def using(monkeypatch, stack, token_file, query=""):
    """boto3 in this process, led to the API by the environment alone."""
    settings = {
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{stack.api_url}/credentials/container{query}",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": str(token_file),
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": stack.endpoint_url,
    }
    for name, text in settings.items():
        monkeypatch.setenv(name, text)
    return boto3.session.Session()


def test_a_role_of_several(pool_stack, tmp_path, monkeypatch):
    """A member of two groups names one in the address; else the error says what is missing."""
    token = tmp_path / "token"
    token.write_text(pool_stack.users["mia"].tokens.id)
    draft = {"Bucket": pool_stack.outputs["BucketName"], "Key": "groups/editors/draft.md"}
    s3 = using(monkeypatch, pool_stack, token, "?role=editors").client("s3")
    assert s3.get_object(**draft)["Body"].read().startswith(b"# Draft")
    with pytest.raises(CredentialRetrievalError, match="ambiguous_role"):
        using(monkeypatch, pool_stack, token).client("s3")


def test_a_line_break_in_the_token_file(api, tmp_path, monkeypatch):
    """What the recipe warns of is so."""
    token = tmp_path / "token"
    token.write_text(api.stack.users["alice"].tokens.id + "\n")
    with pytest.raises(ValueError, match="not a legal header value"):
        using(monkeypatch, api.stack, token).client("s3")


@pytest.fixture
def brief_stack(monkeypatch):
    """A stack whose credentials end within seconds."""
    monkeypatch.setattr(EmulatorProcess, "module", "tests.integration.short_sessions")
    with LocalStack(credential_source="group-role") as stack:
        yield stack


def test_credentials_are_renewed_after_they_expired(brief_stack, tmp_path, monkeypatch):
    """S3 takes the old ones no more; the same client goes on with new ones and the new token."""
    token = tmp_path / "token"
    token.write_text(brief_stack.users["alice"].tokens.id)
    session = using(monkeypatch, brief_stack, token)
    s3 = session.client("s3")
    hello = {
        "Bucket": brief_stack.outputs["BucketName"],
        "Key": f"{Api(brief_stack).home('alice')}hello.txt",
    }
    assert s3.head_object(**hello)["ContentLength"] > 0
    old = session.get_credentials().get_frozen_credentials()
    with_old = boto3.session.Session(old.access_key, old.secret_key, old.token).client("s3")
    until = time.monotonic() + 20
    while (code := code_of(with_old, hello)) is None and time.monotonic() < until:
        time.sleep(0.1)
    assert code == "ExpiredToken"

    token.unlink()
    with pytest.raises(FileNotFoundError):  # the token file is read again at each renewal
        s3.head_object(**hello)
    token.write_text(brief_stack.sign_in("alice").id)
    assert s3.get_object(**hello)["Body"].read().startswith(b"Hello Alice")
    assert session.get_credentials().get_frozen_credentials().access_key != old.access_key


def code_of(s3, wanted):
    try:
        s3.get_object(**wanted)["Body"].close()
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None

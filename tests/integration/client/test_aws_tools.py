import json
import os
import shlex
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

READ_HOME = """
import boto3, os, sys
from botocore.exceptions import ClientError
s3 = boto3.Session(profile_name=sys.argv[1] or None).client("s3")
print(s3.list_objects_v2(Bucket=sys.argv[2], Prefix=sys.argv[3])["KeyCount"])
try:
    s3.list_objects_v2(Bucket=sys.argv[2], Prefix=sys.argv[4])
except ClientError as error:
    print(error.response["Error"]["Code"])
"""


@pytest.fixture
def alice(machine):
    machine.login("alice")
    return machine


@pytest.fixture
def folders(pool_stack):
    """Alice's folder and bob's."""
    return [f"home/{pool_stack.users[name].identity_id}/" for name in ("alice", "bob")]


def any_tool(machine, profile, folders, **variables):
    """What a program gets that knows nothing but the AWS SDK."""
    result = subprocess.run(  # noqa: S603 # our own
        [sys.executable, "-c", READ_HOME, profile, machine.stack.outputs["BucketName"], *folders],
        env={**machine.environment, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.split()


def is_alice(answer):
    return int(answer[0]) > 0 and answer[1] == "AccessDenied"


def test_credential_process_prints_exactly_the_contract(alice):
    """One JSON object on stdout, whose end is within the hour, and nothing on stderr."""
    result = alice.run("credential-process")
    assert (result.returncode, result.stderr) == (0, "")
    given = json.loads(result.stdout)
    assert set(given) == {"Version", "AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"}
    assert given["Version"] == 1
    end = datetime.strptime(given["Expiration"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(minutes=50) < end - datetime.now(UTC) <= timedelta(hours=1)


def test_a_failing_credential_process_prints_nothing_to_parse(machine):
    """An SDK that reads stdout finds no half of an answer; the words name the next command."""
    result = machine.run("credential-process")
    assert (result.returncode, result.stdout) == (4, "")
    assert "bucketpass login" in result.stderr


def test_a_profile_of_the_aws_tools_acts_as_the_person(alice, folders):
    """Region, endpoint and credentials come from the profile; the second time changes nothing."""
    config = alice.home / "aws-config"
    config.write_text("# mine\n[default]\nregion = us-east-1\n")
    alice.done("configure-profile", "work")
    once = config.read_text()
    assert once.startswith("# mine\n[default]\nregion = us-east-1\n")
    assert "Nothing to change" in alice.run("configure-profile", "work").stderr
    assert config.read_text() == once
    address = f"s3://{alice.stack.outputs['BucketName']}/{folders[0]}"
    assert f"aws s3 ls {address} --profile work" in alice.run("configure-profile", "work").stderr
    assert is_alice(any_tool(alice, "work", folders))
    # naming the profile in the environment does not make the command call itself
    assert is_alice(any_tool(alice, "", folders, AWS_PROFILE="work"))


def test_exec_gives_the_credentials_and_nothing_that_contradicts_them(alice, folders):
    """The command's own status and output come through."""
    program = (
        "import os, sys; print(*sorted(n for n in os.environ if n.startswith('AWS_'))); sys.exit(3)"
    )
    result = alice.run(
        "exec", "--", sys.executable, "-c", program, AWS_PROFILE="other", AWS_SECURITY_TOKEN="x"
    )
    assert result.returncode == 3
    names = set(result.stdout.split())
    assert {"AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_ENDPOINT_URL"} < names
    assert not {"AWS_PROFILE", "AWS_SECURITY_TOKEN"} & names
    bucket = alice.stack.outputs["BucketName"]
    listing = alice.done("exec", "--", sys.executable, "-c", READ_HOME, "", bucket, *folders)
    assert is_alice(listing.split())


def test_exec_tells_where_the_own_folder_is(alice, folders):
    """As an address of S3; somebody else's is not passed on where it is not known."""
    program = "import os; print(os.environ.get('BUCKETPASS_HOME'))"
    command = ("exec", "--", sys.executable, "-c", program)
    address = f"s3://{alice.stack.outputs['BucketName']}/{folders[0]}"
    assert alice.done(*command) == f"{address}\n"
    tokens = json.loads(alice.tokens.read_text())
    alice.tokens.write_text(json.dumps({**tokens, "identityId": None}))
    assert alice.run(*command, BUCKETPASS_HOME="s3://other/").stdout == "None\n"


@pytest.mark.parametrize(("command", "status"), [("no-such-command", 127), (os.devnull, 126)])
def test_a_command_that_cannot_be_run(alice, command, status):
    """As shells count it."""
    assert alice.run("exec", "--", command).returncode == status


def test_env_lines_work_in_a_shell(alice, folders):
    """`eval` them, and any tool is the person."""
    variables = dict(
        word.split("=", 1)
        for line in alice.done("credentials").splitlines()
        for word in shlex.split(line)[1:]
    )
    assert is_alice(any_tool(alice, "", folders, **variables))


def test_serve_leads_an_sdk_to_fresh_credentials(alice, folders):
    """By the two lines alone; a wrong token gets nothing; Ctrl-C ends it well."""
    process = subprocess.Popen(  # our own
        [sys.executable, "-m", "bucketpass", "serve"],
        env=alice.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        lines = [shlex.split(process.stdout.readline())[1] for _ in range(2)]
        variables = dict(line.split("=", 1) for line in lines)
        place = {
            "AWS_ENDPOINT_URL": alice.stack.endpoint_url,
            "AWS_REGION": alice.stack.outputs["Region"],
        }
        assert is_alice(any_tool(alice, "", folders, **variables, **place))
        with pytest.raises(AssertionError, match="wrong token"):
            any_tool(
                alice,
                "",
                folders,
                **{**variables, "AWS_CONTAINER_AUTHORIZATION_TOKEN": "guess"},
                **place,
            )
    finally:
        process.send_signal(signal.SIGINT)
        process.stdout.close()
    assert process.wait(timeout=60) == 0


def test_a_role_that_is_not_yours_has_its_own_status(alice):
    """Named on stderr, nothing on stdout."""
    result = alice.run("credentials", "--role", "EditorsRole")
    assert (result.returncode, result.stdout) == (11, "")


def test_no_secret_reaches_stderr_or_a_file_that_others_can_read(alice, pool_stack):
    """In all the runs that print something."""
    printed = "".join(
        alice.run(*arguments).stderr
        for arguments in (("whoami",), ("credentials",), ("credential-process",), ("logout",))
    )
    assert "ASIA" not in printed
    assert pool_stack.users["alice"].password not in printed
    wide = [
        path
        for path in (alice.home / ".local" / "state" / "bucketpass").rglob("*")
        if path.stat().st_mode & 0o077
    ]
    assert wide == []


def test_whoami_in_json(alice, folders):
    """For scripts."""
    told = json.loads(alice.done("whoami", "--json"))
    assert (told["username"], told["home"]) == ("alice", folders[0])
    # the identity id is kept, so that later runs ask Cognito once less
    assert json.loads(alice.tokens.read_text())["identityId"] == told["identityId"]


def test_a_stack_that_is_gone_is_named(alice):
    """Unreachable is neither a wrong password nor the end of a sign-in."""
    result = alice.run("credentials", BUCKETPASS_ENDPOINT_URL="http://127.0.0.1:9")
    assert (result.returncode, result.stdout) == (14, "")

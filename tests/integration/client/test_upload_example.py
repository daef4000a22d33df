import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[3] / "examples" / "upload_by_srp.py"


@pytest.fixture
def upload(machine):
    """Run the example in the machine's home folder."""
    for name in ("report.txt", "never-arrives.txt"):
        (machine.home / name).write_text("A report.\n")

    def run(*arguments, given="", **variables):
        return subprocess.run(  # noqa: S603 # our own
            [sys.executable, "-W", "error", str(PROGRAM), *arguments],
            cwd=machine.home,
            env={**machine.environment, **variables},
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def other_bucket(pool_stack):
    """A bucket of the same account that no role opens."""
    s3, name = pool_stack.client("s3"), "somebody-elses"
    region = pool_stack.outputs["Region"]
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})
    yield name
    s3.delete_bucket(Bucket=name)


def test_the_file_arrives_in_the_own_folder(upload, machine, pool_stack):
    """The key is all that is printed; nobody stays signed in."""
    password = machine.password("bob")
    done = upload("bob", "report.txt", "--password-stdin", given=f"{password}\n")
    assert (done.returncode, done.stderr) == (0, "")
    key = f"home/{pool_stack.users['bob'].identity_id}/report.txt"
    assert done.stdout == f"{key}\n"
    stored = pool_stack.client("s3").get_object(Bucket=pool_stack.outputs["BucketName"], Key=key)
    assert stored["Body"].read() == b"A report.\n"
    assert not machine.tokens.exists()


def test_a_wrong_password_uploads_nothing(upload, pool_stack):
    """One sentence on stderr and the status of the command line."""
    done = upload("alice", "never-arrives.txt", "--password-stdin", given="wrong\n")
    assert (done.returncode, done.stdout) == (6, "")
    assert done.stderr == "Incorrect username or password.\n"
    listed = pool_stack.client("s3").list_objects_v2(
        Bucket=pool_stack.outputs["BucketName"],
        Prefix=f"home/{pool_stack.users['alice'].identity_id}/never-arrives.txt",
    )
    assert listed["KeyCount"] == 0


def test_what_iam_refuses_is_named(upload, machine, other_bucket):
    """A bucket in which the person has nothing: AWS's refusal on stderr, no key on stdout."""
    done = upload(
        "alice",
        "report.txt",
        "--password-stdin",
        given=machine.password("alice") + "\n",
        BUCKETPASS_BUCKET=other_bucket,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "AccessDenied" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_there_is_a_mistake_of_the_command_line(upload):
    """Said before anybody signs in."""
    done = upload("alice", "missing.txt", "--password-stdin", BUCKETPASS_ENDPOINT_URL="broken")
    assert done.returncode == 2
    assert "there is no file missing.txt" in done.stderr

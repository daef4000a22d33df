"""tests/deployed, run as an operator runs it: the emulated AWS stands for the account."""

import json
import os
import re
import subprocess
import sys

import pytest

from local.deployment import STACK_NAME
from local.emulated_aws import REGION
from local.stack import ROOT

# Of the run that this test is part of, and of the developer's shell.
FOREIGN = ("AWS_", "BUCKETPASS_", "PYTEST_", "COV_", "CI")


@pytest.fixture
def settings(pool_stack):
    """What the operator sets."""
    keys = pool_stack.aws._session.get_credentials()
    alice, bob = pool_stack.users["alice"], pool_stack.users["bob"]
    return {
        "AWS_ENDPOINT_URL": pool_stack.endpoint_url,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": keys.access_key,
        "AWS_SECRET_ACCESS_KEY": keys.secret_key,
        "BUCKETPASS_API_URL": pool_stack.api_url,
        "BUCKETPASS_STACK": STACK_NAME,
        "BUCKETPASS_USER": "alice",
        "BUCKETPASS_PASSWORD": alice.password,
        "BUCKETPASS_OTHER_USER": "bob",
        "BUCKETPASS_OTHER_PASSWORD": bob.password,
    }


def run(settings, *arguments):
    """The exit code of a run of tests/deployed, how many had which outcome, and what it said."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(FOREIGN)}
    ended = subprocess.run(  # noqa: S603 # our own interpreter
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/deployed", *arguments],
        cwd=ROOT,
        env=kept | {"AWS_EC2_METADATA_DISABLED": "true"} | settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    summary = ended.stdout.rstrip().splitlines()[-1]
    outcomes = {name: int(count) for count, name in re.findall(r"(\d+) (\w+)", summary)}
    return ended.returncode, outcomes, ended.stdout + ended.stderr


def test_all_of_it_passes(settings):
    """Against a stack as the template makes it every test of a deployed stack passes."""
    code, outcomes, said = run(settings)
    assert code == 0, said
    assert outcomes.keys() <= {"passed", "in"}, said
    assert outcomes["passed"] >= 10


@pytest.mark.parametrize("ci", [{}, {"CI": "true"}])
def test_without_a_stack_it_is_left_out(ci):
    """Where no stack is named exactly one skip says that the tests are left out, also in CI."""
    code, outcomes, said = run(ci)
    assert code == 0, said
    assert outcomes["skipped"] == 1
    assert "passed" not in outcomes
    assert "BUCKETPASS_STACK names no stack" in said


def test_a_missing_setting_is_named(settings):
    """A stack without the second person is a failure that names what is missing."""
    del settings["BUCKETPASS_OTHER_USER"]
    code, _, said = run(settings, "-k", "other_folder")
    assert code == 1
    assert "BUCKETPASS_OTHER_USER has to be, too" in said


def test_an_open_stack_would_be_found(pool_stack, settings):
    """Where a policy opens the whole bucket to everybody, the test of the other's folder fails."""
    iam, role = pool_stack.client("iam"), pool_stack.deployment.resources["SignedInRole"]
    everything = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [everything]})
    iam.put_role_policy(RoleName=role, PolicyName="open", PolicyDocument=document)
    try:
        code, outcomes, said = run(settings, "-k", "other_folder")
    finally:
        iam.delete_role_policy(RoleName=role, PolicyName="open")
    assert code == 1, said
    assert outcomes["failed"] == 1

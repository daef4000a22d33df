import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pexpect
import pytest
import requests

from local.deployment import STACK_NAME
from tests.contract.cloud import ACCOUNT, REGION, IdentityPool, UserPool, allow, running
from tests.integration.client.ended import ended

REPOSITORY = Path(__file__).parents[3]
BUCKET = "arn:aws:s3:::bucket"


@dataclass(frozen=True)
class Admin:
    """An administrator's machine: keys in the environment, no profile of anything."""

    home: Path
    endpoint_url: str
    key_id: str
    secret: str

    @property
    def environment(self):
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "PYTHONPATH": str(REPOSITORY / "client"),
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ACCESS_KEY_ID": self.key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_REGION": REGION,
        }

    def run(self, *arguments, **variables):
        return subprocess.run(  # noqa: S603 # our own
            [sys.executable, "-m", "bucketpass", "pools", *arguments],
            env={**self.environment, **variables},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def json(self, *arguments, status=0):
        result = self.run(*arguments, "--format", "json")
        assert result.returncode == status, result.stderr
        return json.loads(result.stdout)


@pytest.fixture
def admin(pool_stack, tmp_path):
    """Of the account in which the project's own template stands."""
    keys = pool_stack.aws._session.get_credentials()
    return Admin(tmp_path, pool_stack.endpoint_url, keys.access_key, keys.secret_key)


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    with running(tmp_path_factory.mktemp("emulator")) as started:
        yield started


@pytest.fixture
def admin_of_cloud(cloud, tmp_path):
    return Admin(tmp_path, cloud.url, cloud.root.id, cloud.root.secret)


def open_trust(**conditions):
    """A trust in Cognito without the conditions that matter."""
    return allow(
        "sts:AssumeRoleWithWebIdentity",
        Principal={"Federated": "cognito-identity.amazonaws.com"},
        Condition=conditions,
    )


@pytest.fixture(scope="module")
def bad_pool(cloud):
    """An identity pool with nearly everything that can be wrong."""
    users = UserPool(cloud, "open house")
    everybody = cloud.role(
        "everybody", open_trust(), allow("s3:*", Resource=[BUCKET, f"{BUCKET}/*"])
    )
    drafts = cloud.role(
        "drafts", open_trust(), allow("s3:GetObject", Resource=f"{BUCKET}/drafts/*")
    )
    for name, arn in {"writers": everybody, "drafters": drafts}.items():
        users.group(name, arn, 1)
    pool = IdentityPool(
        cloud, "open house", users, AllowUnauthenticatedIdentities=True, AllowClassicFlow=True
    )
    pool.roles(
        everybody,
        {"Type": "Token", "AmbiguousRoleResolution": "AuthenticatedRole"},
        unauthenticated=f"arn:aws:iam::{ACCOUNT}:role/nobody-made-it",
    )
    cloud.client("cognito-identity").set_principal_tag_attribute_map(
        IdentityPoolId=pool.id,
        IdentityProviderName=users.provider,
        PrincipalTags={"team": "nickname"},
    )
    return pool


@pytest.fixture(scope="module")
def stale_pool(cloud):
    """An identity pool whose app client is deleted."""
    users = UserPool(cloud, "stale")
    pool = IdentityPool(cloud, "stale", users)
    cloud.client("cognito-idp").delete_user_pool_client(
        UserPoolId=users.id, ClientId=users.client_id
    )
    return pool


def test_the_projects_own_template_is_sound(admin):
    """What is told of it is for information; the status is 0."""
    told = admin.json("doctor")
    assert {finding["severity"] for finding in told["findings"]} <= {"info"}, told
    assert {finding["code"] for finding in told["findings"]} == {
        "ambiguous-mapping",
        "group-role-wide",
    }


def test_information_counts_if_asked_for(admin):
    """--fail-on info."""
    result = admin.run("doctor", "--fail-on", "info")
    assert result.returncode == 1
    assert "INFO group-role-wide: role " in result.stdout
    assert "2 info. Account 000000000000, eu-west-1" in result.stderr


def test_the_bindings_of_the_template(admin, pool_stack):
    """From the user pool to the identity pool and back, with the roles of the groups."""
    told = admin.json()
    outputs = pool_stack.outputs
    (users,) = [pool for pool in told["userPools"] if pool["id"] == outputs["UserPoolId"]]
    (pool,) = [pool for pool in told["identityPools"] if pool["id"] == outputs["IdentityPoolId"]]
    assert [client["identityPools"] for client in users["clients"]] == [[pool["id"]]]
    assert [bound["clientId"] for bound in pool["userPools"]] == [outputs["UserPoolClientId"]]
    roles = {group["name"]: group["roleArn"] for group in users["groups"]}
    assert roles["editors"] == outputs["EditorsRoleArn"]
    assert pool["roles"]["authenticated"] == outputs["SignedInRoleArn"]


def test_the_table_is_for_people(admin, pool_stack):
    """Both sides with names and ids; nothing but the tables on stdout."""
    result = admin.run()
    assert (result.returncode, result.stderr) == (0, "")
    assert pool_stack.outputs["UserPoolId"] in result.stdout
    assert pool_stack.outputs["IdentityPoolId"] in result.stdout


def test_a_terminal_shows_that_something_happens(admin):
    """What is being read, until the tables are there; these fold at the width of the terminal."""
    terminal = pexpect.spawn(
        sys.executable,
        ["-m", "bucketpass", "pools"],
        env={**admin.environment, "TERM": "xterm"},
        encoding="utf-8",
        timeout=30,
        dimensions=(40, 90),
    )
    terminal.expect("Reading")
    terminal.expect(f"Identity pools of account {ACCOUNT}, {REGION}")
    assert ended(terminal) == 0


def test_bad_settings_are_found(admin_of_cloud, bad_pool, stale_pool):
    """Each with its severity, and the status says so."""
    told = admin_of_cloud.json("doctor", status=1)
    found = {finding["code"]: finding["severity"] for finding in told["findings"]}
    assert found == {
        "guests-allowed": "high",
        "classic-flow-on": "high",
        "token-check-off": "medium",
        "client-unknown": "medium",
        "trust-without-aud": "high",
        "trust-without-amr": "high",
        "tag-session-missing": "medium",
        "role-missing": "medium",
        "ambiguous-mapping": "medium",
        "default-role-wide": "high",
        "group-role-wide": "info",
        "open-sign-up": "high",
        "writable-tag": "high",
    }
    unknown = [f for f in told["findings"] if f["code"] == "client-unknown"]
    assert [stale_pool.id in finding["where"] for finding in unknown] == [True]


def test_only_what_is_bad_enough_counts(admin_of_cloud, bad_pool):
    """--fail-on, and what a person reads."""
    result = admin_of_cloud.run("doctor", "--fail-on", "high")
    assert result.returncode == 1
    assert "HIGH classic-flow-on: identity pool open house (" in result.stdout
    assert "  Remedy: Set AllowClassicFlow to false." in result.stdout


def test_more_pools_than_one_answer_holds(admin_of_cloud, cloud):
    """70 of each, that is two pages."""
    users, identities = cloud.client("cognito-idp"), cloud.client("cognito-identity")
    wanted = {f"many-{number}" for number in range(70)}
    for name in wanted:
        users.create_user_pool(PoolName=name)
        identities.create_identity_pool(IdentityPoolName=name, AllowUnauthenticatedIdentities=False)
    result = admin_of_cloud.run("--format", "csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert wanted <= {row["user_pool_name"] for row in rows}
    assert wanted <= {row["identity_pool_name"] for row in rows}


def test_without_rights_nothing_is_told(admin_of_cloud, cloud):
    """AWS's refusal becomes words and the status of refused access."""
    clerk = cloud.user("clerk")
    result = admin_of_cloud.run(AWS_ACCESS_KEY_ID=clerk.id, AWS_SECRET_ACCESS_KEY=clerk.secret)
    assert (result.returncode, result.stdout) == (12, "")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("name_of", ["username", "sub", "identity_id", "home"])
def test_a_person_both_ways(admin, pool_stack, name_of):
    """After one request to the service its log knows who is behind the identity."""
    token = pool_stack.users["erin"].tokens.id
    url = f"{pool_stack.api_url}/me"
    me = requests.get(url, headers={"Authorization": token}, timeout=40).json()
    names = {
        "username": "erin",
        "sub": me["sub"],
        "identity_id": me["identityId"],
        "home": me["homePrefix"],
    }
    (person,) = admin.json("user", names[name_of], "--stack", STACK_NAME)
    assert (person["username"], person["sub"]) == ("erin", me["sub"])
    assert person["groups"] == ["editors"]
    (identity,) = person["identities"]
    assert (identity["identityId"], identity["home"]) == (me["identityId"], me["homePrefix"])
    assert identity["lastRole"] == pool_stack.outputs["EditorsRoleArn"]


def test_without_the_log_the_identity_is_not_guessed(admin):
    """The user alone, and on stderr the reason."""
    result = admin.run("user", "alice")
    assert result.returncode == 0
    assert result.stdout.splitlines()[0] == "username      alice"
    assert "identityId" not in result.stdout
    assert "--stack" in result.stderr


def test_nobody_and_nothing(admin, pool_stack):
    """A user, a stack, a log group that do not exist: words, no result."""
    for arguments, status in (
        (("nobody",), 1),
        (("alice", "--stack", "none"), 3),
        (("alice", "--log-group", "/none"), 3),
    ):
        result = admin.run("user", *arguments)
        assert (result.returncode, result.stdout) == (status, ""), arguments
        assert "Traceback" not in result.stderr

import os
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import boto3
import pytest
import requests
from botocore import UNSIGNED
from botocore.config import Config
from pycognito.aws_srp import AWSSRP

from tests.left_out import leave_out

STACK = "BUCKETPASS_STACK"
PEOPLE = {
    "BUCKETPASS_USER": "BUCKETPASS_PASSWORD",
    "BUCKETPASS_OTHER_USER": "BUCKETPASS_OTHER_PASSWORD",
}
# Taken before any test runs: the integration tests remove it from the process.
AWS_OF_THE_SHELL = {name: text for name, text in os.environ.items() if name.startswith("AWS_")}
# The first request after a while waits for a cold start, and API Gateway for at most 29 s.
PATIENCE_S = 40


def pytest_collection_modifyitems(config, items):
    """Where no stack is named one test says so for all, also in CI, which has no AWS account."""
    if os.environ.get(STACK):
        return
    here = Path(__file__).parent
    mine = [item for item in items if here in item.path.parents]
    leave_out(
        config,
        items,
        mine,
        f"{STACK} names no stack: {len(mine)} tests of a deployed one are left out",
    )


@dataclass(frozen=True)
class Deployed:
    """The stack that is named, by its outputs."""

    url: str
    outputs: dict[str, str]
    allowed_origin: str

    def call(self, method, path, token=None, **options):
        """One request, redirects not followed unless asked for."""
        headers = {"Authorization": token} if token else {}
        return requests.request(
            method,
            f"{self.url}{path}",
            headers={**headers, **options.pop("headers", {})},
            allow_redirects=options.pop("allow_redirects", False),
            timeout=PATIENCE_S,
            **options,
        )


@dataclass(frozen=True)
class Person:
    """Somebody signed in at the stack; `folder` is their home as the bucket knows it."""

    deployed: Deployed
    username: str
    token: str = field(repr=False)

    def call(self, method, path, **options):
        return self.deployed.call(method, path, self.token, **options)

    def object(self, method, key, **options):
        return self.call(method, f"/objects/{quote(key)}", **options)

    @property
    def folder(self):
        return self.call("GET", "/me").json()["homePrefix"]


def _needed(name):
    text = os.environ.get(name)
    if not text:
        pytest.fail(f"{STACK} is set, so {name} has to be, too: docs/operations.md", pytrace=False)
    return text


@pytest.fixture(scope="session")
def deployed():
    with pytest.MonkeyPatch.context() as environment:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            environment.delenv(name)
        for name, text in AWS_OF_THE_SHELL.items():
            environment.setenv(name, text)
        # boto3 itself reads AWS_DEFAULT_REGION only
        cloudformation = boto3.session.Session(
            region_name=AWS_OF_THE_SHELL.get("AWS_REGION")
        ).client("cloudformation")
        (stack,) = cloudformation.describe_stacks(StackName=_needed(STACK))["Stacks"]
        cloudformation.close()
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    parameters = {given["ParameterKey"]: given["ParameterValue"] for given in stack["Parameters"]}
    url = os.environ.get("BUCKETPASS_API_URL") or outputs["ApiUrl"]
    return Deployed(url, outputs, parameters["AllowedOrigin"])


def _sign_in(deployed, name):
    """By SRP, as an application on somebody's machine does: without AWS keys."""
    username, password = _needed(name), _needed(PEOPLE[name])
    client = boto3.session.Session(region_name=deployed.outputs["Region"]).client(
        "cognito-idp",
        endpoint_url=AWS_OF_THE_SHELL.get("AWS_ENDPOINT_URL"),
        config=Config(signature_version=UNSIGNED),
    )
    srp = AWSSRP(
        username=username,
        password=password,
        pool_id=deployed.outputs["UserPoolId"],
        client_id=deployed.outputs["UserPoolClientId"],
        client=client,
    )
    with warnings.catch_warnings():
        # pycognito 2024.5.1 calls datetime.utcnow(), deprecated since Python 3.12
        warnings.filterwarnings("ignore", message=r"datetime\.datetime\.utcnow")
        answer = srp.authenticate_user()["AuthenticationResult"]
    client.close()
    return Person(deployed, username, answer["IdToken"])


@pytest.fixture(scope="session")
def person(deployed):
    return _sign_in(deployed, "BUCKETPASS_USER")


@pytest.fixture(scope="session")
def other(deployed):
    return _sign_in(deployed, "BUCKETPASS_OTHER_USER")


def _written(somebody):
    """A new object in their folder: its key, and what it holds; taken away in the end."""
    name = f"bucketpass-smoke-{uuid4()}.txt"
    content = f"Written by a test of the deployed stack: {name}\n"
    written = somebody.object("PUT", f"home/me/{name}", data=content.encode())
    assert written.status_code == 201, written.text
    yield f"{somebody.folder}{name}", content
    assert somebody.object("DELETE", f"home/me/{name}").status_code == 204


@pytest.fixture
def own_object(person):
    yield from _written(person)


@pytest.fixture
def others_object(other):
    yield from _written(other)

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote

import pytest
import requests

from local.stack import LocalStack
from tests.integration.bucket_content import BucketContent
from tests.openapi_contract import Contract, answer_of

CONTRACT = Contract()


@dataclass(frozen=True)
class Api:
    """The deployed API over HTTP, called as one of the stack's people.

    Every answer is held against docs/openapi.yaml.
    """

    stack: LocalStack

    def call(self, method, path, who="alice", *, token=None, headers=None, **options):
        """One request, redirects not followed; `who` None sends no Authorization header."""
        if token is None and who is not None:
            token = self.stack.users[who].tokens.id
        authorization = {} if token is None else {"Authorization": token}
        answer = requests.request(
            method,
            self.stack.api_url + path,
            headers={**authorization, **(headers or {})},
            allow_redirects=options.pop("allow_redirects", False),
            timeout=40,
            **options,
        )
        ours = (answer.history or [answer])[0]
        url = ours.request.url.removeprefix(self.stack.api_url)
        assert CONTRACT.faults(method, url, answer_of(ours)) == []
        return answer

    def get(self, path, who="alice", **options):
        return self.call("GET", path, who, **options)

    def object(self, key, who="alice", *, method="GET", **options):
        """One request for an object, its key percent-encoded but for the slashes."""
        return self.call(method, f"/objects/{quote(key, safe='/')}", who, **options)

    @property
    def source(self):
        """The credential source of the stack."""
        return self.stack.outputs["CredentialSource"]

    @property
    def has_one_role(self):
        """Whether everybody acts in one role, so that there is none to choose."""
        return self.source == "member-role"

    def role(self, group=None):
        """The name of the role in which a member of that group, or of none, acts by default."""
        of_group = {None: "SignedInRole", "editors": "EditorsRole", "auditors": "AuditorsRole"}
        logical_id = "MemberRole" if self.has_one_role else of_group[group]
        return self.stack.deployment.resources[logical_id]

    def home(self, who):
        return f"home/{self.stack.users[who].identity_id}/"


@pytest.fixture(scope="session", autouse=True)
def no_credentials_of_the_developer():
    """What the developer's shell and files know of AWS takes no part in any test."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.environ["AWS_CONFIG_FILE"] = os.devnull
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"


@pytest.fixture(scope="session")
def at_first() -> dict[BucketContent, frozenset]:
    """What each stack's bucket holds before any test."""
    return {}


@contextmanager
def started(source, at_first) -> Iterator[LocalStack]:
    with LocalStack(credential_source=source) as stack:
        bucket = BucketContent(stack)
        at_first[bucket] = frozenset(bucket.versions())
        yield stack


@pytest.fixture(scope="session")
def pool_stack(at_first) -> Iterator[LocalStack]:
    with started("identity-pool", at_first) as stack:
        yield stack


@pytest.fixture(scope="session")
def role_stack(at_first) -> Iterator[LocalStack]:
    with started("group-role", at_first) as stack:
        yield stack


@pytest.fixture(scope="session")
def member_stack(at_first) -> Iterator[LocalStack]:
    with started("member-role", at_first) as stack:
        yield stack


@pytest.fixture(scope="module", autouse=True)
def buckets_as_at_first(at_first):
    """No module finds in a bucket what another one left there."""
    yield
    for bucket, versions in at_first.items():
        bucket.keep_only(versions)


STACKS = {"identity-pool": "pool_stack", "group-role": "role_stack", "member-role": "member_stack"}


@pytest.fixture(scope="session", params=STACKS)
def stack(request) -> LocalStack:
    """Each of the credential sources in turn."""
    return request.getfixturevalue(STACKS[request.param])


@pytest.fixture(scope="session")
def api(stack) -> Api:
    return Api(stack)

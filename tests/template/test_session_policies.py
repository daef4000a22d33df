"""What a narrowed session may: the role's rights and the scope's, never more than either."""

import json
import uuid
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.session_policy import Scope, session_policy
from tests.template.iam_judge import Request, is_allowed
from tests.template.policies import bucket_of, policies_of_role
from tests.template.rendering import REGION, Rendered

ROLES = ("SignedInRole", "EditorsRole", "AuditorsRole")
ALICE = f"{REGION}:0a1b2c3d-0000-4000-8000-00000000000a"
BOB = f"{REGION}:0a1b2c3d-0000-4000-8000-00000000000b"
ON_THE_BUCKET = ("s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads")
ON_AN_OBJECT = (
    "s3:GetObject",
    "s3:GetObjectVersion",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:AbortMultipartUpload",
    "s3:ListMultipartUploadParts",
)
READING = {"s3:ListBucket", "s3:ListBucketVersions", "s3:GetObject", "s3:GetObjectVersion"}
PLACES = (
    f"home/{ALICE}/",
    f"home/{ALICE}/a/",
    f"home/{ALICE}/ab/",
    f"home/{ALICE}/a*/",
    f"home/{ALICE}x/",
    f"home/{BOB}/",
    "home/",
    "shared/",
    "shared/a/",
    "shared-not/",
    "groups/editors/",
    "groups/editors2/",
    "groups/",
    "",
)
ACCESSES = ("read", "readwrite")


@dataclass(frozen=True)
class Session:
    """Credentials of alice from STS in one role, under a session policy."""

    rendered: Rendered
    role: str
    policy: str

    def role_may(self, action, resource, **context):
        policies = policies_of_role(self.rendered, self.role)
        return is_allowed(policies, self._request(action, resource, context))

    def may(self, action, resource, **context):
        request = self._request(action, resource, context)
        in_scope = is_allowed([json.loads(self.policy)], request)
        return in_scope and self.role_may(action, resource, **context)

    def rights(self, place, may):
        bucket = f"arn:aws:s3:::{bucket_of(self.rendered)}"
        return {a for a in ON_THE_BUCKET if may(a, bucket, **{"s3:prefix": place})} | {
            a for a in ON_AN_OBJECT if may(a, f"{bucket}/{place}file")
        }

    def _request(self, action, resource, context):
        known = {
            "aws:PrincipalTag/identity_id": ALICE,
            "aws:PrincipalTag/sub": str(uuid.UUID(int=1)),
            "aws:SecureTransport": "true",
        }
        return Request(action, resource, {**known, **context})


@pytest.fixture(scope="session")
def rendered(transformed):
    return Rendered(transformed, {"CredentialSource": "group-role"})


def narrowed(rendered, role, *scopes):
    return Session(rendered, role, session_policy(scopes, bucket_of(rendered), "aws"))


@pytest.mark.parametrize("scope", [place for place in PLACES if place])
@pytest.mark.parametrize("access", ACCESSES)
@pytest.mark.parametrize("role", ROLES)
def test_what_is_left(rendered, role, access, scope):
    """Below the scope the role's rights, as far as the access goes; elsewhere nothing at all."""
    session = narrowed(rendered, role, Scope(scope, access))
    for place in PLACES:
        left = session.rights(place, session.role_may) if place.startswith(scope) else set()
        if access == "read":
            left &= READING
        assert session.rights(place, session.may) == left, place


@pytest.mark.parametrize("role", ROLES)
def test_a_session_without_a_scope_may_nothing(rendered, role):
    """No scope is no right, also where the role has all of them."""
    session = narrowed(rendered, role)
    assert all(not session.rights(place, session.may) for place in PLACES)


@given(
    scope=st.text(st.sampled_from("homeAB*?${}/:-ü"), max_size=30).map(lambda text: f"{text}/"),
    place=st.sampled_from(PLACES),
    below=st.booleans(),
    role=st.sampled_from(ROLES),
    access=st.sampled_from(ACCESSES),
)
def test_never_more_than_either(rendered, scope, place, below, role, access):
    """Whatever the scope is called: nothing is allowed outside of it or beyond the role."""
    session = narrowed(rendered, role, Scope(scope, access))
    place = scope if below else place
    rights = session.rights(place, session.may)
    assert rights <= session.rights(place, session.role_may)
    assert place.startswith(scope) or not rights
    assert access == "readwrite" or rights <= READING

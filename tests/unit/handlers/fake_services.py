"""Services without AWS: genuine tokens, a credential source and an S3 client that remember."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from botocore.exceptions import ClientError

from handlers.services import build_services
from shared.content_disposition import file_name
from shared.scoped_credentials import ScopedCredentials
from shared.secret import Secret
from shared.settings import load_settings
from tests.id_tokens import CLIENT_ID, SUB, access_verifier, id_token, verifier
from tests.unit.handlers.deployment import BUCKET, ENVIRONMENT, SIGNED_IN_ROLE

ALICE = SUB
BOB = "0b0b0b0b-7a41-4d0e-8a59-6f2f0c6f1b7d"
IDENTITIES = {
    ALICE: "eu-central-1:aaaaaaaa-1111-4222-8333-444455556666",
    BOB: "eu-central-1:bbbbbbbb-1111-4222-8333-444455556666",
}
HOME = f"home/{IDENTITIES[ALICE]}/"

# Nothing of these may show anywhere but in the presigned URL itself; their shapes are AWS's.
ACCESS_KEY_ID = "ASIACANARYCANARY0001"
SECRET_ACCESS_KEY = "canary/SecretAccessKey+0123456789abcdefg"
SESSION_TOKEN = "IQoJb3JpZ2luX2VjCANARYSESSIONTOKEN" + "canary+/0123456789" * 12 + "=="
SIGNATURE = "c0ffee" * 10 + "cafe"


def token(sub=ALICE, **claims):
    """A genuine ID token of one of the people."""
    return id_token({"sub": sub, **claims})


def authorized(sub=ALICE, **headers):
    """Request headers of a signed-in person."""
    return {"Authorization": f"Bearer {token(sub)}", **headers}


def credentials(sub=ALICE, role=SIGNED_IN_ROLE, expiration=None):
    return ScopedCredentials(
        access_key_id=ACCESS_KEY_ID,
        secret_access_key=Secret(SECRET_ACCESS_KEY),
        session_token=Secret(SESSION_TOKEN),
        expiration=expiration or datetime.now(UTC).replace(microsecond=0) + timedelta(hours=2),
        identity_id=IDENTITIES[sub],
        role_arn=role,
    )


class FakeCredentialSource:
    """Gives each person credentials of their own; raises `error` if there is one."""

    def __init__(self):
        self.asked = []
        self.forgotten = []
        self.limits = []
        self.narrowed = []
        self.error = None
        self.role = SIGNED_IN_ROLE
        self.expiration = None

    def credentials_for(self, principal, wanted_role, **limits):
        self.asked.append((principal.sub, wanted_role))
        self.limits.append(limits)
        if self.error is not None:
            raise self.error
        return credentials(principal.sub, self.role, self.expiration)

    def narrowed_credentials_for(self, principal, wanted_role, duration, policy_for):
        if self.error is not None:
            raise self.error
        policy = policy_for(self.role, IDENTITIES[principal.sub])
        self.narrowed.append((principal.sub, wanted_role, duration, policy))
        return credentials(principal.sub, self.role, self.expiration)

    def forget(self, principal):
        self.forgotten.append(principal.sub)


def client_error(operation, status, code, message="told by S3", **more):
    """What botocore raises for an answer of AWS."""
    answer = {
        "Error": {"Code": code, "Message": message, **more},
        "ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": {}},
    }
    return ClientError(answer, operation)


class FakeUserPool:
    """Remembers whom it signed out, by their access tokens; raises `error` if there is one."""

    def __init__(self):
        self.signed_out = []
        self.error = None

    def sign_out(self, access_token):
        self.signed_out.append(access_token.reveal())
        if self.error is not None:
            raise self.error


class FakeS3:
    """The methods of the S3 client that the service calls, over a dictionary of bytes.

    `calls` keeps what was asked; an entry of `errors` (by method) is raised instead of an answer;
    `page` replaces the answer of a listing, `extra` adds to the answer of a GET or HEAD.
    """

    def __init__(self):
        self.objects = {f"{HOME}report.txt": b"0123456789"}
        self.calls = []
        self.errors = {}
        self.page = {}
        self.extra = {}

    def list_objects_v2(self, **request):
        self._called("list_objects_v2", request)
        return self.page

    def head_object(self, **request):
        self._called("head_object", request)
        return self._described("HeadObject", "404", request["Key"])

    def get_object(self, **request):
        self._called("get_object", request)
        answer = self._described("GetObject", "NoSuchKey", request["Key"])
        body = self.objects[request["Key"]]
        if "Range" in request:
            first, last = request["Range"].removeprefix("bytes=").split("-")
            part = body[int(first) : int(last) + 1]
            answer["ContentRange"] = f"bytes {first}-{last}/{len(body)}"
            answer["ContentLength"] = len(part)
            body = part
        return answer | {"Body": io.BytesIO(body)} | self.extra

    def generate_presigned_url(self, method, **request):
        self._called("generate_presigned_url", {"ClientMethod": method, **request})
        name = file_name(request["Params"]["Key"])
        return (
            f"https://{BUCKET}.s3.eu-central-1.amazonaws.com/{name}?X-Amz-Algorithm="
            f"AWS4-HMAC-SHA256&X-Amz-Credential={ACCESS_KEY_ID}%2F20260921%2Feu-central-1"
            f"%2Fs3%2Faws4_request&X-Amz-Security-Token={SESSION_TOKEN}"
            f"&X-Amz-Signature={SIGNATURE}"
        )

    def called(self, method):
        """The requests of one method."""
        return [request for name, request in self.calls if name == method]

    def _called(self, method, request):
        self.calls.append((method, request))
        if method in self.errors:
            raise self.errors[method]

    def _described(self, operation, code, key):
        if key not in self.objects:
            raise client_error(operation, 404, code)
        return {
            "ContentLength": len(self.objects[key]),
            "ETag": '"781e5e245d69b566979b86e28d23f2c7"',
            "LastModified": datetime(2026, 3, 1, 8, 9, 10, tzinfo=UTC),
            "ContentType": "text/plain",
        } | self.extra


@cache
def _built(settings):
    return build_services(load_settings(ENVIRONMENT | dict(settings)))


def fake_services(**settings):
    """A deployment's services with fakes; `settings` replaces environment variables."""
    return replace(
        _built(tuple(settings.items())),
        verifier=verifier(clients=(CLIENT_ID,)),
        access_tokens=access_verifier(clients=(CLIENT_ID,)),
        user_pool=FakeUserPool(),
        credential_source=FakeCredentialSource(),
        s3=FakeS3(),
    )

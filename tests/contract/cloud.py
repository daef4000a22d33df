"""The emulated AWS as its clients see it, and the small resources that a contract needs."""

import contextlib
import io
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import botocore.session
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from local.sign_in import result_of_srp

REGION = "eu-west-1"
ACCOUNT = "000000000000"
PASSWORD = "Correct-Horse-9"
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Keys:
    id: str
    secret: str
    token: str | None = None


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


def root_keys():
    return Keys("CONTRACTROOT" + secrets.token_hex(8).upper(), secrets.token_hex(20))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(port, state, keys, **more):
    """The environment that the emulator is started with."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "COV"))
    }
    return kept | {
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        "LOG_LEVEL": "ERROR",
        "STATE_DIR": str(state),
        "TMPDIR": str(state),
        "S3_DATA_DIR": str(state / "s3"),
        "AWS_ACCESS_KEY_ID": keys.id,
        "AWS_SECRET_ACCESS_KEY": keys.secret,
        **more,
    }


@contextlib.contextmanager
def running(state, *, keys=None, command=("-m", "local.emulator"), **more) -> Iterator["Cloud"]:
    """A running emulator whose files are below `state`."""
    port, keys = free_port(), keys or root_keys()
    (state / "s3").mkdir(exist_ok=True)
    with (state / "emulator.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 # our own interpreter
            [sys.executable, *command],
            cwd=ROOT,
            env=environment(port, state, keys, **more),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        cloud = Cloud(f"http://127.0.0.1:{port}", keys)
        cloud.await_start(process, state / "emulator.log")
        yield cloud
        cloud.close()
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Cloud:
    """Clients of one emulator; `keys=None` is root, `unsigned` has none."""

    def __init__(self, url, root):
        self.url, self.root = url, root
        self._session = botocore.session.Session()
        self._clients = {}

    def await_start(self, process, log):
        until = time.monotonic() + 30
        while time.monotonic() < until:
            if process.poll() is not None:
                break
            with contextlib.suppress(OSError):
                return self.http("GET", "/_ministack/health")
            time.sleep(0.02)
        raise RuntimeError(log.read_text())

    def close(self):
        for client in self._clients.values():
            client.close()

    def client(self, service, keys=None, **config):
        keys = keys or self.root
        return self._client(
            (service, keys, tuple(config.items())),
            aws_access_key_id=keys.id,
            aws_secret_access_key=keys.secret,
            aws_session_token=keys.token,
            config=Config(
                **{
                    "s3": {"addressing_style": "path"},
                    "retries": {"total_max_attempts": 1},
                    **({"signature_version": "s3v4"} if service == "s3" else {}),
                }
                | config
            ),
        )

    def unsigned(self, service):
        return self._client((service, None), config=Config(signature_version=UNSIGNED))

    def _client(self, key, **arguments):
        if key not in self._clients:
            self._clients[key] = self._session.create_client(
                key[0], region_name=REGION, endpoint_url=self.url, **arguments
            )
        return self._clients[key]

    def http(self, method, path, headers=(), data=None):
        """One plain request, redirects not followed, refusals not raised."""
        url = path if path.startswith("http") else self.url + path
        request = urllib.request.Request(url, data, dict(headers), method=method)  # noqa: S310 # loopback
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 # loopback
                return Answer(answer.status, lower(answer.headers), answer.read())
        except urllib.error.HTTPError as refusal:
            with refusal:
                return Answer(refusal.code, lower(refusal.headers), refusal.read())

    # ------------------------------------------------------------------ small resources
    def role(self, name, trust, *statements, **more):
        iam = self.client("iam")
        arn = iam.create_role(
            RoleName=name, AssumeRolePolicyDocument=document(*listed(trust)), **more
        )["Role"]["Arn"]
        if statements:
            self.allow(name, *statements)
        return arn

    def allow(self, role, *statements, version="2012-10-17"):
        self.client("iam").put_role_policy(
            RoleName=role, PolicyName="its", PolicyDocument=document(*statements, version=version)
        )

    def trust(self, role, *statements):
        self.client("iam").update_assume_role_policy(
            RoleName=role, PolicyDocument=document(*statements)
        )

    def user(self, name, *statements):
        iam = self.client("iam")
        iam.create_user(UserName=name)
        if statements:
            iam.put_user_policy(
                UserName=name, PolicyName="its", PolicyDocument=document(*statements)
            )
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return Keys(key["AccessKeyId"], key["SecretAccessKey"])

    def bucket(self, name, *keys):
        s3 = self.client("s3")
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        for key in keys:
            s3.put_object(Bucket=name, Key=key, Body=f"body of {key}".encode())
        return name

    def assume(self, keys, role_arn, session="session", **more):
        answer = self.client("sts", keys).assume_role(
            RoleArn=role_arn, RoleSessionName=session, **more
        )
        return session_keys(answer["Credentials"])

    def function(self, name, source, **more):
        """A Python function named `name` from its source text; returns its ARN."""
        role = self.role(
            f"role-of-{name}",
            allow("sts:AssumeRole", Principal={"Service": "lambda.amazonaws.com"}),
        )
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as packed:
            packed.writestr("function.py", source)
        return self.client("lambda").create_function(
            FunctionName=name,
            Role=role,
            Runtime="python3.13",
            Handler="function.handler",
            Code={"ZipFile": archive.getvalue()},
            Timeout=10,
            **more,
        )["FunctionArn"]


class UserPool:
    """A user pool with one client; users sign in by SRP."""

    def __init__(self, cloud, name, **client):
        self.cloud, self.idp = cloud, cloud.client("cognito-idp")
        self.id = self.idp.create_user_pool(PoolName=name)["UserPool"]["Id"]
        self.client_id = self.idp.create_user_pool_client(
            UserPoolId=self.id,
            ClientName="web",
            ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            **client,
        )["UserPoolClient"]["ClientId"]
        self.provider = f"cognito-idp.{REGION}.amazonaws.com/{self.id}"
        self.arn = f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{self.id}"

    def group(self, name, role_arn=None, precedence=None):
        more = {"RoleArn": role_arn} if role_arn else {}
        if precedence is not None:
            more["Precedence"] = precedence
        return self.idp.create_group(UserPoolId=self.id, GroupName=name, **more)["Group"]

    def user(self, name, *groups):
        self.idp.admin_create_user(UserPoolId=self.id, Username=name, MessageAction="SUPPRESS")
        self.idp.admin_set_user_password(
            UserPoolId=self.id, Username=name, Password=PASSWORD, Permanent=True
        )
        for group in groups:
            self.idp.admin_add_user_to_group(UserPoolId=self.id, Username=name, GroupName=group)

    def tokens(self, name, password=PASSWORD):
        """The tokens of a sign-in by SRP: IdToken, AccessToken, RefreshToken."""
        user_pools = self.cloud.unsigned("cognito-idp")
        return result_of_srp(user_pools, self.id, self.client_id, name, password)

    def logins(self, name):
        return {self.provider: self.tokens(name)["IdToken"]}


class IdentityPool:
    """An identity pool for one user pool."""

    def __init__(self, cloud, name, users, *, check=False, **more):
        self.cloud, self.users = cloud, users
        settings = {"AllowUnauthenticatedIdentities": False, "AllowClassicFlow": False, **more}
        self.id = cloud.client("cognito-identity").create_identity_pool(
            IdentityPoolName=name,
            CognitoIdentityProviders=[
                {
                    "ProviderName": users.provider,
                    "ClientId": users.client_id,
                    "ServerSideTokenCheck": check,
                }
            ],
            **settings,
        )["IdentityPoolId"]

    def roles(self, authenticated, mapping=None, **more):
        provider = f"{self.users.provider}:{self.users.client_id}"
        self.cloud.client("cognito-identity").set_identity_pool_roles(
            IdentityPoolId=self.id,
            Roles={"authenticated": authenticated, **more},
            RoleMappings={provider: mapping} if mapping else {},
        )

    def identity(self, logins=None):
        return self.cloud.unsigned("cognito-identity").get_id(
            IdentityPoolId=self.id, **({"Logins": logins} if logins else {})
        )["IdentityId"]

    def credentials(self, logins, identity_id=None, **more):
        """GetCredentialsForIdentity as it is answered."""
        return self.cloud.unsigned("cognito-identity").get_credentials_for_identity(
            IdentityId=identity_id or self.identity(logins),
            **({"Logins": logins} if logins else {}),
            **more,
        )

    def keys(self, logins, identity_id=None, **more):
        return session_keys(self.credentials(logins, identity_id, **more)["Credentials"])

    def trust(self, **conditions):
        """The statement by which a role trusts this pool's signed-in identities."""
        return allow(
            "sts:AssumeRoleWithWebIdentity",
            Principal={"Federated": "cognito-identity.amazonaws.com"},
            Condition=conditions
            or {
                "StringEquals": {"cognito-identity.amazonaws.com:aud": self.id},
                "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"},
            },
        )


def allow(*actions, effect="Allow", **members):
    """A statement with these actions; `Resource` and `Condition` are members."""
    return {"Effect": effect, "Action": list(actions), **members}


def deny(*actions, **members):
    return allow(*actions, effect="Deny", **members)


def document(*statements, version="2012-10-17"):
    return json.dumps({"Version": version, "Statement": list(statements)})


def lower(headers):
    return {name.lower(): value for name, value in headers.items()}


def listed(value):
    return value if isinstance(value, list | tuple) else [value]


def session_keys(credentials):
    secret = credentials.get("SecretAccessKey") or credentials["SecretKey"]
    return Keys(credentials["AccessKeyId"], secret, credentials["SessionToken"])


def code_of(call, *arguments, **members):
    """The error code with which AWS refuses the call, None if it does not."""
    try:
        answer = call(*arguments, **members)
    except ClientError as refusal:
        return refusal.response["Error"]["Code"]
    if "Body" in answer:
        answer["Body"].close()
    return None

"""Credentials as other programs read them."""

import json
import shlex
from collections.abc import Callable
from typing import Final

from bucketpass.profile import Profile
from bucketpass.scoped_credentials import ScopedCredentials


def environment(credentials: ScopedCredentials, profile: Profile) -> dict[str, str]:
    """The variables that the AWS SDKs and tools read."""
    variables = {
        "AWS_ACCESS_KEY_ID": credentials.access_key_id,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_access_key.reveal(),
        "AWS_SESSION_TOKEN": credentials.session_token.reveal(),
        "AWS_CREDENTIAL_EXPIRATION": credentials.expiration_text,
        "AWS_REGION": profile.region,
        "AWS_DEFAULT_REGION": profile.region,
        "AWS_ENDPOINT_URL": profile.endpoint_url,
    }
    return {name: value for name, value in variables.items() if value}


def as_env(credentials: ScopedCredentials, profile: Profile) -> str:
    """Lines for a POSIX shell's `eval`."""
    return "\n".join(
        f"export {name}={shlex.quote(value)}"
        for name, value in environment(credentials, profile).items()
    )


def as_json(credentials: ScopedCredentials, _profile: Profile) -> str:
    """A JSON object with the names of the service's own answer."""
    return json.dumps(
        {
            "accessKeyId": credentials.access_key_id,
            "secretAccessKey": credentials.secret_access_key.reveal(),
            "sessionToken": credentials.session_token.reveal(),
            "expiration": credentials.expiration_text,
        },
        indent=2,
    )


def as_process(credentials: ScopedCredentials, _profile: Profile) -> str:
    """What `credential_process` has to print (AWS SDKs and Tools reference guide).

    `Expiration` is always there: without it the SDKs would never ask again.
    """
    return json.dumps(
        {
            "Version": 1,
            "AccessKeyId": credentials.access_key_id,
            "SecretAccessKey": credentials.secret_access_key.reveal(),
            "SessionToken": credentials.session_token.reveal(),
            "Expiration": credentials.expiration_text,
        }
    )


def as_container(credentials: ScopedCredentials) -> str:
    """What the container credentials provider of the AWS SDKs reads."""
    return json.dumps(
        {
            "AccessKeyId": credentials.access_key_id,
            "SecretAccessKey": credentials.secret_access_key.reveal(),
            "Token": credentials.session_token.reveal(),
            "Expiration": credentials.expiration_text,
        }
    )


def as_ini(credentials: ScopedCredentials, profile: Profile) -> str:
    """A section for a shared credentials file."""
    lines = [
        f"[{profile.name}]",
        f"aws_access_key_id = {credentials.access_key_id}",
        f"aws_secret_access_key = {credentials.secret_access_key.reveal()}",
        f"aws_session_token = {credentials.session_token.reveal()}",
        f"# expires {credentials.expiration_text}",
    ]
    return "\n".join(lines)


FORMATS: Final[dict[str, Callable[[ScopedCredentials, Profile], str]]] = {
    "env": as_env,
    "json": as_json,
    "process": as_process,
    "ini": as_ini,
}

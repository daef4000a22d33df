"""Credentials as the AWS tools read them."""

import shlex

from handlers.time_text import time_text
from shared.scoped_credentials import ScopedCredentials
from shared.settings import Settings


def as_json(credentials: ScopedCredentials, home: str, settings: Settings) -> dict[str, object]:
    """The credentials and where they lead, in the API's own names."""
    return {
        "accessKeyId": credentials.access_key_id,
        "secretAccessKey": credentials.secret_access_key.reveal(),
        "sessionToken": credentials.session_token.reveal(),
        "expiration": time_text(credentials.expiration),
        "identityId": credentials.identity_id,
        "homePrefix": home,
        "bucket": settings.bucket,
        "region": settings.region,
        "role": credentials.role_arn,
    }


def as_process(credentials: ScopedCredentials) -> dict[str, object]:
    """What `credential_process` prints; without `Expiration` the SDKs would never ask again.

    Source: AWS SDKs and Tools Reference Guide, "Process credential provider".
    """
    return {
        "Version": 1,
        "AccessKeyId": credentials.access_key_id,
        "SecretAccessKey": credentials.secret_access_key.reveal(),
        "SessionToken": credentials.session_token.reveal(),
        "Expiration": time_text(credentials.expiration),
    }


def as_container(credentials: ScopedCredentials) -> dict[str, object]:
    """What the SDKs read from AWS_CONTAINER_CREDENTIALS_FULL_URI.

    Source: AWS SDKs and Tools Reference Guide, "Container credential provider".
    """
    return {
        "AccessKeyId": credentials.access_key_id,
        "SecretAccessKey": credentials.secret_access_key.reveal(),
        "Token": credentials.session_token.reveal(),
        "Expiration": time_text(credentials.expiration),
        "RoleArn": credentials.role_arn,
    }


def as_env(credentials: ScopedCredentials, settings: Settings) -> str:
    """Lines that a POSIX shell can `eval`, whatever the values hold."""
    variables = {
        "AWS_ACCESS_KEY_ID": credentials.access_key_id,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_access_key.reveal(),
        "AWS_SESSION_TOKEN": credentials.session_token.reveal(),
        "AWS_CREDENTIAL_EXPIRATION": time_text(credentials.expiration),
        "AWS_REGION": settings.region,
        # boto3 and version 1 of the aws CLI read only this one.
        "AWS_DEFAULT_REGION": settings.region,
        "AWS_ENDPOINT_URL": settings.endpoint_url,
    }
    return "".join(
        f"export {name}={shlex.quote(value)}\n" for name, value in variables.items() if value
    )

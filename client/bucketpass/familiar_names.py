"""Functions under names that people know from older scripts around Cognito.

Each uses its arguments, keeps the expiration, prints nothing, and signs in before it asks for an
identity, so that no guest identity is made. What they answer is a dictionary whose repr is masked.
`endpoint_url` None stands for BUCKETPASS_ENDPOINT_URL, then for AWS itself. All raise
BucketpassError. New code is better off with `bucketpass.Session`.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import boto3
from boto3.exceptions import S3UploadFailedError
from botocore.exceptions import ClientError

from bucketpass.aws_errors import translated
from bucketpass.connection import Connection
from bucketpass.errors import AccessDenied, ConfigurationError
from bucketpass.masked_mapping import MaskedMapping
from bucketpass.profile import Profile
from bucketpass.public_aws import isolated_session
from bucketpass.scoped_credentials import ScopedCredentials
from bucketpass.secret import Secret
from bucketpass.session import Session

# the names under which scripts keep each setting
_NAMES: Final = {
    "region": ("region", "aws_region", "region_name", "cognito_region"),
    "user_pool_id": ("user_pool_id", "cognito_user_pool_id", "pool_id", "userpool_id"),
    "client_id": ("client_id", "app_client_id", "cognito_client_id", "user_pool_client_id"),
    "identity_pool_id": ("identity_pool_id", "cognito_identity_pool_id", "identitypool_id"),
    "endpoint_url": ("endpoint_url", "aws_endpoint_url"),
}
_UPLOAD_REFUSALS: Final = {"AccessDenied": AccessDenied, "NoSuchBucket": ConfigurationError}


def get_aws_creds_from_cognito_id_token(
    cognito_identity_pool_id: str,
    cognito_user_pool_id: str,
    aws_account_id: str,
    region: str,
    cognito_id_token: str,
) -> MaskedMapping:
    """The bearer's credentials: AccessKeyId, SecretKey, SessionToken, Expiration."""
    profile = _profile(
        region=region,
        user_pool_id=cognito_user_pool_id,
        identity_pool_id=cognito_identity_pool_id,
    )
    pool = Connection(profile).identity_pool
    token = Secret(cognito_id_token)
    identity_id = pool.identity_id(token, aws_account_id)
    return _in_cognito_words(pool.credentials(token, identity_id, None))


class LoginWithCognito:
    """Signs people in; `env` is the name of a profile or a mapping with the pools' ids.

    The mapping may use the usual names in upper or lower case: region, user_pool_id,
    (app_)client_id, identity_pool_id, with or without `cognito_` or `aws_` before them.
    """

    def __init__(self, env: str | Mapping[str, Any]) -> None:
        self._profile: Profile | str = env if isinstance(env, str) else _profile_of_mapping(env)

    def get_temporary_credentials(self, user_name: str, password: str) -> MaskedMapping:
        """temp_access_key_id, temp_secret_key, temp_session_token and expiration (a datetime)."""
        issued = Session.sign_in(user_name, password, profile=self._profile).scoped_credentials()
        return MaskedMapping(
            {
                "temp_access_key_id": issued.access_key_id,
                "temp_secret_key": issued.secret_access_key.reveal(),
                "temp_session_token": issued.session_token.reveal(),
                "expiration": issued.expiration,
            }
        )


def authenticate_user(
    username: str,
    password: str,
    user_pool_id: str,
    client_id: str,
    *,
    endpoint_url: str | None = None,
) -> MaskedMapping:
    """Sign in by SRP: IdToken, AccessToken, RefreshToken."""
    from bucketpass.answers import NoAnswers  # noqa: PLC0415 # pycognito takes long to import
    from bucketpass.sign_in import SignIn  # noqa: PLC0415 # see above

    profile = _profile(user_pool_id=user_pool_id, client_id=client_id, endpoint_url=endpoint_url)
    tokens = SignIn(Connection(profile).user_pool, NoAnswers())(username, Secret(password))
    given = {
        "IdToken": tokens.id_token,
        "AccessToken": tokens.access_token,
        "RefreshToken": tokens.refresh_token,
    }
    return MaskedMapping({name: secret.reveal() for name, secret in given.items() if secret})


def get_id(
    id_token: str, identity_pool_id: str, user_pool_id: str, *, endpoint_url: str | None = None
) -> str:
    """The identity id of the ID token's bearer; a missing token is refused before any call."""
    profile = _profile(
        identity_pool_id=identity_pool_id, user_pool_id=user_pool_id, endpoint_url=endpoint_url
    )
    return Connection(profile).identity_pool.identity_id(Secret(id_token))


def get_credentials_for_identity(
    identity_id: str, id_token: str, user_pool_id: str, *, endpoint_url: str | None = None
) -> MaskedMapping:
    """That identity's credentials: AccessKeyId, SecretKey, SessionToken, Expiration."""
    region = identity_id.partition(":")[0]
    profile = _profile(region=region, user_pool_id=user_pool_id, endpoint_url=endpoint_url)
    pool = Connection(profile).identity_pool
    return _in_cognito_words(pool.credentials(Secret(id_token), identity_id, None))


def put_file(
    path: str | Path,
    bucket: str,
    identity_id: str,
    credentials: Mapping[str, Any],
    *,
    endpoint_url: str | None = None,
) -> str:
    """Upload the file into the home folder of that identity: the object's key.

    `credentials` are those of `get_credentials_for_identity` or `get_temporary_credentials`.
    IAM decides: another's folder raises AccessDenied.
    """
    key = f"home/{identity_id}/{Path(path).name}"
    client = boto3.Session(botocore_session=isolated_session()).client(
        "s3",
        region_name=identity_id.partition(":")[0],
        endpoint_url=endpoint_url or os.environ.get("BUCKETPASS_ENDPOINT_URL"),
        **_in_boto_words(credentials),
    )
    with translated(_UPLOAD_REFUSALS):
        try:
            client.upload_file(str(path), bucket, key)
        except S3UploadFailedError as error:
            # boto3 wraps the refusal and keeps it as the cause or context
            if isinstance(error.__context__, ClientError):
                raise error.__context__ from error
            raise
    return key


def _profile(**settings: str | None) -> Profile:
    fallback = os.environ.get("BUCKETPASS_ENDPOINT_URL") or None
    settings["endpoint_url"] = settings.get("endpoint_url") or fallback
    profile = Profile().changed(settings)
    for pool, end in ((profile.user_pool_id, "_"), (profile.identity_pool_id, ":")):
        if pool and pool.partition(end)[0] != profile.region:
            raise ConfigurationError(
                f"{pool} is not in the region {profile.region}.", remedy="Name its own region."
            )
    return profile


def _profile_of_mapping(env: Mapping[str, Any]) -> Profile:
    lower = {key.lower(): str(value) for key, value in env.items() if value}
    found = {
        setting: next((lower[name] for name in names if name in lower), None)
        for setting, names in _NAMES.items()
    }
    return _profile(**found)


def _in_cognito_words(issued: ScopedCredentials) -> MaskedMapping:
    return MaskedMapping(
        {
            "AccessKeyId": issued.access_key_id,
            "SecretKey": issued.secret_access_key.reveal(),
            "SessionToken": issued.session_token.reveal(),
            "Expiration": issued.expiration,
        }
    )


def _in_boto_words(given: Mapping[str, Any]) -> dict[str, Any]:
    names = (
        ("AccessKeyId", "SecretKey", "SessionToken")
        if "AccessKeyId" in given
        else ("temp_access_key_id", "temp_secret_key", "temp_session_token")
    )
    if missing := [name for name in names if not given.get(name)]:
        raise ConfigurationError(f"The credentials lack {missing[0]}.", remedy="Sign in first.")
    words = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
    return {word: str(given[name]) for word, name in zip(words, names, strict=True)}

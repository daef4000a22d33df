from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.exceptions import ClientError

from bucketpass.errors import (
    AccessDenied,
    BucketpassError,
    ConfigurationError,
    IdentityRefused,
    SignInRefused,
)
from bucketpass.familiar_names import (
    LoginWithCognito,
    authenticate_user,
    get_aws_creds_from_cognito_id_token,
    get_credentials_for_identity,
    get_id,
    put_file,
)
from bucketpass.profile import Profile
from bucketpass.profile_file import ProfileFile

NO_POOL = "eu-west-1:00000000-0000-0000-0000-000000000000"


@pytest.fixture(autouse=True)
def local_endpoint(pool_stack, monkeypatch):
    monkeypatch.setenv("BUCKETPASS_ENDPOINT_URL", pool_stack.endpoint_url)


@pytest.fixture
def note(tmp_path):
    path = tmp_path / "note.txt"
    path.write_text("hello")
    return path


@pytest.fixture
def by_token(pool_stack, settings):
    """The notebook's function, for a user of the stack, with single arguments changed."""

    def credentials(username, **changed):
        arguments = {
            "cognito_identity_pool_id": settings["identity_pool_id"],
            "cognito_user_pool_id": settings["user_pool_id"],
            "aws_account_id": "000000000000",
            "region": settings["region"],
            "cognito_id_token": pool_stack.users[username].tokens.id,
        }
        return get_aws_creds_from_cognito_id_token(**{**arguments, **changed})

    return credentials


@pytest.fixture
def by_class(pool_stack, settings):
    """The library's class, for a user of the stack."""

    def credentials(username):
        password = pool_stack.users[username].password
        return LoginWithCognito(settings).get_temporary_credentials(username, password)

    return credentials


@pytest.fixture
def by_steps(pool_stack, settings):
    """The script's functions one after the other, for a user of the stack."""

    def credentials(username):
        password, user_pool = pool_stack.users[username].password, settings["user_pool_id"]
        tokens = authenticate_user(username, password, user_pool, settings["client_id"])
        identity_id = get_id(tokens["IdToken"], settings["identity_pool_id"], user_pool)
        return get_credentials_for_identity(identity_id, tokens["IdToken"], user_pool)

    return credentials


@pytest.fixture(params=["by_token", "by_class", "by_steps"])
def credentials_of(request):
    """Each way from a person to credentials."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def stored(pool_stack):
    """The content of an object as the administrator sees it; None where there is none."""
    s3, bucket = pool_stack.client("s3"), pool_stack.outputs["BucketName"]

    def content(key):
        try:
            return s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        except s3.exceptions.NoSuchKey:
            return None

    return content


def s3_with(given, pool_stack):
    """A boto3 client as older scripts make it."""
    names = ("AccessKeyId", "SecretKey", "SessionToken")
    if "AccessKeyId" not in given:
        names = ("temp_access_key_id", "temp_secret_key", "temp_session_token")
    return boto3.client(
        "s3",
        region_name=pool_stack.outputs["Region"],
        endpoint_url=pool_stack.endpoint_url,
        **dict(
            zip(
                ("aws_access_key_id", "aws_secret_access_key", "aws_session_token"),
                (given[name] for name in names),
                strict=True,
            )
        ),
    )


def test_the_notebooks_function(by_token):
    """An ID token becomes credentials under Cognito's names."""
    given = by_token("alice")
    assert set(given) == {"AccessKeyId", "SecretKey", "SessionToken", "Expiration"}
    assert given["AccessKeyId"].startswith("ASIA")


def test_the_librarys_class(by_class):
    """User name and password become temporary credentials under the familiar names."""
    given = by_class("alice")
    names = {"temp_access_key_id", "temp_secret_key", "temp_session_token", "expiration"}
    assert set(given) == names


def test_the_scripts_functions(pool_stack, settings, note, stored):
    """Sign in, find the identity, get credentials, upload."""
    alice = pool_stack.users["alice"]
    tokens = authenticate_user(
        "alice", alice.password, settings["user_pool_id"], settings["client_id"]
    )
    assert set(tokens) == {"IdToken", "AccessToken", "RefreshToken"}
    pools = (settings["identity_pool_id"], settings["user_pool_id"])
    identity_id = get_id(tokens["IdToken"], *pools)
    assert identity_id == alice.identity_id
    credentials = get_credentials_for_identity(
        identity_id, tokens["IdToken"], settings["user_pool_id"]
    )
    key = put_file(note, settings["bucket"], identity_id, credentials)
    assert key == f"home/{identity_id}/note.txt"
    assert stored(key) == b"hello"


def test_each_way_opens_the_own_folder_alone(credentials_of, pool_stack, settings):
    """For an hour at most, and the answer tells until when."""
    given = credentials_of("alice")
    end = given.get("Expiration") or given["expiration"]
    assert timedelta(minutes=50) < end - datetime.now(UTC) <= timedelta(hours=1)
    s3, bucket = s3_with(given, pool_stack), settings["bucket"]
    own, bobs = (f"home/{pool_stack.users[name].identity_id}/" for name in ("alice", "bob"))
    assert s3.get_object(Bucket=bucket, Key=f"{own}hello.txt")["ContentLength"] > 0
    for call, arguments in (
        (s3.list_objects_v2, {"Prefix": bobs}),
        (s3.get_object, {"Key": f"{bobs}hello.txt"}),
        (s3.delete_object, {"Key": f"{bobs}hello.txt"}),
    ):
        with pytest.raises(ClientError, match="AccessDenied"):
            call(Bucket=bucket, **arguments)


def test_bob_cannot_put_a_file_into_alices_folder(
    credentials_of, pool_stack, settings, note, stored
):
    """IAM refuses it whatever the argument says, be the file new or there; his own is open."""
    alice, bob = pool_stack.users["alice"], pool_stack.users["bob"]
    credentials = credentials_of("bob")
    new = note.rename(note.with_name("from-bob.txt"))
    known = note.with_name("hello.txt")
    known.write_text("bob was here")
    before = stored(f"home/{alice.identity_id}/hello.txt")
    for path in (new, known):
        with pytest.raises(AccessDenied):
            put_file(path, settings["bucket"], alice.identity_id, credentials)
    assert stored(f"home/{alice.identity_id}/from-bob.txt") is None
    assert stored(f"home/{alice.identity_id}/hello.txt") == before != b"bob was here"
    key = put_file(new, settings["bucket"], bob.identity_id, credentials)
    assert stored(key) == b"hello"


def test_bobs_token_opens_nothing_of_alices_identity(pool_stack, settings, note):
    """Cognito refuses the pair, or answers for the identity to which the token belongs."""
    alice, bob = pool_stack.users["alice"], pool_stack.users["bob"]
    with pytest.raises((AccessDenied, IdentityRefused)):
        put_file(
            note,
            settings["bucket"],
            alice.identity_id,
            get_credentials_for_identity(
                alice.identity_id, bob.tokens.id, settings["user_pool_id"]
            ),
        )


def test_no_secret_is_shown_or_printed(credentials_of, capsys):
    """Neither by the functions nor by what they answer, while the values are there."""
    given = credentials_of("alice")
    secrets = [value for value in given.values() if isinstance(value, str)]
    assert len(secrets) == 3
    shown = f"{given} {given!r}"
    assert [secret for secret in secrets if secret in shown] == []
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"cognito_identity_pool_id": NO_POOL}, ConfigurationError),
        ({"cognito_user_pool_id": "eu-west-1_Another"}, IdentityRefused),
        ({"region": "us-east-1"}, ConfigurationError),
        ({"cognito_id_token": "not.a.token"}, IdentityRefused),
        ({"cognito_id_token": ""}, IdentityRefused),
    ],
    ids=["identity pool", "user pool", "region", "token", "no token"],
)
def test_the_notebooks_arguments_count(by_token, changed, cause):
    """Each of them: what is wrong is refused and not made up for."""
    with pytest.raises(cause):
        by_token("alice", **changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "0123456789012345678901234"},
        {"user_pool_id": "eu-west-1_Another"},
        {"identity_pool_id": NO_POOL},
    ],
    ids=["client", "user pool", "identity pool"],
)
def test_the_env_of_the_class_counts(pool_stack, settings, changed):
    """Each of its ids."""
    login = LoginWithCognito({**settings, **changed})
    with pytest.raises(BucketpassError):
        login.get_temporary_credentials("alice", pool_stack.users["alice"].password)


def test_the_env_of_the_class_may_be_a_profile(pool_stack, settings):
    """By its name; one that is not there is an error."""
    ProfileFile().save(Profile(name="dev", **settings))
    password = pool_stack.users["bob"].password
    given = LoginWithCognito("dev").get_temporary_credentials("bob", password)
    bobs = f"home/{pool_stack.users['bob'].identity_id}/"
    listed = s3_with(given, pool_stack).list_objects_v2(Bucket=settings["bucket"], Prefix=bobs)
    assert listed["KeyCount"] > 0
    with pytest.raises(ConfigurationError, match="prod"):
        LoginWithCognito("prod").get_temporary_credentials("bob", password)


def test_a_wrong_password_gives_nothing(settings):
    """Neither tokens nor credentials."""
    with pytest.raises(SignInRefused):
        authenticate_user("alice", "wrong", settings["user_pool_id"], settings["client_id"])
    with pytest.raises(SignInRefused):
        LoginWithCognito(settings).get_temporary_credentials("alice", "wrong")


def test_the_scripts_arguments_count(pool_stack, settings, note, by_steps):
    """Client, pools and bucket: another one is refused and not made up for."""
    alice, user_pool = pool_stack.users["alice"], settings["user_pool_id"]
    with pytest.raises(BucketpassError):
        authenticate_user("alice", alice.password, user_pool, "0123456789012345678901234")
    with pytest.raises(ConfigurationError):
        get_id(alice.tokens.id, NO_POOL, user_pool)
    with pytest.raises(IdentityRefused):
        get_id(alice.tokens.id, settings["identity_pool_id"], "eu-west-1_Another")
    with pytest.raises(IdentityRefused):
        get_credentials_for_identity(alice.identity_id, alice.tokens.id, "eu-west-1_Another")
    with pytest.raises((AccessDenied, ConfigurationError)):
        put_file(note, "another-bucket", alice.identity_id, by_steps("alice"))


def test_no_guest_arises(pool_stack, settings, by_token, by_steps):
    """With a token or without, the pool has the identities that it had before."""

    def identities():
        page = pool_stack.client("cognito-identity").list_identities(
            IdentityPoolId=settings["identity_pool_id"], MaxResults=60
        )
        return {entry["IdentityId"] for entry in page["Identities"]}

    before = identities()
    by_token("alice")
    by_steps("alice")
    for call in (
        lambda: by_token("alice", cognito_id_token=""),
        lambda: get_id("", settings["identity_pool_id"], settings["user_pool_id"]),
        lambda: get_credentials_for_identity(
            pool_stack.users["alice"].identity_id, "", settings["user_pool_id"]
        ),
    ):
        with pytest.raises(IdentityRefused):
            call()
    assert identities() == before

import pytest
from botocore.exceptions import ClientError

from bucketpass import Session
from bucketpass.errors import (
    ChallengeUnanswered,
    IdentityRefused,
    NotSignedIn,
    RoleRefused,
    SignInExpired,
    SignInRefused,
)


@pytest.fixture
def sign_in(pool_stack, settings):
    def by_password(username, **options):
        password = pool_stack.users[username].password
        return Session.sign_in(username, password, **settings, **options)

    return by_password


def refused(call, **arguments):
    with pytest.raises(ClientError) as raised:
        call(**arguments)
    return raised.value.response["Error"]["Code"]


def test_a_person_reaches_their_own_folder_and_nobody_elses(sign_in, pool_stack):
    """IAM decides: read, write and list at home, none of it at bob's."""
    alice = sign_in("alice")
    s3, bucket = alice.client("s3"), alice.bucket
    assert alice.identity_id == pool_stack.users["alice"].identity_id
    s3.put_object(Bucket=bucket, Key=f"{alice.home}from-the-library.txt", Body=b"hello")
    listed = s3.list_objects_v2(Bucket=bucket, Prefix=alice.home)["Contents"]
    assert f"{alice.home}from-the-library.txt" in [entry["Key"] for entry in listed]
    bobs = f"home/{pool_stack.users['bob'].identity_id}/"
    assert refused(s3.list_objects_v2, Bucket=bucket, Prefix=bobs) == "AccessDenied"
    assert refused(s3.get_object, Bucket=bucket, Key=f"{bobs}hello.txt") == "AccessDenied"
    assert refused(s3.put_object, Bucket=bucket, Key=f"{bobs}x", Body=b"") == "AccessDenied"
    assert refused(s3.list_objects_v2, Bucket=bucket) == "AccessDenied"


def test_boto3_in_all_its_ways(sign_in):
    """Resource, presigned URL and plain credentials act as the same person."""
    alice = sign_in("alice")
    bucket = alice.boto3().resource("s3").Bucket(alice.bucket)
    assert all(
        entry.key.startswith(alice.home) for entry in bucket.objects.filter(Prefix=alice.home)
    )
    frozen = alice.credentials().get_frozen_credentials()
    assert frozen.token
    arn = alice.client("sts").get_caller_identity()["Arn"]
    assert "SignedInRole" in arn


def test_a_role_is_chosen_among_ones_own(sign_in, pool_stack, settings):
    """Mia is in two groups: each role reaches what its group may, and others are refused."""
    mia = sign_in("mia")
    names = sorted(arn.rpartition("/")[2] for arn in mia.claims.roles)
    auditors, editors = names
    bobs = f"home/{pool_stack.users['bob'].identity_id}/"
    as_auditor = mia.boto3(role=auditors).client("s3")
    assert as_auditor.list_objects_v2(Bucket=mia.bucket, Prefix=bobs)["KeyCount"] > 0
    as_editor = Session.from_id_token(mia.id_token(), role=editors, **settings).client("s3")
    assert refused(as_editor.list_objects_v2, Bucket=mia.bucket, Prefix=bobs) == "AccessDenied"
    with pytest.raises(RoleRefused):
        sign_in("alice").scoped_credentials(role=editors)


def test_a_wrong_password_and_an_unknown_user_look_alike(settings):
    """Which of both it was is never known."""
    sentences = set()
    for username in ("alice", "nobody-of-that-name"):
        with pytest.raises(SignInRefused) as raised:
            Session.sign_in(username, "wrong", **settings)
        sentences.add(str(raised.value))
    assert len(sentences) == 1


def test_a_question_that_nobody_answers_is_an_error(pool_stack, settings):
    """A script with a temporary password learns why it does not get in."""
    pool = pool_stack.client("cognito-idp")
    pool.admin_create_user(
        UserPoolId=settings["user_pool_id"],
        Username="newcomer",
        TemporaryPassword="Temporary-1234",
        MessageAction="SUPPRESS",
    )
    with pytest.raises(ChallengeUnanswered, match="new password"):
        Session.sign_in("newcomer", "Temporary-1234", **settings)


def test_an_id_token_from_elsewhere(pool_stack, settings):
    """As text or as a callable; no guest identity arises on the way."""
    token = pool_stack.users["bob"].tokens.id
    before = identities(pool_stack, settings)
    for given in (token, lambda: token):
        bob = Session.from_id_token(given, **settings)
        assert bob.home == f"home/{pool_stack.users['bob'].identity_id}/"
        assert bob.client("s3").list_objects_v2(Bucket=bob.bucket, Prefix=bob.home)["KeyCount"] > 0
    assert identities(pool_stack, settings) == before


def identities(pool_stack, settings):
    client = pool_stack.client("cognito-identity")
    page = client.list_identities(IdentityPoolId=settings["identity_pool_id"], MaxResults=60)
    return {entry["IdentityId"] for entry in page["Identities"]}


def test_a_token_of_another_pool_is_refused(settings, pool_stack):
    """The identity pool says so, not our own reading of the token."""
    forged = pool_stack.users["bob"].tokens.id[:-8] + "AAAAAAAA"
    with pytest.raises(IdentityRefused):
        Session.from_id_token(forged, **settings).scoped_credentials()


def test_a_kept_sign_in_lives_until_it_is_ended(sign_in, settings):
    """`remember` serves `from_profile`; after the sign-out nothing is left, at Cognito neither."""
    with pytest.raises(NotSignedIn):
        Session.from_profile(**settings).id_token()
    alice = sign_in("alice", remember=True)
    again = Session.from_profile(**settings)
    assert again.claims.username == "alice"
    refresh_token = again._kept.read().refresh_token
    assert alice.sign_out() is True
    assert alice.sign_out() is False
    with pytest.raises(NotSignedIn):
        again.id_token()
    with pytest.raises(SignInExpired):
        again.connection.user_pool.refresh(refresh_token, None)


def test_tokens_renew_themselves_without_a_question(sign_in):
    """When their end is near, by the clock that is asked."""
    alice = sign_in("alice")
    first = alice._kept.read()
    alice._tokens._clock = lambda: first.expires_at
    renewed = alice._tokens()
    assert renewed.expires_at == first.expires_at + 3600
    assert renewed.claims.sub == first.claims.sub
    assert renewed.refresh_token == first.refresh_token


def test_signing_out_everywhere_ends_the_other_sign_ins_too(pool_stack, settings):
    """As after a lost machine."""
    user = pool_stack.add_user("traveller")
    here, there = (Session.sign_in(user.username, user.password, **settings) for _ in range(2))
    there._kept.write(there._kept.read())
    here.sign_out(everywhere=True)
    with pytest.raises(SignInExpired):
        there.connection.user_pool.refresh(there._kept.read().refresh_token, None)
    with pytest.raises(IdentityRefused):
        there.scoped_credentials()


def test_the_service_knows_the_same_person(sign_in):
    """The same folder, asked over HTTP with the same ID token."""
    alice = sign_in("alice")
    assert alice.ask_service("/me")["homePrefix"] == alice.home
    through = Session(alice.connection, alice._tokens, through="service")
    assert through.home == alice.home


def test_nothing_secret_shows_itself(sign_in, pool_stack):
    """Neither the session nor what hangs on it."""
    alice = sign_in("alice")
    tokens = alice._kept.read()
    shown = repr([alice, vars(alice), tokens, alice.scoped_credentials(), alice.id_token()])
    assert tokens.id_token.reveal() not in shown
    assert tokens.refresh_token.reveal() not in shown
    assert pool_stack.users["alice"].password not in shown


def test_credentials_through_the_service(sign_in):
    """The same folder; a role by the name of its group, and several are named as ambiguous."""
    alice = sign_in("alice", through="service")
    listed = alice.client("s3").list_objects_v2(Bucket=alice.bucket, Prefix=alice.home)
    assert listed["KeyCount"] > 0
    mia = sign_in("mia", through="service")
    with pytest.raises(RoleRefused, match="auditors"):
        mia.scoped_credentials()
    as_editor = mia.boto3(role="editors").client("s3")
    shared = as_editor.list_objects_v2(Bucket=mia.bucket, Prefix="groups/editors/")
    assert shared["ResponseMetadata"]["HTTPStatusCode"] == 200

import json

import pytest

from bucketpass.answers import NoAnswers
from bucketpass.device import Device
from bucketpass.errors import (
    ChallengeUnanswered,
    CodeRefused,
    ConfigurationError,
    PasswordRefused,
    SignInRefused,
)
from bucketpass.kept_sign_in import KeptSignIn
from bucketpass.secret import Secret
from bucketpass.secret_store import MemoryStore
from bucketpass.sign_in import SignIn
from tests.unit.client.srp_server import SrpServer


class FakePool:
    """Asks the challenges of `script` after the password, one after the other."""

    pool_id, client_id = "eu-west-1_Pool", "client"

    def __init__(self, result, script=(), refusals=(), password="right"):  # noqa: S107 # a test's
        self.result = result
        self.script = list(script)
        self.refusals = list(refusals)
        self.server = SrpServer("Poolsub-1", password)
        self.srp_a = None
        self.said = []
        self.devices = {}

    def start(self, parameters):
        self.said.append(("start", dict(parameters)))
        if "DEVICE_KEY" in parameters and parameters["DEVICE_KEY"] not in self.devices:
            raise ConfigurationError("Device does not exist.")
        self.srp_a = parameters["SRP_A"]
        challenge = self.server.challenge(USER_ID_FOR_SRP="sub-1", USERNAME="sub-1")
        return {"ChallengeName": "PASSWORD_VERIFIER", "ChallengeParameters": challenge}

    def respond(self, challenge, responses, session):
        self.said.append((challenge, dict(responses), session))
        if challenge == "PASSWORD_VERIFIER" and not self.server.accepts(self.srp_a, responses):
            raise SignInRefused
        if challenge != "PASSWORD_VERIFIER" and self.refusals:
            raise self.refusals.pop(0)
        return self._next()

    def new_totp_secret(self, session):
        self.said.append(("associate", session))
        return Secret("TOTPSECRET"), "session-of-association"

    def verify_totp(self, session, code):
        self.said.append(("verify", session, code))
        if self.refusals:
            raise self.refusals.pop(0)
        return "session-after-verification"

    def confirm_device(self, access_token, device_key, verifier, name):
        self.devices[device_key] = "known"
        return True

    def remember_device(self, access_token, device_key):
        self.devices[device_key] = "remembered"

    def _next(self):
        if not self.script:
            return {"AuthenticationResult": self.result}
        name, parameters = self.script.pop(0)
        return {
            "ChallengeName": name,
            "ChallengeParameters": parameters,
            "Session": f"session-{name}",
        }


class Person:
    """Answers from lists, and remembers what was asked."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def new_password(self, refused):
        self.asked.append(("new password", refused))
        return Secret(self.answers.pop(0))

    def attributes(self, names):
        self.asked.append(("attributes", tuple(names)))
        return {name: f"my {name}" for name in names}

    def code(self, way, destination, refused):
        self.asked.append((way, destination, refused))
        return self.answers.pop(0)

    def totp_code(self, enrolment, refused):
        self.asked.append((enrolment.uri.reveal(), refused))
        return self.answers.pop(0)

    def choose(self, ways):
        self.asked.append(tuple(ways))
        return self.answers.pop(0)

    def remember_device(self):
        return True


@pytest.fixture
def result(make_id_token):
    return {"IdToken": make_id_token(), "AccessToken": "access", "RefreshToken": "refresh"}


def sign_in(pool, person=None, devices=None):
    return SignIn(pool, person or NoAnswers(), devices)("alice", Secret("right"))


def test_a_password_alone(result):
    """One proof, one answer."""
    pool = FakePool(result)
    assert sign_in(pool).refresh_token.reveal() == "refresh"
    assert [said[0] for said in pool.said] == ["start", "PASSWORD_VERIFIER"]


def test_a_wrong_password(result):
    """No second try: each one counts towards Cognito's lock-out."""
    pool = FakePool(result, password="another")
    with pytest.raises(SignInRefused):
        sign_in(pool)
    assert len(pool.said) == 2


def test_a_new_password_with_missing_attributes(result):
    """Asked again with the reason where the first does not meet the rules."""
    required = json.dumps(["userAttributes.email"])
    refused = PasswordRefused("too short")
    pool = FakePool(
        result, [("NEW_PASSWORD_REQUIRED", {"requiredAttributes": required})], [refused]
    )
    person = Person("short", "long enough")
    sign_in(pool, person)
    assert person.asked == [
        ("attributes", ("email",)),
        ("new password", None),
        ("new password", refused),
    ]
    name, responses, session = pool.said[-1]
    assert (name, session) == ("NEW_PASSWORD_REQUIRED", "session-NEW_PASSWORD_REQUIRED")
    assert responses == {
        "USERNAME": "sub-1",
        "NEW_PASSWORD": "long enough",
        "userAttributes.email": "my email",
    }


@pytest.mark.parametrize(
    ("challenge", "field", "way"),
    [
        ("SMS_MFA", "SMS_MFA_CODE", "SMS"),
        ("EMAIL_OTP", "EMAIL_OTP_CODE", "e-mail"),
        ("SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA_CODE", "authenticator app"),
    ],
)
def test_a_code(result, challenge, field, way):
    """Each kind goes into its own field; a mistyped one is asked for again."""
    refused = CodeRefused()
    pool = FakePool(result, [(challenge, {"CODE_DELIVERY_DESTINATION": "+***12"})], [refused])
    person = Person("111111", "222222")
    sign_in(pool, person)
    assert person.asked == [(way, "+***12", None), (way, "+***12", refused)]
    assert pool.said[-1][1] == {"USERNAME": "sub-1", field: "222222"}


def test_three_wrong_codes_end_it(result):
    """Not an endless loop, and the error is the code's."""
    pool = FakePool(result, [("SMS_MFA", {})], [CodeRefused()] * 9)
    with pytest.raises(CodeRefused):
        sign_in(pool, Person("1", "2", "3", "4"))
    assert len(pool.refusals) == 6


def test_setting_up_an_authenticator_app(result):
    """The secret is shown as a key URI, verified, and only then answered."""
    pool = FakePool(
        result, [("MFA_SETUP", {"MFAS_CAN_SETUP": '["SOFTWARE_TOKEN_MFA"]'})], [CodeRefused()]
    )
    person = Person("111111", "222222")
    sign_in(pool, person)
    uri = "otpauth://totp/Bucketpass:sub-1?secret=TOTPSECRET&issuer=Bucketpass"
    assert [asked[0] for asked in person.asked] == [uri, uri]
    assert pool.said[-4:] == [
        ("associate", "session-MFA_SETUP"),
        ("verify", "session-of-association", "111111"),
        ("verify", "session-of-association", "222222"),
        ("MFA_SETUP", {"USERNAME": "sub-1"}, "session-after-verification"),
    ]


def test_choosing_a_way_and_then_going_it(result):
    """Challenges follow each other."""
    ways = '["SMS_MFA", "SOFTWARE_TOKEN_MFA"]'
    pool = FakePool(
        result, [("SELECT_MFA_TYPE", {"MFAS_CAN_CHOOSE": ways}), ("SOFTWARE_TOKEN_MFA", {})]
    )
    sign_in(pool, Person("SOFTWARE_TOKEN_MFA", "123456"))
    assert pool.said[-2][1] == {"USERNAME": "sub-1", "ANSWER": "SOFTWARE_TOKEN_MFA"}


@pytest.mark.parametrize(
    "challenge", ["CUSTOM_CHALLENGE", "NEW_PASSWORD_REQUIRED", "SMS_MFA", "MFA_SETUP", "WEB_AUTHN"]
)
def test_what_nobody_answers_ends_the_sign_in(result, challenge):
    """Unknown challenges, and known ones without a person."""
    with pytest.raises(ChallengeUnanswered):
        sign_in(FakePool(result, [(challenge, {})]))


def test_a_new_device_is_registered_and_shown_the_next_time(result, profile):
    """Its key goes with every answer from then on; forgotten by Cognito, it is left out."""
    devices = KeptSignIn(profile, MemoryStore())
    metadata = {"DeviceKey": "key", "DeviceGroupKey": "group"}
    pool = FakePool({**result, "NewDeviceMetadata": metadata})
    assert sign_in(pool, Person(), devices).device_key == "key"
    assert pool.devices == {"key": "remembered"}
    pool.result = result
    assert sign_in(pool, Person(), devices).device_key == "key"
    assert pool.said[-2][1]["DEVICE_KEY"] == pool.said[-1][1]["DEVICE_KEY"] == "key"
    pool.devices.clear()
    sign_in(pool, Person(), devices)
    assert "DEVICE_KEY" not in pool.said[-1][1]


def test_a_device_is_one_persons(profile):
    """Another user name on the same profile does not get it."""
    devices = KeptSignIn(profile, MemoryStore())
    devices.write_device(Device("alice", "key", "group", Secret("x")))
    assert devices.read_device("alice").key == "key"
    assert devices.read_device("bob") is None


def test_the_device_challenges(result, profile):
    """DEVICE_SRP_AUTH and DEVICE_PASSWORD_VERIFIER in turn."""
    devices = KeptSignIn(profile, MemoryStore())
    devices.write_device(Device("alice", "key", "group", Secret("of the device")))
    server = SrpServer("groupkey", "of the device")
    pool = FakePool(
        result,
        [
            ("DEVICE_SRP_AUTH", {}),
            ("DEVICE_PASSWORD_VERIFIER", server.challenge(USERNAME="sub-1")),
        ],
    )
    pool.devices["key"] = "remembered"
    sign_in(pool, Person(), devices)
    opening, proof = pool.said[-2][1], pool.said[-1][1]
    assert opening["USERNAME"] == "sub-1"
    assert server.accepts(opening["SRP_A"], proof)

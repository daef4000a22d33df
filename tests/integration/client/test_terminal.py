import base64
import hashlib
import hmac
import re
import struct
import time

import pytest

from bucketpass import Session
from tests.integration.client.ended import ended


def code_of_app(secret, moment=None):
    """What an authenticator app shows (RFC 6238)."""
    counter = int((time.time() if moment is None else moment) // 30)
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", counter), hashlib.sha1).digest()
    start = mac[-1] & 0x0F
    number = struct.unpack(">I", mac[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


@pytest.fixture
def admin(pool_stack):
    return pool_stack.client("cognito-idp")


@pytest.fixture
def newcomer(admin, pool_stack, request):
    """A user whom an administrator has just made, with a temporary password."""
    name = f"newcomer-{abs(hash(request.node.name)) % 10**6}"
    admin.admin_create_user(
        UserPoolId=pool_stack.outputs["UserPoolId"],
        Username=name,
        TemporaryPassword="Temporary-1234",
        MessageAction="SUPPRESS",
    )
    return name


def test_the_codes_are_those_of_the_standard():
    """RFC 6238, appendix B, truncated to six digits."""
    secret = base64.b32encode(b"12345678901234567890").decode()
    assert code_of_app(secret, 59) == "287082"
    assert code_of_app(secret, 1111111109) == "081804"


def test_a_password_is_asked_for_and_not_shown(machine):
    """Name and password one after the other, then who and where."""
    terminal = machine.terminal("login")
    terminal.expect("User name: ")
    terminal.sendline("alice")
    terminal.expect("Password: ")
    terminal.sendline(machine.password("alice"))
    terminal.expect(f"Your folder is home/{machine.stack.users['alice'].identity_id}/")
    shown = terminal.before
    assert ended(terminal) == 0
    assert "Signed in as alice." in shown
    assert machine.password("alice") not in shown


def test_a_wrong_password(machine):
    """One clear sentence, its own status, and nothing kept."""
    terminal = machine.terminal("login", "alice")
    terminal.expect("Password: ")
    terminal.sendline("not-the-password")
    terminal.expect("Incorrect username or password.")
    assert ended(terminal) == 6
    assert not machine.tokens.exists()


def test_a_new_password_has_to_be_set(machine, newcomer):
    """Twice the same; from then on it is the one that counts."""
    terminal = machine.terminal("login", newcomer)
    terminal.expect("Password: ")
    terminal.sendline("Temporary-1234")
    terminal.expect("Your password has to be changed.")
    for first, second in (("Permanent-123456", "Permanent-12345"), ("Permanent-123456",) * 2):
        terminal.expect("New password: ")
        terminal.sendline(first)
        terminal.expect("Repeat for confirmation: ")
        terminal.sendline(second)
    terminal.expect(f"Signed in as {newcomer}.")
    assert ended(terminal) == 0
    machine.done("logout")
    machine.done("login", newcomer, "--password-stdin", given="Permanent-123456\n")
    old = machine.run("login", newcomer, "--password-stdin", given="Temporary-1234\n")
    assert old.returncode == 6


def test_a_code_of_the_authenticator_app(machine, pool_stack, admin, settings):
    """A mistyped one is asked for again; three wrong ones end it with their own status."""
    user = pool_stack.add_user("careful")
    access = Session.sign_in(user.username, user.password, **settings)._kept.read().access_token
    secret = admin.associate_software_token(AccessToken=access.reveal())["SecretCode"]
    admin.verify_software_token(AccessToken=access.reveal(), UserCode=code_of_app(secret))
    wrong = f"{(int(code_of_app(secret)) + 1) % 10**6:06d}"

    terminal = machine.terminal("login", user.username)
    terminal.expect("Password: ")
    terminal.sendline(user.password)
    terminal.expect(re.escape("Code (authenticator app): "))
    terminal.sendline(wrong)
    terminal.expect("Invalid code")
    terminal.expect(re.escape("Code (authenticator app): "))
    terminal.sendline(" ".join(re.findall("...", code_of_app(secret))))
    terminal.expect("Signed in as careful.")
    assert ended(terminal) == 0

    terminal = machine.terminal("login", user.username)
    terminal.expect("Password: ")
    terminal.sendline(user.password)
    for _ in range(3):
        terminal.expect(re.escape("Code (authenticator app): "))
        terminal.sendline(wrong)
    assert ended(terminal) == 7


def test_interrupting_at_a_question(machine):
    """Ctrl-C leaves nothing behind but the status of shells."""
    terminal = machine.terminal("login", "alice")
    terminal.expect("Password: ")
    terminal.sendintr()
    assert ended(terminal) == 130
    assert not machine.tokens.exists()


def test_configure_by_url_asks_for_nothing(machine):
    """The service tells its ids, so the URL of the API is all that has to be known."""
    url = machine.stack.outputs["ApiUrl"]
    machine.done("configure", url, "--profile", "by-url")
    shown = machine.done("--profile", "by-url", "configure", "--show")
    for output in ("Region", "UserPoolId", "UserPoolClientId", "IdentityPoolId", "BucketName"):
        assert machine.stack.outputs[output] in shown
    assert machine.stack.endpoint_url in shown


def test_configure_asks_for_what_is_missing(machine):
    """On a terminal; the region follows from the answers."""
    terminal = machine.terminal("configure", "--profile", "asked")
    for question, answer in (
        ("User pool id: ", "eu-west-1_Ab12"),
        ("App client id: ", "client"),
        ("Identity pool id: ", "eu-west-1:1-2"),
        (re.escape("Bucket (empty: none): "), ""),
    ):
        terminal.expect(question)
        terminal.sendline(answer)
    terminal.expect("Wrote profile 'asked'")
    assert ended(terminal) == 0
    assert "region = eu-west-1" in machine.done("--profile", "asked", "configure", "--show")

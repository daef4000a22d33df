import base64
import re

import pytest

from bucketpass.device import Device
from bucketpass.errors import UnexpectedAnswer
from bucketpass.secret import Secret
from bucketpass.srp_proof import SrpProof, new_device_password
from tests.unit.client.srp_server import G, N, SrpServer

# Cognito: the day without a leading zero, English names, whatever the locale
STAMP = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [1-9]\d? \d\d:\d\d:\d\d UTC \d{4}")


def proof(password="right", device=None):  # noqa: S107 # a test's
    return SrpProof("eu-west-1_Pool", "client", "alice", Secret(password), device)


@pytest.mark.parametrize(("password", "accepted"), [("right", True), ("wrong", False)])
def test_the_server_accepts_the_right_password_alone(password, accepted):
    """Under the name that Cognito gives, which need not be the one that was typed."""
    server = SrpServer("Poolsub-1", "right")
    client = proof(password)
    responses = client.answer(server.challenge(USER_ID_FOR_SRP="sub-1", USERNAME="sub-1"))
    assert server.accepts(client.opening()["SRP_A"], responses) is accepted
    assert responses["USERNAME"] == "sub-1"
    assert STAMP.fullmatch(responses["TIMESTAMP"])


def test_the_private_exponent_has_256_bits():
    """As long as RFC 5054 asks for, another one each time, and what the public value is made of."""
    proofs = [proof()._srp for _ in range(4)]
    assert {srp.small_a_value.bit_length() for srp in proofs} == {256}
    assert len({srp.small_a_value for srp in proofs}) == 4
    assert all(srp.large_a_value == pow(G, srp.small_a_value, N) for srp in proofs)


def test_the_password_is_in_nothing_that_is_sent():
    """That is the point of SRP."""
    client = proof("a-password-of-note")
    server = SrpServer("Poolalice", "a-password-of-note")
    sent = {
        **client.opening(),
        **client.answer(server.challenge(USER_ID_FOR_SRP="alice", USERNAME="alice")),
    }
    assert "a-password-of-note" not in repr(sent)


def test_a_device_proves_itself_by_its_own_password():
    """The verifier that Cognito was given accepts it, and another password not."""
    password, verifier = new_device_password("group", "key")
    server = SrpServer(
        "groupkey",
        verifier=int.from_bytes(base64.b64decode(verifier["PasswordVerifier"]), "big"),
        salt=base64.b64decode(verifier["Salt"]).hex(),
    )
    for known, accepted in ((password, True), (Secret("wrong"), False)):
        client = proof(device=Device("alice", "key", "group", known))
        responses = client.device_answer(server.challenge(USERNAME="alice"))
        assert server.accepts(client.device_opening("alice")["SRP_A"], responses) is accepted
        assert responses["DEVICE_KEY"] == "key"
        assert STAMP.fullmatch(responses["TIMESTAMP"])


@pytest.mark.parametrize("public", ["0", f"{N:x}", f"{2 * N:x}", "", "xyz"])
def test_a_server_that_skips_the_password_is_refused(public):
    """B = 0 mod N makes the shared secret known to everybody (RFC 5054, section 2.5.3)."""
    challenge = {**SrpServer("x", "y").challenge(USER_ID_FOR_SRP="alice"), "SRP_B": public}
    with pytest.raises(UnexpectedAnswer):
        proof().answer(challenge)
    device = Device("alice", "key", "group", Secret("x"))
    with pytest.raises(UnexpectedAnswer):
        proof(device=device).device_answer({**challenge, "USERNAME": "alice"})


def test_a_device_that_was_never_shown_is_not_asked_for():
    """No proof without one."""
    with pytest.raises(UnexpectedAnswer):
        proof().device_answer(SrpServer("x", "y").challenge(USERNAME="alice"))

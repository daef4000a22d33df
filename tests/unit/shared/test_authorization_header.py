import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.authorization_header import read_id_token
from shared.errors import InvalidToken, MissingToken

JWT = "aaaa.bb-b._ccc"


@pytest.mark.parametrize(
    "value", [JWT, f"Bearer {JWT}", f"bearer {JWT}", f"BEARER {JWT}", f"bEaReR {JWT}"]
)
@pytest.mark.parametrize("name", ["Authorization", "authorization", "AUTHORIZATION"])
def test_the_bare_token_and_the_bearer_scheme_are_read(name, value):
    """Both forms of the contract give the token, in any case of name and scheme."""
    assert read_id_token({name: value}, None).reveal() == JWT
    assert read_id_token(None, {name: [value]}).reveal() == JWT
    assert read_id_token({name: value}, {name: [value]}).reveal() == JWT


@pytest.mark.parametrize(
    ("headers", "multi_value_headers"),
    [
        (None, None),
        ({}, {}),
        ({"Accept": "*/*"}, {"Accept": ["*/*"]}),
        ({"Authorization": ""}, {"Authorization": [""]}),
        ({"Authorization": None}, {"Authorization": None}),
        ({}, {"Authorization": []}),
    ],
)
def test_no_or_an_empty_header_is_a_missing_token(headers, multi_value_headers):
    """Nothing sent is told apart from something wrong sent."""
    with pytest.raises(MissingToken) as refusal:
        read_id_token(headers, multi_value_headers)
    assert refusal.value.code == "missing_token"
    assert refusal.value.reason == "authorization_absent"


@pytest.mark.parametrize(
    "name",
    [
        "X-Authorization",
        "X-Forwarded-Authorization",
        "X-Forwarded-User",
        "X-Amzn-Remapped-Authorization",
        "Authorization_",
        "Authorization ",
        "Proxy-Authorization",
        "Cookie",
        "Author\u0131zation",
    ],
)
def test_no_other_header_is_read(name):
    """Identity comes from Authorization alone."""
    with pytest.raises(MissingToken):
        read_id_token({name: f"Bearer {JWT}"}, {name: [f"Bearer {JWT}"]})


@pytest.mark.parametrize(
    "value",
    [
        " ",
        "Bearer",
        "Bearer ",
        f"Bearer  {JWT}",
        f"Bearer\t{JWT}",
        f"Bearer\u00a0{JWT}",
        f" Bearer {JWT}",
        f"Bearer {JWT} ",
        f"Bearer {JWT}\n",
        f"{JWT}\n",
        f"{JWT}\r\nX-Other: 1",
        f" {JWT}",
        f"\t{JWT}",
        f"Bearer Bearer {JWT}",
        f"BearerBearer {JWT}",
        f"Bearer: {JWT}",
        f"Bearer={JWT}",
        f"Bearer, {JWT}",
        f"Bearer {JWT},{JWT}",
        f"Bearer {JWT}, Bearer {JWT}",
        f"{JWT},{JWT}",
        f"{JWT} {JWT}",
        f'Bearer "{JWT}"',
        f"Bearer token={JWT}",
        f"Basic {JWT}",
        "Basic YWxpY2U6cGFzc3dvcmQ=",
        f"Digest {JWT}",
        f"DPoP {JWT}",
        f"JWT {JWT}",
        f"Token {JWT}",
        "aaaa",
        "Bearer aaaa",
        "aaaa.bbbb.cccc=",
        "aaaa.bb+b.c/cc",
        "aaaa%2ebbbb%2ecccc",
        "aaaa\u3002bbbb\uff0ecccc",
        f"{JWT}\x00",
        "a\u00e4.bb.cc",
        "aa.b\u0661.cc",
        "null",
        "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=c",
    ],
)
def test_every_other_form_is_refused(value):
    """One grammar; the rest is an invalid token, not a missing one."""
    with pytest.raises(InvalidToken) as refusal:
        read_id_token({"Authorization": value}, None)
    assert refusal.value.code == "invalid_token"
    assert refusal.value.reason == "authorization_grammar"


@pytest.mark.parametrize(
    ("headers", "multi_value_headers"),
    [
        ({}, {"Authorization": [JWT, f"{JWT}x"]}),
        ({"Authorization": JWT}, {"Authorization": [f"{JWT}x"]}),
        ({"Authorization": JWT, "authorization": f"{JWT}x"}, None),
        ({}, {"Authorization": [JWT], "AUTHORIZATION": [f"{JWT}x"]}),
        ({}, {"Authorization": [JWT, ""]}),
        ({}, {"Authorization": [JWT, f"Bearer {JWT}"]}),
    ],
)
def test_several_distinct_values_are_refused(headers, multi_value_headers):
    """Which of two values another hop looked at is unknown, so neither counts."""
    with pytest.raises(InvalidToken) as refusal:
        read_id_token(headers, multi_value_headers)
    assert refusal.value.reason == "authorization_repeated"


def test_the_same_value_twice_is_one_value():
    """API Gateway gives each header in both forms."""
    token = read_id_token({"Authorization": JWT}, {"Authorization": [JWT, JWT]})
    assert token.reveal() == JWT


@pytest.mark.parametrize("value", [1, True, {"a": JWT}, 1.5])
def test_a_value_that_is_no_text_is_refused(value):
    """A hand-made event ends in a refusal, not in a crash."""
    with pytest.raises(InvalidToken) as refusal:
        read_id_token(None, {"Authorization": [value]})
    assert refusal.value.reason == "authorization_not_text"


@pytest.mark.parametrize("value", ["." * 6_000_000, "Bearer " + "a." * 4_097])
def test_an_oversized_header_is_refused_by_its_length(value):
    """Nothing longer than a token can be is looked into."""
    with pytest.raises(InvalidToken) as refusal:
        read_id_token({"Authorization": value}, None)
    assert refusal.value.reason == "authorization_oversized"


@given(st.text())
def test_any_text_is_read_or_refused(value):
    """Whatever is read is one run of the token's own characters, and part of what was sent."""
    try:
        token = read_id_token({"Authorization": value}, None).reveal()
    except (InvalidToken, MissingToken):
        return
    assert token.isascii()
    assert not set(token) - set("-_.") - {c for c in token if c.isalnum()}
    assert value.endswith(token)

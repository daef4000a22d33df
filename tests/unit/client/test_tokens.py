import pytest

from bucketpass.errors import SignInExpired, UnexpectedAnswer
from bucketpass.tokens import from_json, to_json, tokens_of_answer, tokens_of_id_token


@pytest.fixture
def answer(make_id_token):
    return {
        "IdToken": make_id_token(),
        "AccessToken": "access",
        "RefreshToken": "refresh",
        "NewDeviceMetadata": {"DeviceKey": "key", "DeviceGroupKey": "group"},
    }


def test_what_is_kept_comes_back(answer, clock):
    """All of it, for the same pool and client."""
    tokens = tokens_of_answer(answer, clock())
    assert from_json(to_json(tokens, "pool", "client"), "pool", "client") == tokens


@pytest.mark.parametrize(("pool", "client"), [("other", "client"), ("pool", "other")])
def test_tokens_of_another_place_do_not_count(answer, clock, pool, client):
    """A profile that now points elsewhere is not signed in there."""
    text = to_json(tokens_of_answer(answer, clock()), "pool", "client")
    assert from_json(text, pool, client) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "null", '{"version": 1}'])
def test_damaged_tokens_do_not_count(text):
    """They are as good as none."""
    assert from_json(text, "pool", "client") is None


@pytest.mark.parametrize("off", [-86400.0, 0.0, 86400.0])
def test_the_end_is_counted_by_this_machines_clock(answer, clock, off):
    """A wrong clock makes a token neither immortal nor dead."""
    clock.now += off
    assert tokens_of_answer(answer, clock()).expires_at == clock.now + 3600


def test_a_refresh_keeps_what_cognito_does_not_repeat(answer, clock, make_id_token):
    """Refresh token, device and identity stay; a rotated refresh token replaces the old one."""
    tokens = tokens_of_answer(answer, clock())
    renewed = tokens.renewed_by({"IdToken": make_id_token(sub="x")}, clock.now + 10)
    assert renewed.refresh_token.reveal() == "refresh"
    assert renewed.device_key == "key"
    rotated = tokens.renewed_by({"IdToken": make_id_token(), "RefreshToken": "new"}, clock.now)
    assert rotated.refresh_token.reveal() == "new"


def test_no_token_is_in_a_repr(answer, clock):
    """Neither in the object's own nor in an error's."""
    tokens = tokens_of_answer(answer, clock())
    assert answer["IdToken"] not in repr(tokens)
    assert "refresh'" not in repr(tokens)


@pytest.mark.parametrize("answer", [{}, {"IdToken": None}, {"IdToken": "x"}, {"IdToken": "a.b.c"}])
def test_an_answer_without_an_id_token_is_refused(answer):
    """With an error that quotes nothing."""
    with pytest.raises(UnexpectedAnswer) as raised:
        tokens_of_answer(answer, 0.0)
    assert "a.b.c" not in str(raised.value)


def test_an_access_token_is_no_id_token(make_id_token):
    """The identity pool would refuse it, so it is named here."""
    with pytest.raises(UnexpectedAnswer, match="not an ID token"):
        tokens_of_id_token(make_id_token(token_use="access"), 0.0)


def test_an_id_token_alone_ends(make_id_token, clock):
    """A callable is asked each time, a text ends with its exp."""
    texts = iter([make_id_token(), make_id_token(exp=clock.now + 9000)])
    assert tokens_of_id_token(lambda: next(texts), clock.now).expires_at == clock.now + 3600
    assert tokens_of_id_token(lambda: next(texts), clock.now).expires_at == clock.now + 9000
    with pytest.raises(SignInExpired):
        tokens_of_id_token(make_id_token(), clock.now + 3600)

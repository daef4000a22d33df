from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from bucketpass.errors import NotSignedIn, SignInExpired, Throttled, UnexpectedAnswer, Unreachable
from bucketpass.kept_sign_in import KeptSignIn
from bucketpass.secret_store import FileStore, MemoryStore
from bucketpass.token_refresh import EARLY_SECONDS, FreshTokens
from bucketpass.tokens import tokens_of_answer


class FakePool:
    """Rotates the refresh token at each use and refuses an old one, or raises `error`."""

    def __init__(self, make_id_token, error=None):
        self.make_id_token = make_id_token
        self.error = error
        self.count = 0

    def refresh(self, refresh_token, device_key):
        if self.error:
            raise self.error
        if refresh_token.reveal() != f"refresh-{self.count}":
            raise SignInExpired
        self.count += 1
        return {
            "IdToken": self.make_id_token(jti=str(self.count)),
            "AccessToken": "access",
            "RefreshToken": f"refresh-{self.count}",
        }


@pytest.fixture
def first(make_id_token, clock):
    return tokens_of_answer(
        {"IdToken": make_id_token(), "AccessToken": "a", "RefreshToken": "refresh-0"}, clock.now
    )


@pytest.fixture
def kept(profile, first):
    kept = KeptSignIn(profile, MemoryStore())
    kept.write(first)
    return kept


def test_fresh_tokens_cost_no_call(kept, first, make_id_token, clock):
    """Up to the margin before their end."""
    pool = FakePool(make_id_token)
    clock.now = first.expires_at - EARLY_SECONDS - 1
    assert FreshTokens(kept, pool, clock)() == first
    assert pool.count == 0


def test_tokens_near_their_end_are_renewed_and_kept(kept, first, make_id_token, clock):
    """With the rotated refresh token, so that the next renewal works too."""
    pool = FakePool(make_id_token)
    fresh = FreshTokens(kept, pool, clock)
    for count in (1, 2):
        clock.now = kept.read().expires_at - EARLY_SECONDS
        assert fresh().refresh_token.reveal() == f"refresh-{count}"
        assert kept.read() == fresh()
    assert pool.count == 2


@pytest.mark.parametrize("error", [Unreachable(), Throttled()])
def test_a_pool_out_of_reach_is_borne_as_long_as_the_token_lives(
    kept, first, make_id_token, clock, error
):
    """The margin is for us, not for the person."""
    fresh = FreshTokens(kept, FakePool(make_id_token, error), clock)
    clock.now = first.expires_at - 1
    assert fresh() == first
    clock.now = first.expires_at
    with pytest.raises(type(error)):
        fresh()


@pytest.mark.parametrize("error", [SignInExpired(), UnexpectedAnswer()])
def test_a_refusal_is_not_borne(kept, first, make_id_token, clock, error):
    """A revoked sign-in is over at once."""
    clock.now = first.expires_at - 1
    with pytest.raises(type(error)):
        FreshTokens(kept, FakePool(make_id_token, error), clock)()


def test_nobody_signed_in_and_nothing_to_renew_with(kept, first, make_id_token, clock):
    """Two causes, two errors."""
    fresh = FreshTokens(kept, FakePool(make_id_token), clock)
    kept.write(replace(first, refresh_token=None))
    clock.now = first.expires_at
    with pytest.raises(SignInExpired):
        fresh()
    kept.remove()
    with pytest.raises(NotSignedIn):
        fresh()


def test_many_threads_share_one_renewal(profile, first, make_id_token, clock, tmp_path):
    """A second use of a rotated refresh token would be refused."""
    kept = KeptSignIn(profile, FileStore(tmp_path / "tokens"), tmp_path / "tokens")
    kept.write(first)
    clock.now = first.expires_at
    pool = FakePool(make_id_token)
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda _: FreshTokens(kept, pool, clock)(), range(40)))
    assert pool.count == 1
    assert {tokens.refresh_token.reveal() for tokens in answers} == {"refresh-1"}

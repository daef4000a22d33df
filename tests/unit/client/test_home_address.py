from dataclasses import replace

import pytest

from bucketpass.home_address import known_home_address
from bucketpass.kept_sign_in import KeptSignIn
from bucketpass.secret import Secret
from bucketpass.token_store import choose_store
from bucketpass.tokens import Tokens


@pytest.fixture
def kept(profile, make_id_token, clock):
    kept = KeptSignIn(profile, choose_store())
    kept.write(Tokens(Secret(make_id_token()), None, None, clock.now, identity_id="eu-west-1:1-2"))
    return kept


def test_the_address_of_who_is_signed_in(profile, kept):
    """Of the kept tokens, even where they have ended."""
    assert known_home_address(profile) == "s3://a-bucket/home/eu-west-1:1-2/"


def test_what_is_not_known_is_not_asked_for(profile, kept):
    """No bucket, no pool, no identity, nobody."""
    for setting in ("bucket", "client_id", "user_pool_id"):
        assert known_home_address(replace(profile, **{setting: None})) is None
    kept.write(replace(kept.read(), identity_id=None))
    assert known_home_address(profile) is None
    kept.remove()
    assert known_home_address(profile) is None

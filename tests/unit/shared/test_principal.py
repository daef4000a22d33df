"""Who is calling."""

from dataclasses import FrozenInstanceError, replace

import pytest

from shared.principal import Principal
from shared.secret import Secret

ALICE = Principal(
    issuer="https://issuer.example",
    client_id="client",
    sub="9f3c1e52-7a41-4d0e-8a59-6f2f0c6f1b7d",
    username="alice",
    groups=("editors",),
    roles=(),
    preferred_role=None,
    expires_at=1_790_000_000,
    id_token=Secret("the-raw-token"),
)


def test_the_token_does_not_show():
    """The raw token is not part of what a log line would say of a principal."""
    assert "the-raw-token" not in repr(ALICE)
    assert "id_token" not in repr(ALICE)


def test_a_fresh_token_is_the_same_principal():
    """The person is what the claims say, not which token said it."""
    assert replace(ALICE, id_token=Secret("another")) == ALICE
    assert replace(ALICE, groups=()) != ALICE


@pytest.mark.parametrize("name", ["sub", "groups", "roles", "id_token"])
def test_nobody_becomes_somebody_else(name):
    """A verified principal is never changed."""
    with pytest.raises(FrozenInstanceError):
        setattr(ALICE, name, "changed")

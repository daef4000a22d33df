from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import InvalidRequest
from shared.presigned_url import MAX_SECONDS, Lifetime, PresignedUrl, lifetime
from shared.upstream_errors import UpstreamUnavailable

NOW = 1_800_000_000.75


def expiring_in(seconds: float) -> datetime:
    return datetime.fromtimestamp(NOW + seconds, UTC)


@pytest.mark.parametrize(
    ("requested", "left", "expected"),
    [
        (60, 3000, Lifetime(60, "requested")),
        (1, 3000, Lifetime(1, "requested")),
        (3600, 5000, Lifetime(3600, "requested")),
        (3601, 5000, Lifetime(3600, "maximum")),
        (10**12, 5000, Lifetime(3600, "maximum")),
        (900, 300, Lifetime(300, "credentials")),
        (900, 300.9, Lifetime(300, "credentials")),
        (900, 1.5, Lifetime(1, "credentials")),
        (10**12, 3599, Lifetime(3599, "credentials")),
        (300, 300, Lifetime(300, "requested")),
    ],
)
def test_the_shortest_limit_wins_and_is_named(requested, left, expected):
    """The life is the least of what is asked, the maximum and what the credentials have left."""
    assert lifetime(requested, expiring_in(left), NOW) == expected


@pytest.mark.parametrize("requested", [0, -1, -(10**12)])
def test_less_than_a_second_is_not_a_request(requested):
    """An expiry below 1 s is invalid_request."""
    with pytest.raises(InvalidRequest):
        lifetime(requested, expiring_in(3000), NOW)


@pytest.mark.parametrize("left", [0.9, 0, -1, -3600])
def test_ended_credentials_sign_nothing(left):
    """Where nothing is left of the credentials the answer is 503: new ones are due."""
    with pytest.raises(UpstreamUnavailable) as refusal:
        lifetime(60, expiring_in(left), NOW)
    assert refusal.value.headers == {"Retry-After": "2"}


@given(st.integers(1, 10**6), st.floats(1, 10**5))
def test_a_url_never_outlives_any_limit(requested, left):
    """Whatever is asked, the life is at least 1 s and beyond none of the three limits."""
    life = lifetime(requested, expiring_in(left + 0.001), NOW)
    assert 1 <= life.seconds <= min(requested, MAX_SECONDS, left + 0.001)


def test_the_url_is_not_in_the_repr():
    """The URL is a capability: no log gets it by way of a repr."""
    url = PresignedUrl("https://b.example/k?X-Amz-Signature=5eed", expiring_in(1), "requested")
    assert "5eed" not in repr(url)

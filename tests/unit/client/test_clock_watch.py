from email.utils import formatdate

import pytest

from bucketpass.clock_watch import ClockWatch
from bucketpass.errors import ClockSkew, NotSignedIn, SignInRefused


def watch_at(clock, ahead):
    watch = ClockWatch(clock)
    watch.observe({"date": formatdate(clock.now - ahead, usegmt=True)})
    return watch


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (59, None),
        (-59, None),
        (90, "2 minutes ahead of"),
        (-3600, "1 hour behind"),
        (-86400 * 3, "3 days behind"),
    ],
)
def test_a_clock_that_is_visibly_wrong_is_named(clock, ahead, words):
    """With how far and in which direction."""
    notice = watch_at(clock, ahead).notice()
    assert notice is None if words is None else words in notice


@pytest.mark.parametrize("ahead", [600, -600])
def test_a_refusal_is_blamed_on_a_clock_that_explains_it(clock, ahead):
    """And the cause stays in the sentence."""
    with pytest.raises(ClockSkew, match=r"Incorrect.*10 minutes"), watch_at(clock, ahead).blamed():
        raise SignInRefused


def test_other_errors_and_right_clocks_are_left_alone(clock):
    """A wrong password with a right clock is a wrong password."""
    with pytest.raises(SignInRefused), watch_at(clock, 30).blamed():
        raise SignInRefused
    with pytest.raises(NotSignedIn), watch_at(clock, 600).blamed():
        raise NotSignedIn


@pytest.mark.parametrize("headers", [{}, {"date": ""}, {"date": "soon"}, {"date": None}])
def test_an_answer_without_a_date_tells_nothing(clock, headers):
    """No guess, no crash."""
    watch = ClockWatch(clock)
    watch.observe(headers)
    assert (watch.skew, watch.notice()) == (0.0, None)


def test_now_is_the_time_of_aws(clock):
    """Which judges when credentials end."""
    assert watch_at(clock, 600).now() == clock.now - 600

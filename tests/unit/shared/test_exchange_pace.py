"""The pause after AWS throttled: one environment does not hammer a quota that is used up."""

import math
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.errors import IdentityRefused
from shared.exchange_pace import FIRST_WINDOW_SECONDS, LONGEST_WINDOW_SECONDS, ExchangePace
from shared.upstream_errors import Throttled, UpstreamUnavailable


class Clock:
    def __init__(self):
        self.now = 1_800_000_000.0

    def __call__(self):
        return self.now


class Quota:
    """An API that answers, or throttles while `used_up`; keeps when it was asked."""

    def __init__(self, clock):
        self.clock = clock
        self.used_up = False
        self.asked = []

    def ask(self):
        self.asked.append(self.clock())
        if self.used_up:
            raise Throttled("TooManyRequestsException")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def quota(clock):
    return Quota(clock)


@pytest.fixture
def counts():
    return Counter()


@pytest.fixture
def windows():
    return []


@pytest.fixture
def pace(clock, counts, windows):
    """A pace that draws the longest pause of each window."""

    def longest(window):
        windows.append(window)
        return window

    return ExchangePace(lambda name: counts.update([name]), clock, longest)


def attempt(pace, quota):
    with pace.attempt():
        quota.ask()


def throttle(pace, quota):
    quota.used_up = True
    with pytest.raises(Throttled) as caught:
        attempt(pace, quota)
    quota.used_up = False
    return caught.value


def test_nothing_is_held_back_while_nothing_is_throttled(pace, quota, counts):
    """Any number of attempts, also at once, goes through."""
    with pace.attempt():
        for _ in range(100):
            attempt(pace, quota)
    assert len(quota.asked) == 100
    assert counts == {}


def test_a_throttle_pauses_the_environment(pace, quota, counts, clock):
    """Others are refused at once with 429 and the seconds to wait, and AWS is not asked."""
    error = throttle(pace, quota)
    assert error.headers["Retry-After"] == str(math.ceil(FIRST_WINDOW_SECONDS))
    clock.now += FIRST_WINDOW_SECONDS - 0.5
    with pytest.raises(Throttled) as caught:
        attempt(pace, quota)
    assert (caught.value.status, caught.value.code) == (429, "throttled")
    assert caught.value.headers["Retry-After"] == "1"
    assert len(quota.asked) == 1
    assert counts == {"Throttle": 1, "ExchangeRefused": 1}


def test_after_the_pause_all_is_as_before(pace, quota, clock):
    """One success ends it, for any number of attempts."""
    throttle(pace, quota)
    clock.now += FIRST_WINDOW_SECONDS
    for _ in range(10):
        attempt(pace, quota)
    assert len(quota.asked) == 11


def test_one_attempt_finds_out_whether_it_is_over(pace, quota, clock):
    """While it is under way the others are refused; when it fails, the next pause begins."""
    throttle(pace, quota)
    clock.now += FIRST_WINDOW_SECONDS

    def find_out():
        with pace.attempt():
            with pytest.raises(Throttled) as other:
                attempt(pace, quota)
            assert other.value.headers["Retry-After"] == "1"
            raise Throttled("still")

    with pytest.raises(Throttled, match="still"):
        find_out()
    with pytest.raises(Throttled):
        attempt(pace, quota)
    assert len(quota.asked) == 1


@pytest.mark.parametrize("error", [IdentityRefused, UpstreamUnavailable, KeyboardInterrupt])
def test_an_attempt_that_ends_otherwise_decides_nothing(pace, quota, clock, error):
    """Another outcome neither ends nor prolongs the pause, and another may find out."""
    throttle(pace, quota)
    clock.now += FIRST_WINDOW_SECONDS
    with pytest.raises(error), pace.attempt():
        raise error("something else")
    attempt(pace, quota)
    assert len(quota.asked) == 2


def test_the_window_doubles_up_to_a_bound_and_begins_anew(pace, quota, clock, windows):
    """2, 4, 8, 16, 30, 30 seconds; after a success 2 again."""
    for _ in range(6):
        throttle(pace, quota)
        clock.now += LONGEST_WINDOW_SECONDS
    attempt(pace, quota)
    throttle(pace, quota)
    assert windows == [2, 4, 8, 16, 30, 30, 2]


def test_throttles_of_one_burst_count_once(pace, quota, windows):
    """What was under way when the pause began neither prolongs nor ends it."""

    def fail_with_the_others():
        with pace.attempt():
            throttle(pace, quota)
            raise Throttled("the same burst")

    # The outer one succeeds, but AWS took it before it throttled.
    with pace.attempt(), pytest.raises(Throttled, match="the same burst"):
        fail_with_the_others()
    assert windows == [2]
    with pytest.raises(Throttled):
        attempt(pace, quota)


def test_the_pause_is_drawn_from_the_whole_window(clock, quota):
    """Full jitter: environments that were throttled together do not come back together."""
    left = set()
    for _ in range(200):
        pace = ExchangePace(lambda _: None, clock)
        throttle(pace, quota)
        left.add(round(pace._left(), 2))
    assert all(0 <= pause <= FIRST_WINDOW_SECONDS for pause in left)
    assert min(left) < 0.2
    assert max(left) > FIRST_WINDOW_SECONDS - 0.2


def test_a_clock_that_is_set_back_does_not_prolong_the_pause(pace, quota, clock):
    """A pause is never longer than its longest window."""
    throttle(pace, quota)
    clock.now -= 3_600
    attempt(pace, quota)
    assert len(quota.asked) == 2


def test_a_used_up_quota_is_asked_far_less_often_than_we_are(pace, quota, clock):
    """Ten requests a second for ten minutes cost a throttled API some twenty calls."""
    quota.used_up = True
    for _ in range(6_000):
        with pytest.raises(Throttled):
            attempt(pace, quota)
        clock.now += 0.1
    assert 20 <= len(quota.asked) <= 26


def test_threads_find_out_one_at_a_time(clock, counts):
    """Of 64 threads that come after the pause only one asks AWS at any moment."""
    pace = ExchangePace(lambda name: counts.update([name]), clock, lambda window: window)
    with pytest.raises(Throttled), pace.attempt():
        raise Throttled("now")
    clock.now += FIRST_WINDOW_SECONDS
    refused = threading.Semaphore(0)

    def work(_number):
        try:
            with pace.attempt():
                # Hold on until all the others have been refused.
                assert all(refused.acquire(timeout=60) for _ in range(63))
        except Throttled:
            refused.release()
            return "refused"
        return "asked"

    with ThreadPoolExecutor(64) as threads:
        outcomes = Counter(threads.map(work, range(64)))
    assert outcomes == {"asked": 1, "refused": 63}

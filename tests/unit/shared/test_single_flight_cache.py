"""The cache of credentials and identity ids."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from shared.deadline import deadline
from shared.errors import BucketpassError, IdentityRefused
from shared.single_flight_cache import SingleFlightCache
from shared.upstream_errors import DeadlineExceeded


class Clock:
    def __init__(self):
        self.now = 1_000.0

    def __call__(self):
        return self.now


class Loader:
    """Counts its calls; can be held back until `go` is set."""

    def __init__(self, value="value", expires_at=2_000.0, error=None):
        self.outcome = (value, expires_at)
        self.error = error
        self.calls = 0
        self.started = threading.Event()
        self.go = threading.Event()
        self.go.set()

    def __call__(self):
        self.calls += 1
        self.started.set()
        assert self.go.wait(10)
        if self.error:
            raise self.error
        return self.outcome


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def cache(clock):
    return SingleFlightCache(3, clock)


def waiting(cache, key, count):
    """Whether `count` others wait for the flight of `key`."""
    return len(cache._flights[key]._done._cond._waiters) == count


def all_join(cache, key, count):
    for _ in range(100_000):
        if waiting(cache, key, count):
            return
        threading.Event().wait(0.0005)
    pytest.fail("the followers never waited")


def test_an_entry_that_is_no_more_good_is_loaded_anew(cache):
    """The one who asks judges the entry; what was loaded anew serves the next one."""
    old, new = Loader("old"), Loader("new")
    cache.get("k", old)
    assert cache.get("k", new, lambda held: held == "old") == "old"
    assert cache.get("k", new, lambda held: held != "old") == "new"
    assert cache.get("k", new) == "new"
    assert (old.calls, new.calls) == (1, 1)


def test_what_was_just_loaded_is_given_whatever_it_is(cache):
    """A load answers also where its value would not be good enough: it is not repeated."""
    load = Loader("short")
    assert cache.get("k", load, lambda _: False) == "short"
    assert load.calls == 1


def test_an_entry_is_loaded_once(cache):
    """The second who asks gets what the first loaded."""
    load = Loader()
    assert [cache.get("a", load), cache.get("a", load)] == ["value", "value"]
    assert load.calls == 1


def test_keys_do_not_share(cache):
    """Each key has its own entry."""
    assert cache.get("a", Loader("of a")) == "of a"
    assert cache.get("b", Loader("of b")) == "of b"
    assert cache.get("a", Loader("other")) == "of a"


def test_an_entry_is_dropped_at_its_expiry(cache, clock):
    """It serves until the second before, and never from its expiry on."""
    cache.get("a", Loader("old", 2_000))
    clock.now = 1_999.9
    assert cache.get("a", Loader("new", 3_000)) == "old"
    clock.now = 2_000
    assert cache.get("a", Loader("new", 3_000)) == "new"


def test_a_thawed_environment_does_not_serve_what_expired_meanwhile(cache, clock):
    """The clock is read at each use, so a jump of hours is seen at once."""
    cache.get("a", Loader("before the freeze", 2_000))
    clock.now += 40 * 60
    assert cache.get("a", Loader("after the thaw", 9_000)) == "after the thaw"


def test_what_is_expired_on_arrival_is_given_but_not_kept(cache):
    """A value without a future serves its own request alone."""
    load = Loader("short", 1_000)
    assert cache.get("a", load) == "short"
    assert len(cache) == 0
    cache.get("a", load)
    assert load.calls == 2


def test_the_least_recently_used_entry_leaves_first(cache):
    """The cache stays within its capacity and keeps what is in use."""
    for key in "abc":
        cache.get(key, Loader(key))
    cache.get("a", Loader())
    cache.get("d", Loader("d"))
    assert len(cache) == 3
    untouched, reloaded = Loader(), Loader("b again")
    assert cache.get("a", untouched) == "a"
    assert cache.get("b", reloaded) == "b again"
    assert (untouched.calls, reloaded.calls) == (0, 1)


def test_an_error_is_not_kept(cache):
    """Who asks after a failed load gets a load of their own."""
    with pytest.raises(IdentityRefused):
        cache.get("a", Loader(error=IdentityRefused("no")))
    assert len(cache) == 0
    assert cache.get("a", Loader("now")) == "now"


def test_forget_drops_the_value_and_only_that_value(cache):
    """A newer value, loaded by somebody else meanwhile, stays."""
    cache.get("a", Loader("old"))
    cache.forget("a", "other")
    assert cache.get("a", Loader("new")) == "old"
    cache.forget("a", "old")
    assert cache.get("a", Loader("new")) == "new"
    cache.forget("absent", "value")


def test_what_is_not_good_enough_outlives_a_failed_load(cache):
    """Who wants more gets the error; who is content with what is there still has it."""
    cache.get("k", Loader("old"))
    with pytest.raises(IdentityRefused):
        cache.get("k", Loader(error=IdentityRefused("no")), lambda _: False)
    assert cache.get("k", Loader("new")) == "old"


def test_forget_all_drops_what_belongs(cache):
    """Every entry of the condition, and no other."""
    for key in ("a1", "a2", "b1"):
        cache.get(key, Loader(key))
    cache.forget_all(lambda key: key.startswith("a"))
    assert [cache.get(key, Loader("new")) for key in ("a1", "a2", "b1")] == ["new", "new", "b1"]


@pytest.mark.parametrize("error", [None, IdentityRefused("no")])
def test_what_is_loading_while_it_is_forgotten_is_not_kept(cache, error):
    """Its waiters get the outcome; who asks afterwards loads anew, and only that is kept."""
    old, new = Loader("old", error=error), Loader("new")
    old.go.clear()
    with ThreadPoolExecutor() as threads:
        leader = threads.submit(cache.get, "k", old)
        assert old.started.wait(10)
        cache.forget_all(lambda _: True)
        assert cache.get("k", new) == "new"
        old.go.set()
        assert leader.exception(10) is error
        assert error or leader.result() == "old"
    assert cache.get("k", Loader("other")) == "new"
    assert cache._flights == {}


def test_one_load_serves_all_who_ask_together(cache):
    """Twenty at once cause one load."""
    load = Loader("shared")
    load.go.clear()
    with ThreadPoolExecutor(20) as threads:
        asked = [threads.submit(cache.get, "a", load) for _ in range(20)]
        all_join(cache, "a", 19)
        load.go.set()
    assert [future.result() for future in asked] == ["shared"] * 20
    assert load.calls == 1


def test_one_flight_does_not_hold_up_another_key(cache):
    """A slow load of one person is no queue for everybody."""
    slow = Loader("slow")
    slow.go.clear()
    with ThreadPoolExecutor(1) as threads:
        future = threads.submit(cache.get, "a", slow)
        assert slow.started.wait(10)
        assert cache.get("b", Loader("quick")) == "quick"
        slow.go.set()
        assert future.result() == "slow"


def test_the_error_of_a_flight_reaches_its_followers_and_nobody_later(cache):
    """Those who waited share the outcome; the next one loads anew."""
    load = Loader(error=IdentityRefused("no"))
    load.go.clear()
    with ThreadPoolExecutor(5) as threads:
        asked = [threads.submit(cache.get, "a", load) for _ in range(5)]
        all_join(cache, "a", 4)
        load.go.set()
    assert [type(future.exception()) for future in asked] == [IdentityRefused] * 5
    assert load.calls == 1
    assert cache.get("a", Loader("fine")) == "fine"


def test_the_interruption_of_a_leader_is_an_error_and_no_interruption_to_followers(cache):
    """SystemExit in one thread ends that thread alone, and the key is not blocked."""
    load = Loader(error=SystemExit())
    load.go.clear()
    with ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(cache.get, "a", load) for _ in range(2)]
        all_join(cache, "a", 1)
        load.go.set()
    assert {type(future.exception()) for future in asked} == {SystemExit, BucketpassError}
    assert cache.get("a", Loader("fine")) == "fine"


def test_a_follower_waits_no_longer_than_its_own_deadline(cache):
    """The leader's slowness ends as the follower's 504."""
    load = Loader("late")
    load.go.clear()
    with ThreadPoolExecutor(1) as threads:
        future = threads.submit(cache.get, "a", load)
        assert load.started.wait(10)
        begin = time.monotonic()
        with deadline(0.01), pytest.raises(DeadlineExceeded):
            cache.get("a", Loader())
        assert time.monotonic() - begin < 1
        load.go.set()
        assert future.result() == "late"


class AgainstModel(RuleBasedStateMachine):
    """Any order of gets, errors, forgets and passing time, against a plain dictionary."""

    keys = st.sampled_from("abcdef")

    def __init__(self):
        super().__init__()
        self.clock = Clock()
        self.cache = SingleFlightCache(4, self.clock)
        self.model = {}
        self.serial = 0

    @rule(key=keys, life=st.integers(0, 50), fails=st.booleans())
    def get(self, key, life, fails):
        self.serial += 1
        fresh = (f"{key}{self.serial}", self.clock.now + life)
        load = Loader(*fresh, error=IdentityRefused("no") if fails else None)
        try:
            value = self.cache.get(key, load)
        except IdentityRefused:
            assert fails
            value = None
        kept = self.model.pop(key, None)
        if load.calls == 0:
            assert kept is not None
            assert value == kept[0]
            assert self.clock.now < kept[1]
            self.model[key] = kept
        elif not fails:
            assert kept is None or self.clock.now >= kept[1]
            assert value == fresh[0]
            self.keep(key, fresh)

    def keep(self, key, entry):
        if self.clock.now < entry[1]:
            self.model[key] = entry
        if len(self.model) > 4:
            del self.model[next(iter(self.model))]

    @rule(key=keys)
    def forget(self, key):
        if key in self.model:
            self.cache.forget(key, self.model.pop(key)[0])

    @rule(seconds=st.integers(0, 60))
    def pass_time(self, seconds):
        self.clock.now += seconds

    @invariant()
    def bounded(self):
        assert len(self.cache) == len(self.model) <= 4


TestAgainstModel = AgainstModel.TestCase
TestAgainstModel.settings = settings(max_examples=50, stateful_step_count=30)

"""The deadline of a request."""

import threading

import pytest

from shared.deadline import deadline, remaining, require
from shared.upstream_errors import DeadlineExceeded


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_nothing_is_bounded_without_a_deadline():
    """Start-up work, which has no request, passes."""
    assert remaining() is None
    require(10_000)


def test_remaining_counts_down_to_zero_and_not_below(clock):
    """`remaining` is what is left now, never negative."""
    with deadline(25, clock):
        assert remaining() == 25
        clock.now += 10
        assert remaining() == 15
        clock.now += 100
        assert remaining() == 0


def test_work_that_does_not_fit_is_refused(clock):
    """`require` passes up to the last second and then raises `deadline`."""
    with deadline(10, clock):
        require(10)
        clock.now += 0.001
        with pytest.raises(DeadlineExceeded) as caught:
            require(10)
    assert (caught.value.status, caught.value.code) == (504, "deadline")


def test_an_inner_deadline_shortens(clock):
    """A part of the work can be given less, and the outer deadline returns after it."""
    with deadline(25, clock):
        with deadline(5, clock):
            assert remaining() == 5
        assert remaining() == 25


def test_an_inner_deadline_never_extends(clock):
    """Nobody can grant themselves more time than the request has."""
    with deadline(5, clock), deadline(25, clock):
        assert remaining() == 5


def test_the_deadline_ends_with_its_block(clock):
    """The next request in the same environment starts without it, after an error as well."""
    with pytest.raises(ZeroDivisionError), deadline(5, clock):
        raise ZeroDivisionError
    assert remaining() is None


def test_another_thread_has_no_deadline(clock):
    """The deadline belongs to the context that set it."""
    seen = []
    with deadline(5, clock):
        thread = threading.Thread(target=lambda: seen.append(remaining()))
        thread.start()
        thread.join()
    assert seen == [None]

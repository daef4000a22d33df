import threading

import pytest

from shared.batch import WORKERS, outcomes
from shared.deadline import deadline, remaining
from shared.errors import AccessDenied
from shared.object_errors import NoSuchKey


@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_outcomes_keep_the_order(count):
    """Each item has its answer or its error, in the order of the items."""
    refused = AccessDenied("no")

    def work(item):
        if item % 3 == 1:
            raise refused
        return item * 10

    expected = [refused if item % 3 == 1 else item * 10 for item in range(count)]
    assert outcomes(work, range(count)) == expected


def test_the_work_is_done_side_by_side():
    """Up to 8 items are under way at once: that many wait for each other without an end."""
    together = threading.Barrier(WORKERS, timeout=60)
    assert outcomes(lambda item: together.wait() >= 0, range(WORKERS)) == [True] * WORKERS


def test_the_work_has_the_deadline_of_the_caller():
    """Threads inherit nothing by themselves; the deadline holds in them none the less."""
    with deadline(10, clock=lambda: 5.0):
        assert outcomes(lambda item: remaining(), range(3)) == [10.0] * 3
    assert outcomes(lambda item: remaining(), range(3)) == [None] * 3


@pytest.mark.parametrize("count", [1, 5])
def test_another_error_is_no_outcome(count):
    """A mistake of ours is not taken for a refusal of the item."""

    def work(item):
        raise NoSuchKey("first") if item else KeyError("mistake")

    with pytest.raises(KeyError):
        outcomes(work, range(count))

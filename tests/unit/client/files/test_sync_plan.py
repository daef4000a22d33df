import pytest

from bucketpass.files.sync_plan import FileState, SyncPlan, Verdict, compare, plan_sync


@pytest.mark.parametrize(
    ("here", "there", "up", "down"),
    [
        (FileState(1, 10), FileState(2, 10), Verdict.CHANGED, Verdict.CHANGED),
        (FileState(1, 10), FileState(1, 10), Verdict.SAME, Verdict.SAME),
        (FileState(1, 10.4), FileState(1, 10), Verdict.UNSURE, Verdict.UNSURE),
        (FileState(1, 10), FileState(1, 10.4), Verdict.SAME, Verdict.SAME),
        (FileState(1, 9), FileState(1, 10), Verdict.SAME, Verdict.UNSURE),
        (FileState(1, 11), FileState(1, 10), Verdict.UNSURE, Verdict.UNSURE),
        (FileState(0, 5), FileState(0, 10), Verdict.SAME, Verdict.UNSURE),
    ],
)
def test_size_and_times_decide_only_where_they_can(here, there, up, down):
    """An object older than the file may be outdated; a download bears the object's time."""
    assert (compare(here, there, "up"), compare(here, there, "down")) == (up, down)


HERE = {"both": FileState(1, 11), "old": FileState(1, 1), "here": FileState(1, 1)}
THERE = {"both": FileState(1, 10), "old": FileState(2, 1), "there": FileState(1, 1)}


@pytest.mark.parametrize(
    ("direction", "same", "plan"),
    [
        ("up", True, SyncPlan(("here", "old"), ("there",))),
        ("up", False, SyncPlan(("both", "here", "old"), ("there",))),
        ("down", True, SyncPlan(("old", "there"), ("here",))),
        ("down", False, SyncPlan(("both", "old", "there"), ("here",))),
    ],
)
def test_the_target_gets_what_it_lacks_and_keeps_what_is_left_over(direction, same, plan):
    """What is unsure is read; what is certain is not."""
    asked = []
    assert plan_sync(HERE, THERE, direction, lambda name: not asked.append(name) and same) == plan
    assert asked == ["both"]


def test_reading_everything():
    """With equal sizes the content decides, whatever the times say."""
    here, there = {"a": FileState(1, 1)}, {"a": FileState(1, 10)}
    assert plan_sync(here, there, "up", lambda _: False).transfer == ()
    assert plan_sync(here, there, "up", lambda _: False, read_all=True).transfer == ("a",)


def test_nothing_on_either_side():
    """An empty source leaves all of the target over: that is why --delete asks."""
    assert plan_sync({}, THERE, "up", bool) == SyncPlan((), ("both", "old", "there"))
    assert plan_sync({}, {}, "down", bool) == SyncPlan((), ())

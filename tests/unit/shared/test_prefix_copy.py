import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.copy_cursor import CopyPosition
from shared.errors import AccessDenied, InvalidKey, InvalidRequest
from shared.object_copy import CopiedObject, CopyRequest, CopySizes, ObjectCopy
from shared.object_errors import Conflict, PreconditionFailed
from shared.object_store import ObjectStore
from shared.part_copy import UnfinishedCopy
from shared.prefix_copy import PrefixPair, copy_page
from shared.upstream_errors import DeadlineExceeded
from tests.unit.shared.fake_bucket import FakeBucket
from tests.unit.shared.s3_stub import BUCKET, client_error, credentials

PAIR = PrefixPair("from/", "to/")
COPY = CopyRequest("", "")
MOVE = CopyRequest("", "", move=True)
WHERE_ABSENT = CopyRequest("", "", if_absent=True)


@pytest.fixture
def bucket():
    bucket = FakeBucket()
    for name in "abcdef":
        bucket.put(f"from/{name}", name.encode())
    bucket.put("from-beside", b"x")
    return bucket


@pytest.fixture
def page(bucket):
    copying = ObjectCopy(ObjectStore(bucket, BUCKET, credentials("alice")), CopySizes(100, 10))

    def call(position=None, *, kind=MOVE, limit=2, pair=PAIR):
        return copy_page(copying, pair, kind, limit, position or CopyPosition())

    return call


def sources(copied):
    return [request.source for request, _ in copied.items]


def late_after(count):
    left = [count]

    def fail():
        left[0] -= 1
        if left[0] < 0:
            raise DeadlineExceeded("late")

    return fail


@pytest.mark.parametrize("kind", [COPY, MOVE])
def test_pages_make_up_the_whole(bucket, page, kind):
    """Each object below the prefix is copied once, in order, and nothing beside it."""
    position, seen = None, []
    while True:
        copied = page(position, kind=kind, limit=4)
        seen += sources(copied)
        if copied.next_position is None:
            break
        position = CopyPosition.from_token(copied.next_position.to_token())
    assert seen == [f"from/{name}" for name in "abcdef"]
    assert [bucket.body(f"to/{name}") for name in "abcdef"] == [n.encode() for n in "abcdef"]
    assert bucket.body("from-beside") == b"x"
    assert (bucket.body("from/a") is None) == kind.move


def test_an_empty_prefix_is_done(page):
    """Nothing below the prefix: no items, no further page."""
    copied = page(pair=PrefixPair("empty/", "to/"))
    assert (copied.items, copied.next_position) == ((), None)


def test_a_break_in_the_middle_loses_nothing(bucket, page):
    """What the time did not allow is not told as failed: the next page begins with it."""
    bucket.before["copy_object"] = late_after(3)
    copied = page(limit=6)
    assert len(copied.items) == 3
    done = set(sources(copied))
    bucket.before.clear()
    rest = page(copied.next_position, limit=6)
    assert rest.next_position is None
    assert done | set(sources(rest)) == {f"from/{name}" for name in "abcdef"}
    assert [bucket.body(f"to/{name}") for name in "abcdef"] == [n.encode() for n in "abcdef"]
    assert bucket.keys() == ["from-beside", *(f"to/{name}" for name in "abcdef")]


def test_a_page_without_any_time_is_an_error(bucket, page):
    """A page that could do nothing says so; to repeat it is safe."""
    bucket.before["copy_object"] = late_after(0)
    with pytest.raises(DeadlineExceeded):
        page()
    assert bucket.body("from/a") == b"a"


def test_an_object_that_cannot_be_copied_is_passed_by(bucket, page):
    """A refused object stays, the others go on, and the cursor with them."""
    bucket.forbidden = {"from/b"}
    copied = page(limit=3)
    (_, a), (_, b), (_, c) = copied.items
    assert isinstance(a, CopiedObject)
    assert isinstance(b, AccessDenied)
    assert isinstance(c, CopiedObject)
    assert copied.next_position == CopyPosition("from/c")
    assert bucket.body("from/b") == b"b"


def test_a_source_that_changed_stays_and_is_told(bucket, page):
    """A move of a prefix deletes nothing that was written meanwhile."""

    def write():
        bucket.put("from/a", b"new")

    bucket.before["delete_object"] = write
    ((_, outcome),) = page(limit=1).items
    assert type(outcome.left) is Conflict
    assert bucket.body("from/a") == b"new"


def test_a_large_object_goes_on_with_the_page(bucket, page):
    """In the middle of a large object the cursor holds its upload, and nothing is copied twice."""
    bucket.put("from/b", bytes(range(200)))
    bucket.before["upload_part_copy"] = late_after(8)
    copied = page(limit=3)
    assert sources(copied) == ["from/a", "from/b", "from/c"]
    assert isinstance(copied.items[1][1], UnfinishedCopy)
    position = CopyPosition.from_token(copied.next_position.to_token())
    assert position.after == "from/a"
    bucket.before.clear()
    bucket.calls.clear()
    copied = page(position, limit=3)
    assert sources(copied)[0] == "from/b"
    assert len(bucket.called("upload_part_copy")) == 12
    assert bucket.body("to/b") == bytes(range(200))
    assert bucket.body("from/b") is None
    assert bucket.uploads == {}


def test_an_upload_is_not_continued_with_another_object(bucket, page):
    """Where the large object is gone, the page goes on with the next one."""
    bucket.put("from/a", bytes(range(200)))
    bucket.before["upload_part_copy"] = late_after(8)
    position = page(limit=1).next_position
    bucket.before.clear()
    bucket._mark("from/a")
    copied = page(position, limit=1)
    assert sources(copied) == ["from/b"]
    assert bucket.body("to/b") == b"b"


def test_a_key_that_would_be_too_long_is_a_problem_of_its_own(bucket, page):
    """1,024 bytes for the copy's key pass, one more does not; the object stays."""
    pair = PrefixPair("long/", "to-somewhere/")
    fits = "long/" + "x" * (1024 - len("to-somewhere/"))
    for key in (fits, f"{fits}x"):
        bucket.put(key)
    copied = page(pair=pair)
    assert isinstance(copied.items[0][1], CopiedObject)
    assert isinstance(copied.items[1][1], InvalidKey)
    assert bucket.body(f"{fits}x") is not None
    assert bucket.body(fits) is None


def test_a_refused_listing_is_raised(bucket, page):
    """Whoever may not list the prefix learns nothing."""

    def refuse():
        raise client_error(403, "AccessDenied")

    bucket.before["list_objects_v2"] = refuse
    with pytest.raises(AccessDenied):
        page()


@pytest.mark.parametrize(
    ("source", "to"), [("a/", "a/"), ("a/", "a/b/"), ("a/b/", "a/"), ("a/b/c/", "a/")]
)
def test_prefixes_that_contain_each_other_are_refused(source, to):
    """A copy into its own source would never end."""
    with pytest.raises(InvalidRequest):
        PrefixPair(source, to)


segments = st.text(st.characters(exclude_characters="/"), min_size=1, max_size=3)
prefixes = st.lists(segments, min_size=1, max_size=3).map(lambda parts: "/".join(parts) + "/")


@given(prefixes, prefixes, st.text(max_size=5))
def test_the_key_of_a_copy_is_below_the_target(source, to, rest):
    """A copy lies below the target, under the rest of its key, and never below the source."""
    try:
        pair = PrefixPair(source, to)
    except InvalidRequest:
        assert source.startswith(to) or to.startswith(source)
        return
    key = pair.key_of_copy(source + rest)
    assert key == to + rest
    assert not key.startswith(source)


def fail_for(bucket, key):
    """Make the time run out for the copy of this key alone, until the returned function."""
    copy_object = bucket.copy_object

    def fails(**request):
        if request["CopySource"]["Key"] == key:
            raise DeadlineExceeded("late")
        return copy_object(**request)

    bucket.copy_object = fails
    return lambda: setattr(bucket, "copy_object", copy_object)


@pytest.mark.parametrize("move", [False, True])
def test_a_resumed_page_does_not_meet_its_own_copies(bucket, page, move):
    """With `if_absent` nothing behind a late object is copied, so that nothing is in the way."""
    kind = CopyRequest("", "", move=move, if_absent=True)
    in_time = fail_for(bucket, "from/b")
    first = page(kind=kind, limit=4)
    assert sources(first) == ["from/a"]
    in_time()
    second = page(first.next_position, kind=kind, limit=6)
    assert sources(second) == [f"from/{name}" for name in "bcdef"]
    assert {type(outcome) for _, outcome in (*first.items, *second.items)} == {CopiedObject}
    assert [len(bucket.versions[f"to/{name}"]) for name in "abcdef"] == [1] * 6


def test_nothing_is_copied_behind_an_unfinished_object(bucket, page):
    """With `if_absent` the page ends with the unfinished one, and goes on with it."""
    bucket.put("from/b", bytes(range(200)))
    bucket.before["upload_part_copy"] = late_after(8)
    first = page(kind=WHERE_ABSENT, limit=3)
    assert sources(first) == ["from/a", "from/b"]
    assert isinstance(first.items[1][1], UnfinishedCopy)
    bucket.before.clear()
    second = page(
        CopyPosition.from_token(first.next_position.to_token()), kind=WHERE_ABSENT, limit=3
    )
    assert sources(second) == ["from/b", "from/c", "from/d"]
    assert all(isinstance(outcome, CopiedObject) for _, outcome in second.items)
    assert bucket.body("to/b") == bytes(range(200))


def test_what_is_in_the_way_is_told_and_passed_by(bucket, page):
    """An object that somebody else put there is 412, stays, and the page goes on behind it."""
    bucket.put("to/b", b"other")
    copied = page(kind=WHERE_ABSENT, limit=6)
    assert sources(copied) == [f"from/{name}" for name in "abcdef"]
    refused = [request.source for request, o in copied.items if isinstance(o, PreconditionFailed)]
    assert refused == ["from/b"]
    assert bucket.body("to/b") == b"other"


def test_a_copy_behind_a_late_one_is_left_to_the_next_page(bucket, page):
    """Each copy is told once: the next page copies it again and tells it."""
    in_time = fail_for(bucket, "from/b")
    first = page(kind=COPY, limit=4)
    assert sources(first) == ["from/a"]
    in_time()
    assert sources(page(first.next_position, kind=COPY, limit=6)) == [
        f"from/{name}" for name in "bcdef"
    ]


def test_a_move_behind_a_late_one_is_told_now(bucket, page):
    """Its source is gone, so that no later page would tell it."""
    in_time = fail_for(bucket, "from/a")
    first = page(limit=3)
    assert sources(first) == ["from/b", "from/c"]
    assert first.next_position == CopyPosition()
    in_time()
    assert sources(page(first.next_position, limit=6)) == [f"from/{name}" for name in "adef"]


def test_a_failure_behind_a_late_one_is_left_to_the_next_page(bucket, page):
    """It would be told twice."""
    bucket.forbidden = {"from/c"}
    in_time = fail_for(bucket, "from/b")
    first = page(limit=4)
    assert sources(first) == ["from/a", "from/d"]
    in_time()
    assert sources(page(first.next_position, limit=6)) == [f"from/{name}" for name in "bcef"]

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import InvalidRequest
from shared.object_errors import TooLarge
from shared.part_plan import (
    MAX_OBJECT_BYTES,
    MAX_PARTS,
    MEBIBYTE,
    MIN_PART_BYTES,
    PartPlan,
    plan_parts,
)

sizes = st.integers(0, MAX_OBJECT_BYTES)


@given(sizes)
def test_every_plan_is_one_that_s3_takes(size):
    """Parts of whole mebibytes, at least 8 MiB and at most 5 GiB, at most 10,000 of them."""
    plan = plan_parts(size)
    assert plan.part_size % MEBIBYTE == 0
    assert MIN_PART_BYTES <= plan.part_size <= 5 * 1024**3
    assert 1 <= plan.count <= MAX_PARTS


@given(sizes)
def test_the_parts_make_up_the_object(size):
    """All parts but the last are of the part size, and the last has what is left."""
    plan = plan_parts(size)
    last = plan.size_of(plan.count)
    assert plan.size_of(1) == min(size, plan.part_size)
    assert plan.part_size * (plan.count - 1) + last == size
    assert last <= plan.part_size
    assert (last > 0) == (size > 0)


@pytest.mark.parametrize(
    ("size", "part_size", "count"),
    [
        (0, 8 * MEBIBYTE, 1),
        (1, 8 * MEBIBYTE, 1),
        (8 * MEBIBYTE, 8 * MEBIBYTE, 1),
        (8 * MEBIBYTE + 1, 8 * MEBIBYTE, 2),
        (80_000 * MEBIBYTE, 8 * MEBIBYTE, 10_000),
        (80_000 * MEBIBYTE + 1, 9 * MEBIBYTE, 8_889),
        (MAX_OBJECT_BYTES, 525 * MEBIBYTE, 9_987),
    ],
)
def test_part_sizes_at_the_edges(size, part_size, count):
    """The part size grows only where 10,000 parts would not do."""
    plan = plan_parts(size)
    assert (plan.part_size, plan.count) == (part_size, count)


def test_more_than_5_tib_is_too_large():
    """One byte more than the largest object is 413."""
    with pytest.raises(TooLarge):
        plan_parts(MAX_OBJECT_BYTES + 1)


@pytest.mark.parametrize("number", [-1, 0, 4, 10_001])
def test_a_part_that_the_object_has_not_is_refused(number):
    """Numbers run from 1 to the count of the plan."""
    plan = PartPlan(size=25, part_size=10)
    assert [plan.size_of(each) for each in (1, 2, 3)] == [10, 10, 5]
    with pytest.raises(InvalidRequest) as refused:
        plan.size_of(number)
    assert refused.value.detail == "The object has the parts 1 to 3."

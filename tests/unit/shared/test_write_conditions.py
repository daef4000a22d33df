import pytest

from shared.errors import InvalidRequest
from shared.write_conditions import (
    UNCONDITIONAL,
    WriteConditions,
    condition_of_delete,
    conditions_of_put,
)


def test_no_header_is_no_condition():
    """Without the headers a change is unconditional."""
    assert conditions_of_put(None, None) == condition_of_delete(None) == UNCONDITIONAL


@pytest.mark.parametrize("value", ["*", " * "])
def test_if_none_match_asks_that_there_is_no_object(value):
    """`If-None-Match: *` is the one form that S3 weighs when it writes."""
    assert conditions_of_put(None, value) == WriteConditions(if_absent=True)


@pytest.mark.parametrize("tag", ['"9e107d9d372bb6826bd81d3542a419d6"', '"x-12"', '""', ' "a" '])
def test_one_entity_tag_is_passed_on(tag):
    """If-Match keeps its quotes, and loses the blanks around them."""
    assert conditions_of_put(tag, None) == WriteConditions(if_match=tag.strip())
    assert condition_of_delete(tag) == WriteConditions(if_match=tag.strip())


def test_a_deletion_may_ask_for_any_object():
    """`If-Match: *` of a DELETE asks that there is an object."""
    assert condition_of_delete("*") == WriteConditions(if_match="*")


@pytest.mark.parametrize("tag", ["", "a", '"a', 'a"', 'W/"a"', '"a", "b"', '"a b"', '"a"b"', '"ä"'])
def test_what_s3_would_not_weigh_is_refused(tag):
    """Lists, weak and unquoted tags: 400, because an ignored condition would overwrite."""
    for parse in (lambda: conditions_of_put(tag, None), lambda: condition_of_delete(tag)):
        with pytest.raises(InvalidRequest):
            parse()


@pytest.mark.parametrize(
    ("if_match", "if_none_match"), [(None, '"a"'), (None, ""), ('"a"', "*"), ("*", None)]
)
def test_a_put_with_another_condition_is_refused(if_match, if_none_match):
    """If-None-Match with a tag, both headers, and `If-Match: *` are refused for a PUT."""
    with pytest.raises(InvalidRequest):
        conditions_of_put(if_match, if_none_match)

"""A text that must never be shown."""

import copy
import json
import pickle
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.secret import MASK, Secret


@given(st.text(min_size=9))
def test_a_secret_shows_only_the_mask(text):
    """In every form that Python has for showing a value."""
    secret = Secret(text)
    assert repr(secret) == f"Secret('{MASK}')"
    assert [str(secret), f"{secret}", format(secret), "%s" % secret] == [MASK] * 4  # noqa: UP031
    assert repr([secret]) == f"[Secret('{MASK}')]"


@given(st.text())
def test_the_text_comes_out_where_code_says_so(text):
    """Unchanged, by `reveal` alone."""
    assert Secret(text).reveal() == text


def test_a_dataclass_around_it_does_not_show_it():
    """Neither its repr nor an error that quotes it."""

    @dataclass
    class Holder:
        secret: Secret

    assert "hush" not in repr(Holder(Secret("hush")))


@pytest.mark.parametrize("leave", [json.dumps, pickle.dumps, copy.deepcopy, list, len, bytes])
def test_it_does_not_leave_by_the_way(leave):
    """No serialisation, no iteration."""
    with pytest.raises(TypeError) as caught:
        leave(Secret("hush"))
    assert "hush" not in str(caught.value)


def test_a_format_for_text_is_refused():
    """`f"{secret:>20}"` would be a text's; the refusal does not tell it either."""
    with pytest.raises(TypeError) as caught:
        format(Secret("hush"), ">20")
    assert "hush" not in str(caught.value)


def test_secrets_are_equal_by_their_text():
    """So that they can be compared and be part of a key."""
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2

"""The one family of errors."""

import inspect
import itertools

import pytest

from shared import errors, object_errors, upstream_errors
from shared.errors import BucketpassError, Unauthenticated

CLASSES = [
    error
    for module in (errors, object_errors, upstream_errors)
    for _, error in inspect.getmembers(module, inspect.isclass)
    if issubclass(error, BucketpassError) and error.__module__ == module.__name__
]
CONCRETE = [error for error in CLASSES if error is not Unauthenticated]


@pytest.mark.parametrize("cause", CONCRETE, ids=lambda cause: cause.__name__)
def test_each_cause_is_complete(cause):
    """A status of HTTP, a code in snake case, a title, a sentence with a full stop."""
    assert 400 <= cause.status <= 599
    assert cause.code.replace("_", "a").isalpha()
    assert cause.code.islower()
    assert cause.title
    assert cause.sentence.endswith(".")


def test_each_code_means_one_cause():
    """Two classes share a code only where one refines the sentence of the other."""
    for first, second in itertools.combinations(CONCRETE, 2):
        if first.code == second.code:
            assert issubclass(first, second) or issubclass(second, first)
            assert (first.status, first.title) == (second.status, second.title)


def test_a_cause_says_its_sentence_unless_told_better():
    """`detail` replaces the public sentence; an empty one does not."""
    assert errors.InvalidKey("r").detail == errors.InvalidKey.sentence
    assert errors.InvalidKey("r", detail="Shorter, please.").detail == "Shorter, please."
    assert errors.InvalidKey("r", detail="").detail == errors.InvalidKey.sentence


def test_the_reason_is_the_text_of_the_exception():
    """A traceback in the log says the reason, and the public members do not."""
    error = errors.InvalidToken("bad_signature")
    assert str(error) == error.reason == "bad_signature"
    assert "bad_signature" not in (error.detail, error.title, *error.headers.values())


def test_headers_of_a_cause_are_kept_beside_more():
    """What one answer adds does not replace the challenge, nor reach the next error."""
    first = upstream_errors.Throttled("r", headers={"X-More": "1"})
    assert first.headers == {"Retry-After": "2", "X-More": "1"}
    first.headers["Retry-After"] = "9"
    assert upstream_errors.Throttled("r").headers == {"Retry-After": "2"}


def test_members_are_a_copy():
    """What the caller of the constructor does later changes nothing."""
    members = {"choices": ["a"]}
    error = errors.AmbiguousRole("r", members=members)
    members["choices"] = "changed"
    assert error.members == {"choices": ["a"]}
    assert errors.AmbiguousRole("r").members == {}

"""What became of one item of a batch, whether it went well or not."""

from collections.abc import Callable, Mapping

from handlers.problem import problem_document
from handlers.request import Event, request_id
from shared.errors import BucketpassError


def problem_item(
    event: Event, named: Mapping[str, object], error: BucketpassError
) -> dict[str, object]:
    """The item as the request named it, and its problem."""
    return {**named, "problem": problem_document(error, request_id(event))}


def answer_or_problem(
    event: Event, named: Mapping[str, object], answer: Callable[[], dict[str, object]]
) -> dict[str, object]:
    """The item as `answer()` tells it, or the problem of the error of ours that it raised."""
    try:
        return answer()
    except BucketpassError as error:
        return problem_item(event, named, error)

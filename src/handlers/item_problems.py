"""What went wrong with single items of a batch: each is told in its item, and all in the log."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Self

from handlers.problem import problem_document
from handlers.request import Event, request_id
from shared.errors import BucketpassError
from shared.observability import count, logger


class ItemProblems:
    """A context for the items of one request; at its end the log has a line for each code.

    The line has how many items it were and the reason of the first, that of a fault also the error
    itself: a request of a thousand items writes no thousand lines.
    """

    def __init__(self, event: Event) -> None:
        self._request_id = request_id(event)
        self._by_code: dict[str, list[BucketpassError]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for errors in self._by_code.values():
            _log(errors)
            count("ItemProblems", len(errors))

    def of(self, named: Mapping[str, object], error: BucketpassError) -> dict[str, object]:
        """The item as the request named it, and its problem."""
        self._by_code.setdefault(error.code, []).append(error)
        return {**named, "problem": problem_document(error, self._request_id)}

    def or_answer(
        self, named: Mapping[str, object], answer: Callable[[], dict[str, object]]
    ) -> dict[str, object]:
        """The item as `answer()` tells it, or the problem of the error of ours that it raised."""
        try:
            return answer()
        except BucketpassError as error:
            return self.of(named, error)


def _log(errors: list[BucketpassError]) -> None:
    first = errors[0]
    fields = {
        "code": first.code,
        "reason": first.reason,
        "status": first.status,
        "items": len(errors),
    }
    if first.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.error("faults of items", exc_info=first, extra=fields)
    else:
        logger.info("refusals of items", extra=fields)

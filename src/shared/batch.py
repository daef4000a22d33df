"""Several independent pieces of work of one request, done side by side."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Final, TypeVar

from shared.errors import BucketpassError

Item = TypeVar("Item")
Answer = TypeVar("Answer")

# Below the ten connections that botocore keeps for a client.
WORKERS: Final = 8


def outcomes(
    work: Callable[[Item], Answer], items: Sequence[Item]
) -> list[Answer | BucketpassError]:
    """What `work` gives for each item, or the error of ours that it raises, in their order.

    At most 8 are under way at once, each under the caller's deadline. Any other error passes
    once all are done.
    """
    if len(items) == 1:
        return [_outcome(work, items[0])]
    with ThreadPoolExecutor(WORKERS) as pool:
        # A thread inherits no context, and a context can be entered by one thread only.
        futures = [pool.submit(copy_context().run, _outcome, work, item) for item in items]
    return [future.result() for future in futures]


def _outcome(work: Callable[[Item], Answer], item: Item) -> Answer | BucketpassError:
    try:
        return work(item)
    except BucketpassError as error:
        return error

"""Copying or moving everything below a prefix, page by page, as the client asks for pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.copy_cursor import CopyPosition
from shared.errors import InvalidKey, InvalidRequest
from shared.object_copy import CopiedObject, CopyRequest, ObjectCopy, Outcome
from shared.object_key import MAX_KEY_BYTES
from shared.part_copy import UnfinishedCopy
from shared.upstream_errors import DeadlineExceeded


@dataclass(frozen=True, slots=True)
class PrefixPair:
    """From where to where; both end in `/`, and neither contains the other."""

    source: str
    to: str

    def __post_init__(self) -> None:
        """Raise InvalidRequest where one contains the other.

        A copy into its own source would meet its own copies on a later page.
        """
        if self.source.startswith(self.to) or self.to.startswith(self.source):
            raise InvalidRequest(
                "overlapping prefixes", detail="fromPrefix and toPrefix do not contain each other."
            )

    def key_of_copy(self, key: str) -> str:
        """The key that the copy of `key`, below `source`, gets."""
        return self.to + key.removeprefix(self.source)


@dataclass(frozen=True, slots=True)
class CopiedPage:
    """What became of one page of requests; `next_position` is None once all is done.

    An object that the next page meets again is not among them, but for one that is unfinished.
    """

    items: tuple[tuple[CopyRequest, Outcome], ...]
    next_position: CopyPosition | None


def copy_page(
    copying: ObjectCopy, pair: PrefixPair, kind: CopyRequest, limit: int, position: CopyPosition
) -> CopiedPage:
    """Copy or move, as `kind` says, up to `limit` objects from `position` on.

    What the time does not allow is left to the next page. An object that cannot be copied is
    passed by: it stays where it is. Raises DeadlineExceeded where not even one could be done,
    and what `ObjectStore.list` raises.
    """
    page = copying.objects.list(pair.source, limit=limit, start_after=position.after)
    requests = [
        replace(
            kind,
            source=listed.key,
            to=pair.key_of_copy(listed.key),
            started=position.started_for(listed.key),
        )
        for listed in page.objects
    ]
    copied = _copied_in_order if kind.if_absent else _copied
    became = list(zip(requests, copied(copying, requests), strict=False))
    done = next(
        (i for i, (_, outcome) in enumerate(became) if _is_unfinished(outcome)), len(became)
    )
    reached = requests[done - 1].source if done else position.after
    if done == len(requests):
        return CopiedPage(tuple(became), CopyPosition(reached) if page.token else None)
    request, outcome = became[done]
    gone = [item for item in became[done + 1 :] if _is_gone(*item)]
    if isinstance(outcome, UnfinishedCopy):
        next_position = CopyPosition.at(reached, request.source, outcome.started)
        return CopiedPage((*became[: done + 1], *gone), next_position)
    if not (items := (*became[:done], *gone)):
        raise DeadlineExceeded("not one object of the page")
    return CopiedPage(items, CopyPosition(reached))


def _copied(copying: ObjectCopy, requests: Sequence[CopyRequest]) -> list[Outcome]:
    # Keys are as they were listed; only their length can become impossible.
    possible = [request for request in requests if len(request.to.encode()) <= MAX_KEY_BYTES]
    outcomes = dict(zip((r.source for r in possible), copying.copy(possible), strict=True))
    too_long = InvalidKey("key of the copy", detail="The key of the copy would be too long.")
    return [outcomes.get(request.source, too_long) for request in requests]


def _copied_in_order(copying: ObjectCopy, requests: Sequence[CopyRequest]) -> list[Outcome]:
    """One after the other, up to the first that is not finished.

    Beyond it nothing must be copied: the next page would find those copies in its way.
    """
    became: list[Outcome] = []
    for request in requests:
        became += _copied(copying, [request])
        if _is_unfinished(became[-1]):
            break
    return became


def _is_gone(request: CopyRequest, outcome: Outcome) -> bool:
    return request.move and isinstance(outcome, CopiedObject) and outcome.left is None


def _is_unfinished(outcome: Outcome) -> bool:
    return isinstance(outcome, UnfinishedCopy | DeadlineExceeded)

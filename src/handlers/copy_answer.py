"""How a copy, or a restoration, is answered."""

from collections.abc import Mapping, Sequence

from handlers.caller import Caller
from handlers.copy_request import CopyItem, binding
from handlers.item_problems import ItemProblems
from shared.copy_cursor import CopyPosition
from shared.cursor import make_cursor
from shared.errors import BucketpassError
from shared.object_copy import CopiedObject, CopyRequest, ObjectCopy, Outcome
from shared.part_copy import UnfinishedCopy


def copied_items(
    problems: ItemProblems, caller: Caller, items: Sequence[CopyItem]
) -> list[dict[str, object]]:
    """Do what the items ask for; what became of each, in their order."""
    requests = [item.request for item in items if isinstance(item.request, CopyRequest)]
    became = iter(ObjectCopy(caller.objects).copy(requests))
    answers = []
    for item in items:
        if isinstance(item.request, BucketpassError):
            answers.append(problems.of(item.names, item.request))
            continue
        outcome = next(became)
        answer = copied_item(problems, item.names, item.request, outcome)
        if isinstance(outcome, UnfinishedCopy):
            position = CopyPosition.at(None, item.request.source, outcome.started)
            answer["cursor"] = make_cursor(position.to_token(), binding(caller, item.request))
        answers.append(answer)
    return answers


def copied_item(
    problems: ItemProblems, names: Mapping[str, str], request: CopyRequest, outcome: Outcome
) -> dict[str, object]:
    """One item; an unfinished copy tells how far it is, and the caller adds where it goes on."""
    if isinstance(outcome, BucketpassError):
        return problems.of(names, outcome)
    if isinstance(outcome, UnfinishedCopy):
        return {**names, "partsCopied": outcome.parts_copied, "partCount": outcome.part_count}
    return _copied(problems, names, request, outcome)


def _copied(
    problems: ItemProblems, names: Mapping[str, str], request: CopyRequest, copied: CopiedObject
) -> dict[str, object]:
    answer: dict[str, object] = {**names, "etag": copied.etag}
    answer.pop("versionId", None)
    if copied.version_id is not None:
        answer["versionId"] = copied.version_id
    if request.move:
        answer["moved"] = copied.left is None
    # The copy is there, but so is what was to go.
    return answer if copied.left is None else problems.of(answer, copied.left)

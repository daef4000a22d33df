"""The conditions under which a caller wants to change an object (RFC 9110, section 13)."""

import re
from dataclasses import dataclass
from typing import Final

from shared.errors import InvalidRequest

# One strong entity tag (RFC 9110, section 8.8.3): S3 makes no weak ones and weighs no lists.
_ENTITY_TAG: Final = re.compile(r'"[!#-~]*"')
ANY: Final = "*"


@dataclass(frozen=True, slots=True)
class WriteConditions:
    """`if_match` is the entity tag, with its quotes, that the object has to have; None is any.

    For a deletion it may be `*`: there has to be an object. `if_absent` asks that there is none.
    """

    if_match: str | None = None
    if_absent: bool = False


UNCONDITIONAL: Final = WriteConditions()


def conditions_of_put(if_match: str | None, if_none_match: str | None) -> WriteConditions:
    """What S3 can weigh of `If-Match` and `If-None-Match` when it writes, None for no header.

    Raises InvalidRequest for anything else: a condition that is ignored would overwrite.
    """
    if if_none_match is not None:
        if if_none_match.strip() != ANY or if_match is not None:
            raise InvalidRequest(
                "If-None-Match of a PUT", detail="To write, If-None-Match is * and stands alone."
            )
        return WriteConditions(if_absent=True)
    return WriteConditions(if_match=_entity_tag(if_match))


def condition_of_delete(if_match: str | None) -> WriteConditions:
    """What S3 can weigh of `If-Match` when it deletes: `*` too. Raises InvalidRequest."""
    if if_match is not None and if_match.strip() == ANY:
        return WriteConditions(if_match=ANY)
    return WriteConditions(if_match=_entity_tag(if_match))


def _entity_tag(value: str | None) -> str | None:
    if value is not None and not _ENTITY_TAG.fullmatch(value.strip()):
        raise InvalidRequest(
            "If-Match of a change", detail="To change an object, If-Match is one ETag in quotes."
        )
    return None if value is None else value.strip()

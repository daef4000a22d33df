"""What the routes of `/credentials` read from a query."""

from dataclasses import dataclass
from typing import Final

from handlers.request import Event, query_choice, query_number, query_text
from shared.errors import InvalidRequest
from shared.group_role import LONGEST_SECONDS, SHORTEST_SECONDS
from shared.session_policy import Access

NAMES: Final = frozenset(("role", "duration", "scope", "permission"))


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A shorter life, in seconds, and a scope as it was written; None is the whole role."""

    duration: int
    scope: str | None
    access: Access


def narrowing(event: Event) -> Narrowing | None:
    """What `duration`, `scope` and `permission` ask for; None where it is nothing of the kind.

    Raises InvalidRequest, also for a `permission` without a scope: it would limit nothing.
    """
    scope, permission = query_text(event, "scope"), query_text(event, "permission")
    if permission is not None and scope is None:
        raise InvalidRequest("no scope", detail="permission goes with scope.")
    if scope is None and query_text(event, "duration") is None:
        return None
    writes = query_choice(event, "permission", ("read", "readwrite")) == "readwrite"
    return Narrowing(
        duration=query_number(
            event, "duration", LONGEST_SECONDS, SHORTEST_SECONDS, LONGEST_SECONDS
        ),
        scope=scope,
        access="readwrite" if writes else "read",
    )


def only_known(event: Event, known: frozenset[str]) -> None:
    """Refuse what the route does not know: a misspelt `scope` must not give the whole role."""
    given = {
        *(event.get("queryStringParameters") or {}),
        *(event.get("multiValueQueryStringParameters") or {}),
    }
    # What is given but no text would be taken for absent.
    if given - known or any(query_text(event, name) is None for name in given):
        raise InvalidRequest(
            "unknown parameters", detail=f"Only these are known here: {', '.join(sorted(known))}."
        )

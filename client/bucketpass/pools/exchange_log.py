"""The service's log as the map between sub and identity id.

Cognito tells nobody which identity belongs to which user: GetId wants the user's own token,
DescribeIdentity names the login provider alone, and LookupDeveloperIdentity is for developer
providers. The service writes one line for each exchange (`"message": "exchanged"` with `sub`,
`identity_id` and `role`), and that line is the only record.
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Final, Literal

_DAY: Final = 86_400
# Mostly the last day knows, and reading a whole log may take minutes.
_WINDOWS: Final = (1, 7, 31, 3660)


@dataclass(frozen=True)
class Exchange:
    """The latest exchange of one person in one identity."""

    sub: str
    identity_id: str
    role_arn: str
    at: datetime


class ExchangeLog:
    """The log group of the service's function; `client` is boto3's for CloudWatch Logs."""

    def __init__(
        self,
        client: Any,  # noqa: ANN401 # there are no stubs for CloudWatch Logs here
        group: str,
        report: Callable[[str], None] = lambda _: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._client = client
        self._group = group
        self._report = report
        self._clock = clock

    def of_sub(self, sub: str) -> list[Exchange]:
        """The exchanges of that user, the latest of each identity, the latest first."""
        return self._found("sub", sub)

    def of_identity(self, identity_id: str) -> list[Exchange]:
        """The exchanges of that identity, the latest of each user, the latest first."""
        return self._found("identity_id", identity_id)

    def _found(self, member: Literal["sub", "identity_id"], value: str) -> list[Exchange]:
        """What the shortest window that holds anything holds; empty if the log has nothing."""
        end = self._clock()
        for days in _WINDOWS:
            self._report(f"log {self._group}, the last {days} days")
            lines = list(self._lines(member, value, end - days * _DAY, end))
            if lines:
                latest = {(line.sub, line.identity_id): line for line in lines}
                return sorted(latest.values(), key=lambda line: line.at, reverse=True)
        return []

    def _lines(self, member: str, value: str, start: float, end: float) -> Iterator[Exchange]:
        pages = self._client.get_paginator("filter_log_events").paginate(
            logGroupName=self._group,
            startTime=max(0, int(start * 1000)),
            endTime=int(end * 1000) + 1000,
            filterPattern=f'{{ ($.message = "exchanged") && ($.{member} = {json.dumps(value)}) }}',
        )
        for page in pages:
            for event in page["events"]:
                line = _exchange(event)
                # not every stand-in for CloudWatch knows filters
                if line and getattr(line, member) == value:
                    yield line


def _exchange(event: dict[str, Any]) -> Exchange | None:
    """The line's exchange; None if it tells something else."""
    try:
        line = json.loads(event["message"])
    except ValueError:
        return None
    if not isinstance(line, dict) or line.get("message") != "exchanged":
        return None
    sub, identity_id, role = (line.get(name) for name in ("sub", "identity_id", "role"))
    if not (isinstance(sub, str) and isinstance(identity_id, str) and isinstance(role, str)):
        return None
    at = datetime.fromtimestamp(event["timestamp"] / 1000, timezone.utc)  # Python 3.10
    return Exchange(sub, identity_id, role, at)

"""A log is read whole, page by page, though the emulator gives no token for the next one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.failure import LocalRunError
from local.log_lines import log_lines


class FakeLogs:
    """FilterLogEvents as the emulator answers it: from a time on, cut off at the limit."""

    def __init__(self, times):
        self.events = [
            {"timestamp": time, "message": f"line {place}"}
            for place, time in enumerate(sorted(times))
        ]

    def filter_log_events(self, *, logGroupName, startTime, limit):  # noqa: N803 # the API's names
        assert logGroupName == "group"
        return {"events": [e for e in self.events if e["timestamp"] >= startTime][:limit]}


@given(st.lists(st.integers(0, 9), max_size=40), st.integers(1, 12))
def test_each_line_comes_once_and_in_order(times, page_size):
    """Whatever falls into one millisecond, unless that alone fills a page: then it is said."""
    logs = FakeLogs(times)
    fullest = max((times.count(time) for time in times), default=0)
    if fullest < page_size:
        lines = log_lines(logs, "group", page_size)
        assert lines == [event["message"] for event in logs.events]
    else:
        with pytest.raises(LocalRunError, match="lines or more"):
            log_lines(logs, "group", page_size)

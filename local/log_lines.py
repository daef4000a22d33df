"""Every line of a log group of the emulated AWS, however many there are."""

from typing import TYPE_CHECKING, Final

from local.failure import LocalRunError

if TYPE_CHECKING:
    from types_boto3_logs import CloudWatchLogsClient

PAGE_SIZE: Final = 10_000


def log_lines(logs: "CloudWatchLogsClient", group: str, page_size: int = PAGE_SIZE) -> list[str]:
    """The messages of a log group, the oldest first.

    The emulator's FilterLogEvents cuts its answer off at 10,000 events and gives no token for the
    rest. So the next page starts at the last millisecond of a full one, which may be incomplete
    and is read again whole. Raises LocalRunError if one millisecond fills a page.
    """
    lines: list[str] = []
    start = 0
    while True:
        page = logs.filter_log_events(logGroupName=group, startTime=start, limit=page_size)
        events = page["events"]
        if len(events) < page_size:
            return lines + [event["message"] for event in events]
        start = events[-1]["timestamp"]
        whole = [event["message"] for event in events if event["timestamp"] < start]
        if not whole:
            raise LocalRunError(f"A millisecond of the log {group} has {page_size} lines or more.")
        lines += whole

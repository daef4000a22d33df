import json

import pytest

from bucketpass.pools.exchange_log import ExchangeLog
from tests.unit.client.conftest import NOW
from tests.unit.client.pools.aws_fakes import FakeClient

SUB = "11111111-2222-3333-4444-555555555555"
IDENTITY = "eu-west-1:66666666-7777-8888-9999-000000000000"
DAY = 86_400


def line(days_ago, sub=SUB, identity_id=IDENTITY, **more):
    told = {"message": "exchanged", "sub": sub, "identity_id": identity_id, "role": "a-role"}
    return {
        "timestamp": int((NOW - days_ago * DAY) * 1000),
        "message": json.dumps({**told, **more}),
    }


def log_of(*events, clock):
    """A log that keeps to the times asked for, two pages at a time, and knows no filters."""

    def pages(logGroupName, startTime, endTime, filterPattern):  # noqa: N803 # AWS's names
        found = [e for e in events if startTime <= e["timestamp"] <= endTime]
        return [{"events": found[:1]}, {"events": found[1:]}]

    client = FakeClient(filter_log_events=pages)
    return ExchangeLog(client, "/a/log", clock=clock), client


def test_the_latest_exchange_of_each_identity(clock):
    """The newest first."""
    other = IDENTITY.replace("6666", "7777")
    log, _ = log_of(line(0.5), line(0.4, identity_id=other), line(0.1, role="new"), clock=clock)
    found = log.of_sub(SUB)
    assert [(e.identity_id, e.role_arn) for e in found] == [(IDENTITY, "new"), (other, "a-role")]
    assert found[0].at.timestamp() == pytest.approx(NOW - 0.1 * DAY)


def test_the_other_way_round(clock):
    """From the identity to the user."""
    log, client = log_of(line(0.1), clock=clock)
    assert [exchange.sub for exchange in log.of_identity(IDENTITY)] == [SUB]
    pattern = client.calls[0][1]["filterPattern"]
    assert pattern == f'{{ ($.message = "exchanged") && ($.identity_id = "{IDENTITY}") }}'


def test_a_longer_time_is_read_only_if_a_shorter_one_has_nothing(clock):
    """A day, a week, a month, everything."""
    log, client = log_of(line(20), line(100), clock=clock)
    assert len(log.of_sub(SUB)) == 1
    starts = [NOW - arguments["startTime"] / 1000 for _, arguments in client.calls]
    assert starts == [DAY, 7 * DAY, 31 * DAY]


@pytest.mark.parametrize(
    "event",
    [
        line(0.1, sub="somebody-else"),
        line(0.1, message="answered"),
        line(0.1, role=None),
        line(0.1, identity_id=7),
        {"timestamp": int(NOW * 1000), "message": f"START {SUB}"},
        {"timestamp": int(NOW * 1000), "message": json.dumps([SUB])},
    ],
)
def test_other_lines_prove_nothing(event, clock):
    """Another person's, another message, one that is damaged or no JSON object."""
    log, _ = log_of(event, clock=clock)
    assert log.of_sub(SUB) == []


def test_quotes_cannot_leave_the_pattern(clock):
    """What somebody types is text to the filter."""
    log, client = log_of(clock=clock)
    assert log.of_sub('x" || $.message = "y') == []
    assert r'($.sub = "x\" || $.message = \"y") }' in client.calls[0][1]["filterPattern"]

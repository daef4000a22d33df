"""Tests that a machine cannot run, told by one of them."""

import pytest


def leave_out(config, items, mine, reason):
    """Take `mine` out of the collected items but for the first, which is skipped for the reason."""
    for item in mine[:1]:
        item.add_marker(pytest.mark.skip(reason=reason))
    config.hook.pytest_deselected(items=mine[1:])
    left_out = set(mine[1:])
    items[:] = [item for item in items if item not in left_out]

"""Requests that schemathesis makes up from the published document, valid and invalid ones."""

import re
from pathlib import Path

import pytest

from local.openapi_document import SERVED
from local.stack import LocalStack
from tests.api_environment import api_tool, output_of
from tests.openapi_contract import Contract

PLACE = Path(__file__).parents[1] / "generated_requests"


@pytest.fixture(scope="module")
def own_stack():
    """One of its own, since the document's examples change the people's objects."""
    with LocalStack(credential_source="group-role") as stack:
        yield stack


@pytest.mark.parametrize(
    ("who", "role", "phases", "least"),
    [
        ("alice", "", "examples,coverage,fuzzing,stateful", 1000),
        ("mia", "editors", "examples,fuzzing", 250),
    ],
)
def test_generated_requests_find_nothing(own_stack, tmp_path, who, role, phases, least):
    """Every answer is as the document says: no fault, nothing invalid taken, nothing valid refused.

    The credentials come from STS, since that source has all routes and parameters. Mia's requests
    are in a role that is named. What is always the same about them is left to alice's.
    """
    # One worker: CPython 3.11 cannot parse source in two threads at once, as schemathesis does.
    said = output_of(
        tmp_path,
        *(api_tool("schemathesis"), "--config-file", PLACE / "schemathesis.toml"),
        *("run", SERVED, "--url", own_stack.api_url, "--workers", "1"),
        *("--phases", phases, "--max-examples", "8"),
        *("--header", f"Authorization: Bearer {own_stack.sign_in(who).id}"),
        *("--report-dir", tmp_path),
        PYTHONPATH=str(PLACE),
        ROLE=role,
    )
    assert f"Tested: {len(Contract().operations)}" in said
    passed = re.search(r"(\d+) generated, (\d+) passed", said)
    assert int(passed[1]) == int(passed[2]) > least

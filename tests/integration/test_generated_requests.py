"""Requests that schemathesis makes up from the published document, valid and invalid ones."""

import re
from pathlib import Path

import pytest

from local.openapi_document import SERVED
from tests.api_environment import api_tool, output_of
from tests.openapi_contract import Contract

PLACE = Path(__file__).parents[1] / "generated_requests"


@pytest.mark.parametrize(("who", "role"), [("alice", ""), ("mia", "editors")])
def test_generated_requests_find_nothing(role_stack, tmp_path, who, role):
    """Every answer is as the document says: no fault, nothing invalid taken, nothing valid refused.

    The credentials come from STS, since that source has all routes and parameters.
    """
    said = output_of(
        tmp_path,
        *(api_tool("schemathesis"), "--config-file", PLACE / "schemathesis.toml"),
        *("run", SERVED, "--url", role_stack.api_url, "--workers", "2"),
        *("--header", f"Authorization: Bearer {role_stack.sign_in(who).id}"),
        *("--report-dir", tmp_path),
        PYTHONPATH=str(PLACE),
        ROLE=role,
    )
    assert f"Tested: {len(Contract().operations)}" in said
    passed = re.search(r"(\d+) generated, (\d+) passed", said)
    assert int(passed[1]) == int(passed[2]) > 1000

"""SAM's and CloudFormation's own linters."""

import json

import pytest

from tests.sam_environment import ROOT, run_tool, sam_tool

pytestmark = pytest.mark.sam


def test_sam_finds_the_template_valid():
    """`sam validate --lint` has nothing to say against the template."""
    found = run_tool(ROOT, sam_tool("sam"), "validate", "--lint")
    assert found.returncode == 0, found.stdout + found.stderr
    assert "is a valid SAM Template" in found.stdout


def test_cfn_lint_finds_nothing(transformed, tmp_path):
    """cfn-lint reports nothing, not even a warning, on the template after the transform."""
    (tmp_path / "transformed.json").write_text(json.dumps(transformed))
    found = run_tool(tmp_path, sam_tool("cfn-lint"), "transformed.json")
    assert (found.returncode, found.stdout) == (0, ""), found.stdout + found.stderr


def test_cfn_lint_would_find_something(transformed, tmp_path):
    """cfn-lint does look: a property that does not exist is reported."""
    faulty = json.loads(json.dumps(transformed))
    faulty["Resources"]["Bucket"]["Properties"]["Colour"] = "blue"
    (tmp_path / "faulty.json").write_text(json.dumps(faulty))
    found = run_tool(tmp_path, sam_tool("cfn-lint"), "faulty.json")
    assert found.returncode != 0
    assert "Colour" in found.stdout

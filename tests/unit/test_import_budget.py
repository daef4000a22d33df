"""What the function loads at a cold start, counted in a fresh interpreter."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.handlers.deployment import ENVIRONMENT

SRC = Path(__file__).parents[2] / "src"

# Measured: 539 on Python 3.11 and on 3.13, those of the function itself not counted. Each costs a
# cold start some of its time, and a package that is pulled in by accident brings many.
MOST_FOREIGN_MODULES = 580
OWN = {"handlers", "shared"}
# pydantic and the X-Ray SDK come with Powertools' parser and Tracer, requests with careless
# HTTP, boto3's resources are not used: none of them may be loaded to answer a request.
UNWANTED = ["pydantic", "aws_xray_sdk", "requests", "boto3", "s3transfer", "dateutil.zoneinfo"]


@pytest.fixture(scope="module")
def loaded():
    """The names of the modules that `import handlers.app` loads."""
    program = "import handlers.app, sys; print('\\n'.join(sys.modules))"
    environment = {
        **ENVIRONMENT,
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(SRC),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(  # noqa: S603 # this interpreter, a constant program
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return set(done.stdout.split())


def test_the_function_starts_from_its_environment_alone(loaded):
    """With the variables of the template and nothing else it is ready, and says nothing."""
    assert {"handlers.app", "shared.settings", "botocore.session"} <= loaded


@pytest.mark.parametrize("name", UNWANTED)
def test_heavy_packages_stay_out(loaded, name):
    """Neither the package nor anything within it."""
    assert [module for module in loaded if module.partition(".")[0] == name or module == name] == []


def test_the_number_of_modules_is_bounded(loaded):
    """A new import that brings many with it is noticed here."""
    foreign = {module for module in loaded if module.partition(".")[0] not in OWN}
    assert len(foreign) <= MOST_FOREIGN_MODULES, f"{len(foreign)} modules"

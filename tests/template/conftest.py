import json

import pytest

from local.transformed_template import transformed_template


@pytest.fixture(scope="session")
def transformed():
    # Without the objects that the YAML anchors share, so that a change stays where it is made.
    return json.loads(json.dumps(transformed_template()))

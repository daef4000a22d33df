import pytest

from tests.integration.client.files.at_once import Bucket, at_once


@pytest.fixture
def alice(machine):
    machine = at_once(machine)
    machine.login("alice")
    return machine


@pytest.fixture
def bucket(pool_stack):
    """The bucket as root sees it; what a test leaves in alice's folder is removed."""
    root = Bucket(pool_stack)
    before = set(root.keys(""))
    yield root
    root.clear(before)

import pytest

from tests.contract.cloud import UserPool, running


@pytest.fixture(scope="session")
def cloud(tmp_path_factory):
    with running(tmp_path_factory.mktemp("emulator")) as started:
        yield started


@pytest.fixture(scope="session")
def users(cloud):
    pool = UserPool(cloud, "users")
    pool.user("alice")
    pool.user("bob")
    return pool


@pytest.fixture(scope="session")
def alice_tokens(users):
    return users.tokens("alice")


@pytest.fixture(scope="session")
def alice_logins(users, alice_tokens):
    return {users.provider: alice_tokens["IdToken"]}


@pytest.fixture(scope="session")
def bob_logins(users):
    return users.logins("bob")

import stat

import pytest

from local.demo_users import GROUPS_OF_DEMO_USERS
from local.failure import LocalRunError
from local.run_secrets import kept_secrets, new_secrets, sole_use


def test_secrets_are_new_for_each_run():
    """Two runs share neither a key nor a password, and every demo user has one."""
    one, two = new_secrets(), new_secrets()
    assert one.root.access_key_id != two.root.access_key_id
    assert one.root.secret_access_key != two.root.secret_access_key
    assert not set(one.passwords.values()) & set(two.passwords.values())
    assert set(one.passwords) == set(GROUPS_OF_DEMO_USERS)


def test_kept_secrets_come_back(tmp_path):
    """A second run on the same state has the first one's secrets, from a file of mode 0600."""
    first = kept_secrets(tmp_path)
    assert kept_secrets(tmp_path) == first
    (path,) = tmp_path.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"root": {"x": 1}, "passwords": {}}'])
def test_damaged_secrets_say_what_to_remove(tmp_path, text):
    """A damaged file names the folder to remove."""
    (tmp_path / "secrets.json").write_text(text)
    with pytest.raises(LocalRunError, match="is damaged: remove"):
        kept_secrets(tmp_path)


def test_kept_state_serves_one_stack_at_a_time(tmp_path):
    """A second stack on the same state is refused while the first one runs, and not after."""
    with sole_use(tmp_path), pytest.raises(LocalRunError, match="Another local stack"):
        sole_use(tmp_path).__enter__()
    with sole_use(tmp_path):
        pass


def test_repr_shows_no_secret():
    """Neither the root secret nor a password stands in the repr."""
    secrets = new_secrets()
    for secret in (secrets.root.secret_access_key, *secrets.passwords.values()):
        assert secret not in repr(secrets)

from types import SimpleNamespace

import pytest

from bucketpass.errors import ConfigurationError
from bucketpass.keyring_store import KeyringStore
from bucketpass.secret_store import FileStore, MemoryStore
from bucketpass.token_store import choose_store


class KeyringError(Exception):
    """Stands for keyring.errors.KeyringError."""


class FakeKeyring:
    """A keyring with room for texts up to `room` characters; `priority` is its backend's."""

    errors = SimpleNamespace(KeyringError=KeyringError)

    def __init__(self, room=10_000, priority=5, *, locked=False):
        self.kept = {}
        self.room = room
        self.priority = priority
        self.locked = locked

    def get_keyring(self):
        return SimpleNamespace(priority=self.priority)

    def get_password(self, service, name):
        self._open()
        return self.kept.get((service, name))

    def set_password(self, service, name, text):
        self._open()
        if len(text) > self.room:
            raise KeyringError
        self.kept[service, name] = text

    def delete_password(self, service, name):
        self._open()
        if (service, name) not in self.kept:
            raise KeyringError
        del self.kept[service, name]

    def _open(self):
        if self.locked:
            raise KeyringError


@pytest.fixture
def files(tmp_path):
    return FileStore(tmp_path / "tokens")


@pytest.mark.parametrize("kind", ["memory", "file", "keyring", "small keyring", "locked keyring"])
def test_what_is_written_is_read_until_it_is_removed(kind, files):
    """The same contract in every place, and no store fails for want of a keyring."""
    store = {
        "memory": MemoryStore(),
        "file": files,
        "keyring": KeyringStore(FakeKeyring(), files),
        "small keyring": KeyringStore(FakeKeyring(room=3), files),
        "locked keyring": KeyringStore(FakeKeyring(locked=True), files),
    }[kind]
    assert store.read("default") is None
    store.write("default", "first")
    store.write("default", "second")
    assert store.read("default") == "second"
    assert store.read("other") is None
    store.remove("default")
    store.remove("default")
    assert store.read("default") is None


def test_a_text_that_outgrows_the_keyring_is_not_shadowed_by_the_old_one(files):
    """And one that fits again leaves no copy in a file."""
    keyring = FakeKeyring(room=5)
    store = KeyringStore(keyring, files)
    store.write("default", "short")
    store.write("default", "longer than that")
    assert store.read("default") == "longer than that"
    assert keyring.kept == {}
    store.write("default", "tiny")
    assert (store.read("default"), files.read("default")) == ("tiny", None)


@pytest.mark.parametrize(
    ("wish", "keyring", "kind"),
    [
        ("auto", FakeKeyring(), KeyringStore),
        ("", FakeKeyring(), KeyringStore),
        ("keyring", FakeKeyring(), KeyringStore),
        ("file", FakeKeyring(), FileStore),
        ("auto", FakeKeyring(priority=0), FileStore),
        ("auto", FakeKeyring(priority=-1), FileStore),
        ("auto", SimpleNamespace(), FileStore),
    ],
)
def test_a_usable_keyring_comes_first(wish, keyring, kind):
    """A backend that only refuses or forgets, or breaks, is none."""
    assert isinstance(choose_store({"BUCKETPASS_TOKEN_STORE": wish}, keyring), kind)


def test_a_wish_that_cannot_be_met_is_refused():
    """Tokens do not quietly go to a file where a keyring was demanded."""
    with pytest.raises(ConfigurationError, match="no usable keyring"):
        choose_store({"BUCKETPASS_TOKEN_STORE": "keyring"}, FakeKeyring(priority=0))
    with pytest.raises(ConfigurationError, match="auto, file or keyring"):
        choose_store({"BUCKETPASS_TOKEN_STORE": "cloud"})

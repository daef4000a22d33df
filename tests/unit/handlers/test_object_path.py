"""The object that a path names."""

import re

import pytest

from handlers.object_path import OBJECT_PATH, object_key
from shared.errors import InvalidKey
from tests.unit.handlers.gateway_event import object_event

HOME = "home/eu-central-1:aaaaaaaa-1111-4222-8333-444455556666/"


@pytest.mark.parametrize(
    ("named", "key"),
    [
        ("home/me/a b+c%", f"{HOME}a b+c%"),
        ("home/me/links", f"{HOME}links"),
        ("shared/a", "shared/a"),
        ("links", "links"),
        ("home/me", "home/me"),
    ],
)
def test_a_path_names_a_real_key(named, key):
    """Decoded once, `home/me/` being the caller's folder; keys that look like routes are keys."""
    assert object_key(object_event("GET", named), HOME) == key


def test_a_refused_key_is_refused():
    """The rules of keys hold for paths."""
    with pytest.raises(InvalidKey):
        object_key(object_event("GET", "a/../b"), HOME)


@pytest.mark.parametrize("path", ["/objects/a", "/objects/a/b/", "/objects/a\nb", "/objects/ä"])
def test_every_key_is_routed(path):
    """Also one that is to be refused: by its own rule and not as an unknown route."""
    assert re.fullmatch(OBJECT_PATH, path)

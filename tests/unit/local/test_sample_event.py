import json

import pytest

from local.failure import LocalRunError
from local.sample_event import event_names, fill_event, load_event, placeholders

EVENT = {
    "path": "/objects/home/${OTHER_IDENTITY_ID}/x",
    "headers": {"Authorization": "Bearer ${ID_TOKEN}"},
    "multi": [["${ID_TOKEN}", 1, None, True]],
    "kept": "$stage ${lower} $ID_TOKEN",
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "list-objects.json").write_text(json.dumps(EVENT))
    (tmp_path / "me.json").write_text("{}")
    return tmp_path


def test_event_is_loaded_by_its_name(folder):
    """A name is a file of the folder without its ending."""
    assert event_names(folder) == ["list-objects", "me"]
    assert load_event("list-objects", folder) == EVENT


@pytest.mark.parametrize("name", ["nothing", "../list-objects", "", "me.json"])
def test_unknown_event_names_those_there_are(folder, name):
    """Only the folder's own events are read; the refusal lists them."""
    with pytest.raises(LocalRunError, match="there are: list-objects, me"):
        load_event(name, folder)


def test_placeholders_are_found_wherever_they_stand():
    """Texts, lists and objects are looked through."""
    assert placeholders(EVENT) == {"ID_TOKEN", "OTHER_IDENTITY_ID"}


def test_placeholders_are_filled_and_nothing_else_changes():
    """A value with quotes stays one text; other dollars and other types stay as they are."""
    filled = fill_event(EVENT, {"ID_TOKEN": 'a"b', "OTHER_IDENTITY_ID": "eu-west-1:b"})
    assert filled == {
        "path": "/objects/home/eu-west-1:b/x",
        "headers": {"Authorization": 'Bearer a"b'},
        "multi": [['a"b', 1, None, True]],
        "kept": "$stage ${lower} $ID_TOKEN",
    }


def test_unknown_placeholder_is_refused():
    """An event that asks for what nobody knows is not sent half-filled."""
    with pytest.raises(LocalRunError, match=r"asks for \$\{SECRET\}"):
        fill_event({"a": "${SECRET}"}, {})

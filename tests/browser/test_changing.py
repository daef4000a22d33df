"""New folders, other names and places, deleting and having back."""

import pytest
from playwright.sync_api import expect


@pytest.fixture
def shelf(alice):
    """A folder of alice's with a folder of two files and one file beside it; its address."""
    for name in ("box/one.txt", "box/in/two.txt", "single.txt"):
        alice.put(f"{alice.home()}shelf/{name}", name.encode())
    alice.go("#home/me/shelf/")
    expect(alice.row("single.txt")).to_be_visible()
    yield f"{alice.home()}shelf/"
    bucket = alice.stack.deployment.outputs["BucketName"]
    for key in alice.keys(f"{alice.home()}shelf/"):
        alice.stack.aws.s3.delete_object(Bucket=bucket, Key=key)


def names(person, prefix):
    return {key.removeprefix(prefix) for key in person.keys(prefix)}


def type_into(person, title, text, action):
    dialogue = person.dialogue(title)
    dialogue.get_by_role("textbox").fill(text)
    dialogue.get_by_role("button", name=action).click()


def test_a_new_folder_is_there_though_empty(alice, shelf):
    """It is opened, and it is still there when one comes back."""
    alice.tool("New folder").click()
    type_into(alice, "New folder", "fresh", "Make")
    expect(alice.page.get_by_text("This folder is empty. Drop files")).to_be_visible()
    alice.page.go_back()
    expect(alice.row("fresh")).to_be_visible()


def test_a_folder_is_renamed_with_all_in_it(alice, shelf):
    """Each object of it has the new way, and none the old one."""
    alice.mark("box")
    alice.tool("Rename").click()
    type_into(alice, "Rename box", "crate", "Rename")
    expect(alice.row("crate")).to_be_visible()
    expect(alice.row("box")).to_have_count(0)
    assert names(alice, shelf) == {"crate/one.txt", "crate/in/two.txt", "single.txt"}


def test_a_file_is_copied_and_moved(alice, shelf):
    """A copy leaves the file where it is, a move does not."""
    alice.mark("single.txt")
    alice.tool("Copy").click()
    assert alice.barriers() == []
    type_into(alice, "Copy single.txt", "home/me/shelf/copies/", "Copy")
    expect(alice.row("copies")).to_be_visible()
    alice.tool("Move").click()
    type_into(alice, "Move single.txt", "home/me/shelf/box/", "Move")
    expect(alice.row("single.txt")).to_have_count(0)
    assert names(alice, shelf) == {
        *("box/one.txt", "box/in/two.txt", "box/single.txt", "copies/single.txt"),
    }


def test_what_was_deleted_can_be_had_back(alice, shelf, pictures):
    """The dialogue says what will go; the undo brings back the folder and the file."""
    before = {key: alice.read(key) for key in alice.keys(shelf)}
    alice.mark("box", "single.txt")
    alice.tool("Delete").click()
    dialogue = alice.dialogue("Delete 1 file and 1 folder with everything in it?")
    expect(dialogue).to_contain_text("box")
    expect(dialogue).to_contain_text("you can undo it")
    alice.page.screenshot(path=pictures / "delete.png")
    dialogue.get_by_role("button", name="Delete").click()
    expect(alice.page.get_by_text("Deleted 3 objects.")).to_be_visible()
    assert alice.keys(shelf) == []
    alice.button("Undo").click()
    expect(alice.page.get_by_text("Brought back 3 objects.")).to_be_visible()
    expect(alice.row("box")).to_be_visible()
    assert {key: alice.read(key) for key in alice.keys(shelf)} == before


def test_cancelling_deletes_nothing(alice, shelf):
    """Neither the button nor Escape does anything."""
    before = alice.keys(shelf)
    for leave in (
        lambda: alice.button("Cancel").click(),
        lambda: alice.page.keyboard.press("Escape"),
    ):
        alice.row("single.txt").focus()
        alice.page.keyboard.press("Delete")
        expect(alice.dialogue("Delete 1 file?")).to_be_visible()
        leave()
        expect(alice.dialogue("Delete 1 file?")).to_have_count(0)
    assert alice.keys(shelf) == before


def test_what_cannot_be_renamed_is_reported_by_key(alice, shelf):
    """A name that is taken already is told with the key, and nothing is overwritten."""
    alice.put(f"{shelf}taken.txt", b"taken")
    alice.mark("single.txt")
    alice.tool("Rename").click()
    type_into(alice, "Rename single.txt", "taken.txt", "Rename")
    report = alice.dialogue("Not all could be done")
    expect(report).to_contain_text(f"{shelf}single.txt")
    assert alice.barriers() == []
    report.get_by_role("button", name="Close").click()
    assert alice.read(f"{shelf}taken.txt") == b"taken"
    assert "single.txt" in names(alice, shelf)

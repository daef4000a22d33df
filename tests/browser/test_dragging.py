"""Files above the page that are not let go of yet, while the list below them changes."""

import re

import pytest
from playwright.sync_api import expect

OVERLAY = "main.dropping"


@pytest.fixture
def held_list(alice):
    """A folder of alice's whose list comes in when the fixture's value is called."""
    for number in range(30):
        alice.put(f"{alice.home()}busy/paper-{number:02}.txt", b"busy")
    held = []

    def hold(route):
        held.append(route)

    alice.page.route(re.compile(r"/objects\?.*busy"), hold, times=1)
    (alice.folder / "new.txt").write_bytes(b"new")
    alice.turn_to("#home/me/busy/")
    expect(alice.page.get_by_text("Loading …")).to_be_visible()

    def come_in():
        while not held:
            alice.page.wait_for_timeout(10)
        held[0].continue_()
        expect(alice.row("paper-00.txt")).to_be_visible()

    return come_in


def test_a_drop_counts_while_the_list_comes_in(alice, held_list):
    """What is under the pointer when it is let go need not be what was there before."""
    paths = [alice.folder / "new.txt"]
    alice.drag(paths, "dragEnter", "dragOver")
    held_list()
    alice.drag(paths, "drop")
    expect(alice.row("new.txt")).to_be_visible()
    assert alice.read(f"{alice.home()}busy/new.txt") == b"new"
    expect(alice.page.locator(OVERLAY)).to_have_count(0)


def test_the_invitation_goes_with_the_files(alice, held_list):
    """Nothing asks for a drop any more once the files were taken away again."""
    paths = [alice.folder / "new.txt"]
    held_list()
    alice.drag(paths, "dragEnter", "dragOver")
    expect(alice.page.locator(OVERLAY)).to_have_count(1)
    alice.page.get_by_role("button", name=re.compile("^Name")).click()
    alice.drag(paths, "dragOver")
    alice.drag(paths, "dragOver", over="banner")
    expect(alice.page.locator(OVERLAY)).to_have_count(0)
    assert alice.read(f"{alice.home()}busy/paper-00.txt") == b"busy"

"""What goes wrong by the way: errors that pass, keys pressed twice, names that are taken."""

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture
def desk(alice):
    """A folder of alice's with three files and two folders; its address."""
    prefix = f"{alice.home()}desk/"
    for name in ("a.txt", "b.txt", "c.txt", "box/one.txt", "crate/two.txt"):
        alice.put(prefix + name, name.encode())
    alice.go("#home/me/desk/")
    expect(alice.row("c.txt")).to_be_visible()
    yield prefix
    bucket = alice.stack.deployment.outputs["BucketName"]
    for key in alice.keys(prefix):
        alice.stack.aws.s3.delete_object(Bucket=bucket, Key=key)


def delete(person, *names):
    person.mark(*names)
    person.tool("Delete").click()
    person.page.get_by_role("dialog").get_by_role("button", name="Delete").click()


def rename(person, name, to):
    dialogue = person.dialogue(f"Rename {name}")
    dialogue.get_by_role("textbox").fill(to)
    dialogue.get_by_role("button", name="Rename").click()


def broken(person):
    """An answer that the service itself did not want to give."""
    person.expect_complaint("500")
    return {
        "status": 500,
        "headers": {"Access-Control-Allow-Origin": person.stack.page_url.rstrip("/")},
        "content_type": "application/problem+json",
        "body": '{"status": 500, "code": "internal", "title": "Oh", "detail": "It broke."}',
    }


def test_an_undo_leaves_alone_what_is_newer(alice, desk):
    """What stands there by now is told; what is still missing comes back."""
    delete(alice, "a.txt", "b.txt")
    expect(alice.page.get_by_text("Deleted 2 objects.")).to_be_visible()
    alice.put(f"{desk}a.txt", b"new")
    alice.button("Undo").click()
    report = alice.dialogue("Not all could be done")
    expect(report).to_contain_text(re.compile(r"a\.txt.*Something newer is there"))
    expect(alice.page.get_by_text("Brought back 1 object.")).to_be_visible()
    report.get_by_role("button", name="Close").click()
    assert alice.read(f"{desk}a.txt") == b"new"
    assert alice.read(f"{desk}b.txt") == b"b.txt"


def test_folders_become_one_only_if_that_is_wanted(alice, desk):
    """The name of another folder is asked about; no is no, and yes is yes."""
    before = alice.keys(desk)
    alice.row("box").focus()
    for answer in ("Cancel", "Make one of both"):
        assert alice.keys(desk) == before
        alice.page.keyboard.press("F2")
        rename(alice, "box", "crate")
        question = alice.dialogue("There is a folder of that name")
        expect(question).to_contain_text("crate")
        question.get_by_role("button", name=answer).click()
        expect(question).to_have_count(0)
    expect(alice.row("box")).to_have_count(0)
    assert {f"{desk}crate/one.txt", f"{desk}crate/two.txt"} <= set(alice.keys(desk))


def test_a_passing_error_passes(alice, desk):
    """A refresh that fails leaves the rows and offers another try; a later one shows all."""
    answer = broken(alice)
    listing = re.compile(r"/objects\?.*delimiter")
    for again in (
        lambda: alice.button("Try again").click(),
        lambda: delete(alice, "c.txt"),
    ):
        alice.page.route(listing, lambda route: route.fulfill(**answer), times=1)
        delete(alice, "a.txt" if alice.row("a.txt").count() else "b.txt")
        expect(alice.button("Try again")).to_be_visible()
        expect(alice.row("c.txt")).to_be_visible()
        assert alice.barriers() == []
        again()
        expect(alice.button("Try again")).to_have_count(0)
        expect(alice.row("a.txt")).to_have_count(0)
        expect(alice.row("box")).to_be_visible()
    expect(alice.page.get_by_text("2 entries", exact=True)).to_be_visible()


def test_a_folder_that_would_not_open_can_be_tried_again(alice, desk):
    """The first listing failed: the panel says so, and makes room for the rows."""
    answer = broken(alice)
    alice.page.route(
        re.compile(r"/objects\?.*delimiter"), lambda route: route.fulfill(**answer), times=1
    )
    alice.go("#home/me/desk/box/")
    expect(alice.page.get_by_role("region", name="Oh")).to_be_visible()
    alice.button("Try again").click()
    expect(alice.row("one.txt")).to_be_visible()
    expect(alice.page.get_by_role("region", name="Oh")).to_have_count(0)


def test_a_second_page_that_fails_costs_nothing(alice):
    """The rows of the first stay, nothing is asked for unasked, and the rest comes at a click."""
    headers = broken(alice)["headers"]
    prefix = f"{alice.home()}paged/"
    state = {"isBroken": True, "asked": 0}

    def page(first, cursor):
        objects = [
            {"key": f"{prefix}{at:04}.txt", "size": 1, "lastModified": "2026-01-01T00:00:00Z"}
            for at in range(first, first + 100)
        ]
        return {"objects": objects, "prefixes": [], "cursor": cursor}

    def answer(route):
        if "cursor=" not in route.request.url:
            route.fulfill(json=page(0, "next"), headers=headers)
            return
        state["asked"] += 1
        if state["isBroken"]:
            route.fulfill(**broken(alice))
        else:
            route.fulfill(json=page(100, None), headers=headers)

    alice.page.route(re.compile(r"/objects\?.*paged"), answer)
    alice.go("#home/me/paged/")
    expect(alice.row("0000.txt")).to_be_visible()
    alice.row("0000.txt").focus()
    alice.page.keyboard.press("End")
    expect(alice.button("Try again")).to_be_visible()
    expect(alice.row("0099.txt")).to_be_visible()
    for key in ("Home", "End"):
        alice.page.keyboard.press(key)
    assert state["asked"] == 1
    state["isBroken"] = False
    alice.button("Try again").click()
    expect(alice.page.get_by_text("200 entries", exact=True)).to_be_visible()
    expect(alice.row("0099.txt")).to_be_visible()


def test_a_double_click_opens_one_preview(alice, desk):
    """On the name as on the rest of the row."""
    for place in (alice.row("a.txt").get_by_role("link"), alice.row("a.txt").locator(".size")):
        place.dblclick()
        expect(alice.dialogue("a.txt").first).to_be_visible()
        alice.page.wait_for_timeout(500)
        expect(alice.page.get_by_role("dialog", include_hidden=True)).to_have_count(1)
        alice.button("Close").click()
        expect(alice.page.locator("dialog")).to_have_count(0)


def test_a_key_pressed_twice_asks_once(alice, desk):
    """Two dialogues would be two questions about the same file."""
    alice.row("a.txt").focus()
    alice.page.evaluate("""() => {
      for (let time = 0; time < 2; time += 1) document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", { key: "Delete", bubbles: true }));
    }""")
    expect(alice.dialogue("Delete 1 file?").first).to_be_visible()
    alice.page.wait_for_timeout(500)
    expect(alice.page.locator("dialog")).to_have_count(1)
    alice.page.keyboard.press("Escape")
    expect(alice.page.locator("dialog")).to_have_count(0)
    alice.page.keyboard.press("Delete")
    expect(alice.dialogue("Delete 1 file?")).to_be_visible()
    alice.page.keyboard.press("Escape")


@pytest.mark.parametrize("key", ["Backspace", "Alt+ArrowUp"])
def test_one_gets_out_of_an_empty_folder_by_keyboard(alice, desk, key):
    """The list has the focus though there is no row in it."""
    alice.put(f"{desk}void/")
    alice.go("#home/me/")
    alice.row("desk").focus()
    alice.page.keyboard.press("Enter")
    expect(alice.row("void")).to_be_visible()
    alice.row("void").focus()
    alice.page.keyboard.press("Enter")
    expect(alice.page.get_by_text("This folder is empty.")).to_be_visible()
    expect(alice.page.get_by_role("grid")).to_be_focused()
    assert alice.barriers() == []
    alice.page.keyboard.press(key)
    expect(alice.row("c.txt")).to_be_visible()


def test_there_is_no_way_up_from_the_topmost_place(alice):
    """Above it is only what is refused."""
    expect(alice.row("hello.txt")).to_be_visible()
    address = alice.page.evaluate("() => location.hash")
    alice.row("hello.txt").focus()
    alice.page.keyboard.press("Backspace")
    alice.page.wait_for_timeout(300)
    assert alice.page.evaluate("() => location.hash") == address
    expect(alice.row("hello.txt")).to_be_focused()


def test_a_folder_without_its_slash_is_found(alice):
    """Its address leads to it as if the slash were there; of a name that is nothing it is told."""
    alice.turn_to("#home/me/notes")
    expect(alice.row("to do.md")).to_be_visible()
    assert alice.page.evaluate("() => location.hash") == f"#{alice.home()}notes/"
    alice.turn_to("#home/me/note")
    expect(alice.page.get_by_text("is not there.")).to_be_visible()


def test_the_focus_stays_where_one_was(alice, desk):
    """After a deletion it is on the neighbour, after a renaming on the new name."""
    alice.row("b.txt").focus()
    alice.page.keyboard.press("Delete")
    alice.page.keyboard.press("Delete")
    expect(alice.dialogue("Delete 1 file?")).to_be_visible()
    alice.page.keyboard.press("Enter")
    expect(alice.row("b.txt")).to_have_count(0)
    expect(alice.row("c.txt")).to_be_focused()
    alice.page.keyboard.press("F2")
    rename(alice, "c.txt", "0.txt")
    expect(alice.row("0.txt")).to_be_focused()
    delete(alice, "a.txt")
    expect(alice.row("a.txt")).to_have_count(0)
    expect(alice.row("0.txt")).to_be_focused()


def test_an_empty_folder_is_dropped_as_one(alice, desk):
    """It is made, also within another one, and a second time is as good as the first."""
    (alice.folder / "outer" / "inner").mkdir(parents=True)
    (alice.folder / "outer" / "a.txt").write_bytes(b"a")
    (alice.folder / "bare").mkdir()
    alice.drop(alice.folder / "outer", alice.folder / "bare")
    expect(alice.row("bare")).to_be_visible()
    made = {f"{desk}outer/a.txt", f"{desk}outer/inner/", f"{desk}bare/"}
    assert made <= set(alice.keys(desk))
    before = alice.keys(desk)
    alice.expect_complaint("412")
    alice.drop(alice.folder / "bare")
    transfers = alice.page.get_by_role("region", name="Transfers")
    expect(transfers.get_by_role("listitem").filter(has_text="bare")).to_have_count(2)
    expect(alice.page.get_by_text("All done")).to_be_visible()
    expect(alice.page.get_by_role("dialog")).to_have_count(0)
    assert alice.keys(desk) == before

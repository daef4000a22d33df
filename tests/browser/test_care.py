"""What nobody asks for and everybody needs: safety, access for all, calm when it goes wrong."""

import itertools
import re

import pytest
import requests
from playwright.sync_api import expect

from local.stack import ROOT

MARKUP = "<img src=x onerror=alert(1)>.txt"
TURNED = "exe.\u202egpj.scr"


def test_names_are_text(alice, pictures):
    """Markup in a name does nothing, and what turns the reading is shown as an escape."""
    dialogues = []
    alice.page.on("dialog", lambda dialogue: dialogues.append(dialogue.message))
    for name in (MARKUP, TURNED):
        alice.put(f"{alice.home()}odd/{name}", b"odd")
    alice.go("#home/me/odd/")
    expect(alice.row(MARKUP)).to_be_visible()
    expect(alice.row(r"exe.\u202egpj.scr")).to_be_visible()
    alice.page.screenshot(path=pictures / "odd-names.png")
    alice.row(MARKUP).get_by_role("link").click()
    expect(alice.dialogue(MARKUP)).to_be_visible()
    alice.button("Close").click()
    alice.mark(MARKUP)
    alice.tool("Delete").click()
    expect(alice.dialogue("Delete 1 file?")).to_contain_text(MARKUP)
    alice.button("Cancel").click()
    assert alice.page.locator("img[src=x]").count() == 0
    assert dialogues == []


def test_names_that_differ_look_different(alice):
    """Each space shows, and a letter that nobody sees is shown as an escape."""
    for name in ("a b.txt", "a  b.txt", "a\u3164b.txt"):
        alice.put(f"{alice.home()}spaces/{name}")
    alice.go("#home/me/spaces/")
    expect(alice.row(r"a\u3164b.txt")).to_be_visible()
    widths = {
        alice.page.locator("bdi").filter(has_text=re.compile(pattern)).bounding_box()["width"]
        for pattern in (r"^a b\.txt$", r"^a {2}b\.txt$")
    }
    assert len(widths) == 2


@pytest.mark.parametrize(("width", "height"), [(360, 640), (640, 360)])
def test_nothing_covers_the_list_on_a_phone(sit_down, width, height):
    """While files go in, the list, the status and the transfers have their own room."""
    alice = sit_down()
    alice.page.set_viewport_size({"width": width, "height": height})
    alice.sign_in("alice")
    alice.go("#home/me/notes/2026/")
    names = [f"at-{width}-{number}.txt" for number in range(6)]
    for name in names:
        (alice.folder / name).write_text("x")
    alice.drop(*(alice.folder / name for name in names))
    expect(alice.page.get_by_text("All done")).to_be_visible()
    boxes = [alice.page.locator(part).bounding_box() for part in (".scroller", ".status")]
    boxes.append(alice.page.get_by_role("region", name="Transfers").bounding_box())
    for upper, lower in itertools.pairwise(boxes):
        assert upper["height"] >= 20
        assert upper["y"] + upper["height"] <= lower["y"]
    assert boxes[-1]["height"] >= 60


def test_no_module_makes_html_of_text():
    """No source of the page names a way from text to markup or code."""
    for file in (ROOT / "web").glob("*.*"):
        text = file.read_text()
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text
        )
        assert not re.search(r"\son\w+=\"|style=\"|javascript:", text), file.name


def test_the_page_asks_nobody_else(sit_down, page_stack):
    """Every request goes to the page's own origin, the API, the sign-in or the bucket."""
    bob = sit_down()
    asked = set()
    bob.page.on("request", lambda request: asked.add(request.url.split("/")[2]))
    bob.sign_in("bob")
    bob.row("hello.txt").get_by_role("link").click()
    expect(bob.dialogue("hello.txt").locator("iframe")).to_be_visible()
    own = page_stack.page_url.split("/")[2]
    assert asked <= {own, f"localhost:{page_stack.port}", f"127.0.0.1:{page_stack.port}"}


@pytest.mark.parametrize("path", ["", "main.js", "config.json", "no-such-file"])
def test_every_answer_is_strict(page_stack, path):
    """Scripts and styles of the page alone, no frame around it, no referrer, no guessing."""
    headers = requests.get(page_stack.page_url + path, timeout=60).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'; style-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_axe_would_find_something(alice):
    """A picture that nothing stands for is told, with its place."""
    alice.page.evaluate("() => document.querySelector('main').append(new Image())")
    assert alice.barriers() == [("image-alt", [["#main > img"]])]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 360])
def test_axe_finds_nothing(sit_down, pictures, scheme, width):
    """Every view is open to all: light and dark, wide and on a phone."""
    alice = sit_down(color_scheme=scheme)
    alice.page.set_viewport_size({"width": width, "height": 800})
    alice.expect_complaint("403|412")
    found = {}

    def look(view):
        if problems := alice.barriers():
            found[view] = problems
        if scheme == "dark" or width == 360:
            alice.page.screenshot(path=pictures / f"{view}-{scheme}-{width}.png")

    alice.open()
    expect(alice.button("Sign in")).to_be_visible()
    look("welcome")
    alice.sign_in("alice")
    expect(alice.row("hello.txt")).to_be_visible()
    look("files")
    alice.mark("hello.txt")
    look("marked")
    alice.tool("Rename").click()
    look("rename")
    alice.button("Cancel").click()
    alice.tool("Delete").click()
    look("delete")
    alice.button("Cancel").click()
    alice.row("hello.txt").get_by_role("link").click()
    expect(alice.dialogue("hello.txt")).to_be_visible()
    look("preview")
    alice.button("Close").click()
    alice.button("alice").click()
    look("who")
    alice.button("Close").click()
    alice.button("Requests").click()
    look("requests")
    alice.button("Close").click()
    (alice.folder / "hello.txt").write_text("axe")
    alice.drop(alice.folder / "hello.txt")
    expect(alice.dialogue("hello.txt is there already")).to_be_visible()
    look("overwrite")
    alice.button("Skip").click()
    expect(alice.page.get_by_text("Skipped")).to_be_visible()
    look("transfers")
    alice.go(f"#{alice.home('bob')}")
    expect(alice.page.get_by_role("region", name="This is not open to you")).to_be_visible()
    look("refused")
    assert found == {}


def test_nothing_is_cut_off_on_a_phone(sit_down):
    """At 320 CSS pixels nobody has to scroll sideways (WCAG 2.2, 1.4.10)."""
    alice = sit_down()
    alice.page.set_viewport_size({"width": 320, "height": 640})
    alice.sign_in("alice")
    expect(alice.row("hello.txt")).to_be_visible()
    wide = alice.page.evaluate("() => document.documentElement.scrollWidth > innerWidth")
    assert not wide


def test_a_busy_service_is_waited_for_as_it_told(alice):
    """One calm line counts down from Retry-After; then the answer is there."""
    alice.expect_complaint("429")
    asked = []

    def answer(route):
        asked.append(route.request.url)
        if len(asked) > 1:
            route.continue_()
            return
        route.fulfill(
            status=429,
            headers={
                "Access-Control-Allow-Origin": alice.stack.page_url.rstrip("/"),
                "Access-Control-Expose-Headers": "Retry-After",
                "Retry-After": "3",
            },
            content_type="application/problem+json",
            body='{"status": 429, "code": "throttled", "title": "Too many requests"}',
        )

    alice.page.route(re.compile(r"/objects\?.*notes"), answer)
    alice.row("notes").get_by_role("link").click()
    expect(alice.page.get_by_text("The service is busy.")).to_be_visible()
    expect(alice.page.get_by_text(re.compile("Trying again in [123] s"))).to_be_visible()
    expect(alice.row("to do.md")).to_be_visible()
    expect(alice.page.get_by_text("The service is busy.")).to_have_count(0)


def test_being_offline_is_told_calmly(alice, pictures):
    """The page waits, says so, and goes on by itself when the network is back."""
    alice.expect_complaint("ERR_INTERNET_DISCONNECTED")
    expect(alice.row("notes")).to_be_visible()
    alice.context.set_offline(True)
    alice.row("notes").get_by_role("link").click()
    expect(alice.page.get_by_text("The service cannot be reached.")).to_be_visible()
    alice.page.screenshot(path=pictures / "offline.png")
    assert alice.barriers() == []
    alice.context.set_offline(False)
    expect(alice.row("to do.md")).to_be_visible()
    expect(alice.page.get_by_text("The service cannot be reached.")).to_have_count(0)


@pytest.mark.parametrize("way", ["fetch", "xhr"])
def test_the_redirect_to_the_storage_works_in_a_browser(alice, way):
    """fetch, and XMLHttpRequest as axios uses it, follow it across origins to the bytes."""
    url = f"{alice.stack.api_url}/objects/home/me/hello.txt"
    ask = {
        "fetch": """([url, token]) => fetch(url, {headers: {Authorization: token}})
            .then(answer => answer.text())""",
        "xhr": """([url, token]) => new Promise((resolve, reject) => {
            const request = new XMLHttpRequest();
            request.open("GET", url);
            request.setRequestHeader("Authorization", token);
            request.onload = () => resolve(request.responseText);
            request.onerror = () => reject(new Error("refused"));
            request.send();
        })""",
    }[way]
    with alice.page.expect_response(lambda answer: "X-Amz-" in answer.url) as answered:
        text = alice.page.evaluate(ask, [url, alice.stack.users["alice"].tokens.id])
    assert text.startswith("Hello Alice")
    headers = answered.value.request.all_headers()
    assert headers["origin"] == "null"
    assert "authorization" not in headers

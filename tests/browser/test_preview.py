"""Looking at a file: straight from the storage, as the type that was signed, running nothing."""

import base64
import time

import pytest
from playwright.sync_api import expect

from tests.browser.sample_files import GREEN, SECONDS_OF_SOUND, pdf, png, wav, webm

STATE_OF_MEDIA = """media => new Promise((done, failed) => {
  media.onerror = () => failed(media.error.message);
  const tell = () => done({ width: media.videoWidth, seconds: media.duration,
    controls: media.controls, paused: media.paused });
  if (media.readyState > 1) tell(); else media.onloadeddata = tell;
})"""
HAS_COLOUR = """async ([picture, colour]) => {
  const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const pen = new OffscreenCanvas(image.width, image.height).getContext("2d");
  pen.drawImage(image, 0, 0);
  const { data } = pen.getImageData(0, 0, image.width, image.height);
  for (let at = 0; at < data.length; at += 4) {
    if (colour.every((part, channel) => Math.abs(part - data[at + channel]) < 3)) return true;
  }
  return false;
}"""
PATIENCE_SECONDS = 15


@pytest.fixture
def look(alice):
    """Put a file whose stored type lies, look at it, and give the frame of its preview."""

    def at(name, body):
        alice.put(f"{alice.home()}looks/{name}", body, "text/html")
        alice.go("#home/me/looks/")
        alice.row(name).get_by_role("link").click()
        return alice.dialogue(name).locator("iframe")

    yield at
    alice.button("Close").click()
    expect(alice.page.get_by_role("dialog")).to_have_count(0)


@pytest.fixture
def shows(alice):
    """Whether something on the page has points of a colour, some time soon or at the end of it."""
    judge = alice.context.new_page()

    def shows(locator, colour, patience=PATIENCE_SECONDS):
        end = time.monotonic() + patience
        while time.monotonic() < end:
            picture = base64.b64encode(locator.screenshot()).decode()
            if judge.evaluate(HAS_COLOUR, [picture, list(colour)]):
                return True
        return False

    return shows


@pytest.mark.parametrize(
    ("name", "body", "tag"),
    [("a.txt", b"plain words", "pre"), ("a.png", png(), "img"), ("a.html", b"<h1>x</h1>", "pre")],
    ids=["text", "image", "markup"],
)
def test_a_preview_runs_nothing(alice, look, pictures, name, body, tag):
    """A file is shown in a sandbox, as the type that was signed whatever was stored."""
    frame = look(name, body)
    expect(frame).to_have_attribute("sandbox", "")
    expect(frame.content_frame.locator(tag)).to_be_visible()
    if tag == "pre":
        assert frame.content_frame.locator("body").inner_text() == body.decode()
    alice.page.screenshot(path=pictures / f"preview-{name}.png")


def test_a_sound_can_be_played(look):
    """It has loaded, has a play button, and waits for it; the sandbox lets no script run."""
    frame = look("a.wav", wav())
    expect(frame).to_have_attribute("sandbox", "allow-same-origin")
    state = frame.content_frame.locator("video, audio").evaluate(STATE_OF_MEDIA)
    assert state["seconds"] == pytest.approx(SECONDS_OF_SOUND, abs=0.1)
    assert (state["controls"], state["paused"]) == (True, True)


def test_a_film_can_be_played(alice, look):
    """It has loaded, has a play button, and waits for it; the sandbox lets no script run."""
    frame = look("a.webm", webm(alice.page))
    expect(frame).to_have_attribute("sandbox", "allow-same-origin")
    state = frame.content_frame.locator("video").evaluate(STATE_OF_MEDIA)
    assert (state["width"], state["controls"], state["paused"]) == (64, True, True)


def test_a_pdf_is_shown(alice, look, shows, pictures):
    """The browser's own viewer draws it: its green page is on the screen."""
    with alice.page.expect_response(
        lambda answer: "a.pdf" in answer.url and answer.request.method == "GET"
    ) as seen:
        frame = look("a.pdf", pdf())
    headers = seen.value.headers
    assert headers["content-type"] == "application/pdf"
    assert headers["content-disposition"].startswith("inline")
    assert shows(frame, GREEN)
    alice.page.screenshot(path=pictures / "preview-a.pdf.png")


@pytest.mark.parametrize(
    "sandbox", ["", "allow-same-origin", "allow-scripts allow-same-origin allow-downloads"]
)
def test_no_sandbox_lets_a_pdf_through(alice, look, sandbox):
    """Why a PDF has none: Chromium puts its error page into a sandboxed frame, whatever it allows.

    Once this fails, the frame of a PDF can have a sandbox as the others have.
    """
    alice.expect_complaint("a\\.pdf|chrome-error")
    frame = look("a.pdf", pdf())
    frame.evaluate(
        """(frame, sandbox) => {
          const again = frame.cloneNode();
          again.setAttribute("sandbox", sandbox);
          frame.replaceWith(again);
        }""",
        sandbox,
    )
    expect(frame).to_have_attribute("sandbox", sandbox)
    end = time.monotonic() + PATIENCE_SECONDS
    while not frame.element_handle().content_frame().url.startswith("chrome-error://"):
        assert time.monotonic() < end
        alice.page.wait_for_timeout(50)

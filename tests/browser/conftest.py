import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from local.page_config import PageConfig
from local.page_server import PageServer, page_origin
from local.ports import free_port
from local.stack import ROOT, LocalStack
from tests.browser.chromium import CHROMIUM, FLAGS
from tests.browser.person import Person
from tests.left_out import leave_out

# For what takes a moment; nothing waits so long unless it fails.
PATIENCE_MS = 20_000


def pytest_collection_modifyitems(config, items):
    """Without a browser one test says so for all; CI has to have one."""
    if CHROMIUM or os.environ.get("CI"):
        return
    here = Path(__file__).parent
    mine = [item for item in items if here in item.path.parents and "browser" in item.fixturenames]
    leave_out(
        config,
        items,
        mine,
        f"chromium is not installed: {len(mine)} tests of the page are left out",
    )


@pytest.fixture(scope="session")
def page_stack() -> Iterator[LocalStack]:
    """A stack whose API and bucket know the origin of the page beside it, and that page."""
    port = free_port()
    with (
        LocalStack(parameters={"AllowedOrigin": page_origin(port)}) as stack,
        PageServer(port, PageConfig.of_outputs(stack.outputs)) as page,
    ):
        stack.page_url = page.url
        yield stack


@pytest.fixture(scope="session")
def browser():
    assert CHROMIUM, "CI has no chromium"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def pictures():
    folder = ROOT / ".local" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def new_window(browser, **options):
    context = browser.new_context(
        accept_downloads=True, locale="en-GB", viewport={"width": 1200, "height": 800}, **options
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


@pytest.fixture
def sit_down(browser, page_stack, tmp_path):
    """Give somebody a fresh browser window; at the end, nothing may have complained in it."""
    people = []

    def sit(**options) -> Person:
        person = Person(page_stack, new_window(browser, **options), Path(tmp_path))
        people.append(person)
        return person

    yield sit
    for person in people:
        complaints = person.complaints
        person.context.close()
        assert complaints == []


@pytest.fixture(scope="session")
def window(browser):
    """The window in which one test after another has a tab of its own."""
    with new_window(browser) as context:
        yield context


@pytest.fixture(scope="session")
def refresh_tokens() -> dict[str, str]:
    """Of those who have signed in, by name."""
    return {}


@pytest.fixture
def alice(window, page_stack, tmp_path, refresh_tokens) -> Iterator[Person]:
    """Signed in, in a fresh tab of a window where nothing is left of those before.

    She goes through the sign-in once; then her tab begins with what a reload begins with, which
    takes a second less for each of the tests that are about something else.
    """
    person = Person(page_stack, window, Path(tmp_path))
    if "alice" in refresh_tokens:
        person.resume("alice", refresh_tokens["alice"])
    else:
        person.sign_in("alice")
        refresh_tokens["alice"] = person.refresh_token()
    yield person
    person.leave()
    assert person.complaints == []

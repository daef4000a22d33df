"""What the page does about a Back, a sign-in that ended, and services that fail for a while."""

import re

from playwright.sync_api import expect

COMES_BACK = """() => {
  sessionStorage.clear();
  dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
}"""


def test_back_after_the_sign_out_shows_no_files(alice):
    """A page that the browser had kept forgets what it showed."""
    expect(alice.row("hello.txt")).to_be_visible()
    alice.page.evaluate(COMES_BACK)
    expect(alice.button("Sign in")).to_be_visible()
    expect(alice.page.get_by_text("hello.txt")).to_have_count(0)


def test_who_signed_out_in_another_tab_may_sign_in_again(sit_down):
    """A refused identity is told as an ended sign-in, which one begins anew where one was."""
    ada = sit_down()
    ada.expect_complaint("40[03]")
    ada.sign_in("ada", hash_="#shared/templates/")
    expect(ada.row("letter.txt")).to_be_visible()
    ada.stack.aws.user_pools.admin_user_global_sign_out(
        UserPoolId=ada.stack.place.user_pool_id, Username="ada"
    )
    ada.page.route(
        re.compile(r"/objects\?"),
        lambda route: route.fulfill(
            status=403,
            json={"status": 403, "code": "identity_refused", "title": "Identity refused"},
            headers={"Access-Control-Allow-Origin": "*"},
        ),
    )
    ada.page.get_by_role("link", name="Shared").first.click()
    expect(ada.page.get_by_role("alert")).to_have_text("Your sign-in has ended. Sign in again.")
    assert ada.refresh_token() is None
    ada.page.unroute_all()
    ada.button("Sign in").click()
    ada.enter("ada", ada.stack.users["ada"].password)
    ada.see_account("ada")
    expect(ada.row("handbook.txt")).to_be_visible()


def test_an_identity_that_stays_refused_ends_the_sign_in(sit_down):
    """Where new tokens do not help either, one is told what the service said, and signs in."""
    ada = sit_down()
    ada.expect_complaint("403")
    ada.sign_in("ada")
    sentence = "The sign-in is no longer accepted; sign in again."
    ada.page.route(
        re.compile(r"/objects\?"),
        lambda route: route.fulfill(
            status=403,
            json={"status": 403, "code": "identity_refused", "detail": sentence},
            headers={"Access-Control-Allow-Origin": "*"},
        ),
    )
    ada.page.get_by_role("link", name="Shared").first.click()
    expect(ada.page.get_by_role("alert")).to_have_text(sentence)
    expect(ada.button("Sign in")).to_be_visible()
    assert ada.refresh_token() is None


def test_a_start_that_failed_can_be_tried_again(alice):
    """A broken service is told instead of an endless loading, with a way to go on."""
    alice.expect_complaint("500")
    alice.page.route(
        re.compile("/me$"),
        lambda route: route.fulfill(
            status=500,
            json={"message": "Internal Server Error"},
            headers={"Access-Control-Allow-Origin": "*"},
        ),
    )
    alice.page.reload()
    expect(alice.page.get_by_role("alert")).to_contain_text("The service is in trouble.")
    expect(alice.page.get_by_text("Loading …")).to_have_count(0)
    assert alice.barriers() == []
    alice.page.unroute_all()
    alice.button("Try again").click()
    alice.see_account("alice")
    expect(alice.row("hello.txt")).to_be_visible()


def busy_storage(person, times):
    """Have the storage answer the first checks of a file that it is busy."""
    asked = []

    def answer(route):
        if route.request.method != "HEAD":
            route.fallback()
            return
        asked.append(route.request.url)
        if len(asked) > times:
            route.fallback()
            return
        route.fulfill(
            status=503,
            headers={
                "Access-Control-Allow-Origin": "*",
                "Access-Control-Expose-Headers": "Retry-After",
                "Retry-After": "1",
            },
        )

    person.expect_complaint("503")
    person.page.route(re.compile("X-Amz-Signature"), answer)
    return asked


def test_a_busy_storage_is_waited_for(alice):
    """A file opens as soon as the storage has time for it."""
    asked = busy_storage(alice, 1)
    alice.row("hello.txt").get_by_role("link").click()
    expect(alice.page.get_by_text("The service is busy.")).to_be_visible()
    expect(alice.dialogue("hello.txt")).to_be_visible()
    assert len(asked) == 2
    alice.button("Close").click()


def test_a_storage_that_stays_busy_is_no_refusal(alice):
    """It is told as what passes, not as a lack of rights."""
    busy_storage(alice, 99)
    alice.row("hello.txt").get_by_role("link").click()
    told = alice.dialogue("Refused").get_by_role("region", name="The storage is busy")
    expect(told).to_contain_text("Try again in a while.")
    expect(alice.page.get_by_text("This is not open to you")).to_have_count(0)
    alice.button("Close").click()


def test_back_closes_what_is_open(alice):
    """A preview and a question do not stay over another folder than theirs."""
    alice.go("#home/me/notes/")
    alice.row("to do.md").get_by_role("link").click()
    expect(alice.dialogue("to do.md")).to_be_visible()
    alice.page.evaluate("history.back()")
    expect(alice.row("hello.txt")).to_be_visible()
    expect(alice.page.locator("dialog")).to_have_count(0)
    alice.button("Requests").click()
    expect(alice.page.get_by_role("dialog")).to_be_visible()
    alice.page.evaluate("history.forward()")
    expect(alice.row("to do.md")).to_be_visible()
    expect(alice.page.locator("dialog")).to_have_count(0)


def test_no_role_looks_picked_before_one_is(sit_down):
    """The picker says that one is to be chosen; the first role can be chosen there, too."""
    mia = sit_down()
    mia.expect_complaint("403")
    mia.sign_in("mia", mia.stack.users["mia"].password)
    mia.page.get_by_role("heading", name="As whom?").wait_for()
    picker = mia.page.get_by_label("Role")
    expect(picker.locator("option:checked")).to_have_text("Choose a role")
    picker.select_option("editors")
    mia.see_account("mia")
    expect(picker).to_have_value("editors")
    expect(picker.locator("option")).to_have_text(["editors", "auditors"])

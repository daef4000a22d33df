"""Signing in at the user pool's own pages, and out again."""

import re

import pytest
import requests
from playwright.sync_api import expect

from local.demo_users import new_password


def test_alice_signs_in_and_sees_her_files(sit_down, pictures):
    """The right password leads to her own folder, and no code stays in the address."""
    alice = sit_down()
    alice.open()
    expect(alice.button("Sign in")).to_be_visible()
    alice.page.screenshot(path=pictures / "welcome.png")
    alice.sign_in("alice")
    expect(alice.row("hello.txt")).to_be_visible()
    expect(alice.row("notes")).to_be_visible()
    assert alice.page.url == alice.stack.page_url
    alice.page.screenshot(path=pictures / "files.png")


def test_a_wrong_password_is_told(sit_down):
    """The pool's page says so and the person stays there, signed in nowhere."""
    alice = sit_down()
    alice.sign_in("alice", "Aa1-not-the-password")
    expect(alice.page.get_by_text("Incorrect username or password")).to_be_visible()
    assert "/login" in alice.page.url
    alice.open()
    expect(alice.button("Sign in")).to_be_visible()


def test_a_first_password_is_replaced(sit_down, page_stack):
    """Who got a temporary password sets one of their own on the way, and arrives."""
    pool, admin = page_stack.place.user_pool_id, page_stack.aws.user_pools
    first, own = new_password(), new_password()
    admin.admin_create_user(
        UserPoolId=pool, Username="nina", TemporaryPassword=first, MessageAction="SUPPRESS"
    )
    nina = sit_down()
    nina.sign_in("nina", first)
    nina.page.get_by_label("New password", exact=True).fill(own)
    nina.page.get_by_label("Confirm new password").fill(own)
    nina.button("Update password").click()
    nina.see_account("nina")
    expect(nina.page.get_by_text("This folder is empty. Drop files")).to_be_visible()


def test_a_deep_link_survives_sign_in_and_reload(sit_down):
    """The address of a folder leads there after the sign-in, and again after a reload."""
    alice = sit_down()
    alice.sign_in("alice", hash_="#home/me/notes/")
    expect(alice.row("to do.md")).to_be_visible()
    assert alice.page.url.endswith(f"#{alice.home()}notes/")
    alice.page.reload()
    expect(alice.row("to do.md")).to_be_visible()


@pytest.mark.parametrize("begun", [False, True], ids=["out of nothing", "amid a sign-in"])
def test_a_foreign_code_signs_nobody_in(sit_down, begun):
    """A code whose state this tab did not make is not redeemed, whether it began one or not."""
    alice = sit_down()
    asked = []
    alice.page.on("request", lambda request: asked.append(request.url))
    alice.open()
    if begun:
        alice.button("Sign in").click()
        alice.page.get_by_label("Password").wait_for()
    alice.open("?code=somebody-elses&state=unknown")
    expect(alice.page.get_by_role("alert")).to_contain_text("did not begin in this tab")
    assert not [url for url in asked if "/oauth2/token" in url]


def test_no_token_is_kept_where_it_outlives_the_tab(alice):
    """Only the refresh token is stored, and only in sessionStorage."""
    kept = alice.page.evaluate("() => [{...localStorage}, {...sessionStorage}]")
    assert kept[0] == {}
    assert set(kept[1]) == {"bucketpass.refresh-token"}
    assert alice.context.cookies() == []


def test_tokens_are_renewed_before_they_end(alice):
    """An hour later the page goes on with new tokens, and nobody is asked for anything."""
    alice.page.clock.install()
    alice.page.reload()
    expect(alice.row("hello.txt")).to_be_visible()
    with alice.page.expect_response(re.compile("/oauth2/token")) as renewal:
        alice.page.clock.fast_forward("56:00")
        alice.row("notes").get_by_role("link").click()
    assert renewal.value.status == 200
    expect(alice.row("to do.md")).to_be_visible()


def test_signing_out_ends_it_at_cognito_too(sit_down):
    """After the sign-out the refresh token gives nothing any more."""
    bob = sit_down()
    bob.sign_in("bob")
    refresh = bob.refresh_token()
    bob.button("Sign out").click()
    expect(bob.button("Sign in")).to_be_visible()
    assert bob.page.evaluate("() => sessionStorage.length") == 0
    renewal = requests.post(
        f"{bob.stack.endpoint_url}/oauth2/token",
        data={
            "grant_type": "refresh_token",
            "client_id": bob.stack.place.client_id,
            "refresh_token": refresh,
        },
        timeout=60,
    )
    assert (renewal.status_code, renewal.json()["error"]) == (400, "invalid_grant")


def test_a_sign_in_that_ended_elsewhere_is_told(sit_down):
    """Signed out on another device, one reads so, signs in again and is where one was."""
    ada = sit_down()
    ada.expect_complaint("400")
    ada.page.clock.install()
    ada.sign_in("ada", hash_="#shared/templates/")
    expect(ada.row("letter.txt")).to_be_visible()
    ada.stack.aws.user_pools.admin_user_global_sign_out(
        UserPoolId=ada.stack.place.user_pool_id, Username="ada"
    )
    ada.page.clock.fast_forward("56:00")
    ada.page.get_by_role("link", name="Shared").first.click()
    expect(ada.page.get_by_role("alert")).to_have_text("Your sign-in has ended. Sign in again.")
    ada.button("Sign in").click()
    ada.enter("ada", ada.stack.users["ada"].password)
    ada.see_account("ada")
    expect(ada.row("handbook.txt")).to_be_visible()

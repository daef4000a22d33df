"""Who one is, as whom one acts, why something is refused, and how a program would ask."""

import re
import shlex
import subprocess

from playwright.sync_api import expect


def test_the_page_says_who_one_is(sit_down, pictures):
    """Identity id, groups, role and the end of the credentials are a click away."""
    erin = sit_down()
    erin.sign_in("erin")
    erin.button("erin").click()
    told = erin.dialogue("Who am I?")
    expect(told).to_contain_text(erin.stack.users["erin"].identity_id)
    expect(told).to_contain_text("editors")
    expect(told).to_contain_text("EditorsRole")
    expect(told).to_contain_text("until")
    erin.page.screenshot(path=pictures / "who.png")
    told.get_by_role("button", name="Close").click()


def test_mia_picks_a_role_and_changes_it(sit_down, pictures):
    """With several roles she is asked which; the places are those of the picked one."""
    mia = sit_down()
    mia.expect_complaint("403")
    mia.sign_in("mia", mia.stack.users["mia"].password)
    mia.page.get_by_role("heading", name="As whom?").wait_for()
    mia.page.screenshot(path=pictures / "roles.png")
    assert mia.barriers() == []
    mia.button("Act as editors").click()
    mia.see_account("mia")
    places = mia.page.get_by_role("navigation", name="Places")
    expect(places).to_contain_text("Editors")
    expect(places).not_to_contain_text("Whole bucket")
    mia.page.get_by_label("Role").select_option("auditors")
    expect(places).to_contain_text("Whole bucket")
    assert mia.barriers() == []
    mia.page.reload()
    expect(places).to_contain_text("Whole bucket")


def test_a_refusal_names_the_role_that_would_do(sit_down):
    """Where another role of hers may, picking it is one click, and leads there."""
    mia = sit_down()
    mia.expect_complaint("403")
    mia.open("#groups/editors/")
    mia.button("Sign in").click()
    mia.enter("mia", mia.stack.users["mia"].password)
    mia.button("Act as auditors").click()
    mia.see_account("mia")
    expect(mia.row("draft.md")).to_be_visible()
    mia.page.get_by_label("Role").select_option("editors")
    expect(mia.row("draft.md")).to_be_visible()
    mia.go(f"#{mia.home('bob')}")
    refusal = mia.page.get_by_role("region", name="This is not open to you")
    refusal.get_by_role("button", name="Act as auditors").click()
    expect(mia.row("hello.txt")).to_be_visible()


def test_what_one_did_can_be_done_by_curl_and_axios(alice, pictures):
    """The shown command, with a token in its place, answers what the page got."""
    expect(alice.row("hello.txt")).to_be_visible()
    alice.button("Requests").click()
    dialogue = alice.dialogue("What the page has asked for")
    dialogue.get_by_role("button", name=re.compile("curl: GET .objects")).first.click()
    command = dialogue.locator("pre").inner_text()
    alice.page.screenshot(path=pictures / "requests.png")
    token = alice.stack.users["alice"].tokens.id
    assert token not in command
    words = [word.replace("$TOKEN", token) for word in shlex.split(command)]
    answer = subprocess.check_output(["curl", "-s", *words[1:]], text=True)  # noqa: S603, S607 # what is shown is tested
    assert f"{alice.home()}hello.txt" in answer
    dialogue.get_by_role("button", name=re.compile("axios: GET .objects")).first.click()
    expect(dialogue.locator("pre")).to_contain_text("axios({")
    dialogue.get_by_role("button", name="Close").click()

"""Somebody who sits in front of the page: what they do with hands, and see."""

import json
import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect

from local.stack import LocalStack

REFRESH_TOKEN = "bucketpass.refresh-token"


class Person:
    """A window of its own; `complaints` collects what the browser's console was told of errors."""

    def __init__(self, stack: LocalStack, context: BrowserContext, folder: Path):
        self.stack, self.context, self.folder = stack, context, folder
        self.page = context.new_page()
        self.complaints = []
        # Neither the pages of the emulated user pool nor a picture by itself have an icon.
        self.expected = [re.compile(r"/favicon\.ico")]
        # Playwright's own script wants to run in each new frame, also where none may.
        self.expected.append(re.compile("Blocked script execution in '"))
        self.page.on("pageerror", lambda error: self._complain(str(error)))
        self.page.on("console", self._hear)

    def expect_complaint(self, pattern):
        """The browser itself writes refused and broken requests to the console."""
        self.expected.append(re.compile(pattern))

    def open(self, hash_=""):
        self.page.goto(self.stack.page_url + hash_)

    def sign_in(self, who, password=None, hash_=""):
        self.open(hash_)
        self.page.get_by_role("button", name="Sign in").click()
        self.enter(who, password or self.stack.users[who].password)
        if password is None:
            self.see_account(who)

    def resume(self, who, refresh_token):
        """Open the page as it is opened again in a tab where one has signed in."""
        # Only the tab's first page finds it there: the tab keeps its name from then on.
        self.page.add_init_script(
            f"""if (self === top && !name) {{
                name = "signed in before";
                sessionStorage.setItem("{REFRESH_TOKEN}", {json.dumps(refresh_token)});
            }}"""
        )
        self.open()
        self.see_account(who)

    def refresh_token(self):
        """What the page keeps for a reload, None when signed out."""
        return self.page.evaluate(f"() => sessionStorage.getItem('{REFRESH_TOKEN}')")

    def enter(self, who, password):
        """Fill the form of the user pool's own page."""
        self.page.get_by_label("Username").fill(who)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()

    def see_account(self, who):
        expect(self.page.get_by_role("button", name=who, exact=True)).to_be_visible()
        self.see_list()

    def home(self, who="alice"):
        return f"home/{self.stack.users[who].identity_id}/"

    def row(self, name):
        return self.page.get_by_role("row").filter(
            has=self.page.get_by_role("link", name=name, exact=True)
        )

    def tool(self, name):
        return self.page.get_by_role("group", name="Actions").get_by_role(
            "button", name=name, exact=True
        )

    def button(self, name):
        return self.page.get_by_role("button", name=name, exact=True)

    def dialogue(self, name):
        return self.page.get_by_role("dialog", name=name)

    def mark(self, *names):
        for name in names:
            self.page.get_by_role("checkbox", name=f"Mark {name}", exact=True).click()

    def go(self, key):
        """Open a folder by its address, until its list is there, or why it is not."""
        self.turn_to(key)
        self.see_list()

    def turn_to(self, key):
        """Open a folder by its address; what was shown before is gone, its list may be to come."""
        self.page.evaluate(
            """hash => new Promise((done) => {
                if (location.hash === hash) done();
                addEventListener("hashchange", () => done(), { once: true });
                location.hash = hash;
            })""",
            key,
        )

    def see_list(self):
        expect(self.page.locator("main .status", has_text="Loading …")).to_have_count(0)

    def put(self, key, body=b"", content_type="text/plain"):
        """Put an object as the administrator does, past the page."""
        bucket = self.stack.deployment.outputs["BucketName"]
        self.stack.aws.s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType=content_type)

    def read(self, key):
        bucket = self.stack.deployment.outputs["BucketName"]
        return self.stack.aws.s3.get_object(Bucket=bucket, Key=key)["Body"].read()

    def keys(self, prefix):
        bucket = self.stack.deployment.outputs["BucketName"]
        listed = self.stack.aws.s3.list_objects_v2(Bucket=bucket, Prefix=prefix)
        return [found["Key"] for found in listed.get("Contents", [])]

    def barriers(self):
        """What axe-core finds on the page: WCAG 2.2 A and AA and its best practices, by place."""
        # Of WCAG 2.2, axe leaves this rule out unless it is named.
        rules = {"target-size": {"enabled": True}}
        if not self.page.evaluate("() => 'axe' in self"):  # half a megabyte
            self.page.evaluate(Axe().axe_script)
        found = self.page.evaluate(
            "async (options) => (await axe.run(options)).violations",
            {"rules": rules, "resultTypes": ["violations"]},
        )
        return [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found]

    def drop(self, *paths):
        """Drag files or folders from the desktop onto the listed folder and let go of them."""
        self.see_list()
        self.drag(paths, "dragEnter", "dragOver", "drop")

    def drag(self, paths, *kinds, over="main"):
        """Drag files or folders over the middle of that role, through the browser itself."""
        box = self.page.get_by_role(over).bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
        session = self.context.new_cdp_session(self.page)
        for kind in kinds:
            session.send("Input.dispatchDragEvent", {"type": kind, "x": x, "y": y, "data": data})
        session.detach()

    def leave(self):
        """Close every tab, and have the window forget all that a site may keep in it."""
        self.context.set_offline(False)
        self.context.clear_cookies()
        session = self.context.new_cdp_session(self.page)
        for origin in (self.stack.page_url, self.stack.endpoint_url, self.stack.api_url):
            everything = {"origin": origin, "storageTypes": "all"}
            session.send("Storage.clearDataForOrigin", everything)
        for page in self.context.pages:
            page.close()

    def _hear(self, message):
        if message.type == "error":
            self._complain(f"{message.text} ({message.location.get('url', '')})")

    def _complain(self, text):
        if not any(pattern.search(text) for pattern in self.expected):
            self.complaints.append(text)

"""What docs/storage-browser.md hands to Amplify's Storage Browser, run by node as it is written."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.integration.vended import client_with

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "storage-browser.md"
# It calls the two handlers as the component does, and shows what they answer.
USE = """
const [apiUrl, token] = process.argv.slice(2)
const config = storageBrowserConfig({
  apiUrl, region: 'eu-central-1', idToken: async () => token, onSignOut: () => {},
})
const options = { pageSize: 100, exclude: { exactPermissions: ['delete', 'write'] } }
const listed = await config.listLocations({ options })
const [{ bucket, prefix, permissions }] = listed.items
const scope = `s3://${bucket}/${prefix}*`
const { credentials } = await config.getLocationCredentials({ scope, permissions })
const isDate = credentials.expiration instanceof Date
console.log(JSON.stringify({ listed, credentials, isDate, keys: Object.keys(config).sort() }))
"""


@pytest.fixture(scope="session")
def node():
    found = shutil.which("node")
    if not found and os.environ.get("CI"):
        pytest.fail("node is not installed")
    return found or pytest.skip("node is not installed")


@pytest.fixture
def run(node, api, tmp_path):
    """Runs the document's code as somebody."""
    (code,) = re.findall(r"^```js\n(.*?)^```$", DOCUMENT.read_text(), re.DOTALL | re.MULTILINE)
    program = tmp_path / "config.mjs"
    program.write_text(code + USE)

    def run(who):
        return subprocess.run(  # noqa: S603 # the documentation's own code
            [node, program, api.stack.api_url, api.stack.users[who].tokens.id],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def shown(finished):
    assert (finished.returncode, finished.stderr) == (0, "")
    return json.loads(finished.stdout)


EVERYTHING = {"list", "get", "write", "delete"}


@pytest.mark.parametrize("who", ["alice", "erin", "ada"])
def test_the_component_gets_places_in_its_shape(api, run, who):
    """One location for each prefix, with what all grants of it together permit."""
    answer = shown(run(who))
    bucket = api.stack.outputs["BucketName"]
    expected = {api.home(who): EVERYTHING, "shared/": {"list", "get"}} | {
        "alice": {},
        "erin": {"shared/": EVERYTHING, "groups/editors/": EVERYTHING},
        "ada": {"": {"list", "get"}},
    }[who]
    items = answer["listed"]["items"]
    assert {item["prefix"]: set(item["permissions"]) for item in items} == expected
    assert items[0]["prefix"] == api.home(who)
    for item in items:
        assert item.keys() == {"id", "bucket", "prefix", "type", "permissions"}
        assert item["bucket"] == bucket
        assert item["type"] == ("PREFIX" if item["prefix"] else "BUCKET")
        assert len(set(item["permissions"])) == len(item["permissions"])
    assert len({item["id"] for item in items}) == len(items)


def test_the_component_gets_credentials_that_work(api, run):
    """The four members that it wants, the expiration as a Date, and S3 takes them."""
    answer = shown(run("alice"))
    given = answer["credentials"]
    assert given.keys() == {"accessKeyId", "secretAccessKey", "sessionToken", "expiration"}
    assert answer["isDate"] is True
    assert answer["keys"] == [
        *("getLocationCredentials", "listLocations", "region", "registerAuthListener")
    ]
    s3 = client_with(given | {"region": api.stack.outputs["Region"]}, "s3", api.stack.endpoint_url)
    listed = s3.list_objects_v2(Bucket=api.stack.outputs["BucketName"], Prefix=api.home("alice"))
    assert listed["KeyCount"] > 0


def test_a_person_of_two_groups(api, run):
    """Mia has one list of both groups' places where there is one role, else she has to choose."""
    finished = run("mia")
    if not api.has_one_role:
        assert finished.returncode != 0
        assert "name one with the role parameter" in finished.stderr
        return
    items = shown(finished)["listed"]["items"]
    assert {item["prefix"]: set(item["permissions"]) for item in items} == {
        api.home("mia"): EVERYTHING,
        "shared/": EVERYTHING,
        "groups/editors/": EVERYTHING,
        "": {"list", "get"},
    }

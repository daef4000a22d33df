"""Object tags, which nobody may write, over HTTP and in each credential source."""

import pytest
import requests
from botocore.exceptions import ClientError

from tests.integration.bucket_content import BucketContent
from tests.integration.vended import client_with

TAG = {"x-amz-tagging": "team=editors"}


@pytest.fixture(scope="module")
def bucket(api):
    return BucketContent(api.stack)


def tags(api, name):
    """The tags of an object of alice's, as root sees them."""
    place = {"Bucket": api.stack.outputs["BucketName"], "Key": f"{api.home('alice')}{name}"}
    return api.stack.client("s3").get_object_tagging(**place)["TagSet"]


def test_a_put_carries_no_tags(api):
    """The header is none of the API's: it reaches S3 in no spelling."""
    for name, header in (("tags/a", "x-amz-tagging"), ("tags/b", "X-Amz-Meta-X-Amz-Tagging")):
        answer = api.object(f"home/me/{name}", method="PUT", data=b"x", headers={header: "a=b"})
        assert answer.status_code == 201
        assert tags(api, name) == []


def test_a_link_carries_no_tags(api, bucket):
    """Neither a header nor a parameter that was not signed, on a link or on an upload's URL."""
    home = api.home("alice")
    item = {"key": "home/me/tags/link", "method": "PUT", "contentLength": 1, "contentType": "a/b"}
    link = api.call("POST", "/links", json={"items": [item]}).json()["items"][0]
    begun = {"key": "home/me/tags/upload", "size": 1}
    upload = api.call("POST", "/uploads", json=begun).json()
    for url, headers in ((link["url"], link["headers"]), (upload["url"], upload["headers"])):
        sent = requests.put(url, data=b"x", headers={**headers, **TAG}, timeout=60)
        assert sent.status_code == 403
        sent = requests.put(f"{url}&x-amz-tagging=a%3Db", data=b"x", headers=headers, timeout=60)
        assert sent.status_code == 403
    assert bucket.keys(f"{home}tags/link") == bucket.keys(f"{home}tags/upload") == []


def test_an_upload_in_parts_carries_no_tags(api):
    """What begins an upload takes no tags, and metadata of that name is metadata."""
    body = {"key": "home/me/tags/parts", "size": 1, "multipart": True}
    answer = api.call("POST", "/uploads", json={**body, "tagging": "a=b"})
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid_request"


def test_what_is_tagged_is_not_copied(api, bucket):
    """Its tags would come along, which takes a right that nobody has; the object itself is read."""
    home = api.home("alice")
    bucket.put(f"{home}tags/tagged", b"x", Tagging="team=editors")
    items = [
        {"from": "home/me/tags/tagged", "to": f"home/me/tags/copy-{move}", "move": move}
        for move in (False, True)
    ]
    for item in items:
        answer = api.call("POST", "/copies", json={"items": [item]}).json()["items"][0]
        assert (answer["problem"]["status"], answer["problem"]["code"]) == (403, "access_denied")
    assert bucket.keys(f"{home}tags/copy-") == []
    assert api.object("home/me/tags/tagged", params={"as": "content"}).content == b"x"


def test_nobody_sets_tags_with_their_own_credentials(api):
    """Whoever takes the credentials along to S3 writes there, but no tags: IAM refuses."""
    told = api.get("/credentials").json()
    s3 = client_with(told, "s3", api.stack.endpoint_url)
    place = {"Bucket": told["bucket"], "Key": f"{api.home('alice')}tags/own"}
    s3.put_object(**place)
    tagged = {"TagSet": [{"Key": "team", "Value": "editors"}]}
    for attempt in (
        lambda: s3.put_object(**place, Tagging="team=editors"),
        lambda: s3.put_object_tagging(**place, Tagging=tagged),
        lambda: s3.get_object_tagging(**place),
    ):
        with pytest.raises(ClientError, match="AccessDenied"):
            attempt()
    s3.close()

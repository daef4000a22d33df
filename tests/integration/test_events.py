"""Every file in events/, invoked as it is: the function is called past API Gateway."""

import base64
import json

import pytest

from local.sam_template import load_template, routes
from local.sample_event import event_names, fill_event, load_event, placeholders
from local.stack import TEMPLATE

# The status, and the code of the problem document; None where there is none.
ANSWERS = {
    "abort-upload": (204, None),
    "begin-upload": (200, None),
    "buckets": (200, None),
    "copies": (200, None),
    "credentials": (200, None),
    "credentials-container": (200, None),
    "credentials-process": (200, None),
    "delete-object": (204, None),
    "deletions": (200, None),
    "explain": (200, None),
    "get-object-content": (200, None),
    "get-object-content-bearer": (200, None),
    "get-object-content-not-modified": (304, None),
    "get-object-content-odd-key": (200, None),
    "get-object-content-range": (206, None),
    "get-object-link": (200, None),
    "get-object-redirect": (307, None),
    "get-object-shared": (200, None),
    "head-object": (200, None),
    "config": (200, None),
    "health": (200, None),
    "links": (200, None),
    "list-objects": (200, None),
    "list-objects-first-page": (200, None),
    "list-objects-shared-delimiter": (200, None),
    "list-versions": (200, None),
    "locations": (200, None),
    "me": (200, None),
    "openapi": (200, None),
    "put-object": (201, None),
    "refused-basic-scheme": (401, "invalid_token"),
    "refused-bobs-delete": (403, "access_denied"),
    "refused-bobs-listing": (403, "access_denied"),
    "refused-bobs-missing-object": (403, "access_denied"),
    "refused-bobs-object": (403, "access_denied"),
    "refused-bobs-object-head": (403, None),
    "refused-bobs-object-link": (403, "access_denied"),
    "refused-bobs-object-redirect": (403, "access_denied"),
    "refused-bobs-put": (403, "access_denied"),
    "refused-bobs-versions": (403, "access_denied"),
    "refused-contradicting-claims": (401, "invalid_token"),
    "refused-damaged-token": (401, "invalid_token"),
    "refused-editors-listing": (403, "access_denied"),
    "refused-forged-claims": (401, "missing_token"),
    "refused-garbage-token": (401, "invalid_token"),
    "refused-invalid-cursor": (400, "invalid_cursor"),
    "refused-invalid-form": (400, "invalid_request"),
    "refused-invalid-key": (400, "invalid_key"),
    "refused-invalid-limit": (400, "invalid_request"),
    "refused-links": (400, "invalid_request"),
    "refused-list-uploads": (403, "access_denied"),
    "refused-missing-object": (404, "no_such_key"),
    "refused-no-token": (401, "missing_token"),
    "refused-put-over-existing": (412, "precondition_failed"),
    "refused-range": (416, "range_not_satisfiable"),
    "refused-restorations": (400, "invalid_request"),
    "refused-role": (403, "role_not_yours"),
    "refused-session-revoke": (400, "invalid_access_token"),
    "refused-shared-put": (403, "access_denied"),
    "refused-unknown-route": (404, "not_found"),
    "refused-unknown-upload-complete": (404, "no_such_upload"),
    "refused-unknown-upload-more-parts": (404, "no_such_upload"),
    "refused-unknown-upload-parts": (404, "no_such_upload"),
    "refused-whole-bucket": (403, "access_denied"),
    "restorations-of-no-version": (200, None),
}


WRITTEN = "from-events/"  # below a home: what the events make there


@pytest.fixture
def tidy(stack):
    """Whatever an event wrote is gone after the test: others look at the same bucket."""
    yield
    s3, bucket = stack.client("s3"), stack.outputs["BucketName"]
    for user in stack.users.values():
        place = {"Bucket": bucket, "Prefix": f"home/{user.identity_id}/{WRITTEN}"}
        listed = s3.list_object_versions(**place)
        for found in (*listed.get("Versions", ()), *listed.get("DeleteMarkers", ())):
            s3.delete_object(Bucket=bucket, Key=found["Key"], VersionId=found["VersionId"])


def invoked(stack, name, username="alice"):
    """The function's answer to that event, as that person."""
    alice, bob = stack.users[username], stack.users["bob"]
    values = {
        "ID_TOKEN": alice.tokens.id,
        "IDENTITY_ID": alice.identity_id,
        "OTHER_IDENTITY_ID": bob.identity_id,
    }
    answer = stack.client("lambda").invoke(
        FunctionName=stack.outputs["FunctionName"],
        Payload=json.dumps(fill_event(load_event(name), values)).encode(),
    )
    payload = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, payload
    return payload


def problem_code(answer):
    """The code where the answer is a problem document."""
    (content_type,) = answer["multiValueHeaders"].get("Content-Type", [""])
    if content_type != "application/problem+json" or not answer["body"]:
        return None
    return json.loads(answer["body"])["code"]


def text(answer):
    body = answer["body"]
    return base64.b64decode(body).decode() if answer["isBase64Encoded"] else body


def test_the_table_and_the_folder_agree():
    """Every event has an expected answer, and every expected answer an event."""
    assert set(event_names()) == ANSWERS.keys()


def test_every_route_has_an_event():
    """Each route of the template is asked for by at least one event, in the spelling of REST."""
    events = [load_event(name) for name in event_names()]
    asked = {f"{event['httpMethod']} {event['resource']}" for event in events}
    assert asked - {"GET /nowhere"} == set(routes(load_template(TEMPLATE)))
    for event in events:
        key = (event.get("pathParameters") or {}).get("key", "")
        assert event["path"] == event["resource"].replace("{key+}", key)


@pytest.mark.parametrize("name", event_names())
def test_an_event_holds_no_token(name):
    """A token is always a placeholder, and there are no placeholders but the known three."""
    event = load_event(name)
    assert placeholders(event) <= {"ID_TOKEN", "IDENTITY_ID", "OTHER_IDENTITY_ID"}
    assert "eyJ" not in json.dumps(event)


@pytest.mark.parametrize("name", event_names())
def test_the_function_answers_the_event(name, stack, tidy):
    """The deployed function answers each event with its status and code, in both modes."""
    answer = invoked(stack, name)
    assert (answer["statusCode"], problem_code(answer)) == ANSWERS[name], answer["body"]
    assert answer["multiValueHeaders"]["x-request-id"] == [name]


def test_the_answers_are_alices(pool_stack):
    """The events show Alice her own files and what is shared."""
    home = f"home/{pool_stack.users['alice'].identity_id}/"
    listed = json.loads(invoked(pool_stack, "list-objects")["body"])
    assert f"{home}hello.txt" in [o["key"] for o in listed["objects"]]
    assert all(o["key"].startswith(home) for o in listed["objects"])
    assert json.loads(invoked(pool_stack, "me")["body"])["homePrefix"] == home
    page = json.loads(invoked(pool_stack, "list-objects-first-page")["body"])
    assert len(page["objects"]) == 1
    assert page["cursor"]
    shared = json.loads(invoked(pool_stack, "list-objects-shared-delimiter")["body"])
    assert shared["prefixes"] == ["shared/templates/"]
    greeting = "Hello Alice, only you can read this.\n"
    assert text(invoked(pool_stack, "get-object-content")) == greeting
    assert text(invoked(pool_stack, "get-object-content-range")) == greeting[:5]
    (location,) = invoked(pool_stack, "get-object-redirect")["multiValueHeaders"]["Location"]
    assert location.startswith(f"{pool_stack.endpoint_url}/")

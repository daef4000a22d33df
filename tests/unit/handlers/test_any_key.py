"""Any text as a key, through the whole function: itself or the documented refusal."""

import base64
import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from shared.errors import InvalidKey
from shared.object_key import parse_key
from tests.unit.handlers.conftest import Service
from tests.unit.handlers.fake_services import HOME, authorized, fake_services
from tests.unit.handlers.gateway_event import event, object_event

SOME = settings(
    max_examples=150,
    # The log fixture only swaps a stream, and a new service is made for each example.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
# Any character, lone surrogates among them; often those that mean something somewhere.
TEXTS = st.text(
    st.one_of(
        st.sampled_from("/.%+ ?#&=;:@\\\"'<>\r\n\x00~ü☀\u202e\ud800\udfff\ufffe"),
        st.characters(exclude_categories=()),
    ),
    max_size=40,
)


def real_or_none(text):
    try:
        return parse_key(text)
    except InvalidKey:
        return None


def body_event(path, body):
    content = base64.b64encode(json.dumps(body).encode()).decode()
    asked = event("POST", path, headers=authorized())
    return {**asked, "body": content, "isBase64Encoded": True}


def keys_of(service, *methods):
    return [
        request.get("Params", request)["Key"]
        for name, request in service.s3.calls
        if name in methods
    ]


@SOME
@given(rest=TEXTS)
@example(rest="a/../b")
@example(rest="%2F%2e%2e")
@example(rest="\ud800")
@pytest.mark.parametrize("form", ["redirect", "link", "content"])
def test_a_path_means_its_key(log, form, rest):
    """S3 is asked for exactly the key that was encoded into the path, or not at all."""
    service = Service(fake_services())
    key = HOME + rest
    service.s3.objects[key] = b"its own"
    answer = service(object_event("GET", key, query={"as": form}, headers=authorized()))
    if real_or_none(key) is None:
        assert answer.refused == (400, "invalid_key")
        assert service.s3.calls == []
    else:
        assert answer.status in {200, 307}
        assert set(keys_of(service, "head_object", "get_object", "generate_presigned_url")) == {key}


@SOME
@given(texts=st.lists(TEXTS, min_size=1, max_size=6))
@example(texts=["", "home/me/", "home/me/../bob", "\ud800\udc00", "\udc00"])
def test_each_item_of_links_means_its_key(log, texts):
    """Every item is signed for its own key or is a problem, whatever the others are."""
    service = Service(fake_services())
    answer = service(body_event("/links", {"items": [{"key": text} for text in texts]}))
    assert answer.status == 200
    # Two halves of a surrogate pair that meet in JSON are one character.
    sent = json.loads(json.dumps(texts))
    signed = iter(keys_of(service, "generate_presigned_url"))
    for text, item in zip(sent, answer.json["items"], strict=True):
        key = real_or_none(text)
        if key is None:
            assert item["key"] == text
            assert item["problem"]["code"] == "invalid_key"
        elif "problem" in item:
            # It became impossible where home/me/ became the folder.
            assert key.startswith("home/me/")
        else:
            assert item["key"] == next(signed)
            assert item["key"] in {key, HOME + key.removeprefix("home/me/")}


@SOME
@given(text=TEXTS)
def test_a_prefix_is_listed_as_it_is(log, text):
    """The listing asks for exactly the prefix of the query, or refuses it."""
    service = Service(fake_services())
    answer = service(event("GET", "/objects", query={"prefix": text}, headers=authorized()))
    assert answer.status in {200, 400}
    asked = [request["Prefix"] for request in service.s3.called("list_objects_v2")]
    if answer.status == 400:
        assert answer.problem["code"] == "invalid_key"
        assert asked == []
    elif not text.startswith("home/me"):
        assert asked == [answer.json["prefix"]] == [text]

"""The OpenAPI document as the function serves it."""

import json

from local import openapi_document


def test_what_is_served_is_current():
    """src/openapi.json is made of docs/openapi.yaml as it is now: `make docs`."""
    assert openapi_document.SERVED.read_text(encoding="utf-8") == openapi_document.served_text()


def test_the_text_is_the_document():
    """Nothing is lost on the way, and anchors are written out."""
    document = json.loads(openapi_document.served_text())
    assert document == openapi_document.load_document()
    assert document["openapi"] == "3.1.0"

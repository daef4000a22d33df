"""Judges answers by the document that the API publishes of itself."""

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from local.openapi_document import load_document

METHODS = ("get", "head", "put", "post", "delete")
PROBLEM = "application/problem+json"
_DOCUMENT_URI = "urn:openapi"


@dataclass(frozen=True)
class Answer:
    """An answer by what counts: names of headers in lower case, the body as JSON or as bytes."""

    status: int
    headers: dict
    content: bytes
    json: object = None


class Contract:
    """The document, its references followed; schemas of answers are closed.

    Closed means that a member that the document does not name is a fault here, though clients
    have to put up with it.
    """

    def __init__(self, document=None):
        self.document = load_document() if document is None else document
        self._validators = {}

    @cached_property
    def operations(self):
        """Every operation by method and path as the document writes it."""
        return {
            (method.upper(), path): operation
            for path, item in self.document["paths"].items()
            for method, operation in item.items()
            if method in METHODS
        }

    def resolved(self, node):
        """What a reference stands for, else the node itself."""
        while isinstance(node, dict) and "$ref" in node:
            target = self.document
            for name in node["$ref"].removeprefix("#/").split("/"):
                target = target[name]
            node = target
        return node

    def operation_of(self, method, url_path):
        """The operation that the path of a request means, None where it has none."""
        is_object = url_path.startswith("/objects/") and url_path != "/objects/"
        return self.operations.get((method, "/objects/{key}" if is_object else url_path))

    def codes(self, response):
        """The codes that the document tells for a refusal."""
        return set(response["content"][PROBLEM]["examples"]) if "content" in response else set()

    def faults(self, method, url, answer):
        """What the document does not allow about this answer, as sentences."""
        operation = self.operation_of(method, urlsplit(url).path)
        if method == "OPTIONS":  # a preflight is API Gateway's own
            return []
        if operation is None:
            return [] if answer.status in {404, 405} else ["no such operation"]
        response = self.resolved(operation["responses"].get(str(answer.status)))
        if response is None:
            return [f"status {answer.status} is not documented"]
        return [
            *self._header_faults(response, answer),
            *self._body_faults(method, url, response, answer),
        ]

    def _header_faults(self, response, answer):
        for name, reference in response.get("headers", {}).items():
            header = self.resolved(reference)
            value = answer.headers.get(name.lower())
            if value is None:
                if header.get("required"):
                    yield f"header {name} is missing"
                continue
            schema = header["schema"]
            typed = int(value) if schema["type"] == "integer" and value.isdecimal() else value
            yield from self.schema_faults(f"header {name}", schema, typed)

    def _body_faults(self, method, url, response, answer):
        content = response.get("content")
        if content is None or method == "HEAD":
            if answer.content:
                yield "there is a body"
            return
        media_type = answer.headers.get("content-type", "").partition(";")[0]
        described = content.get(media_type) or content.get("*/*")
        if described is None:
            yield f"media type {media_type!r} is not documented"
            return
        if answer.status >= 400:
            code = answer.json.get("code") if isinstance(answer.json, dict) else None
            if code not in self.codes(response):
                yield f"code {code!r} is not documented"
        if media_type not in {"application/json", PROBLEM} or _holds_object(url, answer):
            return
        yield from _item_faults(response, answer)
        schema = described["schema"]
        if answer.status == 200 and "as=link" in url:
            schema = {"$ref": "#/components/schemas/ObjectLink"}
        yield from self.schema_faults("body", schema, answer.json)

    def schema_faults(self, what, schema, value):
        """What a schema of the document does not allow about a value."""
        key = repr(schema)
        if key not in self._validators:
            self._validators[key] = Draft202012Validator(
                _closed(_absolute(schema)),
                registry=self._registry,
                format_checker=Draft202012Validator.FORMAT_CHECKER,
            )
        fault = best_match(self._validators[key].iter_errors(value))
        if fault is not None:
            yield f"{what}{fault.json_path[1:]}: {fault.message[:300]}"

    @cached_property
    def _registry(self):
        resource = DRAFT202012.create_resource(_closed(self.document))
        return Registry().with_resource(_DOCUMENT_URI, resource)


def answer_of(response):
    """An answer that `requests` got."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    is_json = re.match(r"application/(problem\+)?json", headers.get("content-type", ""))
    body = response.content
    return Answer(
        response.status_code, headers, body, response.json() if is_json and body else None
    )


def _holds_object(url, answer):
    return answer.status in {200, 206} and "as=content" in url


def _item_faults(response, answer):
    items = answer.json.get("items", ()) if isinstance(answer.json, dict) else ()
    for item in items:
        code = item.get("problem", {}).get("code")
        if code is not None and code not in response["x-item-codes"]:
            yield f"code {code!r} of an item is not documented"


def _absolute(node):
    if isinstance(node, dict):
        return {
            name: f"{_DOCUMENT_URI}{value}" if name == "$ref" else _absolute(value)
            for name, value in node.items()
        }
    return [_absolute(value) for value in node] if isinstance(node, list) else node


def _closed(node):
    if isinstance(node, list):
        return [_closed(value) for value in node]
    if not isinstance(node, dict):
        return node
    closed = {name: _closed(value) for name, value in node.items()}
    if closed.get("type") == "object" and "properties" in closed:
        closed.setdefault("additionalProperties", False)
    return closed

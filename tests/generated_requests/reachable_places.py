"""Brings valid requests to where the caller may go: elsewhere IAM refuses them all alike."""

import os

import schemathesis

FOLDER = "home/me/generated/"
# A key that is lengthened beyond its limit would be another request.
LONGEST = 900
KEYS = ("key", "from", "to", "prefix", "fromPrefix", "toPrefix", "scope", "startAfter")


@schemathesis.hook
def before_call(context, case, kwargs):
    """Change what the document cannot tell a generator; invalid requests stay as they are."""
    if not case.meta or not case.meta.generation.mode.is_positive:
        return
    if isinstance(case.path_parameters, dict):
        _bring_home(case.path_parameters)
    if isinstance(case.query, dict):
        _bring_home(case.query)
        _name_role(case.query)
        _untangle(case.query)
    if isinstance(case.body, dict):
        _bring_home(case.body)
        if case.operation.path == "/uploads":
            # The links that follow are those of an upload in parts.
            case.body["multipart"] = True
            case.body.pop("checksum", None)
    if case.method in {"PUT", "DELETE"} and case.headers:
        _keep_one_condition(case.headers)


def _keep_one_condition(headers):
    if "If-None-Match" in headers or not headers.get("If-Match", "").startswith('"'):
        headers.pop("If-Match", None)


def _bring_home(members):
    # A cursor comes out of an answer: nobody can make one up.
    members.pop("cursor", None)
    for name in KEYS:
        if name in members:
            members[name] = _at_home(members[name])
    if isinstance(members.get("keys"), list):
        members["keys"] = [_at_home(key) for key in members["keys"]]
    for item in members.get("items") or ():
        if isinstance(item, dict):
            _bring_home(item)


def _at_home(text):
    # What begins with home/ stood in an answer or in an example.
    if not isinstance(text, str) or text.startswith("home/") or len(text) > LONGEST:
        return text
    return FOLDER + text


def _untangle(query):
    # Parameters that depend on each other, which OpenAPI has no words for.
    if "key" in query:
        query.pop("prefix", None)
    if "scope" not in query:
        query.pop("permission", None)
    if not str(query.get("delimiter", "")).isprintable():
        query.pop("delimiter")


def _name_role(query):
    query.pop("role", None)
    if role := os.environ.get("ROLE"):
        query["role"] = role

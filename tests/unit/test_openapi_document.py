"""docs/openapi.yaml against everything else that knows the API."""

import inspect
from pathlib import Path

import pytest

from handlers.object_path import OBJECT_PATH
from handlers.resolver import build_resolver
from local.sam_template import load_template
from shared import errors, object_errors, upstream_errors
from shared.errors import BucketpassError, Unauthenticated
from tests.openapi_contract import METHODS, PROBLEM, Contract
from tests.unit.handlers.deployment import ORIGIN

ROOT = Path(__file__).parents[2]
CONTRACT = Contract()
DOCUMENT = CONTRACT.document
COMPONENTS = DOCUMENT["components"]

# Where several classes share a code, the others refine the sentence of the first.
CAUSES = {}
for _cause in [
    *vars(errors).values(),
    *vars(object_errors).values(),
    *vars(upstream_errors).values(),
]:
    if inspect.isclass(_cause) and issubclass(_cause, BucketpassError):
        CAUSES.setdefault(_cause.code, _cause)
# Both answer to addresses that the document does not have.
OF_NO_OPERATION = {"not_found", "method_not_allowed"}
OPERATIONS = [pytest.param(*key, id=" ".join(key)) for key in CONTRACT.operations]


def template_operations():
    """(method, path): whether it is for the signed-in alone."""
    api = load_template(ROOT / "template.yaml")["Resources"]["Api"]["Properties"]
    return {
        (method.upper(), path.replace("{key+}", "{key}")): bool(operation.get("security"))
        for path, item in api["DefinitionBody"]["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def answers(operation):
    """(status, response) of an operation, references followed."""
    return [
        (int(status), CONTRACT.resolved(response))
        for status, response in operation["responses"].items()
    ]


def examples():
    """Every example of the document beside its schema, and where it stands."""
    for (method, path), operation in CONTRACT.operations.items():
        where = f"{method} {path}"
        for parameter in map(CONTRACT.resolved, operation.get("parameters", ())):
            if "example" in parameter:
                yield f"{where} {parameter['name']}", parameter["schema"], parameter["example"]
        bodies = [(where, operation.get("requestBody", {}))]
        bodies += [(f"{where} {status}", response) for status, response in answers(operation)]
        for place, body in bodies:
            for media_type, content in body.get("content", {}).items():
                named = [
                    CONTRACT.resolved(e)["value"] for e in content.get("examples", {}).values()
                ]
                for example in [*named, *[content[n] for n in ("example",) if n in content]]:
                    yield f"{place} {media_type}", content["schema"], example


# ----------------------------------------------------------------------------------------- routes
def test_the_template_has_the_operations_of_the_document():
    """Every path and method is in both, and both agree which need a sign-in."""
    told = {
        key: operation.get("security", DOCUMENT["security"]) != []
        for key, operation in CONTRACT.operations.items()
    }
    assert template_operations() == told


def test_the_function_has_the_operations_of_the_document():
    """The resolver routes what is described, and nothing else."""
    app = build_resolver(ORIGIN)
    paths = {OBJECT_PATH: "/objects/{key}"}
    routed = {
        (route.method, paths.get(route.path, route.path))
        for route in app._static_routes + app._dynamic_routes
    }
    assert routed == set(CONTRACT.operations)


def test_operations_are_named_once():
    """A client generator makes a function of each operationId."""
    names = [operation["operationId"] for operation in CONTRACT.operations.values()]
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() and name[0].islower() for name in names)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_an_operation_says_what_it_is_and_what_can_happen(method, path):
    """A summary, a known tag, a success, and the faults that can befall every request."""
    operation = CONTRACT.operations[method, path]
    assert operation["summary"]
    assert set(operation["tags"]) <= {tag["name"] for tag in DOCUMENT["tags"]}
    statuses = {status for status, _ in answers(operation)}
    assert any(status < 400 for status in statuses)
    assert statuses >= {429, 500, 504}
    if operation.get("security") != []:
        assert statuses >= {400, 401, 403, 502, 503}


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_answer_has_its_id_and_is_kept_by_no_cache(method, path):
    """x-request-id, Cache-Control and Vary stand at each, and what RFC 9110 asks of some."""
    for status, response in answers(CONTRACT.operations[method, path]):
        assert set(response["headers"]) >= {"x-request-id", "Cache-Control", "Vary"}
        assert (status == 401) == ("WWW-Authenticate" in response["headers"])
        assert (status in {429, 503}) == ("Retry-After" in response["headers"])


# ------------------------------------------------------------------------------------------ codes
def test_the_codes_are_those_of_the_errors():
    """Every code of the code is described, and no other."""
    assert set(COMPONENTS["schemas"]["ProblemCode"]["enum"]) == set(CAUSES)
    assert set(COMPONENTS["examples"]) == set(CAUSES)


@pytest.mark.parametrize("code", CAUSES)
def test_the_example_of_a_code_is_what_the_function_answers(code):
    """Type, title, status and sentence."""
    value, cause = COMPONENTS["examples"][code]["value"], CAUSES[code]
    assert value["type"] == f"urn:bucketpass:problem:{code}"
    told = (value["title"], value["status"], value["detail"], value["code"])
    assert told == (cause.title, cause.status, cause.sentence, code)


def test_every_code_can_happen_somewhere():
    """Each belongs to an answer, or to the items of a batch, and to those of its status alone."""
    told, of_items = set(), set()
    for operation in CONTRACT.operations.values():
        for status, response in answers(operation):
            of_items |= set(response.get("x-item-codes", ()))
            if PROBLEM in response.get("content", {}):
                codes = CONTRACT.codes(response)
                assert {CAUSES[code].status for code in codes} == {status}
                told |= codes
    assert of_items <= set(CAUSES)
    assert told | of_items == set(CAUSES) - OF_NO_OPERATION
    assert told >= {code for code in CAUSES if issubclass(CAUSES[code], Unauthenticated)}


# --------------------------------------------------------------------------------------- examples
def test_every_example_keeps_to_its_schema():
    """What the document shows is what it asks for."""
    found = list(examples())
    assert len(found) > 200
    for where, schema, example in found:
        assert (where, list(CONTRACT.schema_faults("", schema, example))) == (where, [])

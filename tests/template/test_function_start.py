import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from handlers.resolver import build_resolver
from shared.settings import load_settings
from tests.template.api_invariants import OPEN_ROUTES, business
from tests.template.operation_invariants import environment
from tests.template.rendering import REGION, Rendered
from tests.template.variants import VARIANTS

SRC = Path(__file__).resolve().parents[2] / "src"
START = "from handlers.app import lambda_handler; print(callable(lambda_handler))"


@pytest.mark.parametrize("parameters", VARIANTS.values(), ids=VARIANTS)
def test_the_function_starts(parameters, transformed):
    """A fresh process with exactly the template's environment loads the handler, without AWS."""
    variables = environment(Rendered(transformed, parameters))
    started = subprocess.run(  # noqa: S603 # our own code
        [sys.executable, "-W", "error", "-c", START],
        cwd=SRC,
        env={"PATH": os.environ["PATH"], "AWS_REGION": REGION, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (started.stdout, started.stderr, started.returncode) == ("True\n", "", 0)


def test_every_route_reaches_code(transformed):
    """The resolver knows every route of the template: it wants a token where one is wanted."""
    resolver = build_resolver("https://app.example.com")
    variables = environment(Rendered(transformed))
    settings = load_settings({"AWS_REGION": REGION, **variables})
    answers = {}
    for path, method, _ in business(Rendered(transformed)):
        event = {
            "httpMethod": method.upper(),
            "resource": path,
            "path": path.replace("{key+}", "a/b"),
            "headers": {},
            "multiValueHeaders": {},
            "pathParameters": {"key": "a/b"},
            "requestContext": {},
        }
        resolver.append_context(services=SimpleNamespace(settings=settings))
        answer = resolver.resolve(event, SimpleNamespace())
        answers[path, method] = (answer["statusCode"], json.loads(answer["body"]).get("code"))
    assert answers
    for route, answer in answers.items():
        assert answer == ((200, None) if route in OPEN_ROUTES else (401, "missing_token")), route

"""What has to hold for the API: who gets in, what is kept, what refusals look like.

Each function returns its violations as sentences.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from shared.errors import BucketpassError
from tests.template.rendering import Rendered

OPEN_ROUTES = {("/health", "get"), ("/config", "get"), ("/openapi.json", "get")}
METHODS = {"get", "head", "put", "post", "patch", "delete", "options", "trace"}
GREEDY_PATHS = {"/objects/{key+}"}
# What an access log may hold: neither headers, query nor path, since those carry tokens,
# signatures and the names of people's objects.
LOGGABLE = {
    "authorizer.claims.sub",
    "error.responseType",
    "httpMethod",
    "identity.sourceIp",
    "requestId",
    "requestTimeEpoch",
    "resourcePath",
    "responseLatency",
    "status",
}
GATEWAY_REFUSALS = {
    "DEFAULT_4XX": None,
    "DEFAULT_5XX": None,
    "EXPIRED_TOKEN": 401,
    "INTEGRATION_TIMEOUT": 504,
    "MISSING_AUTHENTICATION_TOKEN": 404,
    "REQUEST_TOO_LARGE": 413,
    "THROTTLED": 429,
    "UNAUTHORIZED": 401,
}


def api_body(rendered: Rendered) -> dict[str, Any]:
    (api,) = rendered.of_type("AWS::ApiGateway::RestApi").values()
    return api["Body"]


def operations(rendered: Rendered) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every path, method and operation of the API."""
    for path, methods in api_body(rendered)["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def business(rendered: Rendered) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation but the preflights."""
    return (found for found in operations(rendered) if found[1] != "options")


def stages(rendered: Rendered) -> list[dict[str, Any]]:
    return list(rendered.of_type("AWS::ApiGateway::Stage").values())


def signed_in_routes_have_the_authorizer(rendered: Rendered) -> list[str]:
    """Every route but the open ones asks the authorizer of this user pool."""
    schemes = api_body(rendered)["components"]["securitySchemes"]
    return [
        f"{method.upper()} {path} has the security {operation.get('security')}"
        for path, method, operation in business(rendered)
        if (path, method) not in OPEN_ROUTES
        and [list(entry) for entry in operation.get("security", [])] != [["IdToken"]]
    ] + [f"{name} is another authorizer" for name in schemes if name != "IdToken"]


def the_authorizer_is_of_this_pool(rendered: Rendered) -> list[str]:
    """The authorizer is Cognito's, reads Authorization and knows this one user pool."""
    scheme = api_body(rendered)["components"]["securitySchemes"]["IdToken"]
    pool = rendered.outputs["UserPoolId"]
    arn = f"arn:aws:cognito-idp:eu-west-1:123456789012:userpool/{pool}"
    wanted = {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": [arn]},
    }
    return [
        f"the authorizer has {name} {scheme.get(name)!r} instead of {value!r}"
        for name, value in wanted.items()
        if scheme.get(name) != value
    ]


def no_method_has_scopes(rendered: Rendered) -> list[str]:
    """With a scope the authorizer would want the access token and refuse the ID token."""
    return [
        f"{method.upper()} {path} asks for the scopes {scopes}"
        for path, method, operation in operations(rendered)
        for entry in operation.get("security", [])
        for scopes in entry.values()
        if scopes
    ]


def routes_are_explicit(rendered: Rendered) -> list[str]:
    """No method stands for all, and no path but the object key's is greedy."""
    body = api_body(rendered)
    return [
        f"{method} {path} is no explicit method"
        for path, method, _ in operations(rendered)
        if method not in METHODS
    ] + [f"{path} is greedy" for path in body["paths"] if "+" in path and path not in GREEDY_PATHS]


def routes_lead_to_the_function(rendered: Rendered) -> list[str]:
    """Every route is a proxy integration with the one function."""
    uri = (
        "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/"
        f"{rendered.attribute('ApiFunction', 'Arn')}/invocations"
    )
    wanted = {"type": "aws_proxy", "httpMethod": "POST", "uri": uri}
    return [
        f"{method.upper()} {path} leads to {operation.get('x-amazon-apigateway-integration')}"
        for path, method, operation in business(rendered)
        if operation.get("x-amazon-apigateway-integration") != wanted
    ]


def preflights_are_answered_by_the_gateway(rendered: Rendered) -> list[str]:
    """Every path has an OPTIONS without authorizer, as a mock that speaks text."""
    paths = api_body(rendered)["paths"]
    violations = [
        f"{path} has no OPTIONS" for path, found in paths.items() if "options" not in found
    ]
    for path, method, operation in operations(rendered):
        if method != "options":
            continue
        integration = operation["x-amazon-apigateway-integration"]
        answer = integration.get("responses", {}).get("default", {})
        facts = {
            "has an authorizer": "security" in operation,
            "is no mock": integration["type"] != "mock",
            # With the binary type */* a mock without it answers 500.
            "does not read text": integration.get("contentHandling") != "CONVERT_TO_TEXT",
            "does not answer text": answer.get("contentHandling") != "CONVERT_TO_TEXT",
        }
        violations += [f"OPTIONS {path} {fact}" for fact, is_so in facts.items() if is_so]
    return violations


def preflights_name_the_origin(rendered: Rendered) -> list[str]:
    """A preflight allows the one origin, the Authorization header and every method of its path."""
    violations = []
    for path, methods in api_body(rendered)["paths"].items():
        answer = methods["options"]["x-amazon-apigateway-integration"]["responses"]["default"]
        sent = {
            name.removeprefix("method.response.header."): value.strip("'")
            for name, value in answer.get("responseParameters", {}).items()
        }
        if sent.get("Access-Control-Allow-Origin") != rendered.parameters["AllowedOrigin"]:
            violations.append(f"{path} allows {sent.get('Access-Control-Allow-Origin')}")
        allowed = sent.get("Access-Control-Allow-Methods", "").lower().split(",")
        violations += [f"{path} does not allow {m}" for m in methods if m not in allowed]
        if "authorization" not in sent.get("Access-Control-Allow-Headers", "").lower().split(","):
            violations.append(f"{path} does not allow the Authorization header")
        declared = methods["options"]["responses"]["200"]["headers"]
        violations += [f"{path} does not declare {name}" for name in sent if name not in declared]
    return violations


def preflight_headers_are_texts(rendered: Rendered) -> list[str]:
    """Each header that a preflight declares has the plain schema of a text.

    SAM wraps what stands there in `schema` by itself.
    """
    return [
        f"OPTIONS {path} declares {name} as {declared}"
        for path, methods in api_body(rendered)["paths"].items()
        for name, declared in methods["options"]["responses"]["200"]["headers"].items()
        if declared != {"schema": {"type": "string"}}
    ]


def answers_may_be_bytes(rendered: Rendered) -> list[str]:
    """The binary type is */*, or as=content would damage bytes."""
    found = api_body(rendered).get("x-amazon-apigateway-binary-media-types")
    return [] if found == ["*/*"] else [f"the binary types are {found}"]


def nothing_is_cached(rendered: Rendered) -> list[str]:
    """API Gateway keeps no answer: its key would not hold the caller."""
    violations = []
    for stage in stages(rendered):
        if stage.get("CacheClusterEnabled"):
            violations.append("the stage has a cache")
        violations += [
            f"{setting['ResourcePath']} is cached"
            for setting in stage.get("MethodSettings", [])
            if setting.get("CachingEnabled")
        ]
    return violations


def requests_are_not_traced(rendered: Rendered) -> list[str]:
    """API Gateway's execution log, which holds headers and bodies, is off."""
    return [
        f"{setting['ResourcePath']} is traced: {setting}"
        for stage in stages(rendered)
        for setting in stage.get("MethodSettings", [])
        if setting.get("DataTraceEnabled") or setting.get("LoggingLevel", "OFF") == "INFO"
    ]


def requests_are_throttled(rendered: Rendered) -> list[str]:
    """The stage limits every method by the parameters."""
    wanted = {
        "ResourcePath": "/*",
        "HttpMethod": "*",
        "ThrottlingRateLimit": rendered.parameters["ThrottlingRate"],
        "ThrottlingBurstLimit": rendered.parameters["ThrottlingBurst"],
    }
    return [
        f"stage {stage['StageName']} is not throttled"
        for stage in stages(rendered)
        if not any(wanted.items() <= setting.items() for setting in stage.get("MethodSettings", []))
    ]


def the_access_log_holds_no_secret(rendered: Rendered) -> list[str]:
    """An access log line is JSON made of harmless values alone."""
    violations = []
    for stage in stages(rendered):
        text = stage.get("AccessLogSetting", {}).get("Format", "{}")
        named = set(re.findall(r"\$(?:context\.)?([\w.]+)", text))
        violations += [f"the access log holds {name}" for name in sorted(named - LOGGABLE)]
        try:
            json.loads(text)
        except ValueError:
            violations.append("an access log line is not JSON")
    return violations


def there_is_one_door(rendered: Rendered) -> list[str]:
    """One stage, and no other way to the function."""
    violations = (
        [] if [s["StageName"] for s in stages(rendered)] == ["v1"] else ["not one stage v1"]
    )
    violations += [
        f"{name} opens another door"
        for name, resource in rendered.resources.items()
        if resource["Type"] in {"AWS::Lambda::Url", "AWS::ApiGatewayV2::Api"}
    ]
    source = "arn:aws:execute-api:eu-west-1:123456789012:abcde12345/*/*/*"
    for name, permission in rendered.of_type("AWS::Lambda::Permission").items():
        granted = (permission["Principal"], permission["Action"], permission.get("SourceArn"))
        if granted != ("apigateway.amazonaws.com", "lambda:InvokeFunction", source):
            violations.append(f"{name} lets others call the function: {granted}")
    return violations


def gateway_refusals(rendered: Rendered) -> dict[str, dict[str, Any]]:
    return api_body(rendered).get("x-amazon-apigateway-gateway-responses", {})


def the_gateway_refuses_as_we_do(rendered: Rendered) -> list[str]:
    """Each refusal of the gateway is there with the headers that all our answers carry."""
    found = gateway_refusals(rendered)
    violations = [f"{name} is missing" for name in GATEWAY_REFUSALS if name not in found]
    wanted = {
        "Access-Control-Allow-Origin": f"'{rendered.parameters['AllowedOrigin']}'",
        "Cache-Control": "'no-store'",
        "Vary": "'Authorization, Origin'",
        "x-request-id": "context.requestId",
    }
    for name, refusal in found.items():
        sent = {
            header.removeprefix("gatewayresponse.header."): value
            for header, value in refusal.get("responseParameters", {}).items()
        }
        violations += [
            f"{name} has {header} {sent.get(header)!r}"
            for header, value in wanted.items()
            if sent.get(header) != value
        ]
        if refusal.get("statusCode") == "401" and "WWW-Authenticate" not in sent:
            violations.append(f"{name} names no scheme")
        if refusal.get("statusCode") == "429" and "Retry-After" not in sent:
            violations.append(f"{name} does not say when to come back")
    return violations


def the_gateway_speaks_our_codes(rendered: Rendered) -> list[str]:
    """Each refusal of the gateway is a problem document with a code, status and title of ours."""
    known = {e.code: (e.status, e.title) for e in error_family(BucketpassError)}
    violations = []
    for name, refusal in gateway_refusals(rendered).items():
        problem = json.loads(refusal["responseTemplates"]["application/json"])
        status, title = known.get(problem.get("code"), (None, None))
        expected = {
            "type": f"urn:bucketpass:problem:{problem.get('code')}",
            "title": title,
            "requestId": "$context.requestId",
        }
        if (fixed := GATEWAY_REFUSALS.get(name)) is not None:
            expected["status"] = status
            if not str(status) == str(fixed) == refusal.get("statusCode"):
                violations.append(f"{name} answers {refusal.get('statusCode')} for {problem}")
        violations += [
            f"{name} says {member} {problem.get(member)!r} instead of {value!r}"
            for member, value in expected.items()
            if problem.get(member) != value or value is None
        ]
        if not problem.get("detail"):
            violations.append(f"{name} explains nothing")
    return violations


def error_family(base: type[BucketpassError]) -> Iterator[type[BucketpassError]]:
    """Every error that has a code of its own."""
    if "code" in vars(base):
        yield base
    for error in base.__subclasses__():
        yield from error_family(error)


API_INVARIANTS = (
    signed_in_routes_have_the_authorizer,
    the_authorizer_is_of_this_pool,
    no_method_has_scopes,
    routes_are_explicit,
    routes_lead_to_the_function,
    preflights_are_answered_by_the_gateway,
    preflights_name_the_origin,
    preflight_headers_are_texts,
    answers_may_be_bytes,
    nothing_is_cached,
    requests_are_not_traced,
    requests_are_throttled,
    the_access_log_holds_no_secret,
    there_is_one_door,
    the_gateway_refuses_as_we_do,
    the_gateway_speaks_our_codes,
)

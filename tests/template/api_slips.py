"""Slips about the API, at least one per invariant."""

import json
from typing import Any

from tests.template import api_invariants as api
from tests.template.slip import Slip, Template, add, props

ANY_ROUTE = {"responses": {}, "security": [{"IdToken": []}]}


def body(template: Template) -> dict[str, Any]:
    return props(template, "Api")["Body"]


def route(template: Template, path: str, method: str = "get") -> dict[str, Any]:
    return body(template)["paths"][path][method]


def stage(template: Template) -> dict[str, Any]:
    return props(template, "Apiv1Stage")


def setting(template: Template) -> dict[str, Any]:
    return stage(template)["MethodSettings"][0]


def gateway(template: Template, name: str) -> dict[str, Any]:
    return body(template)["x-amazon-apigateway-gateway-responses"][name]


def rewrite_problem(template: Template, name: str, **members: Any) -> None:
    templates = gateway(template, name)["responseTemplates"]
    templates["application/json"] = json.dumps(
        {**json.loads(templates["application/json"]), **members}
    )


def access_log(template: Template, old: str, new: str) -> None:
    log = stage(template)["AccessLogSetting"]["Fn::If"][1]
    log["Format"] = log["Format"].replace(old, new)


API_SLIPS = (
    Slip(
        "a route without authorizer",
        api.signed_in_routes_have_the_authorizer,
        lambda t: route(t, "/objects").pop("security"),
        "GET /objects has the security None",
    ),
    Slip(
        "Authorizer: NONE",
        api.signed_in_routes_have_the_authorizer,
        lambda t: route(t, "/objects/{key+}", "head").update(security=[]),
        "HEAD /objects/{key+} has the security []",
    ),
    Slip(
        "the authorizer or nothing",
        api.signed_in_routes_have_the_authorizer,
        lambda t: route(t, "/me")["security"].append({}),
        "GET /me",
    ),
    Slip(
        "a route that IAM authorises",
        api.signed_in_routes_have_the_authorizer,
        lambda t: route(t, "/me").update(security=[{"sigv4": []}]),
        "sigv4",
    ),
    Slip(
        "POST /health without authorizer",
        api.signed_in_routes_have_the_authorizer,
        lambda t: body(t)["paths"]["/health"].update(post=route(t, "/health")),
        "POST /health",
    ),
    Slip(
        "a second authorizer",
        api.signed_in_routes_have_the_authorizer,
        lambda t: body(t)["components"]["securitySchemes"].update(Custom={}),
        "Custom is another authorizer",
    ),
    Slip(
        "a Lambda authorizer",
        api.the_authorizer_is_of_this_pool,
        lambda t: body(t)["components"]["securitySchemes"]["IdToken"][
            "x-amazon-apigateway-authorizer"
        ].update(type="token"),
        "x-amazon-apigateway-authorizer",
    ),
    Slip(
        "the authorizer trusts a second pool",
        api.the_authorizer_is_of_this_pool,
        lambda t: body(t)["components"]["securitySchemes"]["IdToken"][
            "x-amazon-apigateway-authorizer"
        ]["providerARNs"].append("arn:aws:cognito-idp:eu-west-1:123456789012:userpool/other"),
        "userpool/other",
    ),
    Slip(
        "the token from another header",
        api.the_authorizer_is_of_this_pool,
        lambda t: body(t)["components"]["securitySchemes"]["IdToken"].update(name="X-Token"),
        "X-Token",
    ),
    Slip(
        "a scope",
        api.no_method_has_scopes,
        lambda t: route(t, "/me").update(security=[{"IdToken": ["openid"]}]),
        "openid",
    ),
    Slip(
        "ANY",
        api.routes_are_explicit,
        lambda t: body(t)["paths"]["/me"].update({"x-amazon-apigateway-any-method": ANY_ROUTE}),
        "any-method",
    ),
    Slip(
        "{proxy+}",
        api.routes_are_explicit,
        lambda t: body(t)["paths"].update({"/{proxy+}": {"get": ANY_ROUTE}}),
        "/{proxy+} is greedy",
    ),
    Slip(
        "a route that leads elsewhere",
        api.routes_lead_to_the_function,
        lambda t: route(t, "/me")["x-amazon-apigateway-integration"].update(type="http_proxy"),
        "GET /me leads to",
    ),
    Slip(
        "a path without preflight",
        api.preflights_are_answered_by_the_gateway,
        lambda t: body(t)["paths"]["/me"].pop("options"),
        "/me has no OPTIONS",
    ),
    Slip(
        "a preflight with authorizer",
        api.preflights_are_answered_by_the_gateway,
        lambda t: route(t, "/me", "options").update(security=[{"IdToken": []}]),
        "OPTIONS /me has an authorizer",
    ),
    Slip(
        "a preflight that reaches the function",
        api.preflights_are_answered_by_the_gateway,
        lambda t: route(t, "/me", "options")["x-amazon-apigateway-integration"].update(
            type="aws_proxy"
        ),
        "OPTIONS /me is no mock",
    ),
    Slip(
        "a preflight request read as bytes",
        api.preflights_are_answered_by_the_gateway,
        lambda t: route(t, "/me", "options")["x-amazon-apigateway-integration"].pop(
            "contentHandling"
        ),
        "does not read text",
    ),
    Slip(
        "a preflight answered as bytes",
        api.preflights_are_answered_by_the_gateway,
        lambda t: route(t, "/me", "options")["x-amazon-apigateway-integration"]["responses"][
            "default"
        ].pop("contentHandling"),
        "does not answer text",
    ),
    Slip(
        "a preflight for every origin",
        api.preflights_name_the_origin,
        lambda t: route(t, "/me", "options")["x-amazon-apigateway-integration"]["responses"][
            "default"
        ]["responseParameters"].update(
            {"method.response.header.Access-Control-Allow-Origin": "'*'"}
        ),
        "/me allows *",
    ),
    Slip(
        "a method that the preflight forgets",
        api.preflights_name_the_origin,
        lambda t: body(t)["paths"]["/me"].update(patch=ANY_ROUTE),
        "/me does not allow patch",
    ),
    Slip(
        "a preflight header that is not declared",
        api.preflights_name_the_origin,
        lambda t: route(t, "/me", "options")["responses"]["200"]["headers"].pop("Vary"),
        "does not declare Vary",
    ),
    Slip(
        "a preflight header with a schema within its schema",
        api.preflight_headers_are_texts,
        lambda t: route(t, "/me", "options")["responses"]["200"]["headers"].update(
            Vary={"schema": {"schema": {"type": "string"}}}
        ),
        "OPTIONS /me declares Vary as",
    ),
    Slip(
        "no binary type",
        api.answers_may_be_bytes,
        lambda t: body(t).pop("x-amazon-apigateway-binary-media-types"),
        "binary types are None",
    ),
    Slip(
        "a cache for a method",
        api.nothing_is_cached,
        lambda t: setting(t).update(CachingEnabled=True),
        "/* is cached",
    ),
    Slip(
        "a cache for the stage",
        api.nothing_is_cached,
        lambda t: stage(t).update(CacheClusterEnabled=True),
        "the stage has a cache",
    ),
    Slip(
        "data trace",
        api.requests_are_not_traced,
        lambda t: setting(t).update(DataTraceEnabled=True),
        "is traced",
    ),
    Slip(
        "execution logs of every request",
        api.requests_are_not_traced,
        lambda t: setting(t).update(LoggingLevel="INFO"),
        "is traced",
    ),
    Slip(
        "no throttling",
        api.requests_are_throttled,
        lambda t: setting(t).pop("ThrottlingRateLimit"),
        "not throttled",
    ),
    Slip(
        "the Authorization header in the access log",
        api.the_access_log_holds_no_secret,
        lambda t: access_log(t, "$context.status", "$input.params('Authorization')"),
        "the access log holds input.params",
    ),
    Slip(
        "the path, and with it people's object names, in the access log",
        api.the_access_log_holds_no_secret,
        lambda t: access_log(t, "$context.resourcePath", "$context.path"),
        "the access log holds path",
    ),
    Slip(
        "an access log that is no JSON",
        api.the_access_log_holds_no_secret,
        lambda t: access_log(t, "}", ""),
        "not JSON",
    ),
    Slip(
        "a function URL",
        api.there_is_one_door,
        lambda t: add(t, "Url", "AWS::Lambda::Url", AuthType="NONE"),
        "Url opens another door",
    ),
    Slip(
        "the stage that SAM makes without OpenApiVersion",
        api.there_is_one_door,
        lambda t: add(t, "ApiStage", "AWS::ApiGateway::Stage", StageName="Stage"),
        "not one stage v1",
    ),
    Slip(
        "everybody may invoke",
        api.there_is_one_door,
        lambda t: props(t, "ApiMayInvoke").update(Principal="*"),
        "ApiMayInvoke lets others",
    ),
    Slip(
        "every API may invoke",
        api.there_is_one_door,
        lambda t: props(t, "ApiMayInvoke").pop("SourceArn"),
        "ApiMayInvoke lets others",
    ),
    Slip(
        "no answer of ours for 4xx",
        api.the_gateway_refuses_as_we_do,
        lambda t: body(t)["x-amazon-apigateway-gateway-responses"].pop("DEFAULT_4XX"),
        "DEFAULT_4XX is missing",
    ),
    Slip(
        "a refusal that a browser hides",
        api.the_gateway_refuses_as_we_do,
        lambda t: gateway(t, "THROTTLED")["responseParameters"].pop(
            "gatewayresponse.header.Access-Control-Allow-Origin"
        ),
        "THROTTLED has Access-Control-Allow-Origin None",
    ),
    Slip(
        "an origin without its quotes",
        api.the_gateway_refuses_as_we_do,
        lambda t: gateway(t, "UNAUTHORIZED")["responseParameters"].update(
            {"gatewayresponse.header.Access-Control-Allow-Origin": {"Ref": "AllowedOrigin"}}
        ),
        "UNAUTHORIZED has Access-Control-Allow-Origin",
    ),
    Slip(
        "401 without a scheme",
        api.the_gateway_refuses_as_we_do,
        lambda t: gateway(t, "UNAUTHORIZED")["responseParameters"].pop(
            "gatewayresponse.header.WWW-Authenticate"
        ),
        "UNAUTHORIZED names no scheme",
    ),
    Slip(
        "429 without Retry-After",
        api.the_gateway_refuses_as_we_do,
        lambda t: gateway(t, "THROTTLED")["responseParameters"].pop(
            "gatewayresponse.header.Retry-After"
        ),
        "THROTTLED does not say when",
    ),
    Slip(
        "a code that we do not have",
        api.the_gateway_speaks_our_codes,
        lambda t: rewrite_problem(t, "THROTTLED", code="too_many_requests"),
        "THROTTLED says type",
    ),
    Slip(
        "another title for the same code",
        api.the_gateway_speaks_our_codes,
        lambda t: rewrite_problem(t, "UNAUTHORIZED", title="Unauthorized"),
        "UNAUTHORIZED says title 'Unauthorized'",
    ),
    Slip(
        "a status in the body that is not the answer's",
        api.the_gateway_speaks_our_codes,
        lambda t: gateway(t, "EXPIRED_TOKEN").update(statusCode="403"),
        "EXPIRED_TOKEN answers 403",
    ),
    Slip(
        "a problem without request id",
        api.the_gateway_speaks_our_codes,
        lambda t: rewrite_problem(t, "DEFAULT_5XX", requestId=""),
        "DEFAULT_5XX says requestId ''",
    ),
)

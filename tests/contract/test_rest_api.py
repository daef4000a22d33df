"""A REST API as SAM writes it: routes, authorizer, events, answers, gateway responses."""

import base64
import json

import pytest

from tests.contract.cloud import ACCOUNT, REGION, UserPool

ORIGIN = "https://app.example.com"
ECHO = """
import base64, json, os

def handler(event, context):
    mode = (event["queryStringParameters"] or {}).get("mode")
    if mode == "crash":
        raise RuntimeError("secret words")
    if mode == "exit":
        os._exit(1)
    if mode == "large":
        return {"statusCode": 200, "body": "x" * (6 * 1024 * 1024 + 1)}
    if mode == "binary":
        body = base64.b64encode(bytes(range(256))).decode()
        headers = {"Content-Type": "application/octet-stream", "ETag": '"e"'}
        return {"statusCode": 206, "headers": headers, "body": body, "isBase64Encoded": True}
    if mode == "empty":
        return {"statusCode": 304, "headers": {"ETag": '"e"'}}
    if mode == "repeat":
        return {"statusCode": 200, "multiValueHeaders": {"X-Two": ["a", "b"]}, "body": ""}
    return {"statusCode": 200, "body": json.dumps(event)}
"""


def integration(function):
    uri = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function}/invocations"
    return {"type": "aws_proxy", "httpMethod": "POST", "uri": uri}


def preflight():
    headers = {
        "method.response.header.Access-Control-Allow-Origin": f"'{ORIGIN}'",
        "method.response.header.Access-Control-Allow-Methods": "'GET,HEAD,OPTIONS'",
    }
    return {
        "x-amazon-apigateway-integration": {
            "type": "mock",
            "requestTemplates": {"application/json": '{"statusCode": 204}'},
            "responses": {"default": {"statusCode": "204", "responseParameters": headers}},
        }
    }


def problem(status):
    return {
        "statusCode": status,
        "responseParameters": {
            "gatewayresponse.header.Access-Control-Allow-Origin": f"'{ORIGIN}'",
            "gatewayresponse.header.Content-Type": "'application/problem+json'",
        },
        "responseTemplates": {
            "application/json": '{"code": "mine", "detail": $context.error.messageString, '
            '"plain": "$context.error.message", "requestId": "$context.requestId", '
            '"response": "$context.error.responseType"}'
        },
    }


def body_of_sam(function, users, responses):
    route = {"x-amazon-apigateway-integration": integration(function)}
    closed = {**route, "security": [{"Users": []}]}
    scoped = {**route, "security": [{"Users": ["aws.cognito.signin.user.admin"]}]}
    return {
        "openapi": "3.0.1",
        "info": {"title": "contract", "version": "1"},
        "paths": {
            "/open": {"get": route},
            "/any": {"x-amazon-apigateway-any-method": route},
            "/scoped": {"get": scoped},
            "/objects": {"get": closed, "options": preflight()},
            "/objects/{key+}": {"get": closed, "head": closed, "options": preflight()},
            "/files/{key+}": {"get": route, "head": route, "put": route},
            "/one/{name}": {"get": route},
        },
        "components": {
            "securitySchemes": {
                "Users": {
                    "type": "apiKey",
                    "name": "Authorization",
                    "in": "header",
                    "x-amazon-apigateway-authtype": "cognito_user_pools",
                    "x-amazon-apigateway-authorizer": {
                        "type": "cognito_user_pools",
                        "providerARNs": [users.arn],
                    },
                }
            }
        },
        "x-amazon-apigateway-binary-media-types": ["*~1*"],
        "x-amazon-apigateway-gateway-responses": responses,
    }


@pytest.fixture(scope="module")
def function(cloud):
    return cloud.function("echo", ECHO)


@pytest.fixture(scope="module")
def deployed(cloud, users, function):
    """Deploys an API by CloudFormation, as SAM does, and returns the start of its URLs."""

    def deploy(name, responses):
        template = {
            "Resources": {
                "Api": {
                    "Type": "AWS::ApiGateway::RestApi",
                    "Properties": {"Body": body_of_sam(function, users, responses)},
                },
                "Deployment": {
                    "Type": "AWS::ApiGateway::Deployment",
                    "Properties": {"RestApiId": {"Ref": "Api"}},
                },
                "Stage": {
                    "Type": "AWS::ApiGateway::Stage",
                    "Properties": {
                        "RestApiId": {"Ref": "Api"},
                        "DeploymentId": {"Ref": "Deployment"},
                        "StageName": "v1",
                    },
                },
            },
            "Outputs": {"Api": {"Value": {"Ref": "Api"}}},
        }
        cloudformation = cloud.client("cloudformation")
        cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template))
        waiter = cloudformation.get_waiter("stack_create_complete")
        waiter.wait(StackName=name, WaiterConfig={"Delay": 0.05, "MaxAttempts": 100})
        stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        return f"/restapis/{stack['Outputs'][0]['OutputValue']}/v1/_user_request_"

    return deploy


@pytest.fixture(scope="module")
def api(deployed):
    own = {"UNAUTHORIZED": 401, "EXPIRED_TOKEN": 403, "MISSING_AUTHENTICATION_TOKEN": 404}
    return deployed(
        "customized",
        {
            **{kind: problem(status) for kind, status in own.items()},
            "DEFAULT_4XX": {key: problem(400)[key] for key in ("responseParameters",)},
            "DEFAULT_5XX": {
                key: problem(500)[key] for key in ("responseParameters", "responseTemplates")
            },
        },
    )


@pytest.fixture(scope="module")
def plain_api(deployed):
    return deployed("plain", {})


@pytest.fixture(scope="module")
def event(cloud, api):
    def get(path, headers=(), method="GET", data=None):
        return cloud.http(method, api + path, headers, data).json

    return get


# ------------------------------------------------------------------ authorizer
@pytest.mark.parametrize("scheme", ["", "Bearer "])
def test_id_token(cloud, api, alice_tokens, scheme):
    """The ID token is let through, and its claims reach the function."""
    header = {"Authorization": scheme + alice_tokens["IdToken"]}
    answer = cloud.http("GET", api + "/objects", header)
    assert answer.status == 200
    assert answer.json["requestContext"]["authorizer"]["claims"]["cognito:username"] == "alice"


@pytest.mark.parametrize(
    "authorization",
    [None, "", "nonsense", "a.b.c", "Basic YTpi", "Bearer", "Bearer e30.e30.eHh4"],
)
def test_no_id_token(cloud, api, authorization):
    """What is no token is 401."""
    header = {} if authorization is None else {"Authorization": authorization}
    assert cloud.http("GET", api + "/objects/a", header).status == 401


def test_access_token(cloud, api, alice_tokens):
    """A route without scopes refuses the access token, one with scopes the ID token."""

    def status(path, kind):
        return cloud.http("GET", api + path, {"Authorization": alice_tokens[kind]}).status

    assert status("/objects", "AccessToken") == 401
    assert status("/scoped", "AccessToken") == 200
    assert status("/scoped", "IdToken") == 401


def test_changed_token(cloud, api, alice_tokens):
    """A token with another signature or other claims is 401."""
    head, body, signature = alice_tokens["IdToken"].split(".")
    other = base64.urlsafe_b64encode(
        base64.urlsafe_b64decode(body + "==").replace(b"alice", b"mallo")
    )
    tampered = ".".join((head, other.decode().rstrip("="), signature))
    unsigned = ".".join((head, body, signature[:-8] + "AAAAAAAA"))
    for token in (tampered, unsigned):
        assert cloud.http("GET", api + "/objects", {"Authorization": token}).status == 401


def expired(users, kind="IdToken"):
    """A token that the pool has truly signed, after its time."""
    idp = users.cloud.client("cognito-idp", parameter_validation=False)
    known, users.client_id = (
        users.client_id,
        idp.create_user_pool_client(
            UserPoolId=users.id,
            ClientName="past",
            ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"],
            IdTokenValidity=-1,
            AccessTokenValidity=-1,
        )["UserPoolClient"]["ClientId"],
    )
    try:
        return users.tokens("alice")[kind]
    finally:
        users.client_id = known


def test_expired_token(cloud, users, api, plain_api):
    """A genuine token after its time is UNAUTHORIZED, 401 by default, and said to have expired."""
    header = {"Authorization": expired(users)}
    answer = cloud.http("GET", api + "/objects", header)
    assert (answer.status, answer.json["response"]) == (401, "UNAUTHORIZED")
    assert answer.json["detail"] == "The incoming token has expired"
    answer = cloud.http("GET", plain_api + "/objects", header)
    assert (answer.status, answer.json) == (401, {"message": "The incoming token has expired"})


def test_expired_and_wrong_token(cloud, users, api):
    """With an expired token that is wrong besides, nothing is said about its time."""
    others = UserPool(cloud, "expired-elsewhere")
    others.user("alice")
    genuine = expired(users)
    tokens = {
        "another pool": expired(others),
        "bad signature": genuine[:-8] + ("AAAAAAAA" if genuine[-8:] != "AAAAAAAA" else "BBBBBBBB"),
        "access token": expired(users, "AccessToken"),
    }
    for name, token in tokens.items():
        answer = cloud.http("GET", api + "/objects", {"Authorization": token})
        told = answer.status, answer.json["response"], answer.json["detail"]
        assert told == (401, "UNAUTHORIZED", "Unauthorized"), name


def test_token_of_another_pool(cloud, api):
    """A genuine token of another user pool is 401."""
    others = UserPool(cloud, "other-api-users")
    others.user("alice")
    token = others.tokens("alice")["IdToken"]
    assert cloud.http("GET", api + "/objects", {"Authorization": token}).status == 401


# ------------------------------------------------------------------ gateway responses
def test_unauthorized_response(cloud, api):
    """A customized gateway response has its headers and its variables filled in."""
    answer = cloud.http("GET", api + "/objects")
    assert answer.status == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert answer.json == {
        "code": "mine",
        "detail": "Unauthorized",
        "plain": "Unauthorized",
        "requestId": answer.headers["x-amzn-requestid"],
        "response": "UNAUTHORIZED",
    }


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/nothing"), ("POST", "/objects"), ("DELETE", "/files/a"), ("GET", "/")],
)
def test_unknown_route(cloud, api, method, path):
    """A route that does not exist is answered by MISSING_AUTHENTICATION_TOKEN."""
    answer = cloud.http(method, api + path)
    assert answer.status == 404
    assert answer.json["detail"] == "Missing Authentication Token"


def test_default_responses(cloud, plain_api):
    """Without customization the answers are API Gateway's own."""
    unauthorized = cloud.http("GET", plain_api + "/objects")
    assert (unauthorized.status, unauthorized.json) == (401, {"message": "Unauthorized"})
    missing = cloud.http("GET", plain_api + "/nothing")
    assert (missing.status, missing.json) == (403, {"message": "Missing Authentication Token"})


@pytest.mark.parametrize("mode", ["crash", "exit", "large"])
def test_failed_function(cloud, api, plain_api, mode):
    """A function that fails is 502 with DEFAULT_5XX, and nothing of its words."""
    for start in (api, plain_api):
        answer = cloud.http("GET", f"{start}/open?mode={mode}")
        assert answer.status == 502
        assert b"secret" not in answer.body
    assert answer.json == {"message": "Internal server error"}
    customized = cloud.http("GET", f"{api}/open?mode={mode}")
    assert customized.headers["access-control-allow-origin"] == ORIGIN
    assert customized.json["plain"] == "Internal server error"


def test_preflight(cloud, api):
    """The mock answers the preflight of each route without a token."""
    for path in ("/objects", "/objects/a/b"):
        answer = cloud.http("OPTIONS", api + path, {"Origin": ORIGIN})
        assert answer.status == 204
        assert answer.headers["access-control-allow-origin"] == ORIGIN
        assert answer.headers["access-control-allow-methods"] == "GET,HEAD,OPTIONS"


def test_any_method(cloud, api):
    """An any-method serves every method."""
    for method in ("GET", "POST", "DELETE"):
        assert cloud.http(method, api + "/any").json["httpMethod"] == method


# ------------------------------------------------------------------ events
@pytest.mark.parametrize(
    ("sent", "key"),
    [
        ("a/b.txt", "a/b.txt"),
        ("a%20b", "a b"),
        ("a%2Bb", "a+b"),
        ("a+b", "a+b"),
        ("100%25", "100%"),
        ("a%2520b", "a%20b"),
        ("%C3%BC/%F0%9F%98%80", "ü/😀"),
        ("a%2Fb", "a/b"),
        ("a%3Fb%23c", "a?b#c"),
    ],
)
def test_path(event, sent, key):
    """`path` is as it was sent; `pathParameters` are decoded exactly once."""
    found = event(f"/files/{sent}")
    assert found["path"] == f"/files/{sent}"
    assert found["requestContext"]["path"] == f"/v1/files/{sent}"
    assert found["pathParameters"] == {"key": key}
    assert found["resource"] == "/files/{key+}"


@pytest.mark.parametrize("sent", ["folder/", "a//b", "a/./b", "%2E%2E/b"])
def test_path_that_others_normalize(event, sent):
    """`path` keeps slashes and dots as they were sent."""
    assert event(f"/files/{sent}")["path"] == f"/files/{sent}"


def test_query(event):
    """Parameters are decoded once; of a repeated one the last value and all of them are given."""
    found = event("/open?a=1&a=2&b=x%20%2B%2525+y&c=")
    assert found["queryStringParameters"] == {"a": "2", "b": "x +%25 y", "c": ""}
    assert found["multiValueQueryStringParameters"]["a"] == ["1", "2"]
    bare = event("/open")
    assert bare["queryStringParameters"] is None
    assert bare["multiValueQueryStringParameters"] is None


def test_headers(event):
    """A header is there once and with all of its values."""
    found = event("/open", {"X-One": "a, b", "X-Forwarded-For": "9.9.9.9"})
    assert found["headers"]["x-one"] == "a, b"
    assert found["multiValueHeaders"]["x-one"] == ["a, b"]
    assert found["requestContext"]["identity"]["sourceIp"] == "127.0.0.1"


def test_repeated_header(cloud, api):
    """Of a repeated header the last value and all of them are given."""
    import http.client  # noqa: PLC0415 # urllib sends a header once

    connection = http.client.HTTPConnection(cloud.url.removeprefix("http://"))
    connection.putrequest("GET", api + "/open")
    for value in ("one", "two"):
        connection.putheader("Authorization", value)
    connection.endheaders()
    found = json.loads(connection.getresponse().read())
    connection.close()
    assert found["headers"]["authorization"] == "two"
    assert found["multiValueHeaders"]["authorization"] == ["one", "two"]


def test_request_body(event):
    """With `*/*` every body arrives in base64."""
    found = event("/files/a", {"Content-Type": "text/plain"}, "PUT", b"\x00\xff")
    assert (found["body"], found["isBase64Encoded"]) == ("AP8=", True)


# ------------------------------------------------------------------ answers
@pytest.mark.parametrize(
    "accept", [{}, {"Accept": "*/*"}, {"Accept": "application/json"}], ids=["none", "any", "json"]
)
def test_binary_answer(cloud, api, accept):
    """With `*/*` a base64 answer is given in bytes, whatever is accepted."""
    answer = cloud.http("GET", api + "/files/a?mode=binary", accept)
    assert (answer.status, answer.body) == (206, bytes(range(256)))
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["etag"] == '"e"'


def test_head(cloud, api):
    """HEAD reaches the function; its answer has headers and no body."""
    answer = cloud.http("HEAD", api + "/files/a?mode=binary")
    assert (answer.status, answer.body) == (206, b"")
    assert answer.headers["etag"] == '"e"'
    assert cloud.http("HEAD", api + "/objects/a").status == 401


def test_empty_answer(cloud, api):
    """An answer without a body is one."""
    answer = cloud.http("GET", api + "/files/a?mode=empty")
    assert (answer.status, answer.body) == (304, b"")


def test_function_role(cloud, api, function):
    """The function runs with its own role's session and not with the root key."""
    probe = "import os\ndef handler(event, context): return dict(os.environ)"
    cloud.function("environment", probe)
    answer = cloud.client("lambda").invoke(FunctionName="environment")
    seen = json.loads(answer["Payload"].read())
    assert seen["AWS_ACCESS_KEY_ID"].startswith("ASIA")
    assert cloud.root.id not in seen.values()
    assert cloud.root.secret not in seen.values()
    assert f":{ACCOUNT}:" in function

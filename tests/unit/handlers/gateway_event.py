"""REST API events as API Gateway sends them, and the context that comes along."""

from urllib.parse import quote

REQUEST_ID = "3a7c1f40-9d1e-4d55-8d4e-0c4f4b7a2e11"
FUNCTION_REQUEST_ID = "f0e1d2c3-0000-4000-8000-00000000beef"


class Context:
    """What Lambda hands over beside the event."""

    aws_request_id = FUNCTION_REQUEST_ID
    function_name = "bucketpass"

    def __init__(self, milliseconds=28_000):
        self.milliseconds = milliseconds

    def get_remaining_time_in_millis(self):
        return self.milliseconds


def event(method, path, *, query=None, headers=None, key=None, claims=None, request_id=REQUEST_ID):
    """An event; a value of `query` or `headers` may be a list, None stands for none at all.

    A REST API passes the path, and the path parameter, as they were sent: percent-encoded.
    """
    return {
        "resource": path if key is None else "/objects/{key+}",
        "path": path,
        "httpMethod": method,
        "headers": _last(headers),
        "multiValueHeaders": _all(headers),
        "queryStringParameters": _last(query),
        "multiValueQueryStringParameters": _all(query),
        "pathParameters": None if key is None else {"key": quote(key, errors="surrogatepass")},
        "stageVariables": None,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "a1b2c3d4e5",
            "authorizer": {"claims": claims} if claims is not None else None,
            "domainName": "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com",
            "httpMethod": method,
            "identity": {"sourceIp": "192.0.2.1", "userAgent": "test"},
            "path": f"/v1{path}",
            "protocol": "HTTP/1.1",
            "requestId": request_id,
            "requestTimeEpoch": 1_790_000_000_000,
            "resourcePath": path if key is None else "/objects/{key+}",
            "stage": "v1",
        },
        "body": None,
        "isBase64Encoded": False,
    }


def object_event(method, key, **parts):
    """An event of `/objects/{key+}`."""
    return event(method, f"/objects/{quote(key, errors='surrogatepass')}", key=key, **parts)


def _last(values):
    if not values:
        return None
    return {name: value[-1] if isinstance(value, list) else value for name, value in values.items()}


def _all(values):
    if not values:
        return None
    return {name: value if isinstance(value, list) else [value] for name, value in values.items()}

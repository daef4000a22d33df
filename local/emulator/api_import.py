"""The OpenAPI body that SAM writes for a REST API, of which the emulator takes only a part.

Source: API Gateway developer guide, api-gateway-swagger-extensions: any-method, the parts of an
integration, binary-media-types (with `~1` for a slash) and gateway-responses.
"""

# ruff: noqa: ANN401, SLF001 # the emulator is untyped, its private names are what is replaced
from typing import Any, Final

from ministack.services import apigateway_v1

from local.emulator.replacement import extend, replace_value

_ANY: Final = "x-amazon-apigateway-any-method"
_METHODS: Final = {"get", "post", "put", "delete", "patch", "head", "options"}
_INTEGRATION_PARTS: Final = (
    "requestTemplates",
    "requestParameters",
    "passthroughBehavior",
    "contentHandling",
    "timeoutInMillis",
    "credentials",
)


def install() -> None:
    """Import any-methods, mock integrations, binary types and gateway responses too."""
    replace_value(apigateway_v1, "_OPENAPI_HTTP_METHODS", _METHODS, _METHODS | {_ANY})
    extend(apigateway_v1, "_import_operation", "ca6b0dd9dcf2c8f1", _import_operation)
    extend(apigateway_v1, "_create_rest_api", "0e98c85ff1324d4c", _create_rest_api)
    extend(apigateway_v1, "_import_rest_api", "ef72f9312702dbb3", _import_rest_api)


def _import_operation(  # noqa: PLR0913, PLR0917 # the emulator's own signature
    original: Any,
    api_id: str,
    resource_id: str,
    http_method: str,
    operation: Any,
    scheme_map: Any = None,
    default_security: Any = None,
) -> None:
    method = "ANY" if http_method.lower() == _ANY else http_method
    original(api_id, resource_id, method, operation, scheme_map, default_security)
    source = (operation or {}).get("x-amazon-apigateway-integration") or {}
    methods = apigateway_v1._resources[api_id][resource_id]["resourceMethods"]
    integration = methods[method].get("methodIntegration")
    if integration is None:
        return
    parts = {part: source[part] for part in _INTEGRATION_PARTS if source.get(part) is not None}
    integration.update(parts)
    for pattern, response in (source.get("responses") or {}).items():
        apigateway_v1._put_integration_response(
            api_id,
            resource_id,
            method,
            str(response.get("statusCode", "200")),
            {**response, "selectionPattern": "" if pattern == "default" else pattern},
        )


def _create_rest_api(original: Any, data: dict[str, Any]) -> Any:
    types = data.get("binaryMediaTypes") or []
    return original({**data, "binaryMediaTypes": [one.replace("~1", "/") for one in types]})


def _import_rest_api(original: Any, spec: dict[str, Any], base_data: Any = None) -> Any:
    data = dict(base_data or {})
    declared = spec.get("x-amazon-apigateway-binary-media-types") or []
    data["binaryMediaTypes"] = data.get("binaryMediaTypes") or declared
    api_id = original(spec, data)
    for kind, response in (spec.get("x-amazon-apigateway-gateway-responses") or {}).items():
        texts = {
            name: str(value) if name == "statusCode" else value for name, value in response.items()
        }
        apigateway_v1._put_gateway_response(api_id, kind, texts)
    return api_id

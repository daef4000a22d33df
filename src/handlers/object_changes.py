"""`PUT` and `DELETE /objects/{key+}`: write and delete one object through the function."""

import json
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayRouter

from handlers.caller import Caller, caller_of
from handlers.object_path import OBJECT_PATH, object_key
from handlers.request import Event, body_bytes, header_text, headers_below, query_text
from shared.errors import InvalidRequest
from shared.object_content import MAX_CONTENT_BYTES
from shared.object_properties import (
    ObjectProperties,
    parse_content_type,
    parse_metadata,
    parse_property,
)
from shared.object_writer import ObjectWriter, WrittenObject
from shared.write_conditions import condition_of_delete, conditions_of_put

TOO_LARGE = f"The body has at most {MAX_CONTENT_BYTES:,} bytes; for more use POST /uploads."

router = APIGatewayRouter()


@router.put(OBJECT_PATH)
def put_object() -> Response[str]:
    """Write the body as the object: 201 where there was none, 200 where there was one."""
    event = router.current_event.raw_event
    caller = caller_of(event, router.context["services"])
    _refuse_unknown_conditions(event)
    conditions = conditions_of_put(
        header_text(event, "If-Match"), header_text(event, "If-None-Match")
    )
    body = body_bytes(event, MAX_CONTENT_BYTES, TOO_LARGE)
    key = object_key(event, caller.home)
    return _written(_writer(caller).put(key, body, _properties(event), conditions))


@router.delete(OBJECT_PATH)
def delete_object() -> Response[str]:
    """Delete the object: 204, also where there was none."""
    event = router.current_event.raw_event
    caller = caller_of(event, router.context["services"])
    _refuse_unknown_conditions(event)
    _refuse_header(event, "If-None-Match")
    condition = condition_of_delete(header_text(event, "If-Match"))
    version_id = _writer(caller).delete(object_key(event, caller.home), condition)
    headers: dict[str, str | list[str]] = {"x-amz-version-id": version_id} if version_id else {}
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers, body="")


def _writer(caller: Caller) -> ObjectWriter:
    return ObjectWriter(router.context["services"].s3, caller.settings.bucket, caller.credentials)


def _properties(event: Event) -> ObjectProperties:
    def stored(name: str) -> str | None:
        return parse_property(name, header_text(event, name))

    return ObjectProperties(
        content_type=parse_content_type(header_text(event, "Content-Type")),
        content_encoding=stored("Content-Encoding"),
        content_language=stored("Content-Language"),
        content_disposition=stored("Content-Disposition"),
        cache_control=stored("Cache-Control"),
        metadata=parse_metadata(headers_below(event, "x-amz-meta-")),
    )


def _refuse_unknown_conditions(event: Event) -> None:
    # Whoever sends one of these means a smaller change than the one that would happen without.
    if query_text(event, "versionId") is not None:
        raise InvalidRequest("versionId of a change", detail="A version cannot be changed.")
    for name in ("If-Unmodified-Since", "Content-Range"):
        _refuse_header(event, name)


def _refuse_header(event: Event, name: str) -> None:
    if header_text(event, name) is not None:
        raise InvalidRequest(f"{name} of a change", detail=f"{name} does not go with this method.")


def _written(written: WrittenObject) -> Response[str]:
    headers: dict[str, str | list[str]] = {"ETag": written.etag}
    if written.version_id:
        headers["x-amz-version-id"] = written.version_id
    answer = {
        "key": written.key,
        "etag": written.etag,
        "versionId": written.version_id,
        "size": written.size,
    }
    return Response(
        status_code=HTTPStatus.CREATED if written.created else HTTPStatus.OK,
        content_type="application/json",
        headers=headers,
        body=json.dumps(answer),
    )

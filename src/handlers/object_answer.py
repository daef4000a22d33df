"""How one object is answered: as headers, as a redirect, as a link, as its bytes."""

import json
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from handlers.time_text import http_date, time_text
from shared.content_disposition import content_disposition, file_name
from shared.object_content import NotModified, ObjectContent, ObjectHead
from shared.presigned_url import PresignedUrl

# Whatever people stored must not run as a page of this API's origin.
SANDBOX = {"Content-Security-Policy": "sandbox; default-src 'none'"}


def head_answer(head: ObjectHead | NotModified) -> Response[str]:
    """The metadata as headers; API Gateway sets Content-Length, so the size has our own header."""
    if isinstance(head, NotModified):
        return _not_modified(head)
    return Response(status_code=HTTPStatus.OK, headers=_object_headers(head), body="")


def redirect_answer(url: PresignedUrl) -> Response[str]:
    """307 to the presigned URL; the client's Range and conditions reach S3 with it."""
    return Response(
        status_code=HTTPStatus.TEMPORARY_REDIRECT, headers={"Location": url.url}, body=""
    )


def link_answer(url: PresignedUrl, head: ObjectHead) -> Response[str]:
    """The presigned URL, until when it truly lives and why, and what it leads to."""
    answer = {
        "url": url.url,
        "expiresAt": time_text(url.expires_at),
        "limitedBy": url.limited_by,
        "size": head.size,
        "etag": head.etag,
        "contentType": head.content_type,
    }
    return Response(
        status_code=HTTPStatus.OK, content_type="application/json", body=json.dumps(answer)
    )


def content_answer(
    key: str, content: ObjectContent | NotModified
) -> Response[bytes] | Response[str]:
    """The bytes: 200, 206 for a part, 304 where the caller's copy is still good."""
    if isinstance(content, NotModified):
        return _not_modified(content)
    headers = _object_headers(content.head) | SANDBOX
    headers["Content-Disposition"] = content_disposition(file_name(key))
    if content.content_range is None:
        return Response(status_code=HTTPStatus.OK, headers=headers, body=content.body)
    headers["Content-Range"] = content.content_range
    return Response(status_code=HTTPStatus.PARTIAL_CONTENT, headers=headers, body=content.body)


def _not_modified(answer: NotModified) -> Response[str]:
    headers: dict[str, str | list[str]] = {"ETag": answer.etag} if answer.etag else {}
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers, body="")


def _object_headers(head: ObjectHead) -> dict[str, str | list[str]]:
    headers: dict[str, str | list[str]] = {
        "Content-Type": head.content_type,
        "ETag": head.etag,
        "Last-Modified": http_date(head.last_modified),
        "Accept-Ranges": "bytes",
        "x-object-size": str(head.size),
        "x-amz-storage-class": head.storage_class,
        **{f"x-amz-meta-{name}": value for name, value in head.metadata.items()},
    }
    if head.version_id:
        headers["x-amz-version-id"] = head.version_id
    if head.content_encoding:
        headers["Content-Encoding"] = head.content_encoding
    if head.content_language:
        headers["Content-Language"] = head.content_language
    return headers

"""The problem document (RFC 9457) that every refusal and fault becomes."""

import json
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from shared.errors import BucketpassError

CONTENT_TYPE = "application/problem+json"


def problem_document(error: BucketpassError, request_id: str) -> dict[str, object]:
    """The members of the document, for an answer or an item of one; `reason` stays out of it."""
    return {
        "type": f"urn:bucketpass:problem:{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        "requestId": request_id,
        **error.members,
    }


def problem_response(error: BucketpassError, request_id: str) -> Response[str]:
    """The answer for one of our errors."""
    return Response(
        status_code=HTTPStatus(error.status),
        content_type=CONTENT_TYPE,
        headers=dict(error.headers),
        body=json.dumps(problem_document(error, request_id)),
    )

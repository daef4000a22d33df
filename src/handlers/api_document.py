"""`GET /openapi.json`: the description of this API."""

from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayRouter

_DOCUMENT: Final = Path(__file__).resolve().parent.parent / "openapi.json"

router = APIGatewayRouter()


@router.get("/openapi.json")
def openapi_document() -> Response[str]:
    """The document as it stands beside the code, for anybody."""
    return Response(
        status_code=HTTPStatus.OK, content_type="application/json", body=_document_text()
    )


@cache
def _document_text() -> str:
    # Not at import: a cold start does not need it.
    return _DOCUMENT.read_text(encoding="utf-8")

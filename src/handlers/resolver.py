"""The resolver: the routes, CORS, and the one place where an error becomes an answer."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, CORSConfig, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from handlers import health, me, objects
from handlers.problem import problem_response
from handlers.request import request_id
from shared.errors import BucketpassError, NotFound
from shared.observability import count, logger

EXPOSED_HEADERS = [
    "Accept-Ranges",
    "Content-Disposition",
    "Content-Range",
    "ETag",
    "Last-Modified",
    "Location",
    "Retry-After",
    "WWW-Authenticate",
    "x-object-size",
    "x-request-id",
]


def build_resolver(allowed_origin: str) -> APIGatewayRestResolver:
    """All routes behind one error mapping; `allowed_origin` is the one origin that CORS names."""
    app = APIGatewayRestResolver(
        cors=CORSConfig(allow_origin=allowed_origin, expose_headers=EXPOSED_HEADERS)
    )
    for module in (health, me, objects):
        app.include_router(module.router)

    def answer_error(error: Exception) -> Response[str]:
        return problem_response(_logged(_as_ours(error)), request_id(app.current_event.raw_event))

    # Powertools looks an error up by its class and then by its bases; an unknown route by name.
    app.exception_handler(Exception)(answer_error)
    app.not_found(answer_error)
    return app


def _as_ours(error: Exception) -> BucketpassError:
    if isinstance(error, BucketpassError):
        return error
    if isinstance(error, NotFoundError):
        return NotFound("no such route")
    ours = BucketpassError(f"unforeseen {type(error).__name__}")
    ours.__cause__ = error
    return ours


def _logged(error: BucketpassError) -> BucketpassError:
    """A refusal is a line of the log; a fault of ours or of AWS comes with its traceback."""
    fields = {"code": error.code, "reason": error.reason, "status": error.status}
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.error("fault", exc_info=error, extra=fields)
        count("Faults")
    else:
        logger.info("refusal", extra=fields)
        count("Refusals")
    return error

"""The resolver: the routes, CORS, and the one place where an error becomes an answer."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, CORSConfig, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from handlers import (
    api_document,
    buckets,
    config,
    copies,
    credentials,
    deletions,
    explain,
    health,
    links,
    me,
    object_changes,
    objects,
    session,
    uploads,
    versions,
)
from handlers.problem import problem_response
from handlers.request import request_id
from shared.errors import BucketpassError, MethodNotAllowed, NotFound
from shared.observability import count, logger

EXPOSED_HEADERS = [
    # x-amz-meta-*: a browser takes the asterisk where it sends no cookies.
    "*",
    "Accept-Ranges",
    "Content-Disposition",
    "Content-Range",
    "ETag",
    "Last-Modified",
    "Location",
    "Retry-After",
    "WWW-Authenticate",
    "x-amz-storage-class",
    "x-amz-version-id",
    "x-object-size",
    "x-request-id",
]


def build_resolver(allowed_origin: str) -> APIGatewayRestResolver:
    """All routes behind one error mapping; `allowed_origin` is the one origin that CORS names."""
    app = APIGatewayRestResolver(
        cors=CORSConfig(allow_origin=allowed_origin, expose_headers=EXPOSED_HEADERS),
        # Else POWERTOOLS_DEV would print whole events, ID tokens among them.
        debug=False,
    )
    for module in (
        health,
        config,
        api_document,
        me,
        objects,
        object_changes,
        links,
        buckets,
        uploads,
        credentials,
        deletions,
        copies,
        versions,
        explain,
        session,
    ):
        app.include_router(module.router)

    def answer_error(error: Exception) -> Response[str]:
        if isinstance(error, NotFoundError):
            error = _unrouted(app)
        return problem_response(_logged(_as_ours(error)), request_id(app.current_event.raw_event))

    # Powertools looks an error up by its class and then by its bases; an unknown route by name.
    app.exception_handler(Exception)(answer_error)
    app.not_found(answer_error)
    return app


def _unrouted(app: APIGatewayRestResolver) -> BucketpassError:
    # Powertools has no public list of its routes.
    routes = app._static_routes + app._dynamic_routes  # noqa: SLF001
    allowed = {route.method for route in routes if route.rule.match(app.current_event.path)}
    if not allowed:
        return NotFound("no such route")
    # RFC 9110, section 15.5.6.
    return MethodNotAllowed("no such method", headers={"Allow": ", ".join(sorted(allowed))})


def _as_ours(error: Exception) -> BucketpassError:
    if isinstance(error, BucketpassError):
        return error
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

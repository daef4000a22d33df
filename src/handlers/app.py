"""The Lambda entry: one composition root, one handler."""

import os
from collections.abc import Callable
from typing import Any

from handlers.answer import completed
from handlers.problem import problem_response
from handlers.request import Event, request_id
from handlers.resolver import build_resolver
from handlers.services import Services, build_services
from shared.deadline import deadline
from shared.errors import BucketpassError
from shared.observability import count, logger, metrics
from shared.request_trace import traced
from shared.settings import load_settings

# API Gateway gives up after 29 s and Lambda after 28 s; what is left is for the answer itself.
LONGEST_WORK_SECONDS = 25.0
ANSWER_SECONDS = 1.5

Handler = Callable[[Any, Any], dict[str, Any]]


def create_handler(services: Services) -> Handler:
    """The function's handler over the given services; it always answers, whatever the event."""
    resolver = build_resolver(services.settings.allowed_origin)

    def handler(event: Any, context: Any) -> dict[str, Any]:  # noqa: ANN401 # Lambda's
        # A direct invocation can bring any JSON.
        event = event if isinstance(event, dict) else {}
        logger.append_keys(request_id=request_id(event), function_request_id=context.aws_request_id)
        resolver.append_context(services=services)
        try:
            seconds = _seconds_for_work(context.get_remaining_time_in_millis())
            with deadline(seconds), traced(request_id(event)):
                answer = resolver.resolve(event, context)
        except Exception as error:  # noqa: BLE001 # the last line: every event gets an answer
            # Powertools could not even read the event, so no route ran.
            logger.exception("unreadable event")
            count("Faults")
            answer = _unreadable(event, error)
        _leave_trace(event, answer["statusCode"])
        return completed(answer, event)

    return handler


def _leave_trace(event: Event, status: int) -> None:
    # The route, not the path: the names of people's objects are theirs.
    route = f"{event.get('httpMethod')} {event.get('resource')}"
    try:
        logger.info("answered", route=route, status=status)
        count("Requests")
        metrics.flush_metrics()
    except Exception:  # noqa: BLE001 # the answer is worth more than its trace
        logger.exception("no trace")
    finally:
        # What this request appended must not reach the next one of this environment.
        logger.clear_state()


def _unreadable(event: Event, error: Exception) -> dict[str, Any]:
    fault = BucketpassError(f"unreadable event: {type(error).__name__}")
    response = problem_response(fault, request_id(event))
    return {
        "statusCode": response.status_code,
        "multiValueHeaders": {name: [value] for name, value in response.headers.items()},
        "body": response.body,
        "isBase64Encoded": False,
    }


def _seconds_for_work(remaining_milliseconds: int) -> float:
    return min(LONGEST_WORK_SECONDS, remaining_milliseconds / 1000 - ANSWER_SECONDS)


lambda_handler = create_handler(build_services(load_settings(os.environ)))

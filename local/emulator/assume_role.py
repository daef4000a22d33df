"""AssumeRole with session tags, as STS limits and authorizes it.

Sources: STS API reference of AssumeRole (names, durations, tags); IAM User Guide, id_session-tags:
passing tags needs `sts:TagSession`, also from the caller's own policies; id_roles_terms: one
hour for role chaining; reference_policies_iam-condition-keys (sts:RoleSessionName).
"""

# ruff: noqa: ANN401, SLF001 # the emulator is untyped, its private names are what is replaced
import json
import re
from typing import Any, Final
from urllib.parse import parse_qs

from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import get_region
from ministack.core.router import extract_access_key_id
from ministack.services import iam, sts

from local.emulator.replacement import extend

_SESSION_NAME: Final = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
_TAG_KEY: Final = re.compile(r"[\w\s.:/=+\-@]{1,128}")
_TAG_VALUE: Final = re.compile(r"[\w\s.:/=+\-@]{0,256}")
_MOST_TAGS: Final = 50
_SHORTEST, _LONGEST, _LONGEST_CHAINED = 900, 43200, 3600
_DEFAULT_DURATION: Final = 3600


def install() -> None:
    """Check each AssumeRole before the emulator answers it."""
    extend(iam_actions, "request_tag_context", "d46adb816e024778", _request_tag_context)
    extend(sts, "handle_request", "f2d7c72d01d64950", _handle_request)


def _request_tag_context(
    original: Any, service: str, action: str, body: bytes, params: dict[str, Any]
) -> dict[str, Any]:
    context: dict[str, Any] = original(service, action, body, params)
    if action == "sts:AssumeRole":
        context["sts:RoleSessionName"] = sts._p(params, "RoleSessionName", None)
    return context


async def _handle_request(  # noqa: PLR0913, PLR0917 # the emulator's own signature
    original: Any, method: str, path: str, headers: Any, body: bytes, query: dict[str, Any]
) -> Any:
    params = _parameters(headers, body, query)
    refused = None
    if sts._p(params, "Action") == "AssumeRole":
        key = extract_access_key_id(headers, query)
        problem = _problem(params, key)
        refused = (
            sts._error(400, "ValidationError", problem, ns="sts")
            if problem
            else _untaggable(params, key, body)
        )
    return refused or await original(method, path, headers, body, query)


def _parameters(headers: Any, body: bytes, query: dict[str, Any]) -> dict[str, Any]:
    target = headers.get("x-amz-target", "")
    if target.startswith("AWSSecurityTokenServiceV20110615."):
        members = json.loads(body or b"{}")
        texts = {name: [str(value)] for name, value in members.items()}
        return texts | {"Action": [target.rpartition(".")[2]], "Tags": members.get("Tags")}
    return dict(query) | parse_qs(body.decode(errors="replace"), keep_blank_values=True)


def _problem(params: dict[str, Any], key: str) -> str | None:
    """Why STS would not validate the request, None if it would."""
    if not _SESSION_NAME.fullmatch(sts._p(params, "RoleSessionName")):
        return (
            "1 validation error detected: Value at 'roleSessionName' failed to satisfy "
            r"constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*"
        )
    tags, _ = sts._session_tags(params, check=False)
    if len(tags) > _MOST_TAGS or not all(
        _TAG_KEY.fullmatch(tag["Key"]) and _TAG_VALUE.fullmatch(tag["Value"]) for tag in tags
    ):
        return "1 validation error detected: Value at 'tags' failed to satisfy constraint"
    return _duration_problem(params, key)


def _duration_problem(params: dict[str, Any], key: str) -> str | None:
    wanted = int(sts._p(params, "DurationSeconds") or _DEFAULT_DURATION)
    if not _SHORTEST <= wanted <= _LONGEST:
        return (
            "1 validation error detected: Value at 'durationSeconds' failed to satisfy constraint"
        )
    if wanted > _LONGEST_CHAINED and ":assumed-role/" in sts._sessions.get(key, {}).get("Arn", ""):
        return (
            "The requested DurationSeconds exceeds the 1 hour session limit "
            "for roles assumed by role chaining"
        )
    role = iam._roles.get(sts._p(params, "RoleArn").rpartition("/")[2]) or {}
    if wanted > int(role.get("MaxSessionDuration") or _DEFAULT_DURATION):
        return "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    return None


def _untaggable(params: dict[str, Any], key: str, body: bytes) -> Any:
    """The refusal of session tags which the caller's own policies do not allow, else None."""
    tags, _ = sts._session_tags(params, check=False)
    if not tags:
        return None
    role_arn = sts._p(params, "RoleArn")
    context = iam_actions.request_tag_context("sts", "sts:AssumeRole", body, params)
    denied = iam_evaluator.enforce(
        key, "sts:TagSession", "sts", get_region(), role_arn, service_context=context
    )
    if denied is None:
        return None
    who = getattr(denied, "principal_arn", "")
    message = f"User: {who} is not authorized to perform: sts:TagSession on resource: {role_arn}"
    return sts._error(403, "AccessDenied", message, ns="sts")

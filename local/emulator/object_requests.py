"""Requests for objects, where the emulator tells more, or takes keys to be less, than S3 does.

Sources: S3 API reference of GetObject and HeadObject: a missing key is 404 only for who may list
the bucket, otherwise 403; S3 user guide, RESTAuthentication: only one way of authentication, and
no signature of version 2 for a bucket made after June 2020; S3 API reference,
sigv4-query-string-auth: every x-amz-* header of a request is signed; S3 user guide, object-keys: a
key is any text, with empty segments and a slash at its end.
"""

# ruff: noqa: ANN401, SLF001 # the emulator is untyped, its private names are what is replaced
from typing import Any, Final

from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import get_region
from ministack.core.router import extract_access_key_id
from ministack.services import s3

from local.emulator.replacement import extend

_NOT_FOUND: Final = 404
_TWO_MECHANISMS: Final = (
    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, "
    "Signature query string parameter or the Authorization header should be specified"
)
_OLD_MECHANISM: Final = (
    "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
)
_NOT_SIGNED: Final = "There were headers present in the request which were not signed"
_SIGNATURE_PARAMETERS: Final = frozenset({"x-amz-algorithm", "x-amz-signature", "signature"})


def install() -> None:
    """Hide what a caller may not know, and authorize the key as it was sent."""
    extend(iam_actions, "extract_resource_arn", "82f51700695c62fd", _resource_arn)
    extend(s3, "handle_request", "0856144f19e733b4", _handle_request)


def _resource_arn(original: Any, service: str, method: str, path: str, *rest: Any) -> str:
    arn = str(original(service, method, path, *rest))
    bucket, _, key = path.lstrip("/").partition("/")
    exact = f"arn:aws:s3:::{bucket}/{key}"
    # The original drops empty segments; other ARNs (batches, access points) are its own affair.
    is_object = arn.startswith(f"arn:aws:s3:::{bucket}/") or (not key.strip("/") and "/" in key)
    return exact if service == "s3" and key and is_object else arn


async def _handle_request(  # noqa: PLR0913, PLR0917 # the emulator's own signature
    original: Any,
    method: str,
    path: str,
    headers: Any,
    body: bytes,
    query: dict[str, Any],
    *rest: Any,
    **named: Any,
) -> Any:
    if problem := _mechanism_problem(headers, query):
        return s3._error(*problem, 400, path)
    if _unsigned_headers(headers, query):
        return s3._error("AccessDenied", _NOT_SIGNED, 403, path)
    answer = await original(method, path, headers, body, query, *rest, **named)
    bucket, key = s3._parse_bucket_key(path, headers)
    if answer[0] != _NOT_FOUND or method not in ("GET", "HEAD") or not key or named.get("internal"):
        return answer
    # A missing upload of a key is told to whoever may list the parts of that key's uploads.
    if "uploadId" in query:
        return answer
    if s3._bucket_owner_account(bucket) is None or _may_list(bucket, headers, query):
        return answer
    return s3._error("AccessDenied", "Access Denied", 403, path)


def _mechanism_problem(headers: Any, query: dict[str, Any]) -> tuple[str, str] | None:
    """Code and sentence for a way of authentication that S3 does not take, else None."""
    names = {name.lower() for name in query}
    authorization = headers.get("authorization", "")
    if authorization and names & _SIGNATURE_PARAMETERS:
        return "InvalidArgument", _TWO_MECHANISMS
    if authorization.startswith("AWS ") or "awsaccesskeyid" in names:
        return "InvalidRequest", _OLD_MECHANISM
    return None


def _unsigned_headers(headers: Any, query: dict[str, Any]) -> set[str]:
    """The x-amz-* headers of a presigned request that its signature does not cover."""
    signed = next((query[name] for name in query if name.lower() == "x-amz-signedheaders"), None)
    if signed is None:
        return set()
    names = (signed[0] if isinstance(signed, list) else signed).lower().split(";")
    sent = {name.lower() for name in headers}
    return {name for name in sent if name.startswith("x-amz-")}.difference(names)


def _may_list(bucket: str, headers: Any, query: dict[str, Any]) -> bool:
    """Whether the caller may list the bucket as a whole: this request has no s3:prefix."""
    key = extract_access_key_id(headers, query)
    arn = f"arn:aws:s3:::{bucket}"
    return bool(key) and (
        iam_evaluator.enforce(key, "s3:ListBucket", "s3", get_region(), arn) is None
    )

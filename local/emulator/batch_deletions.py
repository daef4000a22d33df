"""DeleteObjects: each key is authorized by itself, and one that is refused stops no other.

Sources: S3 API reference of DeleteObjects: the answer has a Deleted or an Error for each key, and
AccessDenied is one of the errors; the permission is s3:DeleteObject, or s3:DeleteObjectVersion
where a version is named.
"""

# ruff: noqa: ANN401, S314 # untyped, its requests are our tests', private names are replaced
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, fromstring, register_namespace, tostring

from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import get_region
from ministack.core.router import extract_access_key_id
from ministack.services import s3

from local.emulator.replacement import extend

_OK: Final = 200


def install() -> None:
    """Ask about the keys where they are deleted rather than about the request as a whole."""
    extend(iam_actions, "extract_iam_action", "ec476b92d969822b", _extract_iam_action)
    extend(s3, "_delete_objects", "ca0ca0bf2055f614", _delete_objects)


def _extract_iam_action(
    original: Any, service: str, method: str, path: str, *rest: Any
) -> str | None:
    is_batch = service == "s3" and method == "POST" and "delete" in rest[-1]
    # Without an action the emulator only authenticates.
    if is_batch and "/" not in path.strip("/"):
        return None
    action: str | None = original(service, method, path, *rest)
    return action


def _delete_objects(original: Any, bucket: str, body: bytes, headers: Any) -> Any:
    try:
        asked = fromstring(body)
    except (SyntaxError, ValueError):
        return original(bucket, body, headers)
    refused = [entry for entry in asked.findall("{*}Object") if not _may(bucket, entry, headers)]
    for entry in refused:
        asked.remove(entry)
    register_namespace("", s3.S3_NS)
    answer = original(bucket, tostring(asked) if refused else body, headers)
    if answer[0] != _OK or not refused:
        return answer
    result = fromstring(answer[2])
    for entry in refused:
        _add_error(result, entry)
    return answer[0], answer[1], tostring(result, encoding="UTF-8", xml_declaration=True)


def _may(bucket: str, entry: Element, headers: Any) -> bool:
    caller = extract_access_key_id(headers, {})
    version = entry.findtext("{*}VersionId")
    action = "s3:DeleteObjectVersion" if version else "s3:DeleteObject"
    arn = f"arn:aws:s3:::{bucket}/{entry.findtext('{*}Key')}"
    return bool(caller) and (iam_evaluator.enforce(caller, action, "s3", get_region(), arn) is None)


def _add_error(result: Element, entry: Element) -> None:
    error = SubElement(result, f"{{{s3.S3_NS}}}Error")
    for name, text in (
        ("Key", entry.findtext("{*}Key")),
        ("VersionId", entry.findtext("{*}VersionId")),
        ("Code", "AccessDenied"),
        ("Message", "Access Denied"),
    ):
        if text:
            SubElement(error, f"{{{s3.S3_NS}}}{name}").text = text

"""What the routes of `/uploads` read from a body."""

import re
from dataclasses import dataclass
from typing import Final

from handlers import json_body
from handlers.json_body import JsonObject
from handlers.request import Event
from shared.errors import InvalidRequest
from shared.multipart_upload import CompletedPart
from shared.object_key import expand_home, parse_key
from shared.object_properties import ObjectProperties, parse_content_type, parse_metadata
from shared.part_plan import MAX_PARTS, PartPlan, plan_parts
from shared.presigned_url import MAX_SECONDS
from shared.upload_checksum import UploadChecksum, parse_checksum
from shared.upload_id import parse_upload_id

# What one request is given the URLs of, and so what one answer has to carry.
MAX_PART_URLS: Final = 100
# 10,000 parts with a checksum each.
MAX_COMPLETE_BYTES: Final = 2_000_000

# The largest whole number that every reader of JSON keeps exactly (RFC 8259, section 6).
_LARGEST_NUMBER: Final = 2**53 - 1
_ENTITY_TAG: Final = re.compile(r'"?[!#-~]{1,256}"?')


@dataclass(frozen=True, slots=True)
class NewUpload:
    """The body of `POST /uploads`, its key the real one."""

    key: str
    plan: PartPlan
    properties: ObjectProperties
    checksum: UploadChecksum | None
    multipart: bool
    if_absent: bool
    expires_in: int


@dataclass(frozen=True, slots=True)
class WantedParts:
    """The body of `POST /uploads/parts`: `checksums` by part number, where the client has them."""

    key: str
    upload_id: str
    plan: PartPlan
    numbers: tuple[int, ...]
    checksums: dict[int, str]
    expires_in: int


@dataclass(frozen=True, slots=True)
class Completion:
    """The body of `POST /uploads/complete`; `parts` None means those that are at S3."""

    key: str
    upload_id: str
    plan: PartPlan
    parts: tuple[CompletedPart, ...] | None
    checksum: UploadChecksum | None
    if_absent: bool


def new_upload(event: Event, home: str) -> NewUpload:
    """Read the body; `home` is the caller's folder. Raises the 400 and 413 errors."""
    body = json_body.json_object(event)
    known = "key size contentType checksum metadata multipart ifNoneMatch expiresIn"
    json_body.only(body, known.split())
    return NewUpload(
        key=_key(body, home),
        plan=_plan(body),
        properties=ObjectProperties(
            content_type=parse_content_type(json_body.optional_text(body, "contentType")),
            metadata=parse_metadata(json_body.texts_by_name(body, "metadata")),
        ),
        checksum=_checksum(body),
        multipart=json_body.flag(body, "multipart"),
        if_absent=_if_absent(body),
        expires_in=_expires_in(body),
    )


def wanted_parts(event: Event, home: str) -> WantedParts:
    """Read the body; `home` is the caller's folder. Raises the 400 and 413 errors."""
    body = json_body.json_object(event)
    known = "key uploadId size partNumbers checksums expiresIn"
    json_body.only(body, known.split())
    numbers = json_body.list_of_whole_numbers(body, "partNumbers", MAX_PART_URLS, 1, MAX_PARTS)
    values = json_body.texts_by_name(body, "checksums")
    checksums = {number: values.pop(str(number)) for number in numbers if str(number) in values}
    if values or len(set(numbers)) != len(numbers):
        raise InvalidRequest(
            "part numbers",
            detail="partNumbers names each part once, checksums only parts of partNumbers.",
        )
    return WantedParts(
        key=_key(body, home),
        upload_id=parse_upload_id(json_body.text(body, "uploadId")),
        plan=_plan(body),
        numbers=tuple(numbers),
        checksums=checksums,
        expires_in=_expires_in(body),
    )


def completion(event: Event, home: str) -> Completion:
    """Read the body; `home` is the caller's folder. Raises the 400 and 413 errors."""
    body = json_body.json_object(event, MAX_COMPLETE_BYTES)
    json_body.only(body, ["key", "uploadId", "size", "parts", "checksum", "ifNoneMatch"])
    plan, checksum = _plan(body), _checksum(body)
    refuse_whole_value(checksum)
    return Completion(
        key=_key(body, home),
        upload_id=parse_upload_id(json_body.text(body, "uploadId")),
        plan=plan,
        parts=_parts(body, plan, checksum) if "parts" in body else None,
        checksum=checksum,
        if_absent=_if_absent(body),
    )


def refuse_whole_value(checksum: UploadChecksum | None) -> None:
    """Refuse, for an upload in parts, a value for the whole that S3 could not compare."""
    if checksum is not None and checksum.of_each_part and checksum.value is not None:
        raise InvalidRequest(
            "value of a composite checksum",
            detail=f"In parts, {checksum.algorithm} proves each part (checksums of "
            "POST /uploads/parts); take a CRC to prove the whole object.",
        )


def _key(body: JsonObject, home: str) -> str:
    return expand_home(parse_key(json_body.text(body, "key")), home)


def _plan(body: JsonObject) -> PartPlan:
    return plan_parts(json_body.whole_number(body, "size", 0, _LARGEST_NUMBER))


def _expires_in(body: JsonObject) -> int:
    return json_body.whole_number(body, "expiresIn", 1, MAX_SECONDS, default=MAX_SECONDS)


def _if_absent(body: JsonObject) -> bool:
    value = json_body.optional_text(body, "ifNoneMatch")
    if value not in {None, "*"}:
        raise InvalidRequest("ifNoneMatch", detail='ifNoneMatch is "*" or absent.')
    return value is not None


def _checksum(body: JsonObject) -> UploadChecksum | None:
    checksum = json_body.optional_object(body, "checksum")
    if checksum is None:
        return None
    json_body.only(checksum, {"algorithm", "value"})
    return parse_checksum(
        json_body.text(checksum, "algorithm"), json_body.optional_text(checksum, "value")
    )


def _parts(
    body: JsonObject, plan: PartPlan, checksum: UploadChecksum | None
) -> tuple[CompletedPart, ...]:
    listed = json_body.list_of_objects(body, "parts", MAX_PARTS)
    parts = sorted((_part(part, checksum) for part in listed), key=lambda part: part.number)
    if [part.number for part in parts] != list(range(1, plan.count + 1)):
        raise InvalidRequest(
            f"not the {plan.count} parts of the plan",
            detail=f"An object of this size has the parts 1 to {plan.count:,}; name each once.",
        )
    return tuple(parts)


def _part(part: JsonObject, checksum: UploadChecksum | None) -> CompletedPart:
    json_body.only(part, {"partNumber", "etag", "checksum"})
    etag = json_body.text(part, "etag")
    if not _ENTITY_TAG.fullmatch(etag):
        raise InvalidRequest("etag of a part", detail=f"{part.path}etag is no ETag of a part.")
    number = json_body.whole_number(part, "partNumber", 1, MAX_PARTS)
    value = json_body.optional_text(part, "checksum")
    if value is None:
        return CompletedPart(number, etag)
    if checksum is None:
        raise InvalidRequest(
            "checksum without algorithm", detail="Name the checksum.algorithm of the parts."
        )
    checked = parse_checksum(checksum.algorithm, value)
    return CompletedPart(number, etag, {checked.parameter: value})

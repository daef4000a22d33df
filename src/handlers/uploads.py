"""`/uploads`: objects of any size, sent to S3 by presigned URLs, at once or in parts."""

from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayRouter

from handlers.caller import Caller, caller_of
from handlers.request import Event, query_number, query_prefix, query_text
from handlers.time_text import time_text
from handlers.upload_answer import begun_answer, parts_answer, whole_answer
from handlers.upload_request import (
    MAX_PART_URLS,
    NewUpload,
    WantedParts,
    completion,
    new_upload,
    refuse_whole_value,
    wanted_parts,
)
from shared.completed_upload import CompletedUpload
from shared.cursor import Listing, continuation_token, make_cursor
from shared.errors import InvalidRequest
from shared.multipart_upload import MultipartUploads
from shared.object_key import expand_home, expand_home_prefix, parse_key, parse_prefix
from shared.part_plan import MEBIBYTE
from shared.upload_checksum import parse_checksum
from shared.upload_id import parse_upload_id
from shared.upload_page import MAX_PAGE_SIZE, PartPage, UploadMarker, part_marker
from shared.upload_urls import ObjectPart, UploadUrl, WholeObject, sign_part, sign_whole

# One PUT of more than this is too much to repeat when it breaks off.
MAX_SINGLE_BYTES: Final = 64 * MEBIBYTE
DEFAULT_PAGE_SIZE: Final = 100

router = APIGatewayRouter()


def _event() -> Event:
    return router.current_event.raw_event


def _caller() -> Caller:
    return caller_of(_event(), router.context["services"])


def _uploads(caller: Caller) -> MultipartUploads:
    return MultipartUploads(caller.objects.client, caller.objects.bucket, caller.credentials)


@router.post("/uploads")
def begin_upload() -> dict[str, object]:
    """One presigned PUT for a small object, for a larger one an upload and its first URLs."""
    caller = _caller()
    asked = new_upload(_event(), caller.home)
    if asked.multipart or asked.plan.size > MAX_SINGLE_BYTES:
        return _begin_parts(caller, asked)
    return _sign_whole(caller, asked)


@router.post("/uploads/parts")
def sign_parts() -> dict[str, object]:
    """The URLs of further parts; S3 is asked first whether the caller has this upload."""
    caller = _caller()
    asked = wanted_parts(_event(), caller.home)
    state = _uploads(caller).parts(asked.key, asked.upload_id, limit=1)
    return parts_answer(_signed(caller, _parts(asked, state), asked.expires_in))


@router.get("/uploads/parts")
def list_parts() -> dict[str, object]:
    """One page of the parts that are there, by which an interrupted upload goes on."""
    event, caller = _event(), _caller()
    key, upload_id = _upload(event, caller)
    listing = Listing(caller.principal.sub, key, kind=f"parts of {upload_id}")
    cursor = query_text(event, "cursor")
    page = _uploads(caller).parts(
        key,
        upload_id,
        limit=query_number(event, "limit", MAX_PAGE_SIZE, 1, MAX_PAGE_SIZE),
        after=0 if cursor is None else part_marker(continuation_token(cursor, listing)),
    )
    return {
        "key": key,
        "uploadId": upload_id,
        "parts": [
            {"partNumber": part.number, "size": part.size, "etag": part.etag} for part in page.parts
        ],
        "cursor": None if page.next_number is None else make_cursor(str(page.next_number), listing),
    }


@router.post("/uploads/complete")
def complete_upload() -> dict[str, object]:
    """The object of all parts of its plan: those that the body names, else those at S3."""
    caller = _caller()
    asked, uploads = completion(_event(), caller.home), _uploads(caller)
    parts = asked.parts or uploads.parts_to_complete(asked.key, asked.upload_id, asked.plan)
    return _completed(
        uploads.complete(
            asked.key,
            asked.upload_id,
            asked.plan.size,
            parts,
            checksum=asked.checksum,
            if_absent=asked.if_absent,
        )
    )


@router.get("/uploads")
def list_uploads() -> dict[str, object]:
    """One page of a prefix's unfinished uploads, the caller's home where none is given."""
    event, caller = _event(), _caller()
    prefix = query_prefix(event, "prefix")
    real = caller.home if prefix is None else expand_home_prefix(parse_prefix(prefix), caller.home)
    listing = Listing(caller.principal.sub, real, kind="uploads")
    cursor = query_text(event, "cursor")
    page = _uploads(caller).list(
        real,
        limit=query_number(event, "limit", DEFAULT_PAGE_SIZE, 1, MAX_PAGE_SIZE),
        after=None
        if cursor is None
        else UploadMarker.from_token(continuation_token(cursor, listing)),
    )
    marker = page.next_marker
    return {
        "prefix": real,
        "uploads": [
            {
                "key": upload.key,
                "uploadId": upload.upload_id,
                "initiated": time_text(upload.initiated),
            }
            for upload in page.uploads
        ],
        "cursor": None if marker is None else make_cursor(marker.to_token(), listing),
    }


@router.delete("/uploads")
def abort_upload() -> Response[str]:
    """Drop an upload and its parts; 204 also where it is gone already."""
    caller = _caller()
    _uploads(caller).abort(*_upload(_event(), caller))
    return Response(status_code=HTTPStatus.NO_CONTENT, body="")


def _completed(done: CompletedUpload) -> dict[str, object]:
    return {"key": done.key, "etag": done.etag, "versionId": done.version_id, "size": done.size}


def _sign_whole(caller: Caller, asked: NewUpload) -> dict[str, object]:
    if asked.checksum is not None and asked.checksum.value is None:
        raise InvalidRequest(
            "checksum without value",
            detail="An upload at once takes the checksum's value; without one leave checksum out.",
        )
    whole = WholeObject(
        key=asked.key,
        size=asked.plan.size,
        content_type=asked.properties.content_type,
        metadata=asked.properties.metadata,
        checksum=asked.checksum,
        if_absent=asked.if_absent,
    )
    upload = sign_whole(caller.objects.presigner(), whole, asked.expires_in)
    return whole_answer(asked.key, upload)


def _begin_parts(caller: Caller, asked: NewUpload) -> dict[str, object]:
    refuse_whole_value(asked.checksum)
    upload_id = _uploads(caller).begin(asked.key, asked.properties, asked.checksum)
    # Where each part has to tell its checksum, its URL cannot be signed before that is known.
    later = asked.checksum is not None and asked.checksum.of_each_part
    count = 0 if later else min(asked.plan.count, MAX_PART_URLS)
    parts = (
        ObjectPart(asked.key, upload_id, number, asked.plan.size_of(number))
        for number in range(1, count + 1)
    )
    return begun_answer(asked, upload_id, _signed(caller, parts, asked.expires_in))


def _signed(
    caller: Caller, parts: Iterable[ObjectPart], expires_in: int
) -> Iterator[tuple[ObjectPart, UploadUrl]]:
    presigner = caller.objects.presigner()
    return ((part, sign_part(presigner, part, expires_in)) for part in parts)


def _parts(asked: WantedParts, state: PartPage) -> Iterator[ObjectPart]:
    if asked.checksums and state.algorithm is None:
        raise InvalidRequest(
            "checksums without algorithm", detail="The upload was begun without a checksum."
        )
    for number in asked.numbers:
        value = asked.checksums.get(number)
        if value is None and state.composite:
            raise InvalidRequest(
                f"part {number} without checksum",
                detail=f"The upload was begun with {state.algorithm}: checksums has to have part "
                f"{number}.",
            )
        checksum = None if value is None else parse_checksum(str(state.algorithm), value)
        size = asked.plan.size_of(number)
        yield ObjectPart(asked.key, asked.upload_id, number, size, checksum)


def _upload(event: Event, caller: Caller) -> tuple[str, str]:
    key, upload_id = query_text(event, "key"), query_text(event, "uploadId")
    if key is None or upload_id is None:
        raise InvalidRequest("no key or uploadId", detail="Give key and uploadId.")
    return expand_home(parse_key(key), caller.home), parse_upload_id(upload_id)

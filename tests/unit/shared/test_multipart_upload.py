import hashlib
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest

from shared.deadline import deadline
from shared.errors import AccessDenied, InvalidCursor
from shared.multipart_upload import CompletedPart, CompletedUpload, MultipartUploads
from shared.object_errors import (
    ChecksumMismatch,
    Conflict,
    NoSuchUpload,
    PreconditionFailed,
    TooLarge,
    UploadIncomplete,
    UploadsNotListable,
)
from shared.object_properties import ObjectProperties
from shared.part_plan import PartPlan
from shared.upload_checksum import UploadChecksum
from shared.upload_page import UnfinishedUpload, UploadMarker
from shared.upstream_errors import DeadlineExceeded, UpstreamError, UpstreamUnavailable
from tests.unit.shared.s3_stub import BUCKET, HTTP_DATE, Reply, credentials, refusal

XML = {"Content-Type": "application/xml"}
PARTS = (CompletedPart(1, '"a"'), CompletedPart(2, '"b"'))
PLAN = PartPlan(size=15, part_size=10)


@pytest.fixture
def uploads(client, s3):
    return MultipartUploads(client, BUCKET, credentials("alice"))


def xml(name, inside, status=200, **headers):
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<{name}>{inside}</{name}>'
    told = {key.replace("_", "-"): value for key, value in headers.items()}
    return Reply(status, XML | told, body.encode())


def begun():
    return xml("InitiateMultipartUploadResult", "<UploadId>u1</UploadId>")


def listed(*parts, more="", next_number=None, checksum_type=""):
    inside = "".join(
        f"<Part><PartNumber>{number}</PartNumber><Size>{size}</Size>"
        f"<ETag>&quot;{etag}&quot;</ETag>{more}</Part>"
        for number, size, etag in parts
    )
    if next_number is not None:
        inside += f"<NextPartNumberMarker>{next_number}</NextPartNumberMarker>"
    truncated = str(next_number is not None).lower()
    kind = f"<ChecksumType>{checksum_type}</ChecksumType>" if checksum_type else ""
    return xml("ListPartsResult", f"{inside}<IsTruncated>{truncated}</IsTruncated>{kind}")


def completed(**headers):
    return xml("CompleteMultipartUploadResult", "<ETag>&quot;e-2&quot;</ETag>", **headers)


def embedded_error(code):
    return xml("Error", f"<Code>{code}</Code><Message>no</Message>")


def sent_parts(request):
    return [
        {child.tag.rpartition("}")[2]: child.text for child in part}
        for part in ET.fromstring(request.body)  # noqa: S314 # our own request
    ]


# ------------------------------------------------------------------------------------------ begin
def test_an_upload_begins_with_the_objects_properties(s3, uploads):
    """Type and metadata are told at the beginning, for S3 takes them at no other time."""
    s3.replies = [begun()]
    properties = ObjectProperties("text/plain", metadata={"a": "b"})
    assert uploads.begin("a/k", properties, None) == "u1"
    request = s3.requests[0]
    assert (request.method, request.path, request.query) == (
        "POST",
        f"/{BUCKET}/a/k",
        {"uploads": ""},
    )
    assert request.key_id == "ASIAALICE"
    assert request.headers["content-type"] == "text/plain"
    assert request.headers["x-amz-meta-a"] == "b"
    assert not [name for name in request.headers if name.startswith("x-amz-checksum")]


@pytest.mark.parametrize(
    ("algorithm", "kind"),
    [
        ("SHA256", "COMPOSITE"),
        ("CRC32", "FULL_OBJECT"),
        ("CRC32C", "FULL_OBJECT"),
        ("CRC64NVME", "FULL_OBJECT"),
    ],
)
def test_a_checksum_is_announced_with_its_type(s3, uploads, algorithm, kind):
    """A CRC is one of the whole object, SHA-256 one over the parts."""
    s3.replies = [begun()]
    uploads.begin("k", ObjectProperties(), UploadChecksum(algorithm))
    headers = s3.requests[0].headers
    assert headers["x-amz-checksum-algorithm"] == algorithm
    assert headers["x-amz-checksum-type"] == kind


# ------------------------------------------------------------------------------------------ parts
def test_a_page_of_parts_begins_behind_a_number(s3, uploads):
    """Limit and marker reach S3, and its marker is the next one."""
    s3.replies = [listed((3, 10, "c"), next_number=3)]
    page = uploads.parts("k", "u/1+=", limit=1, after=2)
    assert [part.number for part in page.parts] == [3]
    assert page.next_number == 3
    assert s3.requests[0].query == {
        "uploadId": "u/1+=",
        "max-parts": "1",
        "part-number-marker": "2",
    }


@pytest.mark.parametrize(
    ("call", "more"),
    [
        (lambda uploads: uploads.parts("k", "u1"), []),
        (lambda uploads: uploads.parts_to_complete("k", "u1", PLAN), []),
        (lambda uploads: uploads.complete("k", "u1", 15, PARTS), [Reply(404)]),
    ],
)
def test_an_unknown_upload_is_no_such_upload(s3, uploads, call, more):
    """404 no_such_upload, which is not to be taken for a missing object."""
    s3.replies = [refusal(404, "NoSuchUpload"), *more]
    with pytest.raises(NoSuchUpload) as refused:
        call(uploads)
    assert refused.value.code == "no_such_upload"


@pytest.mark.parametrize(
    "call",
    [
        lambda uploads: uploads.begin("k", ObjectProperties(), None),
        lambda uploads: uploads.parts("k", "u1"),
        lambda uploads: uploads.list("a/"),
        lambda uploads: uploads.complete("k", "u1", 15, PARTS),
        lambda uploads: uploads.abort("k", "u1"),
    ],
)
def test_iams_refusal_is_access_denied(s3, uploads, call):
    """Every call is the person's own, and IAM's word is the last."""
    s3.replies = [refusal(403, "AccessDenied")]
    with pytest.raises(AccessDenied) as refused:
        call(uploads)
    assert refused.value.code == "access_denied"
    assert s3.requests[0].key_id == "ASIAALICE"


def test_all_parts_of_the_plan_are_collected(s3, uploads):
    """Page after page; what is not of the plan, such as a part too many, is left out."""
    s3.replies = [
        listed((1, 10, "a"), next_number=1, checksum_type="FULL_OBJECT"),
        listed((2, 5, "b"), (3, 5, "c"), more="<ChecksumCRC32>AAAAAA==</ChecksumCRC32>"),
    ]
    assert uploads.parts_to_complete("k", "u1", PLAN) == PARTS
    assert s3.requests[1].query["part-number-marker"] == "1"


def test_checksums_of_parts_go_with_them_where_they_make_the_objects(s3, uploads):
    """S3 refuses to complete a composite upload whose parts do not tell their checksums."""
    s3.replies = [
        listed(
            (1, 10, "a"),
            (2, 5, "b"),
            more="<ChecksumSHA256>c</ChecksumSHA256>",
            checksum_type="COMPOSITE",
        )
    ]
    parts = uploads.parts_to_complete("k", "u1", PLAN)
    assert [part.checksums for part in parts] == [{"ChecksumSHA256": "c"}] * 2


@pytest.mark.parametrize(
    ("there", "missing"),
    [
        ((), [1, 2]),
        (((1, 10, "a"),), [2]),
        (((2, 5, "b"),), [1]),
        (((1, 10, "a"), (2, 4, "b")), [2]),
        (((1, 9, "a"), (2, 5, "b")), [1]),
    ],
)
def test_a_gap_is_told_and_nothing_is_completed(s3, uploads, there, missing):
    """S3 would make an object with a hole, or cut short, of whatever parts it is told."""
    s3.replies = [listed(*there)]
    with pytest.raises(UploadIncomplete) as refused:
        uploads.parts_to_complete("k", "u1", PLAN)
    assert refused.value.members == {"missing": missing}
    assert (refused.value.status, refused.value.code) == (409, "upload_incomplete")


def test_of_many_missing_parts_a_hundred_are_named(s3, uploads):
    """The answer stays small; the detail has the number of all."""
    s3.replies = [listed()]
    with pytest.raises(UploadIncomplete, match="10000 of 10000") as refused:
        uploads.parts_to_complete("k", "u1", PartPlan(10_000, 1))
    assert refused.value.members == {"missing": list(range(1, 101))}
    assert refused.value.detail.startswith("10,000 of 10,000 parts")


def test_no_page_is_asked_for_past_the_deadline(s3, uploads):
    """Where the time runs out between two pages, the answer is `deadline` and nothing is made."""
    now = [0.0]

    def later() -> None:
        now[0] += 20.0

    s3.before_reply = later
    s3.replies = [listed((1, 10, "a"), next_number=1)]
    with deadline(25, lambda: now[0]), pytest.raises(DeadlineExceeded):
        uploads.parts_to_complete("k", "u1", PLAN)


# ------------------------------------------------------------------------------------------- list
def test_unfinished_uploads_of_a_prefix(s3, uploads):
    """Keys decoded, times in UTC, and the marker of the next page."""
    s3.replies = [
        xml(
            "ListMultipartUploadsResult",
            "<EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>"
            "<NextKeyMarker>a/k%2B1</NextKeyMarker><NextUploadIdMarker>u1</NextUploadIdMarker>"
            "<Upload><Key>a/k%2B1</Key><UploadId>u1</UploadId>"
            "<Initiated>2025-11-06T08:49:37.000Z</Initiated></Upload>",
        )
    ]
    page = uploads.list("a/", limit=1, after=UploadMarker("a/a+b", "u0"))
    initiated = datetime(2025, 11, 6, 8, 49, 37, tzinfo=UTC)
    assert page.uploads == (UnfinishedUpload("a/k+1", "u1", initiated),)
    assert page.next_marker == UploadMarker("a/k+1", "u1")
    assert s3.requests[0].query == {
        "uploads": "",
        "encoding-type": "url",
        "prefix": "a/",
        "max-uploads": "1",
        "key-marker": "a/a+b",
        "upload-id-marker": "u0",
    }


def test_a_marker_that_s3_does_not_know_is_an_invalid_cursor(s3, uploads):
    """InvalidArgument is about the marker where there is one."""
    s3.replies = [refusal(400, "InvalidArgument")]
    with pytest.raises(InvalidCursor):
        uploads.list("a/", after=UploadMarker("k", "forged"))


def test_who_may_not_list_uploads_is_told_what_to_do(s3, uploads):
    """The right is one for whole buckets, which hardly anybody has: keep the id instead."""
    s3.replies = [refusal(403, "AccessDenied")]
    with pytest.raises(UploadsNotListable) as refused:
        uploads.list("a/")
    assert "keep the uploadId" in refused.value.detail


# --------------------------------------------------------------------------------------- complete
def test_an_object_is_made_of_its_parts(s3, uploads):
    """Numbers and ETags in order, and the size that S3 is to compare with what it has."""
    s3.replies = [completed(x_amz_version_id="v1")]
    assert uploads.complete("a/k", "u1", 15, PARTS) == CompletedUpload("a/k", '"e-2"', "v1", 15)
    request = s3.requests[0]
    assert (request.method, request.path, request.query) == (
        "POST",
        f"/{BUCKET}/a/k",
        {"uploadId": "u1"},
    )
    assert request.headers["x-amz-mp-object-size"] == "15"
    assert "if-none-match" not in request.headers
    assert sent_parts(request) == [
        {"PartNumber": "1", "ETag": '"a"'},
        {"PartNumber": "2", "ETag": '"b"'},
    ]


def test_checksum_and_condition_are_s3s_to_weigh(s3, uploads):
    """The whole object's checksum with its type, those of the parts, and If-None-Match."""
    s3.replies = [completed()]
    part = CompletedPart(1, '"a"', {"ChecksumCRC32": "BBBBBB=="})
    checksum = UploadChecksum("CRC32", "AAAAAA==")
    done = uploads.complete("k", "u1", 5, [part], checksum=checksum, if_absent=True)
    assert done.version_id is None
    headers = s3.requests[0].headers
    assert headers["x-amz-checksum-crc32"] == "AAAAAA=="
    assert headers["x-amz-checksum-type"] == "FULL_OBJECT"
    assert headers["if-none-match"] == "*"
    assert sent_parts(s3.requests[0]) == [
        {"PartNumber": "1", "ETag": '"a"', "ChecksumCRC32": "BBBBBB=="}
    ]


def test_an_algorithm_without_a_value_is_not_sent(s3, uploads):
    """S3 would take the header for a checksum of the request."""
    s3.replies = [completed()]
    uploads.complete("k", "u1", 15, PARTS, checksum=UploadChecksum("CRC32"))
    assert not [name for name in s3.requests[0].headers if "checksum" in name]


@pytest.mark.parametrize(
    ("status", "code", "cause"),
    [
        (400, "InvalidPart", UploadIncomplete),
        (400, "InvalidPartOrder", UploadIncomplete),
        (400, "EntityTooSmall", UploadIncomplete),
        (400, "InvalidRequest", UploadIncomplete),
        (400, "EntityTooLarge", TooLarge),
        (400, "BadDigest", ChecksumMismatch),
        (412, "PreconditionFailed", PreconditionFailed),
        (409, "ConditionalRequestConflict", Conflict),
    ],
)
def test_s3s_reasons_become_ours(s3, uploads, status, code, cause):
    """What is wrong with the parts is a 4xx of ours, after one call."""
    s3.replies = [refusal(status, code)]
    with pytest.raises(cause) as refused:
        uploads.complete("k", "u1", 15, PARTS, if_absent=True)
    assert type(refused.value) is cause
    assert 400 <= refused.value.status < 500


def test_an_error_inside_a_200_is_an_error(s3, uploads):
    """S3 answers 200 before it has made the object; the error in the body counts, after a retry."""
    s3.replies = [embedded_error("InternalError"), embedded_error("InternalError")]
    with pytest.raises(UpstreamUnavailable, match="InternalError"):
        uploads.complete("k", "u1", 15, PARTS)
    assert len(s3.requests) == 2


def test_an_error_inside_a_200_may_pass(s3, uploads):
    """The second attempt makes the object."""
    s3.replies = [embedded_error("InternalError"), completed()]
    assert uploads.complete("k", "u1", 15, PARTS).etag == '"e-2"'


def test_blanks_before_the_answer_are_no_error(s3, uploads):
    """S3 sends white space while it works, to keep the connection."""
    reply = completed()
    head, _, rest = reply.body.partition(b"\n")
    reply.body = head + b"\n \n \n" + rest
    s3.replies = [reply]
    assert uploads.complete("k", "u1", 15, PARTS).etag == '"e-2"'


@pytest.mark.parametrize(
    ("body", "cause", "attempts"),
    [
        (b"", UpstreamError, 1),
        (b"<CompleteMultipartUploadResult><ETag>", UpstreamUnavailable, 2),
    ],
)
def test_a_200_that_tells_no_object_is_no_success(s3, uploads, body, cause, attempts):
    """Without an ETag nobody knows whether there is an object."""
    s3.replies = [Reply(200, XML, body) for _ in range(attempts)]
    with pytest.raises(cause) as refused:
        uploads.complete("k", "u1", 15, PARTS)
    assert type(refused.value) is cause
    assert len(s3.requests) == attempts


MD5S = [hashlib.md5(part, usedforsecurity=False).hexdigest() for part in (b"a", b"b")]
WHOLE = hashlib.md5(b"".join(map(bytes.fromhex, MD5S)), usedforsecurity=False).hexdigest()
NAMED = tuple(CompletedPart(number, f'"{md5}"') for number, md5 in enumerate(MD5S, 1))


def head(etag, size=15):
    facts = {"ETag": f'"{etag}"', "Last-Modified": HTTP_DATE, "x-amz-version-id": "v1"}
    return Reply(200, facts, length=size)


def test_a_completion_whose_answer_was_lost_is_told_again(s3, uploads):
    """The upload is gone because the object is there: of this size, with the parts' ETag."""
    s3.replies = [refusal(404, "NoSuchUpload"), head(f"{WHOLE}-2")]
    done = uploads.complete("a/k", "u1", 15, NAMED)
    assert done == CompletedUpload("a/k", f'"{WHOLE}-2"', "v1", 15)
    looked = s3.requests[1]
    assert (looked.method, looked.path) == ("HEAD", f"/{BUCKET}/a/k")
    assert looked.key_id == "ASIAALICE"


@pytest.mark.parametrize(
    "there",
    [
        head(f"{WHOLE}-2", size=14),
        head(f"{'0' * 32}-2"),
        head(WHOLE),
        Reply(404),
        Reply(403),
    ],
)
def test_another_object_is_not_taken_for_the_uploads(s3, uploads, there):
    """Another size or ETag, none, one that is not to be seen: there is no such upload."""
    s3.replies = [refusal(404, "NoSuchUpload"), there]
    with pytest.raises(NoSuchUpload):
        uploads.complete("a/k", "u1", 15, NAMED)


def test_nobody_knows_while_s3_cannot_be_asked(s3, uploads):
    """To say that there is no upload would be a guess: 503, and the client asks again."""
    s3.replies = [refusal(404, "NoSuchUpload"), Reply(503), Reply(503)]
    with pytest.raises(UpstreamUnavailable):
        uploads.complete("a/k", "u1", 15, NAMED)


# ------------------------------------------------------------------------------------------ abort
def test_an_upload_is_dropped(s3, uploads):
    """One call for this key and this id."""
    s3.replies = [Reply(204)]
    uploads.abort("a/k", "u1")
    request = s3.requests[0]
    assert (request.method, request.path, request.query) == (
        "DELETE",
        f"/{BUCKET}/a/k",
        {"uploadId": "u1"},
    )


def test_an_upload_that_is_gone_is_dropped_already(s3, uploads):
    """Aborting twice, or after completing, ends in the same state."""
    s3.replies = [refusal(404, "NoSuchUpload")]
    assert uploads.abort("k", "u1") is None

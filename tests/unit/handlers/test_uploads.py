"""`/uploads`: what is asked of S3 over the wire, and what is answered."""

import base64
import json
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from handlers.uploads import MAX_SINGLE_BYTES
from tests.unit.handlers.fake_services import BOB, HOME, authorized
from tests.unit.handlers.gateway_event import event
from tests.unit.shared.s3_stub import Reply, refusal

MEBIBYTE = 1024**2
CRC32 = {"algorithm": "CRC32", "value": "AAAAAA=="}
SHA256 = {"algorithm": "SHA256", "value": base64.b64encode(bytes(32)).decode()}
XML = {"Content-Type": "application/xml"}
PARTS = [{"partNumber": number, "etag": "e"} for number in (1, 2)]


def xml(name, inside):
    return Reply(200, XML, f"<{name}>{inside}</{name}>".encode())


BEGUN = xml("InitiateMultipartUploadResult", "<UploadId>u1</UploadId>")
COMPLETED = Reply(
    200,
    XML | {"x-amz-version-id": "v1"},
    b"<CompleteMultipartUploadResult><ETag>&quot;e-2&quot;</ETag></CompleteMultipartUploadResult>",
)


def listed(*numbers, size=8 * MEBIBYTE, algorithm="", kind="", next_number=None):
    inside = "".join(
        f"<Part><PartNumber>{n}</PartNumber><Size>{size}</Size><ETag>&quot;e{n}&quot;</ETag></Part>"
        for n in numbers
    )
    if algorithm:
        inside += f"<ChecksumAlgorithm>{algorithm}</ChecksumAlgorithm>"
        inside += f"<ChecksumType>{kind}</ChecksumType>"
    if next_number:
        inside += f"<NextPartNumberMarker>{next_number}</NextPartNumberMarker>"
    truncated = str(bool(next_number)).lower()
    return xml("ListPartsResult", f"<IsTruncated>{truncated}</IsTruncated>{inside}")


@pytest.fixture
def api(service_with, client, s3):
    """The function over the real S3 client, whose requests reach the stub."""
    return service_with(s3=client)


def call(api, method, path, body=None, sub=None, **query):
    headers = authorized() if sub is None else authorized(sub)
    request = event(method, path, headers=headers, query=query)
    if body is not None:
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        request |= {"body": base64.b64encode(text).decode(), "isBase64Encoded": True}
    return api(request)


def begin(api, **members):
    return call(api, "POST", "/uploads", {"key": "home/me/a.bin", "size": 5, **members})


def more_parts(api, **members):
    body = {"key": "home/me/a.bin", "uploadId": "u1", "size": 20 * MEBIBYTE, "partNumbers": [2]}
    return call(api, "POST", "/uploads/parts", body | members)


def complete(api, **members):
    body = {"key": "home/me/a.bin", "uploadId": "u1", "size": 16 * MEBIBYTE}
    return call(api, "POST", "/uploads/complete", body | members)


def query_of(url):
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


class TestSingle:
    def test_a_small_object_is_one_put(self, api, s3):
        """One URL with its method, size, headers and end; S3 is not asked."""
        answer = begin(api, contentType="text/plain", metadata={"Author": "alice"}, expiresIn=600)
        body = answer.json
        assert answer.status == 200
        assert s3.requests == []
        url = body.pop("url")
        assert body.pop("expiresAt").endswith("Z")
        assert body == {
            "kind": "single",
            "key": f"{HOME}a.bin",
            "method": "PUT",
            "headers": {
                "Content-Length": "5",
                "Content-Type": "text/plain",
                "x-amz-meta-author": "alice",
            },
            "size": 5,
            "limitedBy": "requested",
        }
        assert unquote(urlsplit(url).path).endswith(f"/{HOME}a.bin")
        assert query_of(url)["X-Amz-Expires"] == "600"

    def test_condition_and_checksum_are_signed(self, api):
        """`ifNoneMatch` and the checksum become headers that the client is told to send."""
        headers = begin(api, ifNoneMatch="*", checksum=SHA256).json["headers"]
        assert headers["If-None-Match"] == "*"
        assert headers["x-amz-checksum-sha256"] == SHA256["value"]

    def test_an_algorithm_alone_is_refused(self, api):
        """Signed without its value it would be a header that S3 refuses."""
        answer = begin(api, checksum={"algorithm": "CRC32"})
        assert answer.refused == (400, "invalid_request")
        assert "checksum's value" in answer.problem["detail"]

    def test_the_edge_is_at_64_mebibytes(self, api, s3):
        """64 MiB go at once, one byte more in parts."""
        assert begin(api, size=MAX_SINGLE_BYTES).json["kind"] == "single"
        s3.replies = [BEGUN]
        assert begin(api, size=MAX_SINGLE_BYTES + 1).json["kind"] == "multipart"


class TestBegin:
    def test_a_larger_object_goes_in_parts(self, api, s3):
        """The upload, its plan, a URL per part, and what completing it has to say."""
        s3.replies = [BEGUN]
        answer = begin(
            api, size=20 * MEBIBYTE, multipart=True, contentType="text/plain", ifNoneMatch="*"
        )
        body = answer.json
        request = s3.requests[0]
        assert (request.method, request.query) == ("POST", {"uploads": ""})
        assert unquote(request.path).endswith(f"/{HOME}a.bin")
        assert request.headers["content-type"] == "text/plain"
        parts = body.pop("parts")
        assert body.pop("expiresAt").endswith("Z")
        assert body == {
            "kind": "multipart",
            "key": f"{HOME}a.bin",
            "uploadId": "u1",
            "partSize": 8 * MEBIBYTE,
            "partCount": 3,
            "limitedBy": "requested",
            "complete": {
                "key": f"{HOME}a.bin",
                "uploadId": "u1",
                "size": 20 * MEBIBYTE,
                "ifNoneMatch": "*",
            },
        }
        sizes = [8 * MEBIBYTE, 8 * MEBIBYTE, 4 * MEBIBYTE]
        assert [part["partNumber"] for part in parts] == [1, 2, 3]
        assert [part["size"] for part in parts] == sizes
        assert [part["headers"] for part in parts] == [
            {"Content-Length": str(size)} for size in sizes
        ]
        assert [query_of(part["url"])["partNumber"] for part in parts] == ["1", "2", "3"]

    def test_the_first_hundred_urls_come_along(self, api, s3):
        """The others are asked for when their time comes: URLs do not live for long."""
        s3.replies = [BEGUN]
        body = begin(api, size=8 * MEBIBYTE * 101).json
        assert body["partCount"] == 101
        assert len(body["parts"]) == 100

    @pytest.mark.parametrize("size", [0, 1])
    def test_parts_can_be_asked_for(self, api, s3, size):
        """`multipart` makes even an object of no bytes one part."""
        s3.replies = [BEGUN]
        body = begin(api, size=size, multipart=True).json
        assert (body["partCount"], body["parts"][0]["size"]) == (1, size)

    def test_a_crc_of_the_whole_is_kept_for_the_end(self, api, s3):
        """S3 is told the algorithm now and the value with the completion."""
        s3.replies = [BEGUN]
        body = begin(api, multipart=True, checksum=CRC32).json
        assert s3.requests[0].headers["x-amz-checksum-type"] == "FULL_OBJECT"
        assert body["complete"]["checksum"] == CRC32
        assert body["parts"][0]["headers"] == {"Content-Length": "5"}

    def test_urls_of_parts_with_checksums_come_later(self, api, s3):
        """Each part's value is part of its URL's signature, so that it has to be known first."""
        s3.replies = [BEGUN]
        body = begin(api, multipart=True, checksum={"algorithm": "SHA256"}).json
        assert s3.requests[0].headers["x-amz-checksum-type"] == "COMPOSITE"
        assert (body["parts"], body["expiresAt"], body["limitedBy"]) == ([], None, None)

    def test_sha256_of_the_whole_is_refused_in_parts(self, api, s3):
        """S3 could not compare it: the refusal says what to do."""
        answer = begin(api, multipart=True, checksum=SHA256)
        assert answer.refused == (400, "invalid_request")
        assert "take a CRC" in answer.problem["detail"]
        assert s3.requests == []

    def test_the_size_has_an_upper_end(self, api, s3):
        """5 TiB begin an upload, one byte more is 413 too_large."""
        s3.replies = [BEGUN]
        assert begin(api, size=5 * 1024**4).json["partCount"] == 9_987
        assert begin(api, size=5 * 1024**4 + 1).refused == (413, "too_large")

    @pytest.mark.parametrize(
        ("members", "detail"),
        [
            ({"size": -1}, "size is a whole number"),
            ({"size": "5"}, "size is a whole number"),
            ({"size": 2**53}, "size is a whole number"),
            ({"key": ""}, "not empty"),
            ({"key": "a/../b"}, "no segment"),
            ({"contentType": "text"}, "media type"),
            ({"metadata": {"a": "\u00fc"}}, "printable ASCII"),
            ({"metadata": {"a": "x" * 2048}}, "2,048 bytes"),
            ({"checksum": {"algorithm": "MD5"}}, "one of SHA256"),
            ({"checksum": {"algorithm": "CRC32", "value": "AA"}}, "4 bytes"),
            ({"checksum": {"algorithm": "CRC32", "type": "x"}}, "checksum.type is unknown"),
            ({"ifNoneMatch": '"e"'}, 'ifNoneMatch is "*"'),
            ({"multipart": "yes"}, "multipart is true or false"),
            ({"expiresIn": 3601}, "1 to 3,600"),
            ({"acl": "public-read"}, "acl is unknown"),
            ({"storageClass": "GLACIER"}, "storageClass is unknown"),
        ],
    )
    def test_what_the_contract_does_not_allow_is_refused(self, api, s3, members, detail):
        """400 that names the member, before S3 is asked."""
        answer = begin(api, **members)
        assert answer.status == 400
        assert detail in answer.problem["detail"]
        assert s3.requests == []


class TestMoreParts:
    def test_the_urls_of_the_named_parts(self, api, s3):
        """S3 is asked for the upload first; then each part has the size of the plan."""
        s3.replies = [listed(1)]
        body = more_parts(api, partNumbers=[3, 2], expiresIn=60).json
        assert s3.requests[0].query == {
            "uploadId": "u1",
            "max-parts": "1",
            "part-number-marker": "0",
        }
        assert [(part["partNumber"], part["size"]) for part in body["parts"]] == [
            (3, 4 * MEBIBYTE),
            (2, 8 * MEBIBYTE),
        ]
        assert query_of(body["parts"][0]["url"])["uploadId"] == "u1"
        assert body["limitedBy"] == "requested"

    @pytest.mark.parametrize(
        ("reply", "refused"),
        [
            (refusal(404, "NoSuchUpload"), (404, "no_such_upload")),
            (refusal(403, "AccessDenied"), (403, "access_denied")),
        ],
    )
    def test_no_url_for_an_upload_that_is_not_the_callers(self, api, s3, reply, refused):
        """The refusal is a problem document now and not S3's XML later."""
        s3.replies = [reply]
        answer = more_parts(api)
        assert answer.refused == refused
        assert "X-Amz" not in answer.body

    def test_a_checksum_of_a_part_is_signed(self, api, s3):
        """By the algorithm that the upload was begun with, which S3 knows."""
        s3.replies = [listed(algorithm="CRC32", kind="FULL_OBJECT")]
        parts = more_parts(api, partNumbers=[1, 2], checksums={"2": "AAAAAA=="}).json["parts"]
        assert "x-amz-checksum-crc32" not in parts[0]["headers"]
        assert parts[1]["headers"]["x-amz-checksum-crc32"] == "AAAAAA=="

    def test_a_composite_upload_needs_every_parts_checksum(self, api, s3):
        """S3 refuses such a part without one, so its URL would be of no use."""
        s3.replies = [listed(algorithm="SHA256", kind="COMPOSITE")]
        answer = more_parts(api, partNumbers=[1, 2], checksums={"1": SHA256["value"]})
        assert answer.refused == (400, "invalid_request")
        assert "part 2" in answer.problem["detail"]

    def test_checksums_without_an_algorithm_are_refused(self, api, s3):
        """S3 would refuse the part: its upload knows no algorithm."""
        s3.replies = [listed()]
        answer = more_parts(api, checksums={"2": "AAAAAA=="})
        assert answer.refused == (400, "invalid_request")

    def test_a_part_outside_of_the_plan_is_refused(self, api, s3):
        """The size names three parts, so that there is no fourth."""
        s3.replies = [listed()]
        answer = more_parts(api, partNumbers=[4])
        assert answer.refused == (400, "invalid_request")
        assert answer.problem["detail"] == "The object has the parts 1 to 3."

    @pytest.mark.parametrize(
        "members",
        [
            {"partNumbers": []},
            {"partNumbers": list(range(1, 102))},
            {"partNumbers": [0]},
            {"partNumbers": [10_001]},
            {"partNumbers": [1, 1]},
            {"partNumbers": ["1"]},
            {"checksums": {"1": "AAAAAA=="}},
            {"checksums": {"x": "AAAAAA=="}},
            {"uploadId": ""},
            {"uploadId": "x" * 1025},
            {"uploadId": "a b"},
            {"uploadId": None},
            {"size": None},
            {"key": None},
        ],
    )
    def test_what_the_contract_does_not_allow_is_refused(self, api, s3, members):
        """400, before S3 is asked."""
        answer = more_parts(api, **members)
        assert answer.refused == (400, "invalid_request")
        assert s3.requests == []

    def test_a_hundred_at_once(self, api, s3):
        """The number of URLs has its limit on both sides."""
        s3.replies = [listed()]
        answer = more_parts(api, size=8 * MEBIBYTE * 100, partNumbers=list(range(1, 101)))
        assert len(answer.json["parts"]) == 100


class TestPartsThere:
    def test_a_page_of_parts(self, api, s3):
        """What is there, by which the client knows what is missing."""
        s3.replies = [listed(1, 3)]
        answer = call(api, "GET", "/uploads/parts", key="home/me/a.bin", uploadId="u1")
        assert answer.json == {
            "key": f"{HOME}a.bin",
            "uploadId": "u1",
            "parts": [
                {"partNumber": 1, "size": 8 * MEBIBYTE, "etag": '"e1"'},
                {"partNumber": 3, "size": 8 * MEBIBYTE, "etag": '"e3"'},
            ],
            "cursor": None,
        }
        assert s3.requests[0].query["max-parts"] == "1000"

    def test_the_cursor_goes_on_behind_the_last_part(self, api, s3):
        """And belongs to this caller, key and upload alone."""
        s3.replies = [listed(1, next_number=1), listed(2)]
        where = {"key": "home/me/a.bin", "uploadId": "u1"}
        cursor = call(api, "GET", "/uploads/parts", limit="1", **where).json["cursor"]
        call(api, "GET", "/uploads/parts", cursor=cursor, **where)
        assert s3.requests[1].query["part-number-marker"] == "1"
        for other, sub in (({"uploadId": "u2"}, None), ({"key": "home/me/b"}, None), ({}, BOB)):
            answer = call(
                api, "GET", "/uploads/parts", sub=sub, **{**where, **other, "cursor": cursor}
            )
            assert answer.refused == (400, "invalid_cursor")
        assert len(s3.requests) == 2

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ({"key": "a"}, "invalid_request"),
            ({"uploadId": "u1"}, "invalid_request"),
            ({"key": "a", "uploadId": "u 1"}, "invalid_request"),
            ({"key": "/a", "uploadId": "u1"}, "invalid_key"),
            ({"key": "a", "uploadId": "u1", "limit": "0"}, "invalid_request"),
            ({"key": "a", "uploadId": "u1", "limit": "1001"}, "invalid_request"),
            ({"key": "a", "uploadId": "u1", "cursor": "x"}, "invalid_cursor"),
        ],
    )
    def test_what_the_contract_does_not_allow_is_refused(self, api, s3, query, code):
        """400, before S3 is asked."""
        assert call(api, "GET", "/uploads/parts", **query).refused == (400, code)
        assert s3.requests == []


class TestComplete:
    def test_the_parts_at_s3_make_the_object(self, api, s3):
        """Without `parts` they are listed, compared with the plan, and told to S3."""
        s3.replies = [listed(1, 2), COMPLETED]
        assert complete(api).json == {
            "key": f"{HOME}a.bin",
            "etag": '"e-2"',
            "versionId": "v1",
            "size": 16 * MEBIBYTE,
        }
        assert b'<ETag>"e1"</ETag>' in s3.requests[1].body
        assert s3.requests[1].headers["x-amz-mp-object-size"] == str(16 * MEBIBYTE)

    def test_a_missing_part_is_named(self, api, s3):
        """409 upload_incomplete with the numbers, and nothing is completed."""
        s3.replies = [listed(2)]
        answer = complete(api)
        assert answer.refused == (409, "upload_incomplete")
        assert answer.problem["missing"] == [1]
        assert len(s3.requests) == 1

    def test_the_clients_own_list_is_taken_as_it_is(self, api, s3):
        """In any order, with or without the quotes of the ETags; S3 judges it in one call."""
        s3.replies = [COMPLETED]
        parts = [
            {"partNumber": 2, "etag": "e2", "checksum": "BBBBBA=="},
            {"partNumber": 1, "etag": '"e1"'},
        ]
        complete(api, parts=parts, checksum=CRC32, ifNoneMatch="*")
        (request,) = s3.requests
        body = request.body.decode()
        assert body.index("<PartNumber>1<") < body.index("<PartNumber>2<")
        assert "<ChecksumCRC32>BBBBBA==<" in body
        assert request.headers["x-amz-checksum-crc32"] == CRC32["value"]
        assert request.headers["if-none-match"] == "*"

    @pytest.mark.parametrize(
        ("members", "detail"),
        [
            ({"parts": []}, "1 to 10,000 entries"),
            ({"parts": [{"partNumber": 1, "etag": "e"}]}, "parts 1 to 2"),
            ({"parts": [{"partNumber": n, "etag": "e"} for n in (1, 1)]}, "parts 1 to 2"),
            ({"parts": [{"partNumber": n, "etag": "e"} for n in (1, 3)]}, "parts 1 to 2"),
            ({"parts": [{"partNumber": n, "etag": "e"} for n in (1, 2, 3)]}, "parts 1 to 2"),
            ({"parts": [{"partNumber": 1, "etag": "a b"}]}, "parts[0].etag"),
            ({"parts": [{"partNumber": 1, "etag": "\x01"}]}, "parts[0].etag"),
            ({"parts": [{"partNumber": 1, "etag": "<"}] * 2}, "parts 1 to 2"),
            ({"parts": [{"partNumber": 1}]}, "parts[0].etag"),
            ({"parts": [{"partNumber": 1, "etag": "e", "size": 1}]}, "parts[0].size is unknown"),
            (
                {"parts": [{"partNumber": 1, "etag": "e", "checksum": "AAAAAA=="}]},
                "Name the checksum.algorithm",
            ),
            (
                {"parts": [{"partNumber": 1, "etag": "e", "checksum": "A"}], "checksum": CRC32},
                "4 bytes",
            ),
            ({"checksum": SHA256}, "take a CRC"),
            ({"size": None}, "size is a whole number"),
            ({"uploadId": "u 1"}, "uploadId is the text"),
            ({"ifMatch": "*"}, "ifMatch is unknown"),
        ],
    )
    def test_what_the_contract_does_not_allow_is_refused(self, api, s3, members, detail):
        """400 that names what is wrong, before S3 is asked."""
        answer = complete(api, **members)
        assert answer.refused == (400, "invalid_request")
        assert detail in answer.problem["detail"]
        assert s3.requests == []

    def test_ten_thousand_parts_fit_into_a_body(self, api, s3):
        """The longest list there is, with a checksum each, is not too large."""
        s3.replies = [COMPLETED]
        sha = {"algorithm": "SHA256"}
        part = {"etag": f'"{"e" * 32}"', "checksum": SHA256["value"]}
        parts = [{"partNumber": number, **part} for number in range(1, 10_001)]
        answer = complete(api, size=80_000 * MEBIBYTE, parts=parts, checksum=sha)
        assert answer.status == 200
        assert s3.requests[0].body.count(b"<Part>") == 10_000

    def test_a_larger_body_is_too_large(self, api, s3):
        """Above 2,000,000 bytes it is 413 and not read."""
        answer = call(api, "POST", "/uploads/complete", b" " * 2_000_001)
        assert answer.refused == (413, "too_large")

    @pytest.mark.parametrize(
        ("reply", "refused"),
        [
            (refusal(400, "InvalidPart"), (409, "upload_incomplete")),
            (refusal(400, "EntityTooSmall"), (409, "upload_incomplete")),
            (refusal(400, "BadDigest"), (409, "checksum_mismatch")),
            (refusal(412, "PreconditionFailed"), (412, "precondition_failed")),
            (refusal(403, "AccessDenied"), (403, "access_denied")),
        ],
    )
    def test_s3s_refusal_is_told_in_our_words(self, api, s3, reply, refused):
        """One code for each cause, and nothing of S3's own text."""
        s3.replies = [reply]
        answer = complete(api, parts=PARTS)
        assert answer.refused == refused
        assert "<" not in answer.body

    def test_an_unknown_upload_is_told(self, api, s3):
        """404 no_such_upload where no parts are named by which an object could be known."""
        s3.replies = [refusal(404, "NoSuchUpload")]
        assert complete(api).refused == (404, "no_such_upload")

    def test_an_unknown_upload_without_its_object_is_told(self, api, s3):
        """404 no_such_upload where there is no object that the named parts could have become."""
        s3.replies = [refusal(404, "NoSuchUpload"), Reply(404)]
        assert complete(api, parts=PARTS).refused == (404, "no_such_upload")

    def test_an_error_inside_a_200_is_no_success(self, api, s3):
        """S3 answers 200 and then fails: the client gets 503 with Retry-After."""
        failed = xml("Error", "<Code>InternalError</Code>")
        s3.replies = [listed(1, 2), failed, failed]
        answer = complete(api)
        assert answer.refused == (503, "upstream_unavailable")
        assert answer.headers["retry-after"] == "2"


class TestListing:
    UPLOAD = (
        f"<Upload><Key>{HOME}a.bin</Key><UploadId>u1</UploadId>"
        "<Initiated>2025-11-06T08:49:37.000Z</Initiated></Upload>"
    )

    def test_it_begins_at_home(self, api, s3):
        """Key, id and time of each; the caller's own folder without a prefix."""
        inside = f"<IsTruncated>false</IsTruncated>{self.UPLOAD}"
        s3.replies = [xml("ListMultipartUploadsResult", inside)]
        assert call(api, "GET", "/uploads").json == {
            "prefix": HOME,
            "uploads": [
                {"key": f"{HOME}a.bin", "uploadId": "u1", "initiated": "2025-11-06T08:49:37Z"}
            ],
            "cursor": None,
        }
        assert s3.requests[0].query["prefix"] == HOME
        assert s3.requests[0].query["max-uploads"] == "100"

    def test_the_cursor_goes_on_behind_the_last_upload(self, api, s3):
        """And belongs to this caller and prefix, and to no listing of objects."""
        inside = (
            f"<IsTruncated>true</IsTruncated><NextKeyMarker>{HOME}a.bin</NextKeyMarker>"
            f"<NextUploadIdMarker>u1</NextUploadIdMarker>{self.UPLOAD}"
        )
        last = xml("ListMultipartUploadsResult", "<IsTruncated>false</IsTruncated>")
        s3.replies = [xml("ListMultipartUploadsResult", inside), last]
        cursor = call(api, "GET", "/uploads", limit="1").json["cursor"]
        call(api, "GET", "/uploads", cursor=cursor)
        assert s3.requests[1].query["key-marker"] == f"{HOME}a.bin"
        assert s3.requests[1].query["upload-id-marker"] == "u1"
        for path, query, sub in (
            ("/uploads", {"prefix": "shared/"}, None),
            ("/uploads", {"prefix": HOME}, BOB),
            ("/objects", {}, None),
        ):
            answer = call(api, "GET", path, sub=sub, cursor=cursor, **query)
            assert answer.refused == (400, "invalid_cursor")

    def test_who_may_not_is_told_what_to_do(self, api, s3):
        """403 access_denied that says to keep the ids."""
        s3.replies = [refusal(403, "AccessDenied")]
        answer = call(api, "GET", "/uploads")
        assert answer.refused == (403, "access_denied")
        assert "keep the uploadId" in answer.problem["detail"]


class TestAbort:
    @pytest.mark.parametrize("reply", [Reply(204), refusal(404, "NoSuchUpload")])
    def test_an_upload_is_gone_afterwards(self, api, s3, reply):
        """204, also where it was gone before."""
        s3.replies = [reply]
        answer = call(api, "DELETE", "/uploads", key="home/me/a.bin", uploadId="u1")
        assert (answer.status, answer.body) == (204, "")
        assert s3.requests[0].method == "DELETE"
        assert unquote(s3.requests[0].path).endswith(f"/{HOME}a.bin")

    @pytest.mark.parametrize("query", [{}, {"key": "a"}, {"uploadId": "u1"}])
    def test_both_names_are_needed(self, api, s3, query):
        """400, and nothing is dropped."""
        assert call(api, "DELETE", "/uploads", **query).refused == (400, "invalid_request")
        assert s3.requests == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/uploads"),
        ("POST", "/uploads"),
        ("DELETE", "/uploads"),
        ("GET", "/uploads/parts"),
        ("POST", "/uploads/parts"),
        ("POST", "/uploads/complete"),
    ],
)
def test_nobody_uploads_without_a_token(api, s3, method, path):
    """Every route of uploads is a signed-in one, whatever the rest of the request."""
    assert api(event(method, path)).refused == (401, "missing_token")
    assert s3.requests == []

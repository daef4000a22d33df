"""`GET /objects`, `HEAD` and `GET /objects/{key+}`."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.handlers.deployment import BUCKET
from tests.unit.handlers.fake_services import (
    BOB,
    HOME,
    SIGNATURE,
    authorized,
    client_error,
)
from tests.unit.handlers.gateway_event import event, object_event

KEY = f"{HOME}report.txt"
ETAG = '"781e5e245d69b566979b86e28d23f2c7"'
PAGE = {
    "Contents": [
        {
            "Key": KEY,
            "Size": 10,
            "ETag": ETAG,
            "LastModified": datetime(2026, 3, 1, 8, 9, 10, tzinfo=UTC),
            "StorageClass": "STANDARD",
        }
    ],
    "CommonPrefixes": [{"Prefix": f"{HOME}photos/"}],
}
FUNCTION_FIXTURE = [HealthCheck.function_scoped_fixture]


def listing(service, sub=None, **query):
    headers = authorized() if sub is None else authorized(sub)
    return service(event("GET", "/objects", headers=headers, query=query))


def asked_of_s3(service, method="list_objects_v2"):
    return service.s3.called(method)[-1]


def fetch(service, key=KEY, method="GET", headers=None, **query):
    return service(
        object_event(method, key, headers={**authorized(), **(headers or {})}, query=query)
    )


class TestListing:
    def test_a_page_is_told_in_full(self, service):
        """Every member of the contract; the last page has no cursor."""
        service.s3.page = PAGE
        answer = listing(service)
        assert answer.status == 200
        assert answer.headers["content-type"] == "application/json"
        assert answer.json == {
            "bucket": BUCKET,
            "prefix": HOME,
            "objects": [
                {
                    "key": KEY,
                    "size": 10,
                    "etag": ETAG,
                    "lastModified": "2026-03-01T08:09:10Z",
                    "storageClass": "STANDARD",
                }
            ],
            "prefixes": [f"{HOME}photos/"],
            "cursor": None,
        }

    def test_it_begins_at_home_with_a_hundred(self, service):
        """Without parameters: the own folder, 100 entries, no delimiter."""
        listing(service)
        assert asked_of_s3(service) == {"Bucket": BUCKET, "Prefix": HOME, "MaxKeys": 100}

    @pytest.mark.parametrize(
        ("prefix", "real"),
        [
            ("", ""),
            ("shared/", "shared/"),
            ("shared", "shared"),
            ("home/me/", HOME),
            ("home/me", HOME),
            ("home/me/a b/", f"{HOME}a b/"),
            ("home/mean/", "home/mean/"),
            ("x/home/me/", "x/home/me/"),
            ("HOME/ME/", "HOME/ME/"),
        ],
    )
    def test_only_a_leading_home_me_stands_for_the_own_folder(self, service, prefix, real):
        """Other prefixes reach S3 as they are, and the answer gives the real one."""
        assert listing(service, prefix=prefix).json["prefix"] == real
        assert asked_of_s3(service)["Prefix"] == real

    @pytest.mark.parametrize(("limit", "status"), [("0", 400), ("1", 200), ("1000", 200)])
    def test_the_limit_has_its_bounds(self, service, limit, status):
        """1 and 1,000 are allowed and passed on, 0 is not."""
        assert listing(service, limit=limit).status == status
        if status == 200:
            assert asked_of_s3(service)["MaxKeys"] == int(limit)

    @pytest.mark.parametrize("limit", ["1001", "-1", "", "ten", "1.5", "\u0661", ["1", "2"]])
    def test_another_limit_is_refused(self, service, limit):
        """400 `invalid_request`; S3 is not asked."""
        assert listing(service, limit=limit).refused == (400, "invalid_request")
        assert service.s3.calls == []

    @pytest.mark.parametrize(
        ("prefix", "rule"),
        [
            ("/etc", 'does not start with "/"'),
            ("a/../b", 'no segment "." or ".."'),
            ("home/me/../x", 'no segment "." or ".."'),
            ("a\x00b", "the character U+0000"),
            ("a\ud800", "the character U+D800"),
            ("x" * 1025, "at most 1,024 bytes"),
        ],
    )
    @pytest.mark.parametrize("name", ["prefix", "startAfter"])
    def test_a_bad_prefix_or_start_is_refused_by_name(self, service, name, prefix, rule):
        """400 `invalid_key` whose detail names the broken rule."""
        answer = listing(service, **{name: prefix})
        assert answer.refused == (400, "invalid_key")
        assert rule in answer.problem["detail"]
        assert service.s3.calls == []

    def test_delimiter_and_start_reach_s3(self, service):
        """Both as given; the start may be in the own folder's short form."""
        listing(service, delimiter="/", startAfter="home/me/m")
        request = asked_of_s3(service)
        assert (request["Delimiter"], request["StartAfter"]) == ("/", f"{HOME}m")

    @pytest.mark.parametrize("delimiter", ["\x00", "\n", "\ud800", "\u2028", "a\ufffd"])
    def test_a_delimiter_that_no_key_has_is_refused(self, service, delimiter):
        """400 rather than a fault of S3 or of the encoder."""
        assert listing(service, delimiter=delimiter).refused == (400, "invalid_request")

    @pytest.mark.parametrize("name", ["prefix", "delimiter", "cursor", "startAfter", "limit"])
    def test_a_repeated_parameter_is_refused(self, service, name):
        """400 naming it; S3 is not asked."""
        answer = listing(service, **{name: ["a", "b"]})
        assert answer.refused == (400, "invalid_request")
        assert answer.problem["detail"] == f"Give {name} once."
        assert service.s3.calls == []

    def test_the_cursor_continues_the_same_listing(self, service):
        """S3's token is wrapped, not shown, and comes back to S3 as it was."""
        service.s3.page = PAGE | {"NextContinuationToken": "token-of-s3/+=="}
        cursor = listing(service, prefix="home/me/a", delimiter="/").json["cursor"]
        assert "token-of-s3" not in cursor
        listing(service, prefix="home/me/a", delimiter="/", cursor=cursor, limit="5")
        assert asked_of_s3(service)["ContinuationToken"] == "token-of-s3/+=="

    @pytest.mark.parametrize(
        "changed",
        [
            {"sub": BOB},
            {"prefix": "shared/b"},
            {"prefix": "shared/ab"},
            {"delimiter": "/"},
            {"startAfter": "b"},
        ],
    )
    def test_a_foreign_cursor_is_refused(self, service, changed):
        """Another person, prefix, delimiter or start: 400 `invalid_cursor`, S3 is not asked."""
        service.s3.page = PAGE | {"NextContinuationToken": "t"}
        # A place that both people see under one name: only the person tells the cursors apart.
        cursor = listing(service, prefix="shared/a").json["cursor"]
        service.s3.calls.clear()
        answer = listing(service, **{"prefix": "shared/a", "cursor": cursor, **changed})
        assert answer.refused == (400, "invalid_cursor")
        assert service.s3.calls == []

    @pytest.mark.parametrize("damage", ["", "x", "!", "A" * 5000, "\ud800", "é", "../.."])
    def test_a_damaged_cursor_is_refused(self, service, damage):
        """Whatever it is: 400 `invalid_cursor`."""
        assert listing(service, cursor=damage).refused == (400, "invalid_cursor")

    def test_a_token_that_s3_does_not_know_is_an_invalid_cursor(self, service):
        """S3's refusal of the token is the caller's to mend."""
        service.s3.page = PAGE | {"NextContinuationToken": "t"}
        cursor = listing(service).json["cursor"]
        service.s3.errors["list_objects_v2"] = client_error("ListObjectsV2", 400, "InvalidArgument")
        assert listing(service, cursor=cursor).refused == (400, "invalid_cursor")


class TestHead:
    def test_the_metadata_are_headers(self, service):
        """The object's own headers and no body."""
        answer = fetch(service, method="HEAD")
        assert (answer.status, answer.body) == (200, "")
        for name, value in {
            "content-type": "text/plain",
            "etag": ETAG,
            "last-modified": "Sun, 01 Mar 2026 08:09:10 GMT",
            "accept-ranges": "bytes",
            "x-object-size": "10",
        }.items():
            assert answer.headers[name] == value
        assert asked_of_s3(service, "head_object") == {"Bucket": BUCKET, "Key": KEY}

    def test_a_missing_object_is_404_without_a_body(self, service):
        """The status and the kind of document, but nothing after the headers."""
        answer = fetch(service, f"{HOME}missing", method="HEAD")
        assert (answer.status, answer.body) == (404, "")


class TestKeys:
    @pytest.mark.parametrize(
        "name",
        [
            *("a b+c%20d.txt", "ünï/códe.txt", "u\u0308", "日本語", "👍", "a%2Fb", "a?b#c;d=e&f"),
            *("a//b", "a/", "...", ".a", "a..b", "<script>", "'\"\\", "x" * 900),
        ],
    )
    def test_an_odd_key_reaches_s3_as_it_is(self, service, name):
        """Decoded exactly once, not normalised."""
        service.s3.objects[HOME + name] = b"odd"
        assert fetch(service, f"home/me/{name}", method="HEAD").status == 200
        assert asked_of_s3(service, "head_object")["Key"] == HOME + name

    @pytest.mark.parametrize(
        ("key", "rule"),
        [
            ("/a", 'does not start with "/"'),
            ("..", 'no segment "." or ".."'),
            (".", 'no segment "." or ".."'),
            ("home/me/../x", 'no segment "." or ".."'),
            ("a/./b", 'no segment "." or ".."'),
            ("a\x00", "the character U+0000"),
            ("a\nb", "the character U+000A"),
            ("a\x7f", "the character U+007F"),
            ("a\ufffe", "the character U+FFFE"),
            ("x" * 1025, "at most 1,024 bytes"),
            ("é" * 513, "at most 1,024 bytes"),
            ("home/me/" + "x" * 1000, "at most 1,024 bytes"),
        ],
    )
    @pytest.mark.parametrize("way", ["redirect", "link", "content"])
    def test_an_invalid_key_is_refused_by_name(self, service, key, rule, way):
        """400 `invalid_key`, the detail naming the rule; S3 is not asked."""
        answer = fetch(service, key, **{"as": way})
        assert answer.refused == (400, "invalid_key")
        assert rule in answer.problem["detail"]
        assert service.s3.calls == []

    @settings(suppress_health_check=FUNCTION_FIXTURE, max_examples=150)
    @given(key=st.text(min_size=1))
    def test_whatever_the_key_the_answer_is_one_of_the_contract(self, service, key):
        """Found, missing or refused by name: never a fault, and only that very key is asked for."""
        service.s3.calls.clear()
        asked = object_event("GET", key, headers=authorized(), query={"as": "content"})
        answer = service(asked)
        if answer.status == 200:
            # Only slashes: the address of the listing.
            assert not key.strip("/")
        else:
            assert answer.refused in {(400, "invalid_key"), (404, "no_such_key")}
            assert {request["Key"] for request in service.s3.called("get_object")} <= {key}


class TestRedirect:
    @pytest.mark.parametrize("query", [{}, {"as": "redirect"}])
    def test_it_leads_to_a_presigned_url(self, service, query):
        """307 with an empty body; the URL is in Location alone and lives for 300 s."""
        answer = fetch(service, **query)
        assert (answer.status, answer.body) == (307, "")
        assert urlsplit(answer.headers["location"]).query.endswith(SIGNATURE)
        request = asked_of_s3(service, "generate_presigned_url")
        assert (request["ClientMethod"], request["ExpiresIn"]) == ("get_object", 300)
        assert (request["Params"]["Bucket"], request["Params"]["Key"]) == (BUCKET, KEY)

    def test_stored_content_is_saved_not_shown(self, service):
        """The URL makes S3 send it as an attachment: a stored page must not run on its origin."""
        fetch(service)
        parameters = asked_of_s3(service, "generate_presigned_url")["Params"]
        assert parameters["ResponseContentDisposition"].startswith("attachment;")

    def test_range_and_conditions_are_left_to_s3(self, service):
        """The client repeats them at the URL; here they change nothing."""
        headers = {"Range": "bytes=0-1", "If-None-Match": ETAG, "If-Match": '"other"'}
        assert fetch(service, headers=headers).status == 307
        assert asked_of_s3(service, "head_object") == {"Bucket": BUCKET, "Key": KEY}

    def test_no_url_for_what_is_not_there(self, service):
        """A missing object is refused here, as a document, and nothing is signed."""
        assert fetch(service, f"{HOME}missing").refused == (404, "no_such_key")
        assert service.s3.called("generate_presigned_url") == []

    @pytest.mark.parametrize("seconds", ["0", "3601", "-1", "", "1h", ["1", "2"]])
    def test_another_lifetime_is_refused(self, service, seconds):
        """1 to 3,600 s; else 400 and S3 is not asked."""
        assert fetch(service, expiresIn=seconds).refused == (400, "invalid_request")
        assert service.s3.calls == []


class TestLink:
    @pytest.mark.parametrize("seconds", ["1", "3600"])
    def test_it_tells_the_url_and_how_long_it_lives(self, service, seconds):
        """Every member of the contract; the expiry is that of the signature."""
        before = datetime.now(UTC).replace(microsecond=0)
        answer = fetch(service, **{"as": "link", "expiresIn": seconds})
        after = datetime.now(UTC)
        assert answer.status == 200
        assert answer.headers["content-type"] == "application/json"
        told = answer.json
        expires_at = datetime.fromisoformat(told.pop("expiresAt"))
        life = timedelta(seconds=int(seconds))
        assert before + life <= expires_at <= after + life
        assert told.pop("url").endswith(SIGNATURE)
        assert told == {
            "limitedBy": "requested",
            "size": 10,
            "etag": ETAG,
            "contentType": "text/plain",
        }

    def test_it_dies_with_the_credentials(self, service):
        """What is left of the credentials bounds the URL, and the answer says so."""
        expiration = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=600)
        service.credential_source.expiration = expiration
        told = fetch(service, **{"as": "link", "expiresIn": "3600"}).json
        assert told["limitedBy"] == "credentials"
        assert datetime.fromisoformat(told["expiresAt"]) <= expiration

    @pytest.mark.parametrize("way", ["Link", "", "json", "redirect,link", ["link", "link"]])
    def test_an_unknown_way_is_refused(self, service, way):
        """400; neither the bytes nor a URL."""
        assert fetch(service, **{"as": way}).refused == (400, "invalid_request")
        assert service.s3.calls == []


class TestContent:
    def test_the_bytes_pass_through(self, service):
        """The bytes in base64 with the object's headers, as an attachment that cannot run."""
        service.s3.objects[KEY] = bytes(range(256))
        answer = fetch(service, **{"as": "content"})
        assert answer.status == 200
        assert answer.content == bytes(range(256))
        assert answer.headers["content-type"] == "text/plain"
        assert answer.headers["etag"] == ETAG
        assert answer.headers["content-disposition"].startswith('attachment; filename="report.txt"')
        assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"

    def test_an_empty_object_is_an_empty_answer(self, service):
        """Nothing is something too."""
        service.s3.objects[KEY] = b""
        answer = fetch(service, **{"as": "content"})
        assert (answer.status, answer.body, answer.headers["x-object-size"]) == (200, "", "0")

    def test_a_range_is_a_206(self, service):
        """Those bytes, where they lie, and the size of the whole."""
        answer = fetch(service, headers={"range": "bytes=2-4"}, **{"as": "content"})
        assert (answer.status, answer.content) == (206, b"234")
        assert answer.headers["content-range"] == "bytes 2-4/10"
        assert answer.headers["x-object-size"] == "10"

    @pytest.mark.parametrize(
        "headers", [{"Range": "bytes=0-1,4-5"}, {"Range": "bytes=0-1", "If-Range": ETAG}]
    )
    def test_a_range_that_is_not_served_gives_the_whole(self, service, headers):
        """Several ranges, or one under If-Range: 200 with everything."""
        answer = fetch(service, headers=headers, **{"as": "content"})
        assert (answer.status, answer.content) == (200, b"0123456789")

    def test_the_conditions_reach_s3(self, service):
        """All four, the dates as times."""
        date = "Sun, 01 Mar 2026 08:09:10 GMT"
        moment = datetime(2026, 3, 1, 8, 9, 10, tzinfo=UTC)
        headers = {
            "If-Match": ETAG,
            "if-none-match": '"x"',
            "If-Modified-Since": date,
            "If-Unmodified-Since": date,
        }
        fetch(service, headers=headers, **{"as": "content"})
        assert asked_of_s3(service, "get_object") == {
            "Bucket": BUCKET,
            "Key": KEY,
            "IfMatch": ETAG,
            "IfNoneMatch": '"x"',
            "IfModifiedSince": moment,
            "IfUnmodifiedSince": moment,
        }

    @pytest.mark.parametrize(
        ("method", "operation"), [("GET", "get_object"), ("HEAD", "head_object")]
    )
    def test_not_modified_is_a_304(self, service, method, operation):
        """No body; the ETag that S3 told."""
        error = client_error("GetObject", 304, "304")
        error.response["ResponseMetadata"]["HTTPHeaders"]["etag"] = ETAG
        service.s3.errors[operation] = error
        answer = fetch(service, method=method, headers={"If-None-Match": ETAG}, **{"as": "content"})
        assert (answer.status, answer.body, answer.headers["etag"]) == (304, "", ETAG)

    @pytest.mark.parametrize(
        ("status", "code", "refused"),
        [
            (404, "NoSuchKey", (404, "no_such_key")),
            (412, "PreconditionFailed", (412, "precondition_failed")),
            (416, "InvalidRange", (416, "range_not_satisfiable")),
            (503, "SlowDown", (503, "upstream_unavailable")),
            (500, "InternalError", (503, "upstream_unavailable")),
            (429, "TooManyRequestsException", (429, "throttled")),
            (404, "NoSuchBucket", (502, "upstream_error")),
        ],
    )
    def test_each_refusal_of_s3_has_its_own_answer(self, service, status, code, refused):
        """The cause in our words; nothing of S3's own document."""
        service.s3.errors["get_object"] = client_error("GetObject", status, code)
        answer = fetch(service, **{"as": "content"})
        assert answer.refused == refused
        assert "told by S3" not in answer.body
        assert BUCKET not in answer.body

    def test_a_416_tells_the_size(self, service):
        """So that the client can ask again."""
        service.s3.errors["get_object"] = client_error(
            "GetObject", 416, "InvalidRange", ActualObjectSize="10"
        )
        answer = fetch(service, headers={"Range": "bytes=99-"}, **{"as": "content"})
        assert answer.refused == (416, "range_not_satisfiable")
        assert answer.headers["content-range"] == "bytes */10"

    @pytest.mark.parametrize(("size", "status"), [(4_500_000, 200), (4_500_001, 413)])
    def test_up_to_4_5_mb_pass_through(self, service, size, status):
        """One byte more is 413 naming the sizes; the answer never exceeds Lambda's 6 MB."""
        service.s3.objects[KEY] = bytes(size)
        answer = fetch(service, **{"as": "content"})
        assert answer.status == status
        if status == 413:
            assert answer.problem["code"] == "too_large_for_content"
            assert (answer.problem["size"], answer.problem["maximum"]) == (size, 4_500_000)
        else:
            assert len(answer.body) < 6_291_556

    def test_another_persons_object_is_denied_alike_there_or_not(self, service):
        """The same document for an existing and a missing key of somebody else."""
        denied = client_error("GetObject", 403, "AccessDenied")
        service.s3.errors = {"get_object": denied, "list_objects_v2": denied, "head_object": denied}
        service.s3.objects["home/bob/there"] = b"x"
        for way in ("redirect", "link", "content"):
            answers = [
                fetch(service, f"home/bob/{name}", **{"as": way}) for name in ("there", "missing")
            ]
            assert answers[0].refused == (403, "access_denied")
            assert answers[0].body == answers[1].body

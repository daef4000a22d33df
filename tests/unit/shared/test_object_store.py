from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from urllib.parse import quote, quote_plus, unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.deadline import deadline
from shared.errors import (
    AccessDenied,
    BucketpassError,
    IdentityRefused,
    InvalidCursor,
    InvalidRequest,
)
from shared.object_conditions import ObjectConditions
from shared.object_content import NotModified, ObjectContent, ObjectHead
from shared.object_errors import (
    NoSuchKey,
    NoSuchVersion,
    ObjectArchived,
    PreconditionFailed,
    RangeNotSatisfiable,
    TooLargeForContent,
)
from shared.object_page import ListedObject, ObjectPage
from shared.object_store import ObjectStore
from shared.request_credentials import RequestCredentialsUnset
from shared.upstream_errors import (
    DeadlineExceeded,
    Throttled,
    UpstreamError,
    UpstreamUnavailable,
)
from tests.unit.shared.s3_stub import (
    BUCKET,
    CHANGED,
    HOME,
    HTTP_DATE,
    NOW,
    ODD_KEYS,
    Reply,
    client_error,
    content,
    credentials,
    listing,
    refusal,
)


@pytest.fixture
def store(client, s3):  # the stub has to be empty
    return ObjectStore(client, BUCKET, credentials("alice"), clock=NOW.timestamp)


# ---------------------------------------------------------------------------------------- listing
def test_a_page_tells_keys_prefixes_and_how_to_go_on(s3, store):
    """One page: the objects, the common prefixes and S3's continuation token."""
    s3.replies = [listing(HOME + "a.txt", prefixes=(HOME + "b/",), token="t/o+k=")]
    assert store.list(HOME, delimiter="/", limit=2) == ObjectPage(
        bucket=BUCKET,
        prefix=HOME,
        objects=(ListedObject(HOME + "a.txt", len(HOME) + 5, '"e"', CHANGED, "STANDARD"),),
        prefixes=(HOME + "b/",),
        token="t/o+k=",
    )


def test_the_last_page_has_no_token(s3, store):
    """None means that nothing follows; an empty place is an empty page."""
    s3.replies = [listing()]
    assert store.list(HOME) == ObjectPage(BUCKET, HOME, (), (), None)


@pytest.mark.parametrize("encode", [quote, quote_plus, lambda key: quote(key, safe="")])
def test_odd_keys_arrive_exactly(s3, store, encode):
    """Blanks, plus signs, percent signs, markup and both normal forms survive the listing."""
    s3.replies = [listing(*ODD_KEYS, prefixes=tuple(ODD_KEYS), encode=encode)]
    page = store.list("")
    assert [listed.key for listed in page.objects] == ODD_KEYS
    assert list(page.prefixes) == ODD_KEYS
    assert s3.requests[0].query["encoding-type"] == "url"


@settings(max_examples=40)
@given(keys=st.lists(st.text(st.characters(exclude_categories=("Cs",)), min_size=1), max_size=5))
def test_any_key_arrives_exactly(client, stub, keys):
    """Whatever key S3 can hold comes out of a listing as it is, even one that we would refuse."""
    stub.replies = [listing(*keys)]
    page = ObjectStore(client, BUCKET, credentials("alice")).list("")
    assert [listed.key for listed in page.objects] == keys


@pytest.mark.parametrize("text", ODD_KEYS)
def test_a_listing_asks_for_exactly_what_was_asked(s3, store, text):
    """Prefix, delimiter, start and limit reach S3 unchanged."""
    s3.replies = [listing()]
    store.list(text, delimiter=text, limit=7, start_after=text)
    request = s3.requests[0]
    assert (request.method, request.path) == ("GET", f"/{BUCKET}")
    assert request.query == {
        "list-type": "2",
        "encoding-type": "url",
        "prefix": text,
        "delimiter": text,
        "max-keys": "7",
        "start-after": text,
    }


def test_a_token_goes_before_a_start(s3, store):
    """A later page is found by its token alone."""
    s3.replies = [listing()]
    store.list(HOME, token="t/o+k=", start_after=HOME + "a")
    assert s3.requests[0].query["continuation-token"] == "t/o+k="
    assert "start-after" not in s3.requests[0].query


@pytest.mark.parametrize("limit", [0, -1, 1001])
def test_a_limit_outside_of_1_to_1000_is_refused_here(s3, store, limit):
    """S3 would silently cap it; nothing is asked."""
    with pytest.raises(InvalidRequest):
        store.list(HOME, limit=limit)
    assert s3.requests == []


def test_a_token_that_s3_does_not_know_is_an_invalid_cursor(s3, store):
    """InvalidArgument means the token where there is one, and an unknown fault without."""
    s3.replies = [refusal(400, "InvalidArgument"), refusal(400, "InvalidArgument")]
    with pytest.raises(InvalidCursor):
        store.list(HOME, token="forged")
    with pytest.raises(UpstreamError):
        store.list(HOME)


# -------------------------------------------------------------------------------------- signatures
def test_each_call_is_signed_with_the_stores_own_credentials(s3, client):
    """Two people's stores on one client: every request carries its own person's key and session."""
    alice, bob = (ObjectStore(client, BUCKET, credentials(name)) for name in ("alice", "bob"))
    s3.replies = [listing(), content(), content(), listing()]
    alice.list("")
    bob.get("k")
    alice.head("k")
    bob.list("")
    assert [
        (request.key_id, request.headers["x-amz-security-token"]) for request in s3.requests
    ] == [
        ("ASIAALICE", "session-of-alice"),
        ("ASIABOB", "session-of-bob"),
        ("ASIAALICE", "session-of-alice"),
        ("ASIABOB", "session-of-bob"),
    ]


def test_people_at_the_same_time_are_not_mixed_up(s3, client):
    """In parallel threads each answer is to a request signed for the one who asked."""
    names = [f"p{number}" for number in range(40)]
    s3.replies = [listing() for _ in names]

    def ask(name: str) -> None:
        ObjectStore(client, BUCKET, credentials(name)).list(name)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, names))
    assert sorted(request.query["prefix"] for request in s3.requests) == sorted(names)
    for request in s3.requests:
        assert request.key_id == f"ASIA{request.query['prefix'].upper()}"


@pytest.mark.parametrize("replies", [[listing()], [refusal(403, "AccessDenied")]])
def test_after_a_call_the_client_belongs_to_nobody(s3, store, client, replies):
    """Success or refusal, the credentials do not stay behind: the next bare call fails closed."""
    s3.replies = list(replies)
    with suppress(AccessDenied):
        store.list("")
    with pytest.raises(RequestCredentialsUnset):
        client.list_objects_v2(Bucket=BUCKET)
    assert len(s3.requests) == 1


# --------------------------------------------------------------------------------- head and get
def test_a_head_tells_the_metadata(s3, store):
    """Every header that the contract passes on, with the person's own metadata."""
    s3.replies = [
        content(
            Content_Type="text/plain",
            Content_Encoding="gzip",
            Content_Language="de",
            Content_Disposition="inline",
            Cache_Control="no-cache",
            x_amz_version_id="v1",
            x_amz_storage_class="GLACIER",
            x_amz_meta_colour="blue",
        )
    ]
    assert store.head("a/k") == ObjectHead(
        size=5,
        etag='"e"',
        last_modified=CHANGED,
        content_type="text/plain",
        storage_class="GLACIER",
        version_id="v1",
        content_encoding="gzip",
        content_language="de",
        content_disposition="inline",
        cache_control="no-cache",
        metadata={"colour": "blue"},
        archived=True,
    )
    assert (s3.requests[0].method, s3.requests[0].path) == ("HEAD", f"/{BUCKET}/a/k")


@pytest.mark.parametrize("key", ODD_KEYS)
def test_an_odd_key_is_asked_for_exactly(s3, store, key):
    """A key is encoded once on its way: decoding the path once gives it back."""
    s3.replies = [content(), content()]
    store.head(key)
    store.get(key)
    assert [unquote(request.path) for request in s3.requests] == [f"/{BUCKET}/{key}"] * 2


def test_a_get_brings_the_bytes(s3, store):
    """The whole object: its bytes, its metadata and no Content-Range."""
    s3.replies = [content(bytes(range(256)) * 2000, Content_Type="image/png")]
    found = store.get("k")
    assert isinstance(found, ObjectContent)
    assert found.body == bytes(range(256)) * 2000
    assert (found.head.size, found.head.content_type) == (512_000, "image/png")
    assert found.content_range is None
    assert "range" not in s3.requests[0].headers


def test_a_range_brings_its_part(s3, store):
    """The range reaches S3 as given; the part comes with Content-Range and the whole's size."""
    part = content(b"ell", Content_Range="bytes 1-3/5")
    part.status = 206
    s3.replies = [part]
    found = store.get("k", byte_range="bytes=1-3")
    assert (found.body, found.content_range, found.head.size) == (b"ell", "bytes 1-3/5", 5)
    assert s3.requests[0].headers["range"] == "bytes=1-3"


@pytest.mark.parametrize("method", ["head", "get"])
def test_conditions_reach_s3(s3, store, method):
    """The four conditional headers are S3's to weigh."""
    s3.replies = [content()]
    getattr(store, method)("k", ObjectConditions('"a"', '"b"', CHANGED, CHANGED))
    headers = s3.requests[0].headers
    assert (headers["if-match"], headers["if-none-match"]) == ('"a"', '"b"')
    assert headers["if-modified-since"] == headers["if-unmodified-since"] == HTTP_DATE


@pytest.mark.parametrize("method", ["head", "get"])
def test_not_modified_is_an_answer(s3, store, method):
    """S3's 304 is a value with the entity tag, not an error."""
    s3.replies = [Reply(304, {"ETag": '"e"'})]
    assert getattr(store, method)("k", ObjectConditions(if_none_match='"e"')) == NotModified('"e"')


def test_not_modified_without_an_entity_tag(s3, store):
    """Where S3 says no entity tag there is None."""
    s3.replies = [Reply(304)]
    assert store.get("k", ObjectConditions(if_modified_since=CHANGED)) == NotModified(None)


@pytest.mark.parametrize("method", ["head", "get"])
def test_a_condition_that_does_not_hold_is_412(s3, store, method):
    """S3's 412 is precondition_failed, with and without a body."""
    s3.replies = [refusal(412, "PreconditionFailed")]
    with pytest.raises(PreconditionFailed):
        getattr(store, method)("k", ObjectConditions(if_match='"other"'))


def test_a_range_outside_tells_the_size(s3, store):
    """S3's 416 is range_not_satisfiable with the Content-Range of RFC 9110, section 15.5.17."""
    s3.replies = [refusal(416, "InvalidRange", "<ActualObjectSize>5</ActualObjectSize>")]
    with pytest.raises(RangeNotSatisfiable) as error:
        store.get("k", byte_range="bytes=9-")
    assert error.value.headers == {"Content-Range": "bytes */5"}


@pytest.mark.parametrize("told", ["", "<ActualObjectSize>5\nx: y</ActualObjectSize>"])
def test_a_range_outside_without_a_size(s3, store, told):
    """Where S3 tells no size, or none that is a number, there is no Content-Range."""
    s3.replies = [refusal(416, "InvalidRange", told)]
    with pytest.raises(RangeNotSatisfiable) as error:
        store.get("k", byte_range="bytes=9-")
    assert error.value.headers == {}


def test_a_large_object_is_refused_before_it_is_read(s3, store):
    """4,500,001 bytes are refused unread; the next call works on another connection."""
    large = content(b"x" * 1000)
    large.length = 4_500_001
    s3.replies = [large, listing()]
    with pytest.raises(TooLargeForContent) as error:
        store.get("k")
    assert error.value.members == {"size": 4_500_001, "maximum": 4_500_000}
    assert error.value.headers["X-Object-Size"] == "4500001"
    assert store.list("").objects == ()


def test_a_body_that_breaks_off_is_never_an_answer(s3, store):
    """Fewer bytes than promised are upstream_unavailable, not a shorter object."""
    broken = content(b"x" * 1000)
    broken.length = 2000
    s3.replies = [broken]
    with pytest.raises(UpstreamUnavailable):
        store.get("k")


def test_the_deadline_holds_while_reading(s3, store):
    """S3 answers late: the body is not read to its end."""
    now = [0.0]

    def pass_time() -> None:
        now[0] += 24.8

    s3.replies = [content(b"x" * 1000)]
    s3.before_reply = pass_time
    with deadline(25, clock=lambda: now[0]), pytest.raises(DeadlineExceeded):
        store.get("k")


# --------------------------------------------------------------- what is missing, what is refused
@pytest.mark.parametrize("method", ["head", "get"])
@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (listing(), NoSuchKey),
        (listing(HOME + "k.longer"), NoSuchKey),
        (listing(HOME + "k/below"), NoSuchKey),
        (listing(HOME + "k"), AccessDenied),
        (refusal(403, "AccessDenied"), AccessDenied),
        (refusal(403, "InvalidAccessKeyId"), IdentityRefused),
        (refusal(400, "ExpiredToken"), IdentityRefused),
        (refusal(429, "TooManyRequests"), Throttled),
    ],
)
def test_a_403_is_told_apart_by_what_the_person_may_list(s3, store, method, second, expected):
    """A missing key is 404 for whoever may list it and 403 for everybody else, as IAM decides."""
    s3.replies = [refusal(403, "AccessDenied"), second]
    with pytest.raises(expected) as error:
        getattr(store, method)(HOME + "k")
    assert type(error.value) is expected
    assert error.value.detail == expected.sentence
    asked = s3.requests[1]
    assert (asked.method, asked.path, asked.key_id) == ("GET", f"/{BUCKET}", "ASIAALICE")
    assert (asked.query["prefix"], asked.query["max-keys"]) == (HOME + "k", "1")
    assert "delimiter" not in asked.query


def test_anothers_missing_and_existing_keys_look_alike(s3, store):
    """Both calls refused: the same class, sentence and members, whatever is there."""
    s3.replies = [refusal(403, "AccessDenied") for _ in range(4)]
    told = []
    for key in ("home/other/there", "home/other/missing"):
        with pytest.raises(AccessDenied) as error:
            store.get(key)
        told.append((error.value.detail, error.value.members, error.value.headers))
    assert told[0] == told[1] == (AccessDenied.sentence, {}, {})


@pytest.mark.parametrize("method", ["head", "get"])
def test_a_404_is_believed_at_once(s3, store, method):
    """Where S3 itself says that the key is missing, nothing more is asked."""
    s3.replies = [refusal(404, "NoSuchKey")]
    with pytest.raises(NoSuchKey):
        getattr(store, method)("k")
    assert len(s3.requests) == 1


def test_a_refused_listing_is_refused(s3, store):
    """Listing another's folder is access_denied, in one call."""
    s3.replies = [refusal(403, "AccessDenied")]
    with pytest.raises(AccessDenied):
        store.list("home/other/")
    assert len(s3.requests) == 1


# --------------------------------------------------------------------------------------- versions
def versions(*ids: str, key: str = "k", truncated: bool = False) -> Reply:
    entries = "".join(
        f"<Version><Key>{key}</Key><VersionId>{version}</VersionId></Version>" for version in ids
    )
    return Reply(
        headers={"Content-Type": "application/xml"},
        body=f"<ListVersionsResult><IsTruncated>{str(truncated).lower()}</IsTruncated>{entries}"
        "</ListVersionsResult>".encode(),
    )


@pytest.mark.parametrize("method", ["head", "get"])
def test_a_version_is_asked_for_by_its_id(s3, store, method):
    """The id reaches S3 with the key; the answer tells it back."""
    s3.replies = [content(x_amz_version_id="v1")]
    found = getattr(store, method)("k", version_id="v1")
    assert (found if method == "head" else found.head).version_id == "v1"
    assert s3.requests[0].query["versionId"] == "v1"


@pytest.mark.parametrize("method", ["head", "get"])
@pytest.mark.parametrize(
    ("status", "code"), [(404, "NoSuchVersion"), (404, "NoSuchKey"), (405, "MethodNotAllowed")]
)
def test_a_version_that_cannot_be_read_is_404(s3, store, method, status, code):
    """An unknown version and one that is a deletion are no_such_version, in one call."""
    s3.replies = [refusal(status, code)]
    with pytest.raises(NoSuchVersion):
        getattr(store, method)("k", version_id="v1")
    assert len(s3.requests) == 1


def test_a_text_that_is_no_version_is_404(s3, store):
    """S3's InvalidArgument for a version id is no_such_version."""
    s3.replies = [refusal(400, "InvalidArgument")]
    with pytest.raises(NoSuchVersion):
        store.get("k", version_id="nonsense")


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (versions("v2", "v3"), NoSuchVersion),
        (versions(), NoSuchVersion),
        (versions("v1", key="k.longer"), NoSuchVersion),
        (versions("v1"), AccessDenied),
        (versions("v2", truncated=True), AccessDenied),
        (refusal(403, "AccessDenied"), AccessDenied),
    ],
)
def test_a_refused_version_is_missing_only_if_the_caller_may_know(s3, store, second, expected):
    """403 becomes 404 where the caller may list the key's versions and it is not among them."""
    s3.replies = [refusal(403, "AccessDenied"), second]
    with pytest.raises(BucketpassError) as error:
        store.get("k", version_id="v1")
    assert type(error.value) is expected
    assert s3.requests[1].query["prefix"] == "k"
    assert "versions" in s3.requests[1].query


# ------------------------------------------------------------- a 400 without words, and archives
class Bare400:
    """An S3 client whose HEAD fails without words and whose listing fails with `code`, or works.

    Not the stub: behind such a HEAD botocore suspects another region, asks and remembers.
    """

    def __init__(self, code=None):
        self.code = code

    def head_object(self, **_request):
        raise client_error(400, "400")

    def list_objects_v2(self, **_request):
        if self.code:
            raise client_error(400, self.code)
        return {}


@pytest.mark.parametrize("code", ["ExpiredToken", "InvalidToken"])
@pytest.mark.parametrize("version_id", [None, "v1"])
def test_a_bare_400_to_a_head_is_explained_by_a_listing(code, version_id):
    """HEAD has no body: whether the session has ended is asked where the answer has one."""
    store = ObjectStore(Bare400(code), BUCKET, credentials("alice"))
    with pytest.raises(IdentityRefused):
        store.head("k", version_id=version_id)
    assert store.credentials.refused.is_set()


@pytest.mark.parametrize(
    ("version_id", "expected"), [(None, UpstreamError), ("nonsense", NoSuchVersion)]
)
def test_a_bare_400_for_good_credentials(version_id, expected):
    """It is about the version's id where one was given, else nothing that we understand."""
    store = ObjectStore(Bare400(), BUCKET, credentials("alice"))
    with pytest.raises(expected):
        store.head("k", version_id=version_id)
    assert not store.credentials.refused.is_set()


ARCHIVED = [
    {"x_amz_storage_class": "GLACIER"},
    {"x_amz_storage_class": "DEEP_ARCHIVE"},
    {"x_amz_storage_class": "GLACIER", "x_amz_restore": 'ongoing-request="true"'},
    {"x_amz_storage_class": "INTELLIGENT_TIERING", "x_amz_archive_status": "ARCHIVE_ACCESS"},
]
READABLE = [
    {},
    {"x_amz_storage_class": "GLACIER_IR"},
    {"x_amz_storage_class": "INTELLIGENT_TIERING"},
    {
        "x_amz_storage_class": "GLACIER",
        "x_amz_restore": f'ongoing-request="false", expiry-date="{HTTP_DATE}"',
    },
]


@pytest.mark.parametrize("headers", ARCHIVED)
def test_an_archived_object_is_looked_at_but_not_linked(s3, store, headers):
    """Its metadata can be read; what wants to read it is told 409 archived beforehand."""
    s3.replies = [content(**headers)] * 2
    assert store.head("k").storage_class == headers["x_amz_storage_class"]
    with pytest.raises(ObjectArchived) as error:
        store.readable_head("k")
    assert (error.value.status, error.value.code) == (409, "archived")


@pytest.mark.parametrize("headers", READABLE)
def test_what_can_be_read_now_is_not_archived(s3, store, headers):
    """Other classes, and a restored copy while it lasts, are readable."""
    s3.replies = [content(**headers)]
    assert store.readable_head("k", "v1").archived is False
    assert s3.requests[0].query["versionId"] == "v1"

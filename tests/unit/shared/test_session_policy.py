"""The narrowing of credentials, judged as IAM would."""

import json
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.errors import (
    BucketpassError,
    InvalidKey,
    InvalidRequest,
    ScopeNotYours,
    ScopeTooLarge,
)
from shared.locations import Location
from shared.session_policy import (
    MAX_CHARACTERS,
    Scope,
    parse_scope,
    require_within,
    session_policy,
)
from tests.template.iam_judge import Request, is_allowed

BUCKET = "bucket"
ARN = f"arn:aws:s3:::{BUCKET}"
HOME = "home/eu-central-1:0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0/"
LISTING = ("s3:ListBucket", "s3:ListBucketVersions")
READING = ("s3:GetObject", "s3:GetObjectVersion")
CHANGING = (
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:AbortMultipartUpload",
    "s3:ListMultipartUploadParts",
)
ACCESSES = ("read", "readwrite")

# Rich in what means something to IAM, to JSON and to keys.
characters = st.sampled_from([*'*?${}/\\".:abAB1 -_', "é", "☀", "\U0001f600", "ÿ", "Ā"])
segments = st.text(characters, max_size=12)
prefixes = segments.map(lambda text: f"{text}/")


def policy(*scopes, bucket=BUCKET):
    return json.loads(session_policy(scopes, bucket, "aws"))


def may(document, action, key, context=None):
    return is_allowed([document], Request(action, f"{ARN}/{key}", context or {}))


def may_list(document, action, prefix):
    return is_allowed([document], Request(action, ARN, {"s3:prefix": prefix}))


def test_the_whole_document():
    """A read scope is two statements of what reading needs, in the version that has variables."""
    assert policy(Scope("a$b/", "read")) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["s3:ListBucket", "s3:ListBucketVersions"],
                "Resource": "arn:aws:s3:::bucket",
                "Condition": {"StringLike": {"s3:prefix": ["a${$}b/*"]}},
            },
            {
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:GetObjectVersion"],
                "Resource": ["arn:aws:s3:::bucket/a${$}b/*"],
            },
        ],
    }


def test_another_partition():
    """The ARNs are those of the partition in which the bucket stands."""
    document = session_policy([Scope("a/", "read")], BUCKET, "aws-cn")
    assert "arn:aws-cn:s3:::bucket/a/*" in document
    assert "arn:aws:" not in document


@pytest.mark.parametrize("access", ACCESSES)
def test_what_each_access_allows(access):
    """`read` lists and reads, `readwrite` also writes, deletes and resumes; nothing beyond.

    s3:ListBucketMultipartUploads knows no s3:prefix, so that no scope could limit it.
    """
    document = policy(Scope("a/", access))
    writes = access == "readwrite"
    for action in LISTING:
        assert may_list(document, action, "a/")
    for action in READING:
        assert may(document, action, "a/k")
    for action in CHANGING:
        assert may(document, action, "a/k") is writes
    assert not may_list(document, "s3:ListBucketMultipartUploads", "a/")
    for action in ("s3:DeleteObjectVersion", "s3:PutObjectAcl", "sts:AssumeRole", "iam:PassRole"):
        assert not may(document, action, "a/k")


NEIGHBOURS = [
    ("a/", "a"),
    ("a/", "ab/k"),
    ("a/", "A/k"),
    ("a/", "b/a/k"),
    ("a/", "/a/k"),
    ("a*/", "ab/k"),
    ("*/", "a/k"),
    ("**/", "a/b/k"),
    ("a?/", "ab/k"),
    ("?/", "a/k"),
    ("${aws:username}/", "alice/k"),
    ("${*}/", "a/k"),
    ("$*/", "$a/k"),
    ("a${*}b/", "a*b/k"),
    ("a${$}b/", "a$b/k"),
    ("$/", "x/k"),
    ('a"],"Resource":"*","x":["/', "b/k"),
]


@pytest.mark.parametrize(("prefix", "key"), NEIGHBOURS)
@pytest.mark.parametrize("access", ACCESSES)
def test_a_scope_opens_no_neighbour(access, prefix, key):
    """Wildcards, variables and quotes in a prefix are the characters of a key and nothing else."""
    document = policy(Scope(prefix, access))
    context = {"aws:username": "alice"}
    assert may(document, "s3:GetObject", f"{prefix}k", context)
    for action in (*READING, *CHANGING):
        assert not may(document, action, key, context)
    for action in LISTING:
        assert not may_list(document, action, key)


@given(scope=prefixes, key=segments, below=st.booleans())
def test_exactly_what_lies_below(scope, key, below):
    """Whatever the characters: a key is open if it begins with the prefix, and only then."""
    key = scope + key if below else key
    document = policy(Scope(scope, "readwrite"))
    assert may(document, "s3:PutObject", key) is key.startswith(scope)
    assert may_list(document, "s3:ListBucket", key) is key.startswith(scope)


@given(st.lists(st.tuples(prefixes, st.sampled_from(ACCESSES)), max_size=4), segments)
def test_several_scopes_are_their_union(scopes, key):
    """Each scope keeps its own access: no scope lends its own to another, and none to none."""
    document = policy(*(Scope(*scope) for scope in scopes))
    readable = any(key.startswith(prefix) for prefix, _ in scopes)
    writable = any(key.startswith(prefix) for prefix, access in scopes if access == "readwrite")
    assert may(document, "s3:GetObject", key) is readable
    assert may(document, "s3:DeleteObject", key) is writable


def test_no_scope_is_nothing():
    """Without a scope the policy denies everything, where an empty one would leave everything."""
    document = policy()
    assert document["Statement"] == [{"Effect": "Deny", "Action": "*", "Resource": "*"}]
    allowing = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
    }
    assert is_allowed([allowing], Request("s3:GetObject", f"{ARN}/k"))
    assert not is_allowed([allowing, document], Request("s3:GetObject", f"{ARN}/k"))


@given(prefixes)
def test_sts_takes_every_policy(prefix):
    """The text is compact JSON in the characters that STS takes, of at most 2,048."""
    text = session_policy([Scope(prefix, "readwrite")], BUCKET, "aws")
    assert re.fullmatch(r"[\x09\x0a\x0d\x20-\xff]{1,2048}", text)
    assert json.loads(text)["Version"] == "2012-10-17"
    assert json.dumps(json.loads(text), separators=(",", ":")) == text


@pytest.mark.parametrize("character", ["a", "*", "☀", '"', "\\"])
@pytest.mark.parametrize("access", ACCESSES)
def test_the_size_is_counted_as_sts_does(access, character):
    """The longest prefix that fits gives a policy of at most 2,048; one more is refused."""

    def text_of(length):
        return session_policy([Scope(character * length + "/", access)], BUCKET, "aws")

    grown = len(text_of(2)) - len(text_of(1))
    fitting = 1 + (MAX_CHARACTERS - len(text_of(1))) // grown
    assert MAX_CHARACTERS - grown < len(text_of(fitting)) <= MAX_CHARACTERS
    with pytest.raises(ScopeTooLarge) as caught:
        text_of(fitting + 1)
    assert (caught.value.status, caught.value.code) == (400, "scope_too_large")


def test_too_many_scopes_are_refused_whole():
    """Scopes that do not fit together are refused rather than left out."""
    scopes = [Scope(f"folder-{number}/", "read") for number in range(200)]
    with pytest.raises(ScopeTooLarge):
        session_policy(scopes, BUCKET, "aws")


@pytest.mark.parametrize("text", ["", "a", "a/b", "home", "home/m", f"{HOME}reports"])
def test_a_scope_ends_in_a_slash(text):
    """A prefix that would open its siblings, and the empty one, are 400 invalid_request."""
    with pytest.raises(InvalidRequest) as caught:
        parse_scope(text, "read", HOME)
    assert 'ends in "/"' in caught.value.detail


@pytest.mark.parametrize("text", ["/", "../", "home/me/../x/", "a\x00/", "\ud800/", "x" * 1025])
def test_a_scope_is_a_prefix(text):
    """What no prefix may be, no scope may be."""
    with pytest.raises(InvalidKey) as caught:
        parse_scope(text, "read", HOME)
    assert caught.value.code == "invalid_key"


@given(st.text(st.characters(exclude_categories=()), max_size=30))
def test_only_our_own_errors(text):
    """Whatever is asked, it becomes a scope that ends in a slash or one of our refusals."""
    try:
        scope = parse_scope(text, "read", HOME)
    except BucketpassError as error:
        assert error.status == 400  # noqa: PT017 # both outcomes are promised
    else:
        assert scope.prefix.endswith("/")
        assert may(policy(scope), "s3:GetObject", f"{scope.prefix}k")


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ("home/me/", HOME),
        ("home/me", HOME),
        ("home/me/reports/", f"{HOME}reports/"),
        ("home/mex/", "home/mex/"),
        ("shared/", "shared/"),
        ("shared/home/me/", "shared/home/me/"),
    ],
)
def test_the_own_folder(text, prefix):
    """`home/me/` at the start stands for the caller's folder."""
    assert parse_scope(text, "read", HOME) == Scope(prefix, "read")


OWN = Location(BUCKET, HOME, ("list", "read", "write", "delete"), "own")
SHARED = Location(BUCKET, "shared/", ("list", "read"), "shared")
EDITORS = Location(BUCKET, "shared/", ("write", "delete"), "group:editors")
DROPS = Location(BUCKET, "shared/drops/", ("write",), "group:senders")
EVERYTHING = Location(BUCKET, "", ("list", "read"), "group:auditors")


@pytest.mark.parametrize(
    ("prefix", "locations", "accesses"),
    [
        (HOME, [OWN], ACCESSES),
        (f"{HOME}a/b/", [OWN, SHARED], ACCESSES),
        ("shared/", [OWN, SHARED], ("read",)),
        ("shared/", [SHARED, EDITORS], ACCESSES),
        ("shared/x/", [SHARED, EDITORS], ACCESSES),
        ("shared/", [EDITORS], ()),
        ("shared/drops/", [SHARED, DROPS], ("read",)),
        ("shared/", [SHARED, DROPS], ("read",)),
        ("shared/drops/", [DROPS], ()),
        ("home/other/", [OWN, EVERYTHING], ("read",)),
        (HOME, [OWN, EVERYTHING], ACCESSES),
        ("home/other/", [OWN, SHARED], ()),
        ("home/", [OWN, SHARED], ()),
        (f"{HOME[:-1]}x/", [OWN], ()),
        ("Shared/", [SHARED], ()),
        ("shared-secret/", [SHARED], ()),
        (f"x/{HOME}", [OWN], ()),
        ("shared/", [], ()),
    ],
)
@pytest.mark.parametrize("access", ACCESSES)
def test_a_scope_lies_within_the_places(access, prefix, locations, accesses):
    """The places around a scope have to permit all of its access, together."""
    scope = Scope(prefix, access)
    if access in accesses:
        require_within(scope, locations)
        return
    with pytest.raises(ScopeNotYours) as caught:
        require_within(scope, locations)
    assert (caught.value.status, caught.value.code) == (403, "scope_not_yours")
    assert prefix not in caught.value.detail


@given(prefixes, prefixes)
def test_a_place_that_does_not_contain_the_scope_permits_nothing(scope, place):
    """Not even where the scope contains the place."""
    assume(not scope.startswith(place))
    with pytest.raises(ScopeNotYours):
        require_within(Scope(scope, "read"), [Location(BUCKET, place, OWN.permissions, "own")])

"""Copies in parts with alice's own credentials, at sizes that a test can afford."""

import pytest

from handlers.services import build_services
from shared.errors import AccessDenied
from shared.object_copy import CopiedObject, CopyRequest, CopySizes, ObjectCopy
from shared.object_store import ObjectStore
from shared.part_copy import UnfinishedCopy
from shared.secret import Secret
from shared.settings import load_settings
from shared.upstream_errors import DeadlineExceeded
from tests.integration.bucket_content import BucketContent

MEBIBYTE = 1024**2
# The least that S3 takes for a part which is not the last.
SIZES = CopySizes(single=5 * MEBIBYTE, part=5 * MEBIBYTE)
BODY = bytes(range(256)) * (12 * MEBIBYTE // 256) + b"tail"


@pytest.fixture(scope="module")
def bucket(pool_stack):
    return BucketContent(pool_stack)


@pytest.fixture(scope="module")
def home(pool_stack):
    return f"home/{pool_stack.users['alice'].identity_id}/"


@pytest.fixture(scope="module")
def objects(pool_stack):
    """The bucket as alice's credentials see it."""
    services = build_services(load_settings(pool_stack.function_environment()))
    principal = services.verifier.verify(Secret(pool_stack.users["alice"].tokens.id))
    credentials = services.credential_source.credentials_for(principal, None)
    yield ObjectStore(services.s3, services.settings.bucket, credentials)
    services.s3.close()


@pytest.fixture
def copy(objects):
    def one(request):
        (outcome,) = ObjectCopy(objects, SIZES).copy([request])
        return outcome

    return one


def test_a_large_object_moves_in_parts(bucket, home, copy):
    """Every byte arrives, with type and metadata, and the source goes after the proof."""
    bucket.put(f"{home}large", BODY, ContentType="text/x-large", Metadata={"colour": "blue"})
    copied = copy(CopyRequest(f"{home}large", f"{home}moved", move=True))
    assert isinstance(copied, CopiedObject)
    assert copied.left is None
    assert copied.etag.endswith('-3"')
    assert bucket.body(f"{home}moved") == BODY
    assert bucket.body(f"{home}large") is None
    head = bucket.head(f"{home}moved")
    assert (head["ContentType"], head["Metadata"]) == ("text/x-large", {"colour": "blue"})
    assert bucket.uploads(home) == []


def test_an_interrupted_copy_goes_on_from_the_parts_that_are_there(bucket, home, objects, copy):
    """The role has the rights that looking at the parts takes; no part is copied twice."""
    bucket.put(f"{home}long", BODY)
    allowed, asked = [2], []

    def late(params, **_):
        asked.append(params["PartNumber"])
        allowed[0] -= 1
        if allowed[0] < 0:
            raise DeadlineExceeded("late")

    events = objects.client.meta.events
    events.register("before-parameter-build.s3.UploadPartCopy", late)
    try:
        unfinished = copy(CopyRequest(f"{home}long", f"{home}far"))
        assert isinstance(unfinished, UnfinishedCopy)
        assert (unfinished.parts_copied, unfinished.part_count) == (2, 3)
        assert bucket.uploads(home) == [f"{home}far"]
        allowed[0] = 9
        asked.clear()
        again = copy(CopyRequest(f"{home}long", f"{home}far", started=unfinished.started))
    finally:
        events.unregister("before-parameter-build.s3.UploadPartCopy", late)
    assert isinstance(again, CopiedObject)
    assert len(asked) == 1
    assert bucket.body(f"{home}far") == BODY


def test_foreign_places_are_refused_in_parts_too(pool_stack, bucket, home, copy):
    """No upload is begun in bob's folder, and none from it."""
    bobs = f"home/{pool_stack.users['bob'].identity_id}/"
    bucket.put(f"{home}mine", BODY)
    bucket.put(f"{bobs}his", BODY)
    assert isinstance(copy(CopyRequest(f"{home}mine", f"{bobs}parts/got")), AccessDenied)
    assert isinstance(copy(CopyRequest(f"{bobs}his", f"{home}parts/got")), AccessDenied)
    assert isinstance(copy(CopyRequest(f"{home}mine", "shared/got")), AccessDenied)
    assert bucket.uploads("") == []
    assert bucket.body(f"{home}parts/got") is None

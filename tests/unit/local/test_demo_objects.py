from local.demo_objects import demo_objects, put_demo_objects

IDENTITIES = {"alice": "eu-west-1:a", "bob": "eu-west-1:b", "erin": "eu-west-1:e"}


class FakeS3:
    def __init__(self, *keys):
        self.objects = {key: {} for key in keys}

    def list_objects_v2(self, **_):
        return {"KeyCount": min(1, len(self.objects))}

    def put_object(self, **request):
        self.objects[request["Key"]] = request


def test_every_place_has_an_object():
    """Alice's and Bob's home, shared/ and groups/editors/ each have something to show."""
    keys = demo_objects(IDENTITIES)
    for prefix in ("home/eu-west-1:a/", "home/eu-west-1:b/", "shared/", "groups/editors/"):
        assert any(key.startswith(prefix) for key in keys)
    assert {key.split("/")[0] for key in keys} == {"home", "shared", "groups"}


def test_awkward_names_are_among_them():
    """A name with a space and one beyond ASCII prove that keys travel well."""
    keys = demo_objects(IDENTITIES)
    assert any(" " in key for key in keys)
    assert any(not key.isascii() for key in keys)


def test_empty_bucket_is_filled_with_typed_objects():
    """Each object is put with its content type, and the number of them is told."""
    s3 = FakeS3()
    assert put_demo_objects(s3, "bucket", IDENTITIES) == len(s3.objects) == 9
    hello = s3.objects["home/eu-west-1:a/hello.txt"]
    assert hello["ContentType"] == "text/plain; charset=utf-8"
    assert hello["Bucket"] == "bucket"


def test_filled_bucket_stays_as_it_is():
    """What a kept run's people changed or deleted is not undone."""
    s3 = FakeS3("home/eu-west-1:a/mine.txt")
    assert put_demo_objects(s3, "bucket", IDENTITIES) == 0
    assert list(s3.objects) == ["home/eu-west-1:a/mine.txt"]

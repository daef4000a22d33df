"""An S3 client in memory, as far as the files need one."""

import io
from datetime import datetime, timezone
from types import SimpleNamespace

from botocore.exceptions import ClientError

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)


def refusal(code, status=400, message="As S3 says."):
    return ClientError(
        {
            "Error": {"Code": code, "Message": message},
            "ResponseMetadata": {"HTTPStatusCode": status},
        },
        "Operation",
    )


class FakeS3:
    """Objects by key; `denied` keys and prefixes are refused, `calls` tells what was asked."""

    meta = SimpleNamespace(endpoint_url="https://s3.test")

    def __init__(self, objects=None, denied=()):
        self.objects = {key: bytes(body) for key, body in (objects or {}).items()}
        self.denied = set(denied)
        self.calls = []

    def head_object(self, *, Key, **_):  # noqa: N803 # boto3's
        self.calls.append(("head", Key))
        if Key not in self.objects or Key in self.denied:
            raise refusal("403", 403, "Forbidden")
        return self._facts(Key)

    def get_object(self, *, Key, Range, IfMatch, **_):  # noqa: N803 # boto3's
        self.calls.append(("get", Range))
        if IfMatch != f'"{self.etag(Key)}"':
            raise refusal("PreconditionFailed", 412)
        first, last = map(int, Range.removeprefix("bytes=").split("-"))
        return {"Body": io.BytesIO(self.objects[Key][first : last + 1])}

    def list_objects_v2(self, *, Prefix="", MaxKeys=1000, **_):  # noqa: N803 # boto3's
        self.calls.append(("list", Prefix))
        if Prefix in self.denied:
            raise refusal("AccessDenied", 403)
        keys = sorted(key for key in self.objects if key.startswith(Prefix))[:MaxKeys]
        return {"Contents": [self._listed(key) for key in keys]}

    def get_paginator(self, _name):
        return SimpleNamespace(paginate=lambda **options: iter([self.list_objects_v2(**options)]))

    def delete_object(self, *, Key, **_):  # noqa: N803 # boto3's
        self.calls.append(("delete", Key))
        if Key in self.denied:
            raise refusal("AccessDenied", 403)
        self.objects.pop(Key, None)

    def delete_objects(self, *, Delete, **_):  # noqa: N803 # boto3's
        keys = [item["Key"] for item in Delete["Objects"]]
        self.calls.append(("delete many", len(keys)))
        for key in set(keys) - self.denied:
            self.objects.pop(key, None)
        refused = [key for key in keys if key in self.denied]
        return {"Errors": [{"Key": k, "Code": "AccessDenied", "Message": "no"} for k in refused]}

    def etag(self, key):
        return f"etag-of-{len(self.objects[key])}"

    def _facts(self, key):
        return {
            "ContentLength": len(self.objects[key]),
            "LastModified": MOMENT,
            "ETag": f'"{self.etag(key)}"',
            "ChecksumCRC32": "AAAAAA==-3",
        }

    def _listed(self, key):
        return {
            "Key": key,
            "Size": len(self.objects[key]),
            "LastModified": MOMENT,
            "ETag": f'"{self.etag(key)}"',
        }

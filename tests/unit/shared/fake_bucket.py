"""A versioned bucket in memory, as the S3 client's methods see it: what S3 keeps of what it copies.

Its ETags and checksums are made by S3's rules, so that a copy of other bytes looks like one.
"""

import base64
import hashlib
import zlib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import RLock

from tests.unit.shared.s3_stub import client_error

CHANGED = datetime(2025, 11, 6, 8, 49, 37, tzinfo=UTC)


def md5_etag(body):
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'


def crc32(body):
    return base64.b64encode(zlib.crc32(body).to_bytes(4)).decode()


@dataclass
class Version:
    id: str
    body: bytes
    etag: str
    checksums: dict
    properties: dict = field(default_factory=dict)
    deleted: bool = False


class FakeBucket:
    """Answers the client's methods; `calls` keeps what was asked, in order.

    `before` maps a method to what happens before it; `forbidden` are keys that nobody may touch.
    """

    def __init__(self):
        self.versions = defaultdict(list)
        self.uploads = {}
        self.calls = []
        self.before = {}
        self.forbidden = set()
        self._lock = RLock()
        self._ids = iter(range(1, 100_000))

    # ------------------------------------------------------------------ what tests put and see
    def put(self, key, body=b"bytes", *, etag=None, checksums=None, **properties):
        version = Version(
            f"v{next(self._ids)}",
            body,
            etag or md5_etag(body),
            {"ChecksumCRC32": crc32(body)} if checksums is None else checksums,
            properties,
        )
        self.versions[key].append(version)
        return version.id

    def body(self, key):
        latest = self._latest(key)
        return None if latest is None else latest.body

    def keys(self):
        return sorted((k for k in self.versions if self._latest(k)), key=str.encode)

    def called(self, method):
        return [request for name, request in self.calls if name == method]

    @property
    def methods(self):
        return [name for name, _ in self.calls]

    # ------------------------------------------------------------------ the client
    def head_object(self, **request):
        with self._call("head_object", request):
            version = self._found("HeadObject", request, "404")
            return self._described(version) | dict(version.checksums)

    def list_objects_v2(self, **request):
        with self._call("list_objects_v2", request):
            start = request.get("StartAfter", "")
            keys = [
                key
                for key in self.keys()
                if key.startswith(request["Prefix"]) and key.encode() > start.encode()
            ]
            page = keys[: request["MaxKeys"]]
            more = {"NextContinuationToken": "more"} if len(keys) > len(page) else {}
            contents = [
                {
                    "Key": key,
                    "Size": len(self.body(key)),
                    "ETag": self._latest(key).etag,
                    "LastModified": CHANGED,
                }
                for key in page
            ]
            return {"Contents": contents, **more}

    def copy_object(self, **request):
        with self._call("copy_object", request):
            source = self._source("CopyObject", request)
            there = self._latest(request["Key"])
            if request.get("IfNoneMatch") == "*" and there is not None:
                raise client_error(412, "PreconditionFailed", Condition="If-None-Match")
            version_id = self.put(request["Key"], source.body, **source.properties)
            copy = self.versions[request["Key"]][-1]
            return {"CopyObjectResult": {"ETag": copy.etag}, "VersionId": version_id}

    def delete_object(self, **request):
        with self._call("delete_object", request):
            latest = self._latest(request["Key"])
            if condition := request.get("IfMatch"):
                if latest is None:
                    raise client_error(404, "NoSuchKey")
                if condition != latest.etag:
                    raise client_error(412, "PreconditionFailed")
            return {"VersionId": self._mark(request["Key"])}

    def delete_objects(self, **request):
        with self._call("delete_objects", request):
            keys = [named["Key"] for named in request["Delete"]["Objects"]]
            denied = {"Code": "AccessDenied", "Message": "no"}
            return {
                "Deleted": [
                    {"Key": key, "DeleteMarkerVersionId": self._mark(key)}
                    for key in keys
                    if key not in self.forbidden
                ],
                "Errors": [{"Key": key, **denied} for key in keys if key in self.forbidden],
            }

    def create_multipart_upload(self, **request):
        with self._call("create_multipart_upload", request):
            upload_id = f"u{next(self._ids)}"
            self.uploads[upload_id] = {"request": request, "parts": {}}
            return {"UploadId": upload_id}

    def upload_part_copy(self, **request):
        with self._call("upload_part_copy", request):
            upload = self._upload(request)
            body = self._source("UploadPartCopy", request).body
            if asked := request.get("CopySourceRange"):
                first, last = map(int, asked.removeprefix("bytes=").split("-"))
                assert 0 <= first <= last < len(body)
                body = body[first : last + 1]
            upload["parts"][request["PartNumber"]] = body
            return {"CopyPartResult": {"ETag": md5_etag(body)}}

    def list_parts(self, **request):
        with self._call("list_parts", request):
            parts = sorted(self._upload(request)["parts"].items())
            parts = [part for part in parts if part[0] > request["PartNumberMarker"]]
            page = parts[: request["MaxParts"]]
            answer = {
                "Parts": [
                    {"PartNumber": number, "Size": len(body), "ETag": md5_etag(body)}
                    for number, body in page
                ],
                "IsTruncated": len(page) < len(parts),
            }
            return answer | ({"NextPartNumberMarker": page[-1][0]} if page else {})

    def complete_multipart_upload(self, **request):
        with self._call("complete_multipart_upload", request):
            upload = self._upload(request)
            if request.get("IfNoneMatch") == "*" and self._latest(request["Key"]):
                raise client_error(412, "PreconditionFailed", Condition="If-None-Match")
            bodies = [
                upload["parts"][part["PartNumber"]] for part in request["MultipartUpload"]["Parts"]
            ]
            body = b"".join(bodies)
            if len(body) != request["MpuObjectSize"]:
                raise client_error(400, "InvalidRequest")
            digests = b"".join(hashlib.md5(part, usedforsecurity=False).digest() for part in bodies)
            etag = f'{md5_etag(digests)[:-1]}-{len(bodies)}"'
            asked = upload["request"]
            kept = {
                name: asked[name]
                for name in ("ContentType", "CacheControl", "Metadata")
                if name in asked
            }
            whole = asked.get("ChecksumAlgorithm") == "CRC32"
            checksums = {"ChecksumCRC32": crc32(body)} if whole else {}
            version_id = self.put(request["Key"], body, etag=etag, checksums=checksums, **kept)
            del self.uploads[request["UploadId"]]
            return {"ETag": etag, "VersionId": version_id}

    def abort_multipart_upload(self, **request):
        with self._call("abort_multipart_upload", request):
            self._upload(request)
            del self.uploads[request["UploadId"]]
            return {}

    # ------------------------------------------------------------------ S3's rules
    def _call(self, method, request):
        with self._lock:
            self.calls.append((method, request))
            if method in self.before:
                self.before[method]()
            named = {request.get("Key"), (request.get("CopySource") or {}).get("Key")}
            if named & self.forbidden:
                raise client_error(403, "403" if method == "head_object" else "AccessDenied")
        return self._lock

    def _latest(self, key):
        versions = self.versions.get(key)
        return versions[-1] if versions and not versions[-1].deleted else None

    def _mark(self, key):
        marker = Version(f"v{next(self._ids)}", b"", "", {}, deleted=True)
        self.versions[key].append(marker)
        return marker.id

    def _found(self, operation, named, missing):
        version_id = named.get("VersionId")
        if version_id is None:
            version = self._latest(named["Key"])
        else:
            version = next((v for v in self.versions[named["Key"]] if v.id == version_id), None)
        if version is None:
            raise client_error(404, missing)
        if version.deleted:
            raise client_error(405, "405")
        return version

    def _source(self, operation, request):
        source = self._found(operation, request["CopySource"], "NoSuchKey")
        if request.get("CopySourceIfMatch", source.etag) != source.etag:
            raise client_error(412, "PreconditionFailed", Condition="x-amz-copy-source-If-Match")
        return source

    def _upload(self, request):
        upload = self.uploads.get(request["UploadId"])
        if upload is None or upload["request"]["Key"] != request["Key"]:
            raise client_error(404, "NoSuchUpload")
        return upload

    def _described(self, version):
        return {
            "ContentLength": len(version.body),
            "ETag": version.etag,
            "LastModified": CHANGED,
            "VersionId": version.id,
            "ContentType": "text/plain",
        } | version.properties

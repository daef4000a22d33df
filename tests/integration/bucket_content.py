"""The bucket as root sees it: what tests put there and find there."""

from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import quote, urlsplit

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError


@dataclass(frozen=True)
class BucketContent:
    """The objects of a stack's bucket, written and read as root."""

    stack: object

    @property
    def _place(self):
        return self.stack.client("s3"), self.stack.outputs["BucketName"]

    def put(self, key, body=b"", **options):
        """Put an object; its version id."""
        s3, bucket = self._place
        return s3.put_object(Bucket=bucket, Key=key, Body=body, **options)["VersionId"]

    def put_all(self, bodies):
        """Put thousands of small objects: bytes by key.

        With boto3's client most of the time would go into what it does around each request.
        """
        s3, bucket = self._place
        sign = S3SigV4Auth(s3._get_credentials(), "s3", s3.meta.region_name).add_auth
        host = urlsplit(self.stack.endpoint_url).netloc
        with closing(HTTPConnection(host)) as connection:
            for key, body in bodies.items():
                path = f"/{bucket}/{quote(key)}"
                request = AWSRequest("PUT", f"http://{host}{path}", data=body)
                sign(request)
                connection.request("PUT", path, body, dict(request.headers))
                answer = connection.getresponse()
                said = answer.read()
                assert answer.status == 200, said

    def put_in_parts(self, key, *bodies):
        """Put an object whose ETag is no MD5 and that has no checksum of the whole."""
        s3, bucket = self._place
        upload = {"Bucket": bucket, "Key": key}
        upload["UploadId"] = s3.create_multipart_upload(**upload)["UploadId"]
        parts = [
            {
                "PartNumber": number,
                "ETag": s3.upload_part(**upload, PartNumber=number, Body=body)["ETag"],
            }
            for number, body in enumerate(bodies, 1)
        ]
        s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})

    def delete(self, key):
        """Delete an object; the id of the delete marker."""
        s3, bucket = self._place
        return s3.delete_object(Bucket=bucket, Key=key)["VersionId"]

    def body(self, key):
        """The object's bytes, None where there is none."""
        s3, bucket = self._place
        with suppress(ClientError), s3.get_object(Bucket=bucket, Key=key)["Body"] as body:
            return body.read()
        return None

    def head(self, key):
        s3, bucket = self._place
        return s3.head_object(Bucket=bucket, Key=key)

    def keys(self, prefix):
        """All keys below the prefix, in S3's order."""
        s3, bucket = self._place
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        return [listed["Key"] for page in pages for listed in page.get("Contents", ())]

    def uploads(self, prefix):
        """The keys of unfinished uploads below the prefix."""
        s3, bucket = self._place
        listed = s3.list_multipart_uploads(Bucket=bucket, Prefix=prefix)
        return [upload["Key"] for upload in listed.get("Uploads", ())]

    def abort_uploads(self, prefix):
        """End all unfinished uploads below the prefix."""
        s3, bucket = self._place
        listed = s3.list_multipart_uploads(Bucket=bucket, Prefix=prefix)
        for upload in listed.get("Uploads", ()):
            s3.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])

    def versions(self):
        """(key, version id) of every version and delete marker, the newest of a key first."""
        s3, bucket = self._place
        pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket)
        return [
            (found["Key"], found["VersionId"])
            for page in pages
            for found in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
        ]

    def keep_only(self, versions):
        """Remove all other versions, which brings back what they hid, and unfinished uploads."""
        s3, bucket = self._place
        others = [
            {"Key": key, "VersionId": version}
            for key, version in self.versions()
            if (key, version) not in versions
        ]
        # XML cannot carry a control character, so such a key goes alone, in the address.
        alone = [other for other in others if not other["Key"].isprintable()]
        for other in alone:
            s3.delete_object(Bucket=bucket, **other)
        batched = [other for other in others if other not in alone]
        for start in range(0, len(batched), 1000):
            s3.delete_objects(Bucket=bucket, Delete={"Objects": batched[start : start + 1000]})
        self.abort_uploads("")

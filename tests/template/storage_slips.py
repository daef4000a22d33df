"""Slips about the bucket, at least one per invariant."""

from typing import Any

from tests.template import storage_invariants as storage
from tests.template.slip import Slip, Template, allow, props


def tls_condition(template: Template) -> dict[str, Any]:
    return props(template, "BucketPolicy")["PolicyDocument"]["Statement"][0]["Condition"]


STORAGE_SLIPS = (
    Slip(
        "a public access block with a hole",
        storage.buckets_are_not_public,
        lambda t: props(t, "Bucket")["PublicAccessBlockConfiguration"].pop("BlockPublicPolicy"),
        "Bucket lacks BlockPublicPolicy",
    ),
    Slip(
        "access lists",
        storage.buckets_are_not_public,
        lambda t: props(t, "Bucket").pop("OwnershipControls"),
        "Bucket knows access lists",
    ),
    Slip(
        "no encryption",
        storage.buckets_keep_what_they_hold,
        lambda t: props(t, "Bucket").pop("BucketEncryption"),
        "Bucket does not encrypt",
    ),
    Slip(
        "no versions",
        storage.buckets_keep_what_they_hold,
        lambda t: props(t, "Bucket").update(VersioningConfiguration={"Status": "Suspended"}),
        "Bucket keeps no versions",
    ),
    Slip(
        "a bucket that goes with the stack",
        storage.buckets_keep_what_they_hold,
        lambda t: t["Resources"]["Bucket"].update(DeletionPolicy="Delete"),
        "Bucket goes with the stack",
    ),
    Slip(
        "unfinished uploads for ever",
        storage.unfinished_uploads_end,
        lambda t: props(t, "Bucket")["LifecycleConfiguration"]["Rules"].pop(0),
        "Bucket keeps unfinished uploads",
    ),
    Slip(
        "unfinished uploads end in one folder only",
        storage.unfinished_uploads_end,
        lambda t: props(t, "Bucket")["LifecycleConfiguration"]["Rules"][0].update(Prefix="shared/"),
        "Bucket keeps unfinished uploads",
    ),
    Slip(
        "every origin",
        storage.buckets_answer_one_origin,
        lambda t: props(t, "Bucket")["CorsConfiguration"]["CorsRules"][0].update(
            AllowedOrigins=["*"]
        ),
        "Bucket answers ['*']",
    ),
    Slip(
        "an ETag that a page cannot read",
        storage.buckets_answer_one_origin,
        lambda t: props(t, "Bucket")["CorsConfiguration"]["CorsRules"][0].pop("ExposedHeaders"),
        "Bucket hides ETag",
    ),
    Slip(
        "no TLS rule",
        storage.plain_text_connections_are_refused,
        lambda t: t["Resources"].pop("BucketPolicy"),
        "s3:GetObject with TLS false: denied is False",
    ),
    Slip(
        "the TLS rule the wrong way round",
        storage.plain_text_connections_are_refused,
        lambda t: tls_condition(t)["Bool"].update({"aws:SecureTransport": "true"}),
        "s3:GetObject with TLS true: denied is True",
    ),
    Slip(
        "the TLS rule for objects alone",
        storage.plain_text_connections_are_refused,
        lambda t: props(t, "BucketPolicy")["PolicyDocument"]["Statement"][0]["Resource"].pop(0),
        "s3:ListBucket with TLS false: denied is False",
    ),
    Slip(
        "a bucket policy that grants",
        storage.bucket_policies_only_deny,
        lambda t: props(t, "BucketPolicy")["PolicyDocument"]["Statement"].append(
            {**allow("s3:GetObject"), "Principal": "*"}
        ),
        "BucketPolicy has Allow",
    ),
)

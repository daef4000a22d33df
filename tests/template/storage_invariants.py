"""What has to hold for the bucket that the template creates.

Each function returns its violations as sentences; a bucket brought along is its owner's affair.
"""

from typing import Any

from tests.template.iam_judge import Request, denies
from tests.template.rendering import Rendered


def buckets(rendered: Rendered) -> dict[str, dict[str, Any]]:
    return rendered.of_type("AWS::S3::Bucket")


def buckets_are_not_public(rendered: Rendered) -> list[str]:
    """No access list and no policy can open a bucket; whatever is put belongs to its owner."""
    blocks = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    violations = []
    for name, bucket in buckets(rendered).items():
        settings = bucket.get("PublicAccessBlockConfiguration", {})
        violations += [
            f"{name} lacks {block}" for block in blocks if settings.get(block) is not True
        ]
        if bucket.get("OwnershipControls") != {
            "Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]
        }:
            violations.append(f"{name} knows access lists")
        if "AccessControl" in bucket:
            violations.append(f"{name} has the access list {bucket['AccessControl']}")
    return violations


def buckets_keep_what_they_hold(rendered: Rendered) -> list[str]:
    """Objects are encrypted and versioned, and outlive the stack."""
    violations = []
    for name, bucket in buckets(rendered).items():
        rules = bucket.get("BucketEncryption", {}).get("ServerSideEncryptionConfiguration", [])
        facts = {
            "does not encrypt": not any("ServerSideEncryptionByDefault" in rule for rule in rules),
            "keeps no versions": bucket.get("VersioningConfiguration") != {"Status": "Enabled"},
            "goes with the stack": rendered.resources[name].get("DeletionPolicy") != "Retain",
            "goes with a replacement": rendered.resources[name].get("UpdateReplacePolicy")
            != "Retain",
        }
        violations += [f"{name} {fact}" for fact, is_so in facts.items() if is_so]
    return violations


def unfinished_uploads_end(rendered: Rendered) -> list[str]:
    """An upload that nobody finished is aborted within a week, in the whole bucket."""
    violations = []
    for name, bucket in buckets(rendered).items():
        days = [
            rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"]
            for rule in bucket.get("LifecycleConfiguration", {}).get("Rules", [])
            if "AbortIncompleteMultipartUpload" in rule
            and rule["Status"] == "Enabled"
            and not rule.keys() & {"Prefix", "TagFilters"}
        ]
        violations += [] if days and min(days) <= 7 else [f"{name} keeps unfinished uploads"]
    return violations


def buckets_answer_one_origin(rendered: Rendered) -> list[str]:
    """CORS names the one origin, and `null`, which a browser sends after our redirect."""
    wanted = [rendered.parameters["AllowedOrigin"], "null"]
    violations = []
    for name, bucket in buckets(rendered).items():
        rules = bucket.get("CorsConfiguration", {}).get("CorsRules", [])
        violations += [] if rules else [f"{name} has no CORS rule"]
        for rule in rules:
            if rule["AllowedOrigins"] != wanted:
                violations.append(f"{name} answers {rule['AllowedOrigins']}")
            hidden = {"ETag", "Content-Range"} - set(rule.get("ExposedHeaders", []))
            violations += [f"{name} hides {header}" for header in sorted(hidden)]
    return violations


def plain_text_connections_are_refused(rendered: Rendered) -> list[str]:
    """The bucket's policy denies everybody everything without TLS, and nothing with it."""
    policies = {
        policy["Bucket"]: policy["PolicyDocument"]
        for policy in rendered.of_type("AWS::S3::BucketPolicy").values()
    }
    violations = []
    for name in buckets(rendered):
        bucket = rendered.attribute(name, "Arn")
        policy = policies.get(rendered.ref(name), {"Version": "2012-10-17", "Statement": []})
        for action, resource in (
            ("s3:GetObject", f"{bucket}/any/key"),
            ("s3:PutObject", f"{bucket}/any"),
            ("s3:ListBucket", bucket),
            ("s3:DeleteBucket", bucket),
        ):
            for secure, wanted in (("false", True), ("true", False)):
                request = Request(action, resource, {"aws:SecureTransport": secure})
                if denies(policy, request) is not wanted:
                    violations.append(f"{name}: {action} with TLS {secure}: denied is {not wanted}")
    return violations


def bucket_policies_only_deny(rendered: Rendered) -> list[str]:
    """No bucket policy grants anything: rights come from roles alone."""
    return [
        f"{name} has {statement['Effect']}"
        for name, policy in rendered.of_type("AWS::S3::BucketPolicy").items()
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] != "Deny"
    ]


STORAGE_INVARIANTS = (
    buckets_are_not_public,
    buckets_keep_what_they_hold,
    unfinished_uploads_end,
    buckets_answer_one_origin,
    plain_text_connections_are_refused,
    bucket_policies_only_deny,
)

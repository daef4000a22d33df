"""Reads a role: its trust policy and everything that grants it something."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from bucketpass.pools.inventory import Document, Role

if TYPE_CHECKING:
    from types_boto3_iam import IAMClient


class RoleReader:
    """Reads roles; a managed policy that several roles share is read once."""

    def __init__(self, client: "IAMClient") -> None:
        self._client = client
        self._managed: dict[str, Document] = {}

    def role(self, arn: str) -> Role:
        """That role; botocore's errors pass."""
        name = arn.rpartition("/")[2]
        found = self._client.get_role(RoleName=name)["Role"]
        policies = (*self._attached(name), *self._inline(name))
        return Role(arn, _document(found["AssumeRolePolicyDocument"]), policies)

    def _attached(self, name: str) -> Iterator[Document]:
        pages = self._client.get_paginator("list_attached_role_policies").paginate(RoleName=name)
        for page in pages:
            for policy in page["AttachedPolicies"]:
                yield self._managed_policy(policy["PolicyArn"])

    def _managed_policy(self, arn: str) -> Document:
        if arn not in self._managed:
            version = self._client.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
            found = self._client.get_policy_version(PolicyArn=arn, VersionId=version)
            self._managed[arn] = _document(found["PolicyVersion"]["Document"])
        return self._managed[arn]

    def _inline(self, name: str) -> Iterator[Document]:
        pages = self._client.get_paginator("list_role_policies").paginate(RoleName=name)
        for page in pages:
            for policy in page["PolicyNames"]:
                found = self._client.get_role_policy(RoleName=name, PolicyName=policy)
                yield _document(found["PolicyDocument"])


def _document(found: object) -> Document:
    # botocore has decoded the document; the stubs leave its type open
    return cast("Document", found)

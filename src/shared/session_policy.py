"""The session policy that narrows a person's credentials to a part of what their role may."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from shared.errors import InvalidRequest, ScopeNotYours, ScopeTooLarge
from shared.locations import Location, Permission
from shared.object_key import expand_home_prefix, parse_prefix

Access = Literal["read", "readwrite"]

# STS API reference, AssumeRole, Policy.
MAX_CHARACTERS: Final = 2048

_NEEDED: Final[Mapping[Access, frozenset[Permission]]] = {
    "read": frozenset(("list", "read")),
    "readwrite": frozenset(("list", "read", "write", "delete")),
}
_ON_THE_BUCKET: Final = ["s3:ListBucket", "s3:ListBucketVersions"]
_ON_OBJECTS: Final[Mapping[Access, list[str]]] = {
    "read": ["s3:GetObject", "s3:GetObjectVersion"],
    "readwrite": [
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3:PutObject",
        "s3:DeleteObject",
        "s3:AbortMultipartUpload",
        "s3:ListMultipartUploadParts",
    ],
}
# An empty policy, or none at all, would leave the session everything that its role may.
_NOTHING: Final[dict[str, object]] = {"Effect": "Deny", "Action": "*", "Resource": "*"}
_SPECIAL: Final = re.compile(r"[*?$]")


@dataclass(frozen=True, slots=True)
class Scope:
    """`access` to everything below `prefix`, which is the real one and ends in `/`.

    Raises InvalidRequest for another: `reports` would open `reports-of-others/` too, and the empty
    one the whole bucket.
    """

    prefix: str
    access: Access

    def __post_init__(self) -> None:
        if not self.prefix.endswith("/"):
            raise InvalidRequest(
                "the scope does not end in a slash",
                detail='scope is a prefix that ends in "/", such as home/me/reports/.',
            )


def parse_scope(text: str, access: Access, home: str) -> Scope:
    """The scope that a caller names; `home/me/` at its start stands for `home`, their own folder.

    Raises InvalidKey by the rules of `parse_prefix`, InvalidRequest by those of `Scope`.
    """
    return Scope(expand_home_prefix(parse_prefix(text), home), access)


def require_within(scope: Scope, locations: Iterable[Location]) -> None:
    """Raise ScopeNotYours unless the locations around the scope together permit its access.

    A courtesy that says early what would not work: what a session policy does not find in the
    role's policies it cannot add.
    """
    permitted = {
        permission
        for location in locations
        if scope.prefix.startswith(location.prefix)
        for permission in location.permissions
    }
    if not _NEEDED[scope.access] <= permitted:
        raise ScopeNotYours(f"{scope.access} is not permitted in the scope")


def session_policy(scopes: Sequence[Scope], bucket: str, partition: str) -> str:
    """The policy document that leaves a session the scopes, and nothing at all where there is none.

    At most 2,048 characters of ASCII, or it raises ScopeTooLarge. What it allows is still cut to
    what the role allows (IAM User Guide, "Session policies").
    """
    arn = f"arn:{partition}:s3:::{bucket}"
    statements = [
        statement
        for access in _NEEDED
        if (within := [_literal(scope.prefix) for scope in scopes if scope.access == access])
        for statement in _statements(access, within, arn)
    ]
    document = {"Version": "2012-10-17", "Statement": statements or [_NOTHING]}
    # In ASCII: STS takes no character above U+00FF but as JSON escapes it.
    text = json.dumps(document, separators=(",", ":"))
    if len(text) > MAX_CHARACTERS:
        raise ScopeTooLarge(f"the session policy has {len(text)} characters")
    return text


def _statements(access: Access, prefixes: list[str], bucket_arn: str) -> list[dict[str, object]]:
    return [
        {
            "Effect": "Allow",
            "Action": _ON_THE_BUCKET,
            "Resource": bucket_arn,
            "Condition": {"StringLike": {"s3:prefix": [f"{prefix}*" for prefix in prefixes]}},
        },
        {
            "Effect": "Allow",
            "Action": _ON_OBJECTS[access],
            "Resource": [f"{bucket_arn}/{prefix}*" for prefix in prefixes],
        },
    ]


def _literal(text: str) -> str:
    """The text as a policy writes it where `*`, `?` and `${…}` mean something.

    Source: IAM User Guide, reference_policies_variables, "Specifying special characters"; from
    Version 2012-10-17 on.
    """
    return _SPECIAL.sub(lambda found: f"${{{found.group()}}}", text)

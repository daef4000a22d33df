"""What a role's policies open to everybody who gets the role.

Only what the role's own policies allow is looked at: a Deny, a permissions boundary, a service
control policy or the bucket's policy may still take some of it away.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from bucketpass.pools.inventory import Role
from bucketpass.pools.policy_statement import (
    Condition,
    Statement,
    literal,
    own_literal,
    statements,
)

_LISTING: Final = ("s3:ListBucket", "s3:ListBucketVersions")
_OBJECTS: Final = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:GetObjectVersion")
_READS: Final = re.compile(r"[\w-]+:(?:Get|List|Head|Describe|BatchGet)[\w*?]*", re.IGNORECASE)
# What Cognito's own template for default roles grants; it opens nobody's data.
_HARMLESS: Final = re.compile(r"(?:cognito-sync|cognito-identity|mobileanalytics):", re.IGNORECASE)


@dataclass(frozen=True)
class Opening:
    """Something that is not one person's: what can be done, and by which pattern.

    `names_only` says that a listing shows the names of folders and not what is in them.
    """

    action: str
    pattern: str
    names_only: bool = False


def own_folders(role: Role) -> frozenset[str]:
    """What stands before the identity in the role's key patterns, such as `home/`."""
    return frozenset(
        before
        for statement in _granted(role)
        if statement.variables
        for pattern in [*map(_key, statement.resources), *_prefixes(statement)]
        if pattern is not None and (before := own_literal(pattern)) is not None
    )


def has_own_objects(role: Role) -> bool:
    """Whether the role opens objects of each person's own."""
    return any(
        statement.covers(action) and any(map(statement.own, statement.resources))
        for statement in _granted(role)
        for action in _OBJECTS
    )


def listings_of_everyone(role: Role) -> list[Opening]:
    """Rights to list keys that are not the person's own: all keys, or everybody's folders."""
    own = own_folders(role)
    return [
        opening
        for statement in _for_everyone(role)
        for action in _LISTING
        if statement.covers(action) and any(map(_is_bucket, statement.resources))
        for opening in _listing(statement, action, own)
    ]


def objects_of_everyone(role: Role) -> list[Opening]:
    """Rights on objects that are not the person's own: all objects, or everybody's folders."""
    own = own_folders(role)
    return [
        Opening(action, resource)
        for statement in _for_everyone(role)
        for action in _OBJECTS
        if statement.covers(action)
        for resource in statement.resources
        if (key := _key(resource)) is not None
        and not statement.own(resource)
        and _shows_others(key, own)
    ]


def common_rights(role: Role, *, changing: bool) -> list[Opening]:
    """What everybody with the role may do to things that are not their own.

    `changing` chooses between rights that change something and rights that only read.
    """
    return [
        Opening(action, resource)
        for statement in _granted(role)
        if not statement.for_one_person
        for action in statement.actions or ("*",)
        if not _HARMLESS.match(action) and (_READS.fullmatch(action) is None) == changing
        for resource in statement.resources
        if not statement.own(resource)
    ]


def contains(larger: Role, smaller: Role) -> bool:
    """Whether every grant of the smaller role is, word for word, one of the larger."""
    return set(_granted(smaller)) <= set(_granted(larger))


def _granted(role: Role) -> Iterator[Statement]:
    return (statement for statement in statements(role.policies) if statement.allows)


def _for_everyone(role: Role) -> Iterator[Statement]:
    """Grants that no condition keeps for one person; a listing's prefix is looked at apart."""
    for statement in _granted(role):
        others = tuple(c for c in statement.conditions if c.key != "s3:prefix")
        if not replace(statement, conditions=others).for_one_person:
            yield statement


def _listing(statement: Statement, action: str, own: frozenset[str]) -> Iterator[Opening]:
    asked = [c for c in statement.conditions if c.key == "s3:prefix" and not c.holds_without_key]
    if not asked:
        yield Opening(action, "")
        return
    # all conditions have to hold, so one that keeps to the own folder is enough
    shown = [list(_shown(statement, condition, own)) for condition in asked]
    if all(shown):
        yield from (Opening(action, *found) for found in shown[0])


def _shown(
    statement: Statement, condition: Condition, own: frozenset[str]
) -> Iterator[tuple[str, bool]]:
    """The prefixes that show what is others', each with whether it shows names alone."""
    by_level = any(
        c.key == "s3:delimiter" and not c.holds_without_key and c.values == ("/",)
        for c in statement.conditions
    )
    for prefix in condition.values:
        exact = condition.test != "stringlike" or not re.search(r"[*?]", prefix)
        if statement.own(prefix):
            continue
        if exact and by_level:
            if prefix in own:
                yield prefix, True
        elif _shows_others(prefix, own):
            yield prefix, False


def _shows_others(pattern: str, own: Iterable[str]) -> bool:
    start = literal(pattern)
    # `home/public/` is one folder by its name; `home/eu-*` is many people's
    return not start or any(
        folder.startswith(start) or (start.startswith(folder) and "/" not in start[len(folder) :])
        for folder in own
    )


def _prefixes(statement: Statement) -> Iterator[str]:
    return (v for c in statement.conditions if c.key == "s3:prefix" for v in c.values)


def _key(resource: str) -> str | None:
    """The pattern of the keys in the ARN of objects; None for the ARN of a bucket."""
    if resource == "*":
        return "*"
    bucket, slash, key = resource.partition(":::")[2].partition("/")
    if slash:
        return key
    return "*" if bucket.endswith("*") else None


def _is_bucket(resource: str) -> bool:
    return resource == "*" or "/" not in resource.partition(":::")[2]

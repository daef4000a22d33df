"""The exchange of a verified ID token for the one role that knows a person's groups by tags."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from shared.group_role import GroupRole
from shared.principal import Principal

if TYPE_CHECKING:
    from types_boto3_sts import STSClient
    from types_boto3_sts.type_defs import TagTypeDef

# The template's policies test `aws:PrincipalTag/group_NAME` for this value.
TAG_PREFIX: Final = "group_"
MEMBER: Final = "member"
# STS takes 50 tags, each key of 128 characters at most (STS API reference, AssumeRole).
MOST_GROUPS: Final = 48
_GROUP: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")


class MemberRole(GroupRole):
    """`sts:AssumeRole` on the role of everybody, with the person's groups in the session's tags.

    `groups` are those that the role's policies know. Raises ValueError for a group whose name
    cannot be a tag, for two that IAM would take for one, and for more than STS takes.
    """

    def __init__(self, client: "STSClient", groups: Sequence[str]) -> None:
        super().__init__(client)
        # IAM compares tag keys without regard to case (IAM User Guide, id_session-tags).
        if len({group.lower() for group in groups}) < len(groups) or len(groups) > MOST_GROUPS:
            raise ValueError(f"groups that session tags cannot tell apart or hold: {groups!r}")
        for group in groups:
            if not _GROUP.fullmatch(group):
                raise ValueError(f"a group that cannot be a session tag: {group!r}")
        self._groups = tuple(groups)

    def tags(self, principal: Principal, identity_id: str) -> "list[TagTypeDef]":
        """The tags of `GroupRole`, and one for each known group that the ID token names exactly.

        No text of the token becomes a tag: a group that nobody planned for gives none.
        """
        named = [group for group in self._groups if group in principal.groups]
        return super().tags(principal, identity_id) + [
            {"Key": f"{TAG_PREFIX}{group}", "Value": MEMBER} for group in named
        ]

"""What rm and sync have in common: remove objects, and tell how it went."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bucketpass.cli.words import complain, say
from bucketpass.errors import PartlyDone

if TYPE_CHECKING:
    from bucketpass.files.bucket_files import BucketFiles


def remove_objects(files: "BucketFiles", keys: Sequence[str]) -> None:
    """Remove them all; raises if one stays, after all others are gone."""
    errors = [error for _, error in files.remove_all(keys) if error is not None]
    removed = len(keys) - len(errors)
    if removed:
        say(f"Removed {removed} object{'s' if removed != 1 else ''}.")
    if not errors:
        return
    if len(keys) == 1:
        raise errors[0]
    for error in errors:
        complain(error)
    causes = {type(error) for error in errors}
    cause = causes.pop() if len(causes) == 1 else PartlyDone
    raise cause(f"{len(errors)} of {len(keys)} objects stay.")

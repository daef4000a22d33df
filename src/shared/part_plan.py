"""Into which parts an object of a given size is cut for its upload."""

from dataclasses import dataclass
from typing import Final

from shared.errors import InvalidRequest
from shared.object_errors import TooLarge

MEBIBYTE: Final = 1024**2
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html: at most 10,000 parts, each
# but the last of at least 5 MiB. The largest object is what 10,000 parts were made for.
MAX_PARTS: Final = 10_000
MAX_OBJECT_BYTES: Final = 5 * 1024**4
MIN_PART_BYTES: Final = 8 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class PartPlan:
    """Parts of `part_size` bytes, numbered from 1, of an object of `size` bytes.

    The last part has what is left; an object of no bytes has one part of no bytes.
    """

    size: int
    part_size: int

    @property
    def count(self) -> int:
        """How many parts there are: 1 to 10,000."""
        return max(1, -(-self.size // self.part_size))

    def size_of(self, number: int) -> int:
        """The bytes of one part; InvalidRequest where the object has no such part."""
        if not 1 <= number <= self.count:
            raise InvalidRequest(
                f"part {number} of {self.count}",
                detail=f"The object has the parts 1 to {self.count:,}.",
            )
        return min(self.part_size, self.size - (number - 1) * self.part_size)


def plan_parts(size: int) -> PartPlan:
    """The plan that follows from the size alone, so that nobody has to remember it.

    Parts have at least 8 MiB and whole mebibytes, as few as make at most 10,000 parts. Raises
    TooLarge above 5 TiB. To change the rule breaks the uploads that are under way.
    """
    if size > MAX_OBJECT_BYTES:
        raise TooLarge(f"{size} bytes", detail="An object has at most 5 TiB.")
    least = -(-size // MAX_PARTS)
    whole_mebibytes = -(-least // MEBIBYTE) * MEBIBYTE
    return PartPlan(size, max(MIN_PART_BYTES, whole_mebibytes))

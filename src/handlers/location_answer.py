"""A location as the answers tell it."""

from shared.locations import Location


def location_answer(location: Location) -> dict[str, object]:
    """The members of one location."""
    return {
        "bucket": location.bucket,
        "prefix": location.prefix,
        "permissions": location.permissions,
        "via": location.via,
    }

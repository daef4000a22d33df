"""A key of a batch, which can be impossible without spoiling the others."""

from shared.errors import InvalidKey
from shared.object_key import expand_home, parse_key


def key_or_error(text: str, home: str) -> str | InvalidKey:
    """The real key, `home/me/` being `home`, or why it is none."""
    try:
        return expand_home(parse_key(text), home)
    except InvalidKey as error:
        return error

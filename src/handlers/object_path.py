"""The object that the path of a request names."""

from handlers.request import Event, path_key
from shared.object_key import expand_home, parse_key

# A greedy path parameter: any key, also one with a line break, which is then refused by name.
OBJECT_PATH = r"/objects/[\s\S]+"


def object_key(event: Event, home: str) -> str:
    """The real key of `{key+}`, `home/me/` being `home`; raises InvalidKey."""
    return expand_home(parse_key(path_key(event)), home)

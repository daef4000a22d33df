"""The objects of the demonstration, so that a first listing has something to show."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

FIRST_OBJECT: Final = "hello.txt"
SHARED_OBJECT: Final = "shared/handbook.txt"
EDITORS_OBJECT: Final = "groups/editors/draft.md"

_AT_HOME: Final[dict[str, dict[str, str]]] = {
    "alice": {
        FIRST_OBJECT: "Hello Alice, only you can read this.\n",
        "notes/to do.md": "# To do\n\n- paste a curl\n",
        "notes/2026/Zürich ☀ trip.md": "# Zürich\n\nThe name of this file is the test.\n",
        "photos/pixel.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>\n',
    },
    "bob": {
        FIRST_OBJECT: "Hello Bob, only you can read this.\n",
        "diary/monday.txt": "Nobody but me reads this.\n",
    },
}
_FOR_MANY: Final = {
    SHARED_OBJECT: "Everybody who signed in reads this; editors change it.\n",
    "shared/templates/letter.txt": "Dear ,\n",
    EDITORS_OBJECT: "# Draft\n\nOf the editors, by the editors.\n",
}
_TYPES: Final = {"md": "text/markdown", "svg": "image/svg+xml", "txt": "text/plain"}


def demo_objects(identity_ids: Mapping[str, str]) -> dict[str, str]:
    """Every object of the demonstration as key and text, given the identity id per user name."""
    at_home = {
        f"home/{identity_ids[username]}/{name}": text
        for username, files in _AT_HOME.items()
        for name, text in files.items()
    }
    return at_home | _FOR_MANY


def put_demo_objects(s3: "S3Client", bucket: str, identity_ids: Mapping[str, str]) -> int:
    """Fill an empty bucket and say how many objects were put; a filled one stays as it is."""
    if s3.list_objects_v2(Bucket=bucket, MaxKeys=1)["KeyCount"]:
        return 0
    objects = demo_objects(identity_ids)
    for key, text in objects.items():
        content_type = f"{_TYPES[key.rpartition('.')[2]]}; charset=utf-8"
        s3.put_object(Bucket=bucket, Key=key, Body=text.encode(), ContentType=content_type)
    return len(objects)

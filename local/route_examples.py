"""One request per route that shows what the route is for, and the refusals worth seeing."""

from dataclasses import dataclass
from typing import Final

from local.demo_objects import EDITORS_OBJECT, FIRST_OBJECT, SHARED_OBJECT


@dataclass(frozen=True, slots=True)
class RouteExample:
    """A request to paste.

    `username` None sends no token. `path` may hold `{alice}` and `{bob}`, their identity ids.
    `options` are further options of curl; `status` is the answer to expect.
    """

    says: str
    route: str
    path: str
    username: str | None = "alice"
    options: str = ""
    status: int = 200


_OBJECT: Final = "/objects/{key+}"
_MINE: Final = f"/objects/home/me/{FIRST_OBJECT}"
_LINKS: Final = '{"items":[{"key":"home/me/hello.txt"}]}'
_PARTS: Final = (
    '{"key":"home/me/large.bin","uploadId":"THE_UPLOAD","size":104857600,"partNumbers":[1]}'
)
_COMPLETE: Final = '{"key":"home/me/large.bin","uploadId":"THE_UPLOAD","size":104857600}'

ROUTE_EXAMPLES: Final = (
    RouteExample("Is it there?", "GET /health", "/health", username=None),
    RouteExample("Where does one sign in?", "GET /config", "/config", username=None),
    RouteExample("Who am I, and in which role?", "GET /me", "/me"),
    RouteExample("Where may I go?", "GET /locations", "/locations"),
    RouteExample("Alice's own files", "GET /objects", "/objects"),
    RouteExample("What is this file?", f"HEAD {_OBJECT}", _MINE, options="-I"),
    RouteExample("The file, by a redirect to S3", f"GET {_OBJECT}", _MINE, options="-L"),
    RouteExample(
        "Put a file",
        f"PUT {_OBJECT}",
        "/objects/home/me/new.txt",
        options="-X PUT -H Content-Type:text/plain --data-binary Hello",
        status=201,
    ),
    RouteExample(
        "Copy it",
        "POST /copies",
        "/copies",
        options='--data {"items":[{"from":"home/me/new.txt","to":"home/me/copy.txt"}]}',
    ),
    RouteExample(
        "Delete it",
        f"DELETE {_OBJECT}",
        "/objects/home/me/new.txt",
        options="-X DELETE",
        status=204,
    ),
    RouteExample(
        "Delete several",
        "POST /deletions",
        "/deletions",
        options='--data {"keys":["home/me/copy.txt","home/me/nothing.txt"]}',
    ),
    RouteExample("What was there before?", "GET /versions", "/versions?key=home/me/new.txt"),
    RouteExample(
        "Get a version back (wants a version that is there)",
        "POST /restorations",
        "/restorations",
        options='--data {"items":[{"key":"home/me/new.txt","versionId":"THE_VERSION"}]}',
    ),
    RouteExample(
        "Links to share or to embed",
        "POST /links",
        "/links",
        options=f"--data {_LINKS}",
    ),
    RouteExample(
        "Begin a large upload",
        "POST /uploads",
        "/uploads",
        options='--data {"key":"home/me/large.bin","size":104857600}',
    ),
    RouteExample(
        "Which parts are there? (wants an uploadId)",
        "GET /uploads/parts",
        "/uploads/parts?key=home/me/large.bin&uploadId=THE_UPLOAD",
        status=404,
    ),
    RouteExample(
        "More addresses of parts (wants an uploadId)",
        "POST /uploads/parts",
        "/uploads/parts",
        options=f"--data {_PARTS}",
        status=404,
    ),
    RouteExample(
        "Complete it (wants an uploadId)",
        "POST /uploads/complete",
        "/uploads/complete",
        options=f"--data {_COMPLETE}",
        status=404,
    ),
    RouteExample(
        "Give it up (wants an uploadId)",
        "DELETE /uploads",
        "/uploads?key=home/me/large.bin&uploadId=THE_UPLOAD",
        options="-X DELETE",
        status=204,
    ),
    RouteExample(
        "List unfinished uploads (needs a right that nobody has by default)",
        "GET /uploads",
        "/uploads",
        status=403,
    ),
    RouteExample("The buckets that she may list", "GET /buckets", "/buckets"),
    RouteExample("Her AWS credentials", "GET /credentials", "/credentials"),
    RouteExample(
        "The same, as AWS SDKs ask for them", "GET /credentials/container", "/credentials/container"
    ),
    RouteExample("The contract", "GET /openapi.json", "/openapi.json", username=None),
    RouteExample(
        "Why may Alice not write there?",
        "GET /explain",
        "/explain?action=write&key=shared/plan.txt",
    ),
    RouteExample(
        "Sign out everywhere (wants the access token)",
        "POST /session/revoke",
        "/session/revoke",
        options='--data {"accessToken":"THE_ACCESS_TOKEN"}',
        status=400,
    ),
)
REFUSALS: Final = (
    RouteExample("List Bob's files", "GET /objects", "/objects?prefix=home/{bob}/", status=403),
    RouteExample(
        "Read Bob's file",
        f"GET {_OBJECT}",
        f"/objects/home/{{bob}}/{FIRST_OBJECT}?as=content",
        status=403,
    ),
    RouteExample("No token", "GET /objects", "/objects", username=None, status=401),
)
OTHER_PEOPLE: Final = (
    RouteExample(
        "Erin, an editor, reads the editors' draft",
        f"GET {_OBJECT}",
        f"/objects/{EDITORS_OBJECT}?as=content",
        username="erin",
    ),
    RouteExample(
        "Ada, an auditor, lists Bob's files",
        "GET /objects",
        "/objects?prefix=home/{bob}/",
        username="ada",
    ),
    RouteExample(
        "Mia is both and has to say as which", "GET /objects", "/objects", "mia", status=403
    ),
    RouteExample(
        "Mia as an editor", "GET /objects", "/objects?prefix=groups/editors/&role=editors", "mia"
    ),
    RouteExample(
        "Bob reads what is shared",
        f"GET {_OBJECT}",
        f"/objects/{SHARED_OBJECT}",
        "bob",
        options="-L",
    ),
)

"""Presigned URLs for one method on one key, asked for by a client that sends the request itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from shared.content_disposition import Disposition
from shared.errors import InvalidRequest
from shared.object_properties import parse_content_type
from shared.presigned_url import PresignedUrl
from shared.presigner import Presigner

Method = Literal["GET", "HEAD", "PUT", "DELETE"]

METHODS: Final[tuple[str, ...]] = get_args(Method)
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html: a larger one needs parts.
MAX_PUT_BYTES: Final = 5 * 1024**3

# What a browser shows without running anything of it in the origin that it came from. SVG and
# HTML are not among them.
INLINE_TYPES: Final = frozenset(
    {
        "application/pdf",
        "audio/aac",
        "audio/flac",
        "audio/mp4",
        "audio/mpeg",
        "audio/ogg",
        "audio/wav",
        "audio/webm",
        "image/avif",
        "image/gif",
        "image/jpeg",
        "image/png",
        "image/webp",
        "text/plain",
        "text/plain; charset=utf-8",
        "video/mp4",
        "video/ogg",
        "video/webm",
    }
)


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """What one URL is to allow: `method` on the real key `key` for `expires_in` seconds.

    `content_type` and `content_length` (bytes) are those of the body of a PUT, which needs both.
    For a GET, `filename` None is the key's last segment, and `disposition` `inline` holds for a
    `content_type` of INLINE_TYPES, which the answer then has; any other is an attachment.
    """

    method: str
    key: str
    expires_in: int
    filename: str | None = None
    disposition: Disposition = "attachment"
    content_type: str | None = None
    content_length: int | None = None
    version_id: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """The URL, and the headers that have to be sent with it exactly as they are here."""

    url: PresignedUrl
    headers: Mapping[str, str]


def sign_link(presigner: Presigner, request: LinkRequest) -> Link:
    """Sign one URL; S3 is not asked whether the key exists or who may use it.

    Raises InvalidRequest where the request has a member that its method does not know or lacks
    one, and what `Presigner.sign` raises.
    """
    _refuse_foreign_members(request)
    match request.method:
        case "GET":
            return Link(_get(presigner, request), {})
        case "HEAD":
            return Link(_sign(presigner, request, "head_object"), {})
        case "DELETE":
            return Link(_sign(presigner, request, "delete_object"), {})
        case _:
            return _put(presigner, request)


def _get(presigner: Presigner, request: LinkRequest) -> PresignedUrl:
    inline = request.disposition == "inline" and request.content_type in INLINE_TYPES
    return presigner.sign_get(
        request.key,
        request.expires_in,
        version_id=request.version_id,
        filename=request.filename,
        disposition="inline" if inline else "attachment",
        content_type=request.content_type if inline else None,
    )


def _put(presigner: Presigner, request: LinkRequest) -> Link:
    if request.content_length is None or request.content_type is None:
        raise InvalidRequest(
            "PUT without length or type", detail="A PUT needs contentLength and contentType."
        )
    content_type = parse_content_type(request.content_type)
    url = presigner.sign(
        "put_object",
        request.key,
        request.expires_in,
        {"ContentType": content_type, "ContentLength": request.content_length},
    )
    headers = {"Content-Type": content_type, "Content-Length": str(request.content_length)}
    return Link(url, headers)


def _sign(presigner: Presigner, request: LinkRequest, operation: str) -> PresignedUrl:
    version = {} if request.version_id is None else {"VersionId": request.version_id}
    return presigner.sign(operation, request.key, request.expires_in, version)


def _refuse_foreign_members(request: LinkRequest) -> None:
    # An option without an effect would be taken for a promise.
    given = {
        "filename": request.filename is not None,
        "disposition": request.disposition != "attachment",
        "contentType": request.content_type is not None,
        "contentLength": request.content_length is not None,
        "versionId": request.version_id is not None,
    }
    known = _MEMBERS[request.method]
    for name, is_given in given.items():
        if is_given and name not in known:
            raise InvalidRequest(
                f"{name} with {request.method}", detail=f"A {request.method} takes no {name}."
            )


_MEMBERS: Final[Mapping[str, frozenset[str]]] = {
    "GET": frozenset({"filename", "disposition", "contentType", "versionId"}),
    "HEAD": frozenset({"versionId"}),
    "PUT": frozenset({"contentType", "contentLength"}),
    "DELETE": frozenset(),
}

"""How an upload is answered: the URLs to send bytes to, and what to say when all are there."""

from collections.abc import Iterable

from handlers.time_text import time_text
from handlers.upload_request import NewUpload
from shared.upload_urls import ObjectPart, UploadUrl


def whole_answer(key: str, upload: UploadUrl) -> dict[str, object]:
    """The one URL that takes the whole object."""
    return {"kind": "single", "key": key, "method": "PUT", **_url(upload), **_life([upload])}


def parts_answer(urls: Iterable[tuple[ObjectPart, UploadUrl]]) -> dict[str, object]:
    """The URLs of some parts, and when the first of them ends."""
    pairs = list(urls)
    return {
        "parts": [{"partNumber": part.number, **_url(upload)} for part, upload in pairs],
        **_life([upload for _, upload in pairs]),
    }


def begun_answer(
    asked: NewUpload, upload_id: str, urls: Iterable[tuple[ObjectPart, UploadUrl]]
) -> dict[str, object]:
    """An upload in parts: its plan, its first URLs, and what `POST /uploads/complete` is to say."""
    plan = asked.plan
    return {
        "kind": "multipart",
        "key": asked.key,
        "uploadId": upload_id,
        "partSize": plan.part_size,
        "partCount": plan.count,
        **parts_answer(urls),
        "complete": _completion(asked, upload_id),
    }


def _completion(asked: NewUpload, upload_id: str) -> dict[str, object]:
    # S3 is told these only at the end, and nobody but the client keeps them until then.
    body: dict[str, object] = {"key": asked.key, "uploadId": upload_id, "size": asked.plan.size}
    if asked.checksum is not None:
        value = {} if asked.checksum.value is None else {"value": asked.checksum.value}
        body["checksum"] = {"algorithm": asked.checksum.algorithm, **value}
    if asked.if_absent:
        body["ifNoneMatch"] = "*"
    return body


def _url(upload: UploadUrl) -> dict[str, object]:
    return {"url": upload.url.url, "headers": dict(upload.headers), "size": upload.size}


def _life(uploads: list[UploadUrl]) -> dict[str, object]:
    if not uploads:
        return {"expiresAt": None, "limitedBy": None}
    first = min((upload.url for upload in uploads), key=lambda url: url.expires_at)
    return {"expiresAt": time_text(first.expires_at), "limitedBy": first.limited_by}

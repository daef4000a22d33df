"""Uploads in parts, where the emulator takes more than S3 does, or keeps less of a checksum.

Sources: S3 user guide, checking-object-integrity-upload: a CRC can be one of the full object, for
which S3 computes what a part does not tell, SHA digests are composite, and then each part has to
tell its own; qfacts: each part but the last has at least 5 MiB. S3 API reference of
CompleteMultipartUpload: parts in ascending order. S3 API reference of ListParts: ChecksumAlgorithm,
ChecksumType.
"""

# ruff: noqa: ANN401, SLF001 # the emulator is untyped, its private names are what is replaced
from itertools import pairwise
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, fromstring

from ministack.services import s3

from local.emulator.replacement import extend

_OK: Final = 200
_LEAST_BYTES: Final = 5 * 1024**2
_TYPES: Final = {
    "CRC32": ("COMPOSITE", "FULL_OBJECT"),
    "CRC32C": ("COMPOSITE", "FULL_OBJECT"),
    "CRC64NVME": ("FULL_OBJECT",),
    "SHA1": ("COMPOSITE",),
    "SHA256": ("COMPOSITE",),
}


def install() -> None:
    """Keep an upload's type of checksum, and refuse the parts and completions that S3 refuses."""
    extend(s3, "_create_multipart_upload", "3e8ca288f4801946", _create)
    extend(s3, "_upload_part", "e27ecd53f1de3dbd", _upload_part)
    extend(s3, "_complete_multipart_upload", "9e2d6452dfe128a0", _complete)
    extend(s3, "_list_parts", "3df5645a2285b9a3", _list_parts)


def _create(original: Any, bucket: str, key: str, headers: Any) -> Any:
    algorithm = headers.get("x-amz-checksum-algorithm", "")
    types = _TYPES.get(algorithm.upper(), ())
    kind = headers.get("x-amz-checksum-type") or next(iter(types), None)
    if kind is not None and kind not in types:
        return _refusal(f"The {kind} checksum type cannot be used with {algorithm or 'null'}.")
    answer = original(bucket, key, headers)
    if answer[0] == _OK and kind is not None:
        upload_id = fromstring(answer[2]).findtext("{*}UploadId")  # noqa: S314 # its own answer
        s3._multipart_uploads[upload_id]["checksum_type"] = kind
        answer[1]["x-amz-checksum-type"] = kind
    return answer


def _upload_part(  # noqa: PLR0913, PLR0917 # the emulator's own signature
    original: Any, bucket: str, key: str, body: bytes, query: dict[str, Any], headers: Any
) -> Any:
    algorithm, kind = _checksum(_upload(query))
    told = algorithm is not None and headers.get(f"x-amz-checksum-{algorithm.lower()}")
    if kind == "COMPOSITE" and algorithm is not None and not told:
        return _refusal(
            "Checksum Type mismatch occurred, expected checksum Type: "
            f"{algorithm.lower()}, actual checksum Type: null"
        )
    return original(bucket, key, body, query, headers)


def _complete(  # noqa: PLR0913, PLR0917 # the emulator's own signature
    original: Any, bucket: str, key: str, body: bytes, query: dict[str, Any], headers: Any = None
) -> Any:
    upload = _upload(query)
    if upload.get("key") != key or upload.get("bucket") != bucket:
        return original(bucket, key, body, query, headers)
    if problem := _problem(upload, _parts(body)):
        return problem
    algorithm, kind = _checksum(upload)
    if algorithm is None or kind != "FULL_OBJECT":
        return original(bucket, key, body, query, headers)
    whole = b"".join(upload["parts"][number]["body"] for number, _ in _parts(body))
    value = s3._compute_s3_checksum(algorithm, whole)
    name = f"x-amz-checksum-{algorithm.lower()}"
    if (headers or {}).get(name, value) != value:
        text = f"The {algorithm} you specified did not match the calculated checksum."
        return s3._error("BadDigest", text, 400)
    # The original knows composites only.
    upload["checksum_algorithm"] = None
    answer = original(bucket, key, body, query, headers)
    upload["checksum_algorithm"] = algorithm
    if answer[0] == _OK:
        made = s3._ensure_bucket(bucket)["objects"][key]
        made |= {"checksums": {algorithm: value}, "checksum_type": "FULL_OBJECT"}
    return answer


def _list_parts(original: Any, bucket: str, key: str, query: dict[str, Any]) -> Any:
    status, headers, body = original(bucket, key, query)
    algorithm, kind = _checksum(_upload(query))
    if status == _OK and algorithm is not None:
        root = fromstring(body)  # noqa: S314 # the emulator's own answer
        SubElement(root, f"{{{s3.S3_NS}}}ChecksumAlgorithm").text = algorithm
        SubElement(root, f"{{{s3.S3_NS}}}ChecksumType").text = kind
        body = s3._xml_body(root)
    return status, headers, body


def _problem(upload: dict[str, Any], parts: list[tuple[int, Element]]) -> Any:
    """The refusal of a completion by these parts, None where the original is to judge."""
    numbers = [number for number, _ in parts]
    if any(one >= next_one for one, next_one in pairwise(numbers)):
        return s3._error("InvalidPartOrder", "The list of parts was not in ascending order.", 400)
    stored = upload["parts"]
    if not set(numbers) <= set(stored):
        return None
    if any(stored[number]["size"] < _LEAST_BYTES for number in numbers[:-1]):
        text = "Your proposed upload is smaller than the minimum allowed size"
        return s3._error("EntityTooSmall", text, 400)
    algorithm, kind = _checksum(upload)
    if kind == "COMPOSITE":
        for number, part in parts:
            if part.find(f"{{*}}Checksum{algorithm}") is None:
                return _refusal(
                    f"The upload was created using a {str(algorithm).lower()} checksum. The "
                    "complete request must include the checksum for each part. It was missing "
                    f"for part {number} in the request."
                )
    return None


def _parts(body: bytes) -> list[tuple[int, Element]]:
    root = fromstring(body)  # noqa: S314 # the emulator itself parses it so
    return [(int(part.findtext("{*}PartNumber") or 0), part) for part in root.iterfind("{*}Part")]


def _upload(query: dict[str, Any]) -> dict[str, Any]:
    return s3._multipart_uploads.get(s3._qp(query, "uploadId")) or {}


def _checksum(upload: dict[str, Any]) -> tuple[str | None, str | None]:
    return upload.get("checksum_algorithm"), upload.get("checksum_type")


def _refusal(text: str) -> Any:
    return s3._error("InvalidRequest", text, 400)

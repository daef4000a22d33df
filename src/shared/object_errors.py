"""What can stand between a caller and an object, beyond rights."""

from shared.errors import AccessDenied, BucketpassError


class NoSuchKey(BucketpassError):
    """The object does not exist, and the caller may know it."""

    status, code, title = 404, "no_such_key", "No such object"
    sentence = "There is no object with this key."


class NoSuchVersion(NoSuchKey):
    """The object has no such version, or that version is a deletion; the caller may know it."""

    code, title = "no_such_version", "No such version"
    sentence = "There is no such version of the object that could be read."


class NoSuchUpload(BucketpassError):
    """The key has no such unfinished upload: it was completed, aborted or never begun."""

    status, code, title = 404, "no_such_upload", "No such upload"
    sentence = "There is no unfinished upload with this id for this key."


class UploadsNotListable(AccessDenied):
    """IAM refused to list unfinished uploads: it knows that right for whole buckets alone."""

    sentence = "Your role does not list unfinished uploads; keep the uploadId of each of yours."


class Conflict(BucketpassError):
    """Another change of the same object came in between."""

    status, code, title = 409, "conflict", "Conflict"
    sentence = "Another change of the same object is under way; try again."


class ObjectArchived(Conflict):
    """The object lies in an archive storage class and has to be restored before it is read."""

    code, title = "archived", "Object archived"
    sentence = "The object is archived; restore it before reading it."


class UploadIncomplete(Conflict):
    """The parts that are there do not make up the object; `missing` lists numbers, if known."""

    code, title = "upload_incomplete", "Upload incomplete"
    sentence = "The parts do not make up the object: one is missing, of another size or changed."


class ChecksumMismatch(Conflict):
    """The bytes that arrived are not those that the checksum was computed over."""

    code, title = "checksum_mismatch", "Checksum mismatch"
    sentence = "What arrived does not have this checksum; upload it again."


class CopyUnproven(Conflict):
    """A copy of which nothing shows that it has the source's bytes, so that the source stays."""

    code, title = "copy_unproven", "Copy not proven"
    sentence = "The copy is there, but nothing proves it; the source stays."


class PreconditionFailed(BucketpassError):
    """A condition of the request (If-Match, If-None-Match …) does not hold."""

    status, code, title = 412, "precondition_failed", "Precondition failed"
    sentence = "The object is not in the state that the request asks for."


class TooLarge(BucketpassError):
    """The body, or the object that is to be made, is larger than this route takes."""

    status, code, title = 413, "too_large", "Too large"
    sentence = "The request is too large."


class TooLargeForContent(BucketpassError):
    """The object is larger than one answer of the function can carry."""

    status, code, title = 413, "too_large_for_content", "Too large to pass through"
    sentence = "The object is too large for as=content; use as=redirect, as=link or a Range."


class RangeNotSatisfiable(BucketpassError):
    """The Range header lies outside of the object."""

    status, code, title = 416, "range_not_satisfiable", "Range not satisfiable"
    sentence = "The range lies outside of the object."

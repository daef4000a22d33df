"""docs/limits.md, docs/openapi.yaml and the constants of the code say the same numbers."""

import re
from pathlib import Path

import pytest

from handlers import (
    app,
    copies,
    copy_request,
    credentials,
    deletions,
    json_body,
    links,
    objects,
    session,
    upload_request,
    uploads,
    versions,
)
from shared import (
    compact_jws,
    cursor,
    group_role,
    object_content,
    object_copy,
    object_deletion,
    object_key,
    object_page,
    object_properties,
    object_versions,
    part_plan,
    presigned_url,
    session_policy,
    upload_page,
)
from shared import links as signed_links
from tests.openapi_contract import Contract

PAGE = (Path(__file__).parents[3] / "docs" / "limits.md").read_text()
CONTRACT = Contract()
SCHEMAS = CONTRACT.document["components"]["schemas"]

# The beginning of a row, and the constants behind its numbers in the order of the row.
ROWS = {
    "Body of `PUT": [object_content.MAX_CONTENT_BYTES],
    "Object, or range of one": [object_content.MAX_CONTENT_BYTES],
    "Object by one presigned PUT": [signed_links.MAX_PUT_BYTES],
    "Object of `POST /uploads` by one PUT": [uploads.MAX_SINGLE_BYTES],
    "Object of `POST /uploads` |": [part_plan.MAX_OBJECT_BYTES],
    "Part of an upload but": [part_plan.MIN_PART_BYTES],
    "Object that `POST /copies`": [object_copy.MAX_SINGLE_BYTES],
    "JSON body |": [json_body.MAX_BODY_BYTES],
    "JSON body of `POST /copies`": [copies.MAX_BODY_BYTES],
    "JSON body of `POST /uploads/complete`": [upload_request.MAX_COMPLETE_BYTES],
    "JSON body of `POST /deletions`": [deletions.MAX_BODY_BYTES],
    "All keys of one `POST /deletions`": [deletions.MAX_BYTES_OF_KEYS],
    "JSON body of `POST /session/revoke`": [session.MAX_BODY_BYTES],
    "Entries of a page": [object_page.MAX_PAGE_SIZE, objects.DEFAULT_PAGE_SIZE],
    "Parts of a page": [upload_page.MAX_PAGE_SIZE, upload_page.MAX_PAGE_SIZE],
    "Items of `POST /links`": [links.MAX_ITEMS],
    "Items of `POST /copies`": [copy_request.MAX_ITEMS, copy_request.MAX_ITEMS],
    "Keys of `POST /deletions`": [object_deletion.MAX_KEYS, object_deletion.MAX_KEYS],
    "Part URLs": [upload_request.MAX_PART_URLS],
    "Parts of an upload |": [part_plan.MAX_PARTS],
    "Key or prefix": [object_key.MAX_KEY_BYTES],
    "Cursor": [cursor.MAX_CURSOR_CHARACTERS],
    "`uploadId`": [1024],
    "`versionId`": [1024],
    "Metadata": [object_properties.MAX_METADATA_BYTES],
    "`Content-Type`": [object_properties.MAX_PROPERTY_CHARACTERS],
    "ID token": [compact_jws.MAX_TOKEN_CHARS],
    "Session policy": [session_policy.MAX_CHARACTERS],
    "Work on one request": [app.LONGEST_WORK_SECONDS],
    "Life of a presigned URL": [1, presigned_url.MAX_SECONDS],
    "Its default: `GET": [objects.DEFAULT_URL_SECONDS],
    "Its default: `POST /uploads`": [presigned_url.MAX_SECONDS],
    "`minTtl`": [1, links.MAX_MIN_TTL_SECONDS],
    "`duration`": [group_role.SHORTEST_SECONDS, group_role.LONGEST_SECONDS],
    "What `GET /credentials` has left": [credentials.LEAST_SECONDS],
}


def rows():
    """The rows of all tables, without their frames."""
    lines = [line for line in PAGE.splitlines() if line.startswith("| ")]
    return [line for line in lines if not line.startswith("| What |")]


def numbers(row):
    """The numbers behind the first cell, as people write them: not statuses, not those in words."""
    cells = row.strip("| ").split(" | ")[1:]
    told = re.sub(r"\(.*?\)|`.*?`|UTF-8", "", " ".join(cells))
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", told)]


def parameter(method, path, name):
    operation = CONTRACT.operations[method, path]
    found = [CONTRACT.resolved(parameter) for parameter in operation["parameters"]]
    (schema,) = [parameter["schema"] for parameter in found if parameter["name"] == name]
    return schema


def member(schema, *names):
    node = SCHEMAS[schema]
    for name in names:
        node = CONTRACT.resolved(node["properties"][name])
    return node


@pytest.mark.parametrize("start", ROWS)
def test_a_row_has_the_numbers_of_the_code(start):
    """Each row tells what its constants say."""
    (row,) = [row for row in rows() if row.startswith(f"| {start}")]
    assert numbers(row) == ROWS[start]


def test_every_row_is_checked():
    """A limit that is only told would be told wrongly one day."""
    assert len(rows()) == len(ROWS)


# What of the document says a limit, and the limit.
TOLD = [
    (member("LinkRequests", "items"), "maxItems", links.MAX_ITEMS),
    (member("LinkRequests", "minTtl"), "maximum", links.MAX_MIN_TTL_SECONDS),
    (member("LinkRequest", "expiresIn"), "maximum", presigned_url.MAX_SECONDS),
    (member("LinkRequest", "expiresIn"), "default", links.DEFAULT_URL_SECONDS),
    (member("LinkRequest", "contentLength"), "maximum", signed_links.MAX_PUT_BYTES),
    (member("DeletionOfKeys", "keys"), "maxItems", object_deletion.MAX_KEYS),
    (member("DeletionOfPrefix", "limit"), "maximum", object_deletion.MAX_KEYS),
    (member("CopyOfItems", "items"), "maxItems", copy_request.MAX_ITEMS),
    (member("CopyOfPrefix", "limit"), "maximum", copy_request.MAX_ITEMS),
    (member("RestorationRequest", "items"), "maxItems", copy_request.MAX_ITEMS),
    (member("WantedParts", "partNumbers"), "maxItems", upload_request.MAX_PART_URLS),
    (member("MultipartUpload", "parts"), "maxItems", upload_request.MAX_PART_URLS),
    (member("Completion", "parts"), "maxItems", part_plan.MAX_PARTS),
    (member("MultipartUpload", "partSize"), "minimum", part_plan.MIN_PART_BYTES),
    (member("Revocation", "accessToken"), "maxLength", compact_jws.MAX_TOKEN_CHARS),
    (SCHEMAS["PartNumber"], "maximum", part_plan.MAX_PARTS),
    (SCHEMAS["ObjectBytes"], "maximum", part_plan.MAX_OBJECT_BYTES),
    (SCHEMAS["UrlSeconds"], "maximum", presigned_url.MAX_SECONDS),
    (SCHEMAS["Key"], "maxLength", object_key.MAX_KEY_BYTES),
    (SCHEMAS["Prefix"], "maxLength", object_key.MAX_KEY_BYTES),
    (SCHEMAS["Cursor"], "maxLength", cursor.MAX_CURSOR_CHARACTERS),
    (SCHEMAS["MediaType"], "maxLength", object_properties.MAX_PROPERTY_CHARACTERS),
    (parameter("GET", "/objects", "limit"), "maximum", object_page.MAX_PAGE_SIZE),
    (parameter("GET", "/objects", "limit"), "default", objects.DEFAULT_PAGE_SIZE),
    (parameter("GET", "/versions", "limit"), "maximum", object_versions.MAX_PAGE_SIZE),
    (parameter("GET", "/versions", "limit"), "default", versions.DEFAULT_PAGE_SIZE),
    (parameter("GET", "/uploads", "limit"), "maximum", upload_page.MAX_PAGE_SIZE),
    (parameter("GET", "/uploads", "limit"), "default", uploads.DEFAULT_PAGE_SIZE),
    (parameter("GET", "/uploads/parts", "limit"), "default", upload_page.MAX_PAGE_SIZE),
    (parameter("GET", "/objects/{key}", "expiresIn"), "maximum", presigned_url.MAX_SECONDS),
    (parameter("GET", "/objects/{key}", "expiresIn"), "default", objects.DEFAULT_URL_SECONDS),
    (parameter("GET", "/credentials", "duration"), "minimum", group_role.SHORTEST_SECONDS),
    (parameter("GET", "/credentials", "duration"), "maximum", group_role.LONGEST_SECONDS),
    (
        parameter("PUT", "/objects/{key}", "Cache-Control"),
        "maxLength",
        object_properties.MAX_PROPERTY_CHARACTERS,
    ),
]
BODIES = {
    "/links": json_body.MAX_BODY_BYTES,
    "/uploads": json_body.MAX_BODY_BYTES,
    "/uploads/parts": json_body.MAX_BODY_BYTES,
    "/uploads/complete": upload_request.MAX_COMPLETE_BYTES,
    "/deletions": deletions.MAX_BODY_BYTES,
    "/copies": copies.MAX_BODY_BYTES,
    "/restorations": versions.MAX_BODY_BYTES,
    "/session/revoke": session.MAX_BODY_BYTES,
}


@pytest.mark.parametrize(("schema", "keyword", "limit"), TOLD)
def test_the_document_has_the_numbers_of_the_code(schema, keyword, limit):
    """maximum, maxItems, maxLength and defaults are what the code holds requests to."""
    assert schema[keyword] == limit


@pytest.mark.parametrize("path", [path for method, path in CONTRACT.operations if method == "POST"])
def test_the_document_tells_how_large_a_body_may_be(path):
    """Of every route that reads JSON; OpenAPI has a keyword for the bytes of other bodies only."""
    told = CONTRACT.operations["POST", path]["requestBody"]["description"]
    assert told == f"At most {BODIES[path]:,} bytes."


def test_the_document_tells_how_long_the_keys_of_a_deletion_may_be():
    """OpenAPI has no keyword for the bytes of a whole list."""
    told = member("DeletionOfKeys", "keys")["description"]
    assert told == f"All together at most {deletions.MAX_BYTES_OF_KEYS:,} bytes of UTF-8."


def test_the_bytes_that_pass_through_are_told():
    """On the way in and on the way out."""
    document = CONTRACT.operations
    put = document["PUT", "/objects/{key}"]["requestBody"]["content"]["application/octet-stream"]
    part = document["GET", "/objects/{key}"]["responses"]["206"]["content"]["*/*"]
    most = object_content.MAX_CONTENT_BYTES
    assert put["schema"]["maxLength"] == part["schema"]["maxLength"] == most

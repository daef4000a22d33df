from datetime import UTC, datetime

from shared.object_page import ListedObject, ObjectPage, page_of

CHANGED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_an_empty_answer_is_an_empty_page():
    """S3 leaves out what is empty: no objects, no prefixes, no token."""
    assert page_of("b", "p/", {}) == ObjectPage("b", "p/", (), (), None)


def test_a_page_keeps_s3s_order_and_words():
    """Keys, sizes, entity tags, times, storage classes and prefixes come through unchanged."""
    answer = {
        "Contents": [
            {
                "Key": "p/b",
                "Size": 0,
                "ETag": '"e1"',
                "LastModified": CHANGED,
                "StorageClass": "GLACIER",
            },
            {"Key": "p/a", "Size": 2**42, "ETag": '"e2-3"', "LastModified": CHANGED},
        ],
        "CommonPrefixes": [{"Prefix": "p/z/"}, {"Prefix": "p/c/"}],
        "IsTruncated": True,
        "NextContinuationToken": "t0ken",
    }
    assert page_of("b", "p/", answer) == ObjectPage(
        bucket="b",
        prefix="p/",
        objects=(
            ListedObject("p/b", 0, '"e1"', CHANGED, "GLACIER"),
            ListedObject("p/a", 2**42, '"e2-3"', CHANGED, "STANDARD"),
        ),
        prefixes=("p/z/", "p/c/"),
        token="t0ken",
    )

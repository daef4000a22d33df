import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.copy_proof import Fingerprint, etag_of_parts, fingerprint_of, is_proven

MD5 = f'"{"a" * 32}"'
OTHER_MD5 = f'"{"b" * 32}"'
IN_PARTS = f'"{"a" * 32}-2"'
CRC = {"CRC64NVME": "AAAAAAAAAAA="}
OTHER_CRC = {"CRC64NVME": "AAAAAAAAAAE="}


def fingerprint(etag=MD5, checksums=None, size=10):
    return Fingerprint(size, etag, checksums or {})


@pytest.mark.parametrize(
    ("source", "copy", "proven"),
    [
        (fingerprint(), fingerprint(), True),
        (fingerprint(), fingerprint(OTHER_MD5), False),
        (fingerprint(), fingerprint(size=11), False),
        # A common checksum decides, whatever the ETags are made of.
        (fingerprint(IN_PARTS, CRC), fingerprint(MD5, CRC), True),
        (fingerprint(MD5, CRC), fingerprint(MD5, OTHER_CRC), False),
        (fingerprint(MD5, CRC), fingerprint(MD5, CRC, size=9), False),
        (
            fingerprint(MD5, CRC | {"SHA256": "x"}),
            fingerprint(MD5, CRC | {"SHA256": "y"}),
            False,
        ),
        # Without a common one the ETags do.
        (fingerprint(MD5, CRC), fingerprint(MD5, {"SHA256": "x"}), True),
        (fingerprint(IN_PARTS), fingerprint(MD5), False),
        (fingerprint(IN_PARTS), fingerprint(IN_PARTS), True),
        # There is only one object of no bytes.
        (fingerprint(IN_PARTS, size=0), fingerprint(MD5, size=0), True),
        (fingerprint(size=0), fingerprint(size=1), False),
    ],
)
def test_what_proves_a_copy(source, copy, proven):
    """Size and checksum, or size and ETag; whatever differs disproves."""
    assert is_proven(source, copy) is proven


def test_a_copy_in_parts_is_proven_by_its_parts():
    """The ETag has to be the one that the parts make up; a checksum still goes first."""
    parts = [MD5, OTHER_MD5]
    made = etag_of_parts(parts)
    source = fingerprint(MD5)
    assert is_proven(source, fingerprint(made), parts)
    assert not is_proven(source, fingerprint(IN_PARTS), parts)
    assert not is_proven(source, fingerprint(made), [OTHER_MD5, MD5])
    assert not is_proven(source, fingerprint(made, size=11), parts)
    assert not is_proven(fingerprint(MD5, CRC), fingerprint(made, OTHER_CRC), parts)
    # The ETag of the source says nothing about parts that nobody told.
    assert not is_proven(source, fingerprint(made))


def test_parts_without_an_md5_prove_nothing():
    """Where a part's ETag is no MD5, as with KMS, there is nothing to compare with."""
    assert etag_of_parts([MD5, '"not-an-md5"']) is None
    assert not is_proven(fingerprint(), fingerprint(), [MD5, '"not-an-md5"'])


@given(st.lists(st.binary(max_size=20), min_size=1, max_size=5))
def test_the_etag_of_parts_is_made_as_s3_makes_it(bodies):
    """MD5 of the parts' MD5s, and how many they are."""
    digests = [hashlib.md5(body, usedforsecurity=False) for body in bodies]
    whole = hashlib.md5(b"".join(d.digest() for d in digests), usedforsecurity=False)
    assert etag_of_parts([f'"{d.hexdigest()}"' for d in digests]) == (
        f'"{whole.hexdigest()}-{len(bodies)}"'
    )


sizes = st.integers(0, 3)
tags = st.sampled_from([MD5, OTHER_MD5, IN_PARTS])
sums = st.dictionaries(st.sampled_from(["CRC32", "SHA256"]), st.sampled_from("xy"))
prints = st.builds(Fingerprint, sizes, tags, sums)


@given(prints, prints)
def test_a_proof_needs_equal_sizes_and_no_contradiction(source, copy):
    """No pair that differs in size or in a common checksum is ever proven."""
    if is_proven(source, copy):
        assert source.size == copy.size
        common = source.checksums.keys() & copy.checksums.keys()
        assert source.size == 0 or all(source.checksums[n] == copy.checksums[n] for n in common)
        assert is_proven(copy, source)


@pytest.mark.parametrize(
    ("made", "comparable"),
    [
        (fingerprint(), True),
        (fingerprint(IN_PARTS), False),
        (fingerprint(IN_PARTS, CRC), True),
        (fingerprint(IN_PARTS, size=0), True),
        (fingerprint('"not-an-md5"'), False),
    ],
)
def test_what_a_copy_in_one_piece_will_show(made, comparable):
    """An ETag of parts does not outlive a copy in one piece; a checksum does."""
    assert made.outlives_copying is comparable


ANSWER = {"ContentLength": 10, "ETag": MD5, "ChecksumCRC32": "AAAAAA=="}


@pytest.mark.parametrize(
    ("more", "checksums"),
    [
        ({}, {"CRC32": "AAAAAA=="}),
        ({"ChecksumType": "FULL_OBJECT"}, {"CRC32": "AAAAAA=="}),
        ({"ChecksumType": "COMPOSITE"}, {}),
        ({"ChecksumCRC32": "AAAAAA==-3"}, {}),
        ({"ChecksumSHA256": "x"}, {"CRC32": "AAAAAA==", "SHA256": "x"}),
    ],
)
def test_only_checksums_of_the_whole_object_count(more, checksums):
    """A checksum over the parts' checksums depends on where the cuts were."""
    expected = replace(fingerprint(), checksums=checksums)
    assert fingerprint_of({**ANSWER, **more}) == expected

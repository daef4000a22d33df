import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import InvalidRequest
from shared.upload_checksum import ALGORITHMS, UploadChecksum, parse_checksum

BYTES = {"SHA256": 32, "CRC32": 4, "CRC32C": 4, "CRC64NVME": 8}


def value_of(algorithm, filler=0xFB):
    return base64.b64encode(bytes([filler]) * BYTES[algorithm]).decode()


def test_the_algorithms_are_those_of_the_contract():
    """SHA256, CRC32, CRC32C and CRC64NVME."""
    assert set(ALGORITHMS) == set(BYTES)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_checksum_is_sent_under_s3s_names(algorithm):
    """The value unchanged, its header and botocore's parameter after the algorithm."""
    value = value_of(algorithm)
    checksum = parse_checksum(algorithm, value)
    assert checksum == UploadChecksum(algorithm, value)
    assert checksum.headers(value) == {f"x-amz-checksum-{algorithm.lower()}": value}
    assert checksum.parameter == f"Checksum{algorithm}"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_only_a_crc_is_one_of_the_whole_object(algorithm):
    """SHA-256 of parts cannot be joined, so that each part has to tell its own."""
    checksum = parse_checksum(algorithm, None)
    assert checksum.of_each_part == (algorithm == "SHA256")
    assert checksum.type == ("COMPOSITE" if algorithm == "SHA256" else "FULL_OBJECT")


@pytest.mark.parametrize("algorithm", ["", "sha256", "SHA1", "MD5", "CRC32 "])
def test_another_algorithm_is_refused(algorithm):
    """The refusal names those that there are."""
    with pytest.raises(InvalidRequest, match="checksum algorithm") as refused:
        parse_checksum(algorithm, None)
    assert "SHA256, CRC32, CRC32C, CRC64NVME" in refused.value.detail


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize(
    "damage",
    [
        lambda value: "",
        lambda value: value.rstrip("="),
        lambda value: value + "\n",
        lambda value: "-" + value[1:],
        lambda value: base64.b64encode(base64.b64decode(value) + b"x").decode(),
        lambda value: base64.b64encode(base64.b64decode(value)[1:]).decode(),
        lambda value: base64.b64decode(value).hex(),
        lambda value: value + "-2",
        lambda value: "ä" * len(value),
    ],
)
def test_a_value_that_is_no_digest_is_refused(algorithm, damage):
    """Another length, hex, URL-safe base64, line breaks, a part count: none reaches S3."""
    with pytest.raises(InvalidRequest) as refused:
        parse_checksum(algorithm, damage(value_of(algorithm)))
    assert refused.value.detail == (
        f"A checksum by {algorithm} is the base64 of {BYTES[algorithm]} bytes."
    )


@given(st.sampled_from(ALGORITHMS), st.text(max_size=60))
def test_a_value_is_taken_as_it_is_or_refused(algorithm, text):
    """Nothing is repaired: what is accepted is canonical base64 of the digest's length."""
    try:
        taken = parse_checksum(algorithm, text).value
    except InvalidRequest:
        return
    assert taken == text
    assert len(base64.b64decode(text, validate=True)) == BYTES[algorithm]

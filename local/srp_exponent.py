"""The private exponent of either side of SRP."""

import secrets
from typing import Final

_BITS: Final = 256


def private_exponent() -> int:
    """A random number of 256 bits, the highest set, so that it is never a short one.

    Source: RFC 5054, sections 2.5.3 and 2.5.4: the private values b and a should be at least 256
    bits. A longer one makes the arithmetic slower and nothing safer.
    """
    return secrets.randbits(_BITS) | 1 << (_BITS - 1)

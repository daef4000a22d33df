"""Names that have to survive every operation as exactly themselves."""

from tests.integration.test_fetching import ODD_NAMES

# What XML, URLs and headers each have to escape in a way of their own.
HOSTILE_NAMES = [
    *ODD_NAMES,
    "]]>.txt",
    "<Key>&amp;</Key>",
    "&#x1F;.txt",
    " leading and trailing ",
    "double//slash",
    "u\u0308\u200d\ufeff.txt",
    "\u2028line\u2029.txt",
    "?versionId=null",
    "%3FversionId=1",
    "$(touch x);'--",
]

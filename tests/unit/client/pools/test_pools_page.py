import re
from pathlib import Path

from bucketpass.pools.diagnosis import RULES

PAGE = Path(__file__).parents[4] / "docs" / "pools.md"


def test_the_page_lists_every_rule_with_its_severity():
    """In the order of the table, none more and none less."""
    rows = re.findall(
        r"^\| `([a-z-]+)` \| (\w+) \| \w", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert rows == [(rule.code, rule.severity.word) for rule in RULES]


def test_the_page_quotes_remedies_as_they_are():
    """The output that it shows is that of today's rules."""
    shown = re.findall(r"^  Remedy: (.+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(shown) == 3
    assert set(shown) <= {rule.remedy for rule in RULES}

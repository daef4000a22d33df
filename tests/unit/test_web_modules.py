"""The page's modules: small, complete, and of this project alone."""

import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "web"
MOST_LINES = 250
MODULES = sorted(WEB.glob("*.js"))
IMPORT = re.compile(r'(?:from|import) "([^"]+)"|import\("([^"]+)"\)')
# The namespace of SVG is a name, not an address.
ADDRESS = re.compile(r"https?://(?!www\.w3\.org/2000/svg)|(?<![:\w])//\w+\.\w+/")


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_a_module_is_short(module):
    """At most 250 lines: one concept each, as in the rest of the tree."""
    assert len(module.read_text().splitlines()) <= MOST_LINES


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_imports_lead_to_neighbours_that_export_it(module):
    """Without a build nobody else would notice a name that is not there."""
    text = module.read_text()
    for names, source in re.findall(r'import \{([^}]*)\} from "([^"]+)"', text):
        exported = (WEB / source).read_text()
        for name in filter(None, (name.strip() for name in names.split(","))):
            assert re.search(rf"export (async )?(function\*?|class|const) {name}\b", exported), name
            assert len(re.findall(rf"\b{name}\b", text)) > 1, f"{name} is not used"
    assert all((one or other).startswith("./") for one, other in IMPORT.findall(text))


@pytest.mark.parametrize("file", sorted(WEB.iterdir()), ids=lambda path: path.name)
def test_no_file_names_another_host(file):
    """Nothing is fetched from elsewhere, not even a font."""
    assert not ADDRESS.search(file.read_text())


def test_every_module_is_used():
    """Each is reached from the one that index.html loads."""
    reached, open_ = set(), {"main.js"}
    while open_:
        name = open_.pop()
        reached.add(name)
        found = re.findall(r'from "\./([^"]+)"', (WEB / name).read_text())
        open_ |= set(found) - reached
    assert reached == {module.name for module in MODULES}

"""What web/index.html says of the modules of the page."""

import re
from pathlib import Path

WEB = Path(__file__).parents[2] / "web"
IMPORT = re.compile(r'^(?:import|export) [^;]*?"\./([a-z_]+\.js)";', re.MULTILINE)


def modules_from(start):
    """Every module that this one needs, itself left out."""
    found, waiting = {start}, [start]
    while waiting:
        needed = set(IMPORT.findall((WEB / waiting.pop()).read_text()))
        waiting += needed - found
        found |= needed
    return found - {start}


def test_every_module_is_preloaded_once():
    """Exactly what main.js needs, so that the browser asks for all of it at once."""
    links = re.findall(
        r'<link rel="modulepreload" href="([^"]+)">', (WEB / "index.html").read_text()
    )
    assert links == sorted(modules_from("main.js"))


def test_no_module_lies_about_unused():
    """Every script in the folder is part of the page."""
    assert {path.name for path in WEB.glob("*.js")} == modules_from("main.js") | {"main.js"}

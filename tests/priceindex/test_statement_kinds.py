"""docs/ledger-format.md, section 23: it names every kind of statement of the indices, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECTION = (ROOT / "docs" / "ledger-format.md").read_text("utf-8").split("\n## 23. ")[1]
KIND = re.compile(r'"((?:index|release|weights|quote|warning)\.[a-z_.]+)"')


def stated_in_code() -> set[str]:
    """Every kind a module of the package names as a constant."""
    texts = (path.read_text("utf-8") for path in (ROOT / "priceindex").rglob("*.py"))
    return {
        kind
        for text in texts
        for line in text.splitlines()
        if ": Final = " in line
        for kind in KIND.findall(line)
    }


def test_the_page_names_every_kind_of_statement_of_the_indices() -> None:
    named = {
        kind
        for cell in re.findall(r"^\| (`[^|]+) \|", SECTION, re.MULTILINE)
        for kind in re.findall(r"`([a-z_.]+)`", cell)
    }
    assert {kind for kind in named if "." in kind} == stated_in_code()

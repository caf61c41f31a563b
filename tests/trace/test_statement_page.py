"""docs/ledger-format.md, section 22: it names every kind of statement of the trace, and none that is not."""

import re
from pathlib import Path

from trace.appliers import APPLIERS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "ledger-format.md").read_text("utf-8")
SECTION = PAGE.split("\n## 22. ")[1].split("\n## 23. ")[0]


def test_the_page_names_every_kind_of_statement_of_the_trace() -> None:
    cells = re.findall(r"^\| (`[^|]+) \|", SECTION, re.MULTILINE)
    named = {kind for cell in cells for kind in re.findall(r"`([a-z_.]+)`", cell)}
    assert APPLIERS.keys() - named == set()
    assert {kind for kind in named if "." in kind} - APPLIERS.keys() == set()

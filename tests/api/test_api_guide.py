"""docs/api-guide.md names every address of the interface, and none that is not there."""

import re
from pathlib import Path
from types import SimpleNamespace

from api.app import create_app
from api.settings import load_settings

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "api-guide.md").read_text("utf-8")


def served() -> set[str]:
    app = create_app(SimpleNamespace(settings=load_settings()))  # type: ignore[arg-type]
    return set(app.openapi()["paths"])


def test_the_guide_names_every_address_of_the_interface() -> None:
    assert [path for path in sorted(served()) if f"`{path}`" not in GUIDE] == []


def test_the_guide_names_no_address_that_is_not_served() -> None:
    first_cells = re.findall(r"^\| (`/[^|]+) \|", GUIDE, re.MULTILINE)
    named = {path for cell in first_cells for path in re.findall(r"`(/[^`]+)`", cell)}
    assert len(named) > 30
    assert sorted(named - served()) == []

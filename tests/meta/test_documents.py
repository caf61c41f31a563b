"""Documents are code: their links resolve, their versions agree, their programs run."""

import os
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+\s+(.+)$", re.MULTILINE)
SCRIPTS = (
    "scripts/demo",
    "scripts/test",
    "scripts/check",
    "scripts/serve",
    "scripts/lock",
    "scripts/screenshots",
    "scripts/campaign",
    ".ci/run",
)
ASKED_OF_A_DECISION = ("## Context", "## Decision", "## Consequences", "## Alternatives")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def anchor(heading: str) -> str:
    """What a forge makes of a heading: lower case, punctuation dropped, spaces as dashes."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_link_within_the_project_resolves(document: Path) -> None:
    dead = []
    for target in LINK.findall(document.read_text("utf-8")):
        path, _, part = target.partition("#")
        if "://" in path or path.startswith("mailto:"):
            continue
        found = (document.parent / path).resolve() if path else document
        if not found.exists():
            dead.append(target)
        elif part and found.suffix == ".md":
            headings = map(anchor, HEADING.findall(found.read_text("utf-8")))
            if part not in headings:
                dead.append(target)
    assert dead == []


def test_every_picture_is_one_that_the_script_draws_and_is_shown_in_its_language() -> None:
    script = (ROOT / "scripts" / "draw_pages.py").read_text("utf-8")
    names = re.findall(r'\bShot\(\s*"([a-z-]+)"', script)
    drawn = {f"{name}-{language}.png" for name in names for language in ("zh", "en")}
    assert {path.name for path in (ROOT / "docs" / "images").iterdir()} == drawn
    shown: dict[str, set[str]] = {"zh": set(), "en": set()}
    for document in DOCUMENTS:
        chinese = document.name.endswith(".zh-CN.md") or document.parent.name == "zh"
        found = re.findall(r"!\[[^\]]+\]\((?:\S*/)?images/([^)]+)\)", document.read_text("utf-8"))
        shown["zh" if chinese else "en"].update(found)
    assert shown["zh"] | shown["en"] == drawn
    assert all(name.endswith(f"-{language}.png") for language, kept in shown.items() for name in kept)


def test_the_changelog_tells_of_the_version_at_hand() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert re.search(
        rf"^## \[{re.escape(version)}\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_can_be_run_and_stops_at_its_first_fault(script: str) -> None:
    path = ROOT / script
    assert os.access(path, os.X_OK)
    assert "set -euo pipefail" in path.read_text("utf-8")


@pytest.mark.parametrize("decision", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=name_of)
def test_a_decision_says_why_and_what_else_there_was(decision: Path) -> None:
    text = decision.read_text("utf-8")
    assert [heading for heading in ASKED_OF_A_DECISION if heading not in text] == []
    assert text.startswith(f"# {decision.name[:4]}. ")


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs" / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_glossary_has_one_word_for_one_thing() -> None:
    rows = re.findall(
        r"^\| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", (ROOT / "docs/glossary.md").read_text("utf-8"), re.M
    )
    words = [row for row in rows if row[0] != "English" and not row[0].startswith("-")]
    assert len(words) > 50
    for column in (0, 1, 2):
        told = [row[column] for row in words]
        assert [word for word in told if told.count(word) > 1] == []


def test_the_two_readmes_show_the_same_commands() -> None:
    shown = [
        re.findall(r"^\| `(daodi [^`]+)`", (ROOT / name).read_text("utf-8"), re.MULTILINE)
        for name in ("README.md", "README.zh-CN.md")
    ]
    assert shown[0] == shown[1] != []

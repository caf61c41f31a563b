"""What `style` asks of every file and can be seen without running it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("ledger", "trace", "priceindex", "api", "scripts")
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
FORBIDDEN_NAMES = {
    "manager",
    "util",
    "utils",
    "helper",
    "helpers",
    "data",
    "info",
    "item",
    "items",
    "record",
    "records",
}
ALLOWED_NAMES = {
    # what a person or a step does, a verb
    "record",
    # EPCIS 2.0, section 7.3.7, and SQL's own word in migrations
    "data",
}
MACHINE_PATH = re.compile(rf"[\"'\s(=]({re.escape(str(ROOT.parent))}/\w|/home/\w|/tmp/\w|/Users/|C:\\\\)")
"""A path of this machine, whichever it is, or of anybody's home."""
NOTE_TO_SELF = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def everything() -> Iterator[Path]:
    yield from sources()
    for folder in ("tests", "scripts", "docs", ".ci"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix in {".py", ".md", ".sh", "", ".toml", ".html"}:
                yield path
    yield from sorted(ROOT.glob("*.md"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


SOURCES = list(sources())
HAND_WRITTEN = [path for path in SOURCES if "versions" not in path.parts]
"""All sources but the migrations, which Alembic's own form governs."""


def public(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Every public function and class of a module, and the public methods of its public classes."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    for node in tree.body:
        if isinstance(node, kinds) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from (
                    inner
                    for inner in node.body
                    if isinstance(inner, kinds) and not inner.name.startswith("_")
                )


@pytest.mark.parametrize("path", HAND_WRITTEN, ids=name_of)
def test_every_public_name_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    silent = [node.name for node in public(tree) if not ast.get_docstring(node)]
    assert ast.get_docstring(tree), "the module has no docstring"
    assert silent == []


@pytest.mark.parametrize("path", HAND_WRITTEN, ids=name_of)
def test_no_file_and_no_function_is_longer_than_one_can_hold(path: Path) -> None:
    text = path.read_text("utf-8")
    functions = [
        node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    long = [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION]
    assert len(text.splitlines()) <= LONGEST_FILE
    assert long == []


@pytest.mark.parametrize("path", HAND_WRITTEN, ids=name_of)
def test_no_fault_is_swallowed(path: Path) -> None:
    handlers = [
        node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ExceptHandler)
    ]
    silent = [node.lineno for node in handlers if len(node.body) == 1 and isinstance(node.body[0], ast.Pass)]
    assert silent == []


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_file_or_public_name_is_called_by_a_word_that_says_nothing(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    words = [word for node in public(tree) for word in split_words(node.name)] + split_words(path.stem)
    assert [word for word in words if word in FORBIDDEN_NAMES - ALLOWED_NAMES] == []


def split_words(name: str) -> list[str]:
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)]


@pytest.mark.parametrize("path", list(everything()), ids=name_of)
def test_no_path_of_one_machine_and_no_note_to_self(path: Path) -> None:
    if path == Path(__file__):
        return
    text = path.read_text("utf-8")
    assert MACHINE_PATH.findall(text) == []
    assert NOTE_TO_SELF.findall(text) == []

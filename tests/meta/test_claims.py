"""docs/claims.md: what each command there names is there: programs, subcommands, options, tests, paths."""

import os
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.routing import compile_path

from api.app import create_app
from api.cli.app import command
from api.settings import load_settings

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "claims.md").read_text("utf-8")
COMMANDS = [
    *re.findall(r"^\$ (.+)$", PAGE, re.MULTILINE),
    *re.findall(r"\| `(scripts/[^`]+)` \|$", PAGE, re.MULTILINE),
]
PYTHON = ".venv/bin/python"
CLAIMS = ("C1", "C2", "C3", "C4", "C5", "Erased", "tlog client", "same verdict", "figures", "forks the log")


def options_of(words: list[str]) -> set[str]:
    return {word for word in words if word.startswith("-")}


@cache
def help_of(*program: str) -> str:
    """What a program of ours says of itself."""
    shown = subprocess.run([*program, "--help"], capture_output=True, text=True, check=True, cwd=ROOT)
    return shown.stdout


def check_daodi(words: list[str]) -> None:
    found: Any = command("en")
    while hasattr(found, "commands"):
        found = found.commands[words.pop(0)]
    known = {name for parameter in found.params for name in parameter.opts}
    assert options_of(words) <= known


def check_curl(words: list[str]) -> None:
    [address] = [word for word in words if word.startswith("$SERVICE/")]
    path = re.sub(r"\$\w+", "x", address.removeprefix("$SERVICE").partition("?")[0])
    application = create_app(SimpleNamespace(settings=load_settings()))  # type: ignore[arg-type]
    # Without the resolver's own, which takes any key of GS1 at the top and would fit every address.
    known = [each for each in application.openapi()["paths"] if not each.startswith("/{")]
    # A statement's id and a subject may hold slashes.
    open_ended = [each.replace("_id}", "_id:path}").replace("{subject}", "{subject:path}") for each in known]
    assert any(compile_path(each)[0].fullmatch(path) for each in open_ended)


def check_pytest(words: list[str]) -> None:
    chosen = [word for word in words if word.startswith("tests/")]
    assert chosen
    assert [path for path in chosen if not (ROOT / path).exists()] == []


def check_python(words: list[str]) -> None:
    if words[:2] == ["-m", "pytest"]:
        check_pytest(words[2:])
        return
    program = words[:2] if words[0] == "-m" else words[:1]
    missing = [option for option in options_of(words[len(program) :]) if option not in _help(program)]
    assert missing == []


def _help(program: list[str]) -> str:
    return help_of(sys.executable, *program)


def check_script(words: list[str]) -> None:
    assert os.access(ROOT / words[0], os.X_OK)
    if words[0] == "scripts/campaign" and words[1] != "proofs":
        assert re.search(rf"\b{words[1]}\b", (ROOT / "scripts" / "campaign").read_text("utf-8"))


def check_line(line: str) -> None:
    inner = re.search(r"\$\((.+)\)$", line)
    words = shlex.split(inner[1] if inner else line)
    if words[0] == "daodi":
        check_daodi(words[1:])
    elif words[0] == "curl":
        check_curl(words[1:])
    elif words[0] == PYTHON:
        check_python(words[1:])
    elif words[0].startswith("scripts/"):
        check_script(words)
    else:
        assert all(re.fullmatch(r"[A-Z]+=.+", word) for word in words), "a program nobody has"


@pytest.mark.parametrize("line", sorted(set(COMMANDS)))
def test_a_command_of_the_claims_can_be_run(line: str) -> None:
    check_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "daodi audit",
        "daodi verify f --truth v",
        "curl -s $SERVICE/v1/nowhere -o f",
        ".venv/bin/python -m pytest tests/attacks/test_nothing.py",
        ".venv/bin/python -m ledger.verify f --truth v",
        "scripts/nothing",
        "scripts/campaign nothing",
        "verify-it f",
    ],
)
def test_a_command_that_is_not_there_would_be_noticed(line: str) -> None:
    with pytest.raises((AssertionError, KeyError)):
        check_line(line)


def test_every_claim_has_its_section_with_a_command() -> None:
    sections = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]
    assert [section.split("\n")[0] for section in sections if "$ " not in section] == []
    headings = " ".join(section.split("\n")[0] for section in sections)
    assert [claim for claim in CLAIMS if claim not in headings] == []

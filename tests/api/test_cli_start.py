"""`daodi --help` answers at once, because nothing heavy is imported before it is needed."""

import statistics
import subprocess
import sys
import time

import pytest

BOUND_SECONDS = 0.5
HEAVY = (
    "numpy",
    "fastapi",
    "starlette",
    "sqlmodel",
    "sqlalchemy",
    "openpyxl",
    "httpx",
    "uvicorn",
    "redis",
    "jinja2",
)


def start(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True)


def seconds(*arguments: str) -> float:
    begun = time.perf_counter()
    start(*arguments)
    return time.perf_counter() - begun


def test_help_imports_nothing_heavy() -> None:
    told = start("-X", "importtime", "-m", "api", "--help").stderr
    imported = {
        line.rpartition("|")[2].strip().partition(".")[0] for line in told.splitlines() if "|" in line
    }
    assert "typer" in imported
    assert imported.isdisjoint(HEAVY)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["index", "publish", "--help"]])
def test_help_answers_within_half_a_second(arguments: list[str]) -> None:
    """The bound is for a quiet machine; a busy one is allowed as much more as a bare Python needs more."""
    slow = statistics.median(seconds("-c", "import typer.rich_utils") for _ in range(5))
    took = statistics.median(seconds("-m", "api", *arguments) for _ in range(5))
    assert took < max(BOUND_SECONDS, 5 * slow)

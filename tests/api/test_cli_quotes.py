"""`daodi quotes`: what waits, what was decided, what names mean, and how far sources are trusted."""

from collections.abc import Callable
from pathlib import Path

import pytest

HEADING = "品名,规格,产地,市场,日期,价格"
ROWS = (
    "白芍,统,安徽,亳州,2025-03-01,85",
    "白芍,统,安徽,亳州,2025-03-02,170",
    "白勺,统,安徽,亳州,2025-03-03,85",
)


@pytest.fixture
def taken(told: Callable[..., str], tmp_path: Path) -> Callable[..., str]:
    """A service that took in one sound quote, one slip and one unknown herb."""
    file = tmp_path / "quotes.csv"
    file.write_text("\n".join((HEADING, *ROWS)), "utf-8")
    told("import", "quotes", str(file), "--source", "fair", "--proceed")
    return told


def test_what_waits_is_shown_with_its_rules_and_released_with_a_reason(taken: Callable[..., str]) -> None:
    waiting = taken("quotes", "quarantine")
    assert "170.00" in waiting
    assert "unit-slip-x2" in waiting
    done = taken(
        "quotes", "release", "--rule", "unit-slip-x2", "--reason", "confirmed by phone", "--by", "Li"
    )
    assert "quote.decided/" in done
    assert "no quote" in taken("quotes", "quarantine")
    told = taken(
        "quotes", "history", "--herb", "白芍", "--grade", "统", "--origin", "安徽", "--market", "亳州",
        "--day", "2025-03-02", "--source", "fair",
    )  # fmt: skip
    assert "confirmed by phone" in told
    assert "Li" in told


def test_a_decision_here_needs_a_name_and_a_reason(
    taken: Callable[..., str], refused: Callable[..., str]
) -> None:
    said = refused("quotes", "reject", "--source", "fair", "--reason", "no", "--by", "Li")
    assert "5" in said
    assert "--by" in taken("quotes", "release", "--help")


def test_a_rejected_quote_leaves_the_list_of_usable_ones(taken: Callable[..., str]) -> None:
    taken(
        "quotes",
        "reject",
        "--status",
        "accepted",
        "--source",
        "fair",
        "--reason",
        "stall closed",
        "--by",
        "Li",
    )
    assert "no quote" in taken("quotes", "list", "--status", "accepted")
    assert "85.00" in taken("quotes", "list", "--status", "rejected")


def test_an_unknown_name_is_listed_and_decided(taken: Callable[..., str]) -> None:
    names = taken("quotes", "names")
    assert "白勺" in names
    assert "统货" in names
    assert "unlisted-herb" in taken("quotes", "rejected")
    done = taken(
        "quotes", "name", "herb", "白勺", "--means", "白芍", "--reason", "a slip of the pen", "--by", "Li"
    )
    assert "1 rows" in done
    assert "2025-03-03" in taken("quotes", "list", "--herb", "白芍")
    assert "ended" in taken("quotes", "end-name", "1", "--reason", "not so at all", "--by", "Li")


def test_sources_are_shown_with_score_and_weight(taken: Callable[..., str]) -> None:
    shown = taken("quotes", "sources", "--language", "zh")
    assert "fair" in shown
    assert "及时" in shown


def test_the_book_as_of_an_earlier_moment_is_empty(taken: Callable[..., str]) -> None:
    assert "no quote" in taken("quotes", "list", "--as-of", "2020-01-01")

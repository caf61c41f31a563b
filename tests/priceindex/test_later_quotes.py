"""What the book learned since a run: later days are added, anything else asks for a full run."""

import dataclasses
import datetime

import pytest

from priceindex import service
from priceindex.engine.index_run import IndexRun
from priceindex.engine.later_quotes import later_days, newest_quote
from priceindex.engine.next_day import extended
from priceindex.families import family
from priceindex.intake.taking_in import take_in
from priceindex.quotes import Quote
from priceindex.releases.series import digest
from tests.priceindex.small_market import CLASS_OF, KNOWN, NOW_MS, SmallMarket, daily, day, quote

LATER_MS = NOW_MS + 1000
HERB = family("herbs")


def record(market: SmallMarket, quotes: list[Quote], at_ms: int, source: str = "test") -> None:
    with market.write() as session:
        told = [dataclasses.replace(each, source=source) for each in quotes]
        take_in(session, told, source, at_ms, known=KNOWN)


def computed(market: SmallMarket, until: str, as_of_ms: int) -> IndexRun:
    with market.read() as session:
        return service.compute(session, HERB, CLASS_OF, day(until), as_of_ms)


def grown(market: SmallMarket, run: IndexRun, newest: int, until: str) -> IndexRun | None:
    with market.read() as session:
        later = later_days(session, run, newest, CLASS_OF, day(until), LATER_MS, {})
    return extended(run, later) if later else None


@pytest.fixture
def begun(market: SmallMarket) -> tuple[SmallMarket, IndexRun, int]:
    """Two herbs quoted daily through 2025-03-10, and the run of it."""
    record(market, daily([800 + place % 7 for place in range(70)], "2024-12-31", "白芍"), NOW_MS)
    record(market, daily([500 + place % 5 for place in range(70)], "2024-12-31", "茯苓", grade="丁"), NOW_MS)
    with market.read() as session:
        newest = newest_quote(session)
    return market, computed(market, "2025-03-10", NOW_MS), newest


def test_later_days_are_added_and_give_the_full_run(begun: tuple[SmallMarket, IndexRun, int]) -> None:
    market, run, newest = begun
    record(market, daily([810, 815], "2025-03-11", "白芍"), LATER_MS)
    longer = grown(market, run, newest, "2025-03-12")
    full = computed(market, "2025-03-12", LATER_MS)
    assert longer is not None
    assert digest(longer.all_series()) == digest(full.all_series())
    assert longer.bundle == full.bundle


@pytest.mark.parametrize(
    "late",
    [
        pytest.param(quote(801, "2025-02-11"), id="a correction of the past"),
        pytest.param(quote(810, "2025-03-11", market="安国"), id="a new cell"),
        pytest.param(quote(810, "2024-12-01"), id="a day before the first"),
    ],
)
def test_anything_else_asks_for_a_full_run(begun: tuple[SmallMarket, IndexRun, int], late: Quote) -> None:
    market, run, newest = begun
    record(market, [late], LATER_MS)
    assert grown(market, run, newest, "2025-03-12") is None


def test_a_new_source_or_another_weight_asks_for_a_full_run(begun: tuple[SmallMarket, IndexRun, int]) -> None:
    market, run, newest = begun
    record(market, [quote(810, "2025-03-11")], LATER_MS)
    with market.read() as session:
        weighed = later_days(
            session, run, newest, CLASS_OF, day("2025-03-11"), LATER_MS, {2025: {"test": 9000}}
        )
    assert weighed is None
    record(market, [quote(810, "2025-03-11")], LATER_MS, source="other")
    assert grown(market, run, newest, "2025-03-11") is None


def test_a_quote_from_the_future_of_the_run_asks_for_a_full_run(market: SmallMarket) -> None:
    """It was in the book when the run was made, and not yet known at the run's moment."""
    record(market, daily([800] * 70, "2024-12-31"), NOW_MS)
    record(market, [quote(900, "2025-02-10")], LATER_MS, source="other")
    with market.read() as session:
        newest = newest_quote(session)
    run = computed(market, "2025-03-05", NOW_MS)
    assert grown(market, run, newest, "2025-03-10") is None
    assert run.days[-1] == datetime.date(2025, 3, 5)

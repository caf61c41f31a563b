"""A computation as of a moment sees nothing that was recorded later, on either database."""

import pytest

from priceindex import service
from priceindex.calendar import day_number
from priceindex.engine.gathering import gather
from priceindex.engine.index_run import IndexRun
from priceindex.engine.inputs import Inputs
from priceindex.errors import NothingQuoted
from priceindex.families import family
from priceindex.intake.taking_in import take_in
from priceindex.quotes import Quote
from priceindex.releases.series import digest
from tests.priceindex.small_market import CLASS_OF, KNOWN, NOW_MS, SmallMarket, daily, day, quote

HERB = family("herbs")
UNTIL = day("2025-03-10")
LATER_MS = NOW_MS + 1
"""The next millisecond: the moment itself is still known."""
LATE = (quote(850, "2025-02-11"), quote(900, "2025-03-05", grade="选"), quote(860, "2025-03-10"))
"""A correction of a past day, a cell nobody told of before, and a correction of the last day."""


def record(market: SmallMarket, quotes: list[Quote], at_ms: int) -> None:
    with market.write() as session:
        take_in(session, quotes, "test", at_ms, known=KNOWN)


def computed(market: SmallMarket, as_of_ms: int) -> IndexRun:
    with market.read() as session:
        return service.compute(session, HERB, CLASS_OF, UNTIL, as_of_ms)


def gathered(market: SmallMarket, as_of_ms: int) -> Inputs:
    with market.read() as session:
        return gather(session, HERB, CLASS_OF, UNTIL, as_of_ms)


def begin(market: SmallMarket) -> None:
    record(market, daily([800 + place % 7 for place in range(69)], "2025-01-01", "白芍"), NOW_MS)
    record(market, daily([500] * 69, "2025-01-01", "茯苓", grade="丁"), NOW_MS)


def test_a_computation_as_of_a_moment_is_the_same_bytes_whatever_is_told_later(market: SmallMarket) -> None:
    begin(market)
    then = computed(market, NOW_MS)
    record(market, list(LATE), LATER_MS)
    again = computed(market, NOW_MS)
    assert again.bundle == then.bundle
    assert digest(again.all_series()) == digest(then.all_series())


def test_the_same_computation_as_of_the_later_moment_sees_what_was_told_later(market: SmallMarket) -> None:
    begin(market)
    record(market, list(LATE), LATER_MS)
    inputs = gathered(market, LATER_MS)
    told = {
        (inputs.cells[cell].grade, number, fen)
        for cell, number, fen in zip(
            inputs.quotes.cell.tolist(), inputs.quotes.day.tolist(), inputs.quotes.fen.tolist(), strict=True
        )
    }
    assert told >= {(late.grade, day_number(late.day), late.fen_per_kg) for late in LATE}
    assert len(inputs.cells) == 3


def test_before_the_first_quote_was_recorded_nothing_is_known(market: SmallMarket) -> None:
    begin(market)
    with pytest.raises(NothingQuoted):
        gathered(market, NOW_MS - 1)

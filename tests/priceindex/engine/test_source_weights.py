"""How much a source's word weighs among others is its reputation of that year, and of no other."""

import math

from priceindex.engine.cell_prices import cell_days
from priceindex.engine.gathering import gather
from priceindex.engine.inputs import Inputs, Source
from priceindex.families import family
from priceindex.intake.taking_in import take_in
from tests.priceindex.small_market import CLASS_OF, KNOWN, NOW_MS, SmallMarket, day, quote

TEXT = family("bozhou")
LOW_BP = 2_500
WEIGHTS = {
    2024: {"a": 10_000, "b": 10_000, "c": LOW_BP},
    2025: {"a": 10_000, "b": 5_000, "c": 10_000},
}
ASKED = {"a": 1_000, "b": 1_000, "c": 1_040}
"""Three sources that differ by so little that none of them is held back."""
DAYS = ("2024-12-30", "2025-01-02")


def gathered(market: SmallMarket) -> Inputs:
    """Three sources quote one cell on the last days of one year and the first of the next."""
    with market.write() as session:
        for source, fen in ASKED.items():
            take_in(session, [quote(fen, each) for each in DAYS], source, NOW_MS, known=KNOWN)
    with market.read() as session:
        return gather(session, TEXT, CLASS_OF, day(DAYS[-1]), NOW_MS, source_weights=WEIGHTS)


def weighed(prices: dict[str, int], weights: dict[str, float]) -> int:
    """Weighted geometric mean to the fen."""
    whole = sum(weights.values())
    return round(math.exp(sum(weights[name] * math.log(fen) for name, fen in prices.items()) / whole))


def test_a_source_weighs_in_each_year_what_it_was_known_for_then(sqlite_market: SmallMarket) -> None:
    inputs = gathered(sqlite_market)
    assert inputs.sources == (
        Source("a", 10_000, 2024),
        Source("a", 10_000, 2025),
        Source("b", 10_000, 2024),
        Source("b", 5_000, 2025),
        Source("c", LOW_BP, 2024),
        Source("c", 10_000, 2025),
    )


def test_the_price_of_a_day_leans_to_those_who_weigh_more(sqlite_market: SmallMarket) -> None:
    """In 2024 the dear source counts a ninth, in 2025 two fifths: the cap of a half holds neither back."""
    prices = cell_days(gathered(sqlite_market)).fen.tolist()
    before = weighed(ASKED, {"a": 1.0, "b": 1.0, "c": 0.25})
    after = weighed(ASKED, {"a": 1.0, "b": 0.5, "c": 1.0})
    assert prices == [before, after]
    assert before < after

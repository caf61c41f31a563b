"""The last case in which a rule holds and the first in which it does not: links, weeks, outliers, minima."""

import dataclasses
import datetime

import numpy as np
import pytest

from priceindex.engine.cell_prices import cell_days
from priceindex.engine.gathering import gather
from priceindex.engine.inputs import Inputs, LeftOut
from priceindex.engine.run import run
from priceindex.errors import MalformedBundle
from priceindex.families import family_version
from priceindex.family_text import Minimum, Outliers, Values
from priceindex.intake.taking_in import take_in
from priceindex.quotes import Cell, Quote
from priceindex.releases import bundle
from priceindex.releases.series import Frequency
from tests.priceindex.small_market import CLASS_OF, KNOWN, NOW_MS, SmallMarket, daily, day
from tests.priceindex.test_chain_rules import A, B, Prices, flat, index_of, inputs_of, values

OLD = family_version("bozhou@1")
FREQUENCIES: tuple[Frequency, ...] = ("day", "week", "month")
ALL = dataclasses.replace(OLD, values=Values(frequencies=FREQUENCIES))
SPIKE = "2025-03-12"


@pytest.mark.parametrize(("back", "last"), [("2025-05-10", 1500.0), ("2025-06-10", 1000.0)])
def test_a_return_after_three_links_still_counts_and_after_four_no_more(back: str, last: float) -> None:
    """茯苓 is carried through January and missing at the links of February, March and April."""
    until = str(datetime.date.fromisoformat(back) + datetime.timedelta(days=5))
    told = dataclasses.replace(OLD, missing=OLD.missing.model_copy(update={"suppress_imputed_over": "1"}))
    found = index_of({A: flat({"2025-01-01": 100}, until), B: {"2025-01-01": 50, back: 100}}, told)
    assert values(found)[-1] == last


def test_a_week_is_of_the_basket_of_its_thursday() -> None:
    """Monday 28 April, Thursday 1 May 2025: what entered at the end of April is in."""
    prices: Prices = {A: flat({"2025-01-01": 100}), B: flat({"2025-04-10": 50})}
    weeks = index_of(prices, ALL).series("herb", B.herb, "week").points
    assert {point.day for point in weeks if point.value is not None} >= {day("2025-04-28")}
    assert all(point.value is None for point in weeks if point.day < day("2025-04-28"))


def spiked() -> Prices:
    """Eight grades that never move; one is quoted a hundredfold on one day of March."""
    prices = {Cell("白芍", f"g{grade}", "安徽", "亳州"): flat({"2025-01-01": 100}) for grade in range(8)}
    day_of_spike = min(text for text in prices[Cell("白芍", "g0", "安徽", "亳州")] if text >= SPIKE)
    prices[Cell("白芍", "g0", "安徽", "亳州")][day_of_spike] = 10_000
    return prices


@pytest.mark.parametrize("frequency", FREQUENCIES)
def test_an_outlier_left_out_moves_no_value_of_any_frequency(frequency: Frequency) -> None:
    left_out = Outliers(rule="quartile", cut_off="4", floor="0.05", effect="left_out")
    found = [
        index_of(spiked(), dataclasses.replace(ALL, outliers=rule))
        for rule in (left_out, left_out.model_copy(update={"effect": "told"}))
    ]
    assert len(found[0].outliers) == 1
    moved = [{point.value for point in each.series("composite", "all", frequency).points} for each in found]
    assert {float(value or 0) for value in moved[0]} == {1000.0}
    assert len(moved[1]) > 1


def test_quotes_left_out_are_counted_in_the_week_and_month_they_are_of() -> None:
    out = LeftOut(cell=A, day=day("2025-03-12"), fen_per_kg=1, rules=("unit-slip-x10",))
    found = run(dataclasses.replace(inputs_of({A: flat({"2025-01-01": 100})}, ALL), left_out=(out,)))
    weeks = {point.day: point.left_out for point in found.series("composite", "all", "week").points}
    months = {point.day: point.left_out for point in found.series("composite", "all", "month").points}
    assert {date for date, count in weeks.items() if count} == {day("2025-03-10")}
    assert {date for date, count in months.items() if count} == {day("2025-03-01")}


@pytest.mark.parametrize("imputation", ["parental", "class_mean", "carry_forward"])
def test_what_is_imputed_is_told_and_withheld_under_every_rule(imputation: str) -> None:
    """茯苓 is half of the index and silent since January: half imputed is more than four tenths."""
    chosen = dataclasses.replace(OLD, missing=OLD.missing.model_copy(update={"imputation": imputation}))
    found = index_of({A: flat({"2025-01-01": 100}, "2025-02-20"), B: {"2025-01-01": 50}}, chosen)
    last = found.series("composite", "all").last
    assert (last.imputed_bp, last.value) == (5000, None)


@pytest.mark.parametrize("name", ["cells", "herbs", "markets", "sources"])
def test_each_minimum_withholds_the_composite(name: str) -> None:
    """One herb in one cell, of one source at one market."""
    chosen = dataclasses.replace(OLD, minimum=Minimum.model_validate({name: 2}))
    found = index_of({A: flat({"2025-01-01": 100}, "2025-01-20")}, chosen)
    assert {(one.code, one.found, one.needed) for one in found.withheld} == {(name, 1, 2)}
    assert found.series("composite", "all").last.value is None


def record(market: SmallMarket, quotes: list[Quote], at_ms: int, source: str = "test") -> None:
    with market.write() as session:
        told = [dataclasses.replace(each, source=source) for each in quotes]
        take_in(session, told, source, at_ms, known=KNOWN, proceed=True)


def test_a_computation_sees_nothing_recorded_after_its_moment(market: SmallMarket) -> None:
    """Another price of a known day, a further day and a further cell, all a second later."""
    record(market, daily([800] * 30, "2025-11-20"), NOW_MS)
    before = gathered(market, NOW_MS)
    later = NOW_MS + 1000
    record(market, daily([790, 810], "2025-12-18"), later)
    record(market, daily([500] * 9, "2025-12-10", "茯苓"), later)
    assert bundle.encode(gathered(market, NOW_MS)) == bundle.encode(before)
    assert len(gathered(market, later).cells) == 2


def test_a_source_weighs_what_it_is_said_to_weigh_in_its_year(market: SmallMarket) -> None:
    """9 against 1 between 400 and 900: 400 to the nine tenths times 900 to one tenth."""
    chosen = family_version("herbs@2")
    free = dataclasses.replace(chosen, cells=chosen.cells.model_copy(update={"source_cap": "1"}))
    for source, fen in (("a", 400), ("b", 900)):
        record(market, daily([fen] * 3, "2025-12-10"), NOW_MS, source)
    with market.read() as session:
        weights = {2025: {"a": 9000, "b": 1000}, 2024: {"a": 1000}}
        told = gather(session, free, CLASS_OF, day("2025-12-31"), NOW_MS, (), {}, weights)
    assert [(each.name, each.weight_bp) for each in told.sources] == [("a", 9000), ("b", 1000)]
    assert set(cell_days(told).fen.tolist()) == {round(400**0.9 * 900**0.1)}


def gathered(market: SmallMarket, as_of_ms: int) -> Inputs:
    with market.read() as session:
        return gather(session, OLD, CLASS_OF, day("2025-12-31"), as_of_ms)


def test_a_bundle_that_says_a_quote_twice_is_refused() -> None:
    told = inputs_of({A: flat({"2025-01-01": 100})}, family_version("bozhou@2"))
    twice = told.quotes.taken(np.array([0, *range(len(told.quotes))]))
    with pytest.raises(MalformedBundle):
        bundle.decode(bundle.encode(dataclasses.replace(told, quotes=twice)))

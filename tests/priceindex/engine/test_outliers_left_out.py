"""A price left out as an outlier moves no value: not of its day, not of its week, not of its month."""

import dataclasses
import datetime

import pytest

from priceindex.engine.run import IndexRun, run
from priceindex.families import Family, family
from priceindex.family_text import Minimum, Outliers
from priceindex.quotes import Cell
from priceindex.releases.series import Frequency
from tests.priceindex.small_market import day
from tests.priceindex.test_chain_rules import inputs_of

HERBS = ("白芍", "白术", "甲", "乙", "丙")
"""All roots; the fences of a class of four that stand still are narrow."""
CLASS_OF = dict.fromkeys(HERBS, "root")
FIRST, LAST = day("2025-01-01"), day("2025-03-31")
FAR = day("2025-02-12")
"""A Wednesday in the middle of its month: neither its week nor its month begins with it."""
FEN = 1000
RULE = Outliers(rule="quartile", cut_off="4", floor="0.05", effect="left_out")


def text_of(rule: Outliers) -> Family:
    """The herbs' family with this rule; a value may rest on whatever is there."""
    return dataclasses.replace(family("herbs"), outliers=rule, minimum=Minimum())


def found(rule: Outliers) -> IndexRun:
    """Five herbs that stand at 1000 for a quarter, but the first at ten times that for one day."""
    span = [FIRST + datetime.timedelta(days=place) for place in range((LAST - FIRST).days + 1)]
    prices = {
        Cell(herb, "统", "安徽", "亳州"): {
            each.isoformat(): FEN * 10 if herb == HERBS[0] and each == FAR else FEN for each in span
        }
        for herb in HERBS
    }
    return run(dataclasses.replace(inputs_of(prices, text_of(rule)), class_of=CLASS_OF))


PERIODS = pytest.mark.parametrize(
    ("frequency", "begins"), [("day", FAR), ("week", day("2025-02-10")), ("month", day("2025-02-01"))]
)


@PERIODS
def test_a_price_left_out_moves_no_value_of_its_day_week_or_month(
    frequency: Frequency, begins: datetime.date
) -> None:
    points = found(RULE).series("composite", "all", frequency).points
    assert begins in {point.day for point in points}
    assert {point.value for point in points} == {1000}


@PERIODS
def test_a_price_only_told_moves_them_all(frequency: Frequency, begins: datetime.date) -> None:
    """The same price under `told`: what the test above rests on."""
    told = RULE.model_copy(update={"effect": "told"})
    [point] = [one for one in found(told).series("composite", "all", frequency).points if one.day == begins]
    assert point.value is not None
    assert point.value > 1000


@PERIODS
def test_a_price_left_out_is_counted_once_in_its_day_week_and_month(
    frequency: Frequency, begins: datetime.date
) -> None:
    points = found(RULE).series("composite", "all", frequency).points
    assert {point.day: point.left_out for point in points if point.left_out} == {begins: 1}


def test_a_price_left_out_is_listed_with_what_it_was_and_how_far() -> None:
    [one] = found(RULE).outliers
    assert (one.cell.herb, one.day, one.fen_per_kg) == (HERBS[0], FAR, FEN * 10)
    assert one.relative == pytest.approx(10.0, rel=1e-12)
    assert one.left_out

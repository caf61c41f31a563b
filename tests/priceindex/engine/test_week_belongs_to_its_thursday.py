"""A week is compared with what the month of its Thursday is compared with: ISO 8601's rule for a week."""

import dataclasses
import datetime

import pytest

from priceindex.engine.run import run
from priceindex.families import family
from priceindex.family_text import Minimum
from priceindex.quotes import Cell
from tests.priceindex.small_market import day
from tests.priceindex.test_chain_rules import inputs_of

OLD, NEW = Cell("白芍", "统", "安徽", "亳州"), Cell("茯苓", "丁", "安徽", "亳州")
BEGUN = day("2025-01-01")


def week_value(monday: str, told_first: str, doubled: str) -> float:
    """The composite of a week in which the second herb doubles, which was first quoted on a given day.

    The first herb stands at 100 all the time; the second enters the basket after its first month. So the week
    stands at 1000 as long as only the first herb is in, and above where both are.
    """
    end = day(monday) + datetime.timedelta(days=6)
    span = [BEGUN + datetime.timedelta(days=place) for place in range((end - BEGUN).days + 1)]
    prices = {
        OLD: {each.isoformat(): 100 for each in span},
        NEW: {
            each.isoformat(): 200 if each >= day(doubled) else 100 for each in span if each >= day(told_first)
        },
    }
    chosen = dataclasses.replace(family("herbs"), minimum=Minimum())
    points = run(inputs_of(prices, chosen)).series("composite", "all", "week").points
    assert points[-1].day == day(monday)
    assert points[-1].value is not None
    return float(points[-1].value)


def test_a_week_whose_thursday_is_the_first_belongs_to_the_new_month() -> None:
    """1 May 2025 is a Thursday. The herb first quoted in April is in from May, at April's mean price."""
    april = 2 ** (3 / 30)  # three of its thirty days stand at the double
    expected = 1000 * (1 + 2 / april) / 2
    assert week_value("2025-04-28", "2025-04-01", doubled="2025-04-28") == pytest.approx(expected, abs=1e-3)


def test_a_week_whose_thursday_is_the_last_belongs_to_the_old_month() -> None:
    """31 July 2025 is a Thursday. The herb first quoted in July is not in before August."""
    assert week_value("2025-07-28", "2025-07-01", doubled="2025-07-28") == 1000.0

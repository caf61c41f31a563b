"""The figure on real prices: recall and F1 within the budget, where nothing was tuned on what is reported."""

from pathlib import Path

import numpy as np
import pytest

from priceindex.warning.backtest.comparison import contenders, history, out_of_sample
from priceindex.warning.backtest.splits import by_time
from priceindex.warning.rule_text import rule_book
from tests.priceindex.warning.agricultural_prices import agricultural

JANUARY_1995 = 300


@pytest.mark.shared
def test_three_month_growth_keeps_its_budget_in_years_it_was_not_tuned_on(shared: Path) -> None:
    past = history(*agricultural(shared / "data" / "commodity" / "pinksheet_long_3vintages.csv.gz"))
    assert past.prices.shape[0] == 46
    split = by_time(past.judged, int(np.searchsorted(past.months, JANUARY_1995)))
    quarter = next(rule for rule in contenders(past) if rule.name == "3-month growth")
    found = out_of_sample(quarter, past, [split])
    assert found is not None
    assert found.outside.surges > 300
    assert found.outside.recall >= 0.80
    assert found.outside.f1 >= 0.75
    assert found.outside.false_a_year <= 0.15
    in_force = rule_book().rule("growth-up").hysteresis()
    assert (in_force.enter[1], in_force.leave[1]) == pytest.approx(found.choices[0].bounds, abs=0.005)

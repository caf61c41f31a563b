"""The demo city's quotes behave as the report measured of real ones (domain §3.5, forecast finding 1)."""

import csv
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from daodi_city import SEED
from daodi_city.almanac import LAST_DAY, is_shut
from daodi_city.behaviour import Behaviour, measure
from daodi_city.crops import CROPS
from daodi_city.prices import COLLAPSE, MARKETS, SURGE, Grade, PricePanel, quote_city
from daodi_city.stories import HOARDED, RISEN


@pytest.fixture(scope="module", params=[SEED, 1, 2])
def panel(request: pytest.FixtureRequest) -> PricePanel:
    return quote_city(np.random.default_rng([request.param, 0]))


@pytest.fixture(scope="module")
def behaviour(panel: PricePanel) -> Behaviour:
    return measure(panel)


def test_sixty_grades_are_quoted_daily_for_two_years_in_four_markets(panel: PricePanel) -> None:
    assert len(set(panel.grades)) == 60
    assert set(panel.markets) == {"亳州", "安国", "玉林", "荷花池"}
    assert (len(panel.days), panel.days[-1]) == (730, LAST_DAY)


def test_ninety_seven_days_in_a_hundred_are_flat(behaviour: Behaviour) -> None:
    assert behaviour.flat_days == pytest.approx(0.971, abs=0.008)


def test_the_median_step_is_about_five_per_cent_and_the_ninetieth_about_nine_and_a_half(
    behaviour: Behaviour,
) -> None:
    assert behaviour.step_median == pytest.approx(0.051, abs=0.008)
    assert behaviour.step_p90 == pytest.approx(0.095, abs=0.012)


def test_four_steps_in_five_go_the_way_of_the_step_before(behaviour: Behaviour) -> None:
    assert behaviour.same_sign == pytest.approx(0.81, abs=0.08)


def test_nine_quotes_in_ten_are_whole_yuan_and_nearly_all_half_yuan(behaviour: Behaviour) -> None:
    assert behaviour.whole_yuan == pytest.approx(0.917, abs=0.04)
    assert behaviour.half_yuan >= 0.987


def test_the_longest_flat_runs_last_fifty_to_a_hundred_and_sixty_days_in_the_middle(
    behaviour: Behaviour,
) -> None:
    assert 50 <= behaviour.longest_flat_median <= 160
    assert behaviour.longest_flat_p95 <= 240


def test_quotes_jump_when_markets_reopen_after_a_holiday(behaviour: Behaviour) -> None:
    assert 5 <= behaviour.holiday_lift <= 20


def test_the_dearest_market_asks_about_a_sixth_more_than_the_cheapest(behaviour: Behaviour) -> None:
    assert behaviour.spread_median == pytest.approx(0.167, abs=0.04)
    assert behaviour.spread_p90 == pytest.approx(0.415, abs=0.12)


def test_nothing_moves_while_markets_are_shut(panel: PricePanel) -> None:
    shut = np.array([is_shut(day) for day in panel.days[1:]])
    assert not np.diff(panel.fen_per_kg, axis=1)[:, shut].any()


def test_one_herb_doubles_within_half_a_year(panel: PricePanel) -> None:
    assert _best_ratio(panel, SURGE, 183, lambda late, early: late / early) >= 1.9


def test_one_herb_falls_from_85_to_about_20_yuan_within_thirteen_months(panel: PricePanel) -> None:
    board = panel.asking()[COLLAPSE, "统", "亳州"]
    assert board[0] == 8_500
    assert 1_600 <= board[-1] <= 2_500
    assert _best_ratio(panel, COLLAPSE, 396, lambda late, early: early / late) >= 3.4


def _best_ratio(panel: PricePanel, herb: str, days: int, ratio: Callable[[float, float], float]) -> float:
    board = panel.asking()[herb, "统", "亳州"].tolist()
    return max(ratio(late, early) for early, late in zip(board, board[days:], strict=False))


def test_a_year_moves_most_prices_by_less_than_half_except_the_planted_ones(panel: PricePanel) -> None:
    told = {SURGE, COLLAPSE, HOARDED, *RISEN}
    planted = np.array([grade.herb in told for grade in panel.grades])
    year = np.log(panel.fen_per_kg[~planted, -1] / panel.fen_per_kg[~planted, -366])
    assert -0.2 <= np.median(year) <= 0.1
    assert np.quantile(np.abs(year), 0.8) <= 0.5


def test_the_same_seed_quotes_the_same_prices_and_another_seed_others() -> None:
    first, again, other = (quote_city(np.random.default_rng(seed)) for seed in (5, 5, 6))
    assert np.array_equal(first.fen_per_kg, again.fen_per_kg)
    assert not np.array_equal(first.fen_per_kg[:100], other.fen_per_kg[:100])


def test_every_starting_price_names_who_printed_it_or_says_it_is_assumed() -> None:
    sourced = [crop.herb for crop in CROPS if crop.start_source]
    assert len(sourced) >= 8
    assert all(crop.start_source is None or any(c.isdigit() for c in crop.start_source) for crop in CROPS)


@pytest.mark.shared
def test_real_bozhou_quotes_measured_by_the_same_ruler_give_the_reported_figures(shared: Path) -> None:
    series: dict[Grade, dict[date, int]] = defaultdict(dict)
    with (shared / "data/prices/bozhou_daily_2025.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            grade = Grade(row["herb"], row["spec"], row["origin"])
            series[grade][date.fromisoformat(row["date"])] = round(float(row["price_yuan_per_kg"]) * 100)
    days = sorted({day for quotes in series.values() for day in quotes})
    assert all(sorted(quotes) == days for quotes in series.values())
    real = measure(
        PricePanel(
            grades=tuple(series),
            markets=(MARKETS[0],) * len(series),
            days=tuple(days),
            fen_per_kg=np.array([[quotes[day] for day in days] for quotes in series.values()]),
        )
    )
    assert real.flat_days == pytest.approx(0.971, abs=0.01)
    assert real.step_median == pytest.approx(0.051, abs=0.005)
    assert real.half_yuan >= 0.98


def test_a_day_follows_the_day_before_without_a_gap(panel: PricePanel) -> None:
    assert {(late - early).days for early, late in pairwise(panel.days)} == {1}

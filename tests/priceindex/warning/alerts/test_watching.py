"""What the rules see in published series: real time, what is missing said, nothing in stale prices."""

import json
from dataclasses import replace

import numpy as np
import pytest

from priceindex.quotes import Cell
from priceindex.warning.alerts.facts import Facts, IntervalSeen, QuotesSeen, StocksSeen
from priceindex.warning.alerts.happenings import SINGLE, Key
from priceindex.warning.hysteresis import State
from priceindex.warning.rule_text import rule_book
from priceindex.warning.sightings import RuleOutcome, Sighting
from priceindex.warning.watching import watch
from tests.priceindex.warning.alerts.seen import LAST_DAY, facts, weekly_node

FLAT = [100.0] * 40
RISEN = [*[100.0] * 34, *[125.0] * 6]


def of_rule(looked: Facts, rule: str) -> dict[str, Sighting]:
    found = watch(looked, rule_book()).sightings
    return {one.key.node: one for one in found if one.rule == rule}


def outcome(looked: Facts, rule: str) -> RuleOutcome:
    return next(one for one in watch(looked, rule_book()).outcomes if one.rule == rule)


def test_a_rise_of_a_quarter_is_an_alert_and_its_numbers_can_be_recomputed() -> None:
    one = of_rule(facts(weekly_node(RISEN), weekly_node(FLAT, node="白术")), "growth-up")
    assert {node: each.state for node, each in one.items()} == {"白芍": State.ALERT, "白术": State.NORMAL}
    told = one["白芍"].evidence()
    assert json.loads(json.dumps(told)) == told
    assert (told["score"], told["numbers"]) == ("0.25", {"now": "125", "then": "100"})
    assert told["release"] == "bozhou-2026-01-02"


def test_a_fall_is_seen_by_the_rule_of_falls_alone() -> None:
    fallen = facts(weekly_node([*[100.0] * 34, *[75.0] * 6]))
    assert of_rule(fallen, "growth-down")["白芍"].state is State.ALERT
    assert of_rule(fallen, "growth-up")["白芍"].state is State.NORMAL


def test_one_week_above_the_bound_is_not_enough() -> None:
    assert of_rule(facts(weekly_node([*[100.0] * 39, 125.0])), "growth-up")["白芍"].state is State.NORMAL


def test_a_herb_on_the_public_health_list_has_half_the_bounds() -> None:
    node = weekly_node([*[100.0] * 34, *[109.0] * 6])
    assert of_rule(facts(node), "growth-up")["白芍"].state is State.NORMAL
    assert of_rule(facts(node, listed=frozenset({"白芍"})), "growth-up")["白芍"].state is State.ALERT


def test_a_short_history_is_told_per_rule_and_opens_nothing() -> None:
    young = facts(weekly_node([100.0, 101.0, 102.0]))
    assert outcome(young, "growth-up").withheld == {"missing": 1}
    assert outcome(young, "alps").judged == 0
    assert [one for one in watch(young, rule_book()).sightings if one.state] == []


def test_a_release_with_a_single_day_can_be_looked_at() -> None:
    assert watch(facts(weekly_node([100.0])), rule_book()).outcomes[0].judged == 0


def test_a_value_older_than_two_weeks_is_stale_and_gives_its_own_warning() -> None:
    node = weekly_node(RISEN)
    late = facts(node, today=LAST_DAY + 15)
    assert of_rule(late, "growth-up")["白芍"].stale
    assert of_rule(late, "stale-price")["白芍"].state is State.ALERT
    fresh = facts(node, today=LAST_DAY + 7)
    assert not of_rule(fresh, "growth-up")["白芍"].stale
    assert of_rule(fresh, "stale-price")["白芍"].state is State.NORMAL


def test_a_herb_that_nobody_quotes_is_stale_though_its_index_goes_on() -> None:
    silent = replace(weekly_node(FLAT), quoted=np.array([1] * 30 + [0] * 10))
    assert of_rule(facts(silent), "stale-price")["白芍"].state is State.ALERT


def test_where_the_whole_family_is_stale_only_the_composite_says_so() -> None:
    nodes = [weekly_node(FLAT, level="composite", node="all", parent=None), weekly_node(FLAT)]
    assert list(of_rule(facts(*nodes, today=LAST_DAY + 60), "stale-price")) == ["all"]


def test_no_state_changes_when_the_future_is_cut_off() -> None:
    rng = np.random.default_rng(7)
    values = 100.0 * np.exp(np.cumsum(rng.normal(0, 0.05, 80)))
    node = weekly_node(list(values), level="class", node="root", parent="all")
    kept = slice(None, -10)
    part = replace(
        node,
        days=node.days[kept],
        values=values[kept],
        quoted=node.quoted[kept],
        stale_bp=node.stale_bp[kept],
    )
    last = int(part.days[-1])
    cut = replace(facts(part), until=last, today=last)
    for rule in ("volatility", "growth-up"):
        full = of_rule(facts(node), rule)["root"]
        assert list(of_rule(cut, rule)["root"].states) == list(full.states[kept])


def quotes(prices: dict[str, list[int]]) -> QuotesSeen:
    """Weekly quotes of one cell by source, fen per kilogram."""
    weeks = len(next(iter(prices.values())))
    days = LAST_DAY - 7 * np.arange(weeks, dtype=np.int64)[::-1]
    names = tuple(prices)
    return QuotesSeen(
        cells=(Cell("白芍", "统", "安徽", "亳州"),),
        sources=names,
        cell=np.zeros(weeks * len(names), dtype=np.int64),
        source=np.tile(np.arange(len(names), dtype=np.int64), weeks),
        day=np.repeat(days, len(names)),
        fen=np.array([prices[name][week] for week in range(weeks) for name in names], dtype=np.float64),
    )


def with_quotes(prices: dict[str, list[int]]) -> Facts:
    grade = weekly_node(FLAT, level="grade", node="白芍|统")
    return replace(facts(weekly_node(FLAT), grade), quotes=quotes(prices))


def test_a_source_that_makes_the_whole_move_dominates_and_its_share_is_private() -> None:
    still = [4000] * 40
    looked = with_quotes({"a": still, "b": still, "c": [*[4000] * 38, 4800, 4800]})
    found = of_rule(looked, "source-dominance")
    states = {node: one.state for node, one in found.items()}
    assert states == {"a": State.NORMAL, "b": State.NORMAL, "c": State.ALERT}
    assert found["c"].private is not None
    assert found["c"].private()["source"] == "c"
    assert "sources" not in found["c"].evidence()


def test_a_source_a_quarter_above_the_others_diverges() -> None:
    looked = with_quotes({"a": [4000] * 40, "b": [4000] * 40, "c": [*[4000] * 34, *[5300] * 6]})
    one = of_rule(looked, "source-divergence")["白芍"]
    assert one.state is State.ALERT
    assert one.score == pytest.approx(np.log(5300 / 4000))
    assert one.key == Key("herb", "白芍", "source-divergence", SINGLE)


def test_a_market_that_leaves_the_others_is_seen_as_that_market() -> None:
    weeks = 60
    days = LAST_DAY - 7 * np.arange(weeks, dtype=np.int64)[::-1]
    cells = tuple(Cell("白芍", "统", "安徽", market) for market in ("亳州", "安国", "玉林"))
    prices = np.full((weeks, 3), 4000.0)
    prices[-3:, 2] = 6000.0
    seen = QuotesSeen(
        cells=cells,
        sources=("a",),
        cell=np.tile(np.arange(3, dtype=np.int64), weeks),
        source=np.zeros(3 * weeks, dtype=np.int64),
        day=np.repeat(days, 3),
        fen=prices.ravel(),
    )
    found = of_rule(replace(facts(weekly_node(FLAT)), quotes=seen), "market-spread")
    assert found["白芍|统|安徽|玉林"].state is State.ALERT
    assert found["白芍|统|安徽|玉林"].evidence()["numbers"] is not None


def test_stocks_that_pile_up_while_the_price_rises_are_a_sign_of_hoarding() -> None:
    ends = (np.datetime64("2023-08") + np.arange(30)).astype("datetime64[D]").astype(np.int64) - 1
    flow = np.tile([1000.0, 1100.0, 900.0], 10)[None, :]
    usual = np.tile([3000.0, 3300.0, 3100.0], 10)[None, :]
    stock = usual.copy()
    stock[0, -3:] = 30_000.0
    days = np.arange(int(ends[0]), LAST_DAY + 1, dtype=np.int64)
    ones = np.ones(len(days), dtype=np.int64)
    values = np.where(days > LAST_DAY - 60, 130.0, 100.0)
    node = replace(weekly_node(FLAT), days=days, values=values, quoted=ones, stale_bp=0.0 * ones)
    piled = replace(facts(node), stocks=StocksSeen(herbs=("白芍",), ends=ends, stock=stock, outflow=flow))
    assert of_rule(piled, "hoarding")["白芍"].state is State.ALERT
    calm = StocksSeen(herbs=("白芍",), ends=ends, stock=usual, outflow=flow)
    assert of_rule(replace(piled, stocks=calm), "hoarding")["白芍"].state is State.NORMAL
    assert outcome(facts(node), "hoarding").withheld == {"missing": 1}


def test_a_value_far_outside_its_stored_forecast_is_told_with_it() -> None:
    said = IntervalSeen(
        level="herb", node="白芍", day=LAST_DAY, median=100.0, low=95.0, high=105.0, forecast_id="week-7"
    )
    looked = replace(facts(weekly_node([*FLAT, 125.0])), intervals=(said,))
    one = of_rule(looked, "interval-breach")["白芍"]
    assert one.state is State.ALERT
    assert one.score == pytest.approx(np.log(1.25) / np.log(1.05))
    assert one.evidence()["forecast"] == {
        "forecast": "week-7", "day": "2026-01-02", "low": "95", "median": "100", "high": "105",
    }  # fmt: skip


def test_a_listed_herb_inside_its_forecast_interval_or_eight_days_old_warns_of_neither() -> None:
    """Only rules about rises are stricter for the list: an interval is no narrower for anybody."""
    said = IntervalSeen(
        level="herb", node="白芍", day=LAST_DAY, median=100.0, low=95.0, high=105.0, forecast_id="week-7"
    )
    listed = facts(weekly_node([*FLAT, 103.0]), listed=frozenset({"白芍"}))
    inside = of_rule(replace(listed, intervals=(said,)), "interval-breach")["白芍"]
    assert inside.state is State.NORMAL
    aged = facts(weekly_node(FLAT), listed=frozenset({"白芍"}), today=LAST_DAY + 8)
    assert of_rule(aged, "stale-price")["白芍"].state is State.NORMAL


def test_a_rule_keeps_judging_for_eight_weeks_after_its_last_score() -> None:
    said = [
        IntervalSeen(
            level="herb",
            node="白芍",
            day=LAST_DAY - 7 * back,
            median=100.0,
            low=95.0,
            high=105.0,
            forecast_id="week-7",
        )
        for back in (7, 8)
    ]
    key = Key("herb", "白芍", "interval-breach", SINGLE)
    looked = [replace(facts(weekly_node([*FLAT, 125.0])), intervals=(one,)) for one in said]
    assert [watch(each, rule_book()).scored[key] for each in looked] == [True, False]


def test_grain_prices_are_wanted_and_their_absence_is_told() -> None:
    assert outcome(facts(weekly_node(FLAT)), "grain-ratio").withheld == {"missing": 1}

"""Scores of published nodes: growth, abnormal growth, trend, CUSUM, volatility, breadth, staleness."""

from collections.abc import Callable
from typing import Final

import numpy as np

from priceindex.calendar import month_numbers
from priceindex.classification import COMPOSITE, Level
from priceindex.forecast.grid import Gridded
from priceindex.formulas.relatives import Floats, Places
from priceindex.warning.alerts.facts import PERIOD_DAYS, Facts, NodeValues
from priceindex.warning.alerts.grids import Grids, subjects
from priceindex.warning.alerts.scored import Scored, Subject, nothing
from priceindex.warning.indicators.alps import alps
from priceindex.warning.indicators.breadth import breadth
from priceindex.warning.indicators.cusum import cusum
from priceindex.warning.indicators.growth import growth
from priceindex.warning.indicators.ifpa import ifpa
from priceindex.warning.indicators.indication import Indication
from priceindex.warning.indicators.stale_share import stale_share_published
from priceindex.warning.indicators.volatility import volatility
from priceindex.warning.rule_text import Rule, rule_book

QUARTER_WEEKS: Final = 13
QUARTER_MONTHS: Final = 3
BREADTH_WEEKS: Final = 4
STALE_PERIODS: Final = rule_book().life.stale_periods


def growth_scores(grids: Grids, rule: Rule) -> Scored:
    """Three months' growth of every node, negated where the rule is about falls."""
    by_week = rule.grid == "week" and grids.facts.frequency != "month"
    periods = QUARTER_WEEKS if by_week else QUARTER_MONTHS
    grid = grids.weeks if by_week else grids.months[1]
    return on_grid(grids, rule, grid, lambda values: _directed(growth(values, periods), rule))


def ifpa_scores(grids: Grids, rule: Rule) -> Scored:
    """IFPA of monthly means."""
    means = grids.months[0]
    return on_grid(grids, rule, means, lambda values: ifpa(values, month_numbers(means.ends)))


def alps_scores(grids: Grids, rule: Rule) -> Scored:
    """ALPS of monthly means."""
    means = grids.months[0]
    return on_grid(grids, rule, means, lambda values: alps(values, month_numbers(means.ends)))


def cusum_scores(grids: Grids, rule: Rule) -> Scored:
    """CUSUM of month-end values: changes of means would follow one another by themselves (Working 1960)."""
    return on_grid(grids, rule, grids.months[1], cusum)


def volatility_scores(grids: Grids, rule: Rule) -> Scored:
    """Volatility of weekly values against its own past."""
    return on_grid(grids, rule, grids.weeks, volatility)


def breadth_scores(grids: Grids, rule: Rule) -> Scored:
    """The share of herbs that rose in four weeks, of the whole and of every class."""
    herbs, weeks = subjects(grids, (Level.HERB,)), grids.weeks
    found = subjects(grids, rule.levels)
    if not len(herbs.places) or not len(found.places) or not len(weeks.ends):
        return nothing("missing", len(found.places))
    said = [
        breadth(weeks.values[herbs.places[_beneath(one, herbs.nodes)]], BREADTH_WEEKS) for one in found.nodes
    ]
    return of_nodes(grids.facts, found.nodes, weeks.ends, _stacked(said), weeks.values[found.places])


def stale_share_scores(grids: Grids, rule: Rule) -> Scored:
    """The share of weight on quotes of earlier days, as it was published with each value."""
    nodes, weeks = subjects(grids, rule.levels).nodes, grids.weeks

    def said(values: Floats) -> Indication:
        rows = [_last_on(one.days, one.stale_bp, weeks.ends) for one in nodes]
        table = np.asarray(rows).reshape(values.shape)
        return stale_share_published(np.where(np.isfinite(table), table, -1.0))

    return on_grid(grids, rule, weeks, said)


def stale_age_scores(grids: Grids, rule: Rule) -> Scored:
    """How many periods old the newest quote of every node was at the end of each week, up to today.

    Where the family as a whole has none, that is said once, of the composite.
    """
    facts, found = grids.facts, subjects(grids, rule.levels)
    stale = [
        one for one in found.nodes if one.level == Level.COMPOSITE and facts.is_stale(one, STALE_PERIODS)
    ]
    nodes = tuple(stale) if stale else found.nodes
    if not nodes:
        return nothing("missing", 0)
    first = min(int(one.days[0]) for one in nodes)
    ends = np.arange(facts.today - (facts.today - first) // 7 * 7, facts.today + 1, 7, dtype=np.int64)
    ages = np.asarray([_ages(one, ends) for one in nodes])
    said = Indication(
        score=ages / PERIOD_DAYS[facts.frequency],
        evidence={"age_days": ages},
        withheld={"missing": np.isnan(ages)},
    )
    # It is about the old price itself: nothing is held back for its age.
    rows = tuple(_subject(one) for one in nodes)
    return Scored(subjects=rows, days=ends, indication=said)


def on_grid(grids: Grids, rule: Rule, grid: Gridded, indicator: Callable[[Floats], Indication]) -> Scored:
    """What an indicator says of the values of a rule's nodes on a grid; nothing where there are none."""
    found = subjects(grids, rule.levels)
    if not len(found.places) or not len(grid.ends):
        return nothing("missing", len(found.places))
    values = grid.values[found.places]
    return of_nodes(grids.facts, found.nodes, grid.ends, indicator(values), values)


def of_nodes(
    facts: Facts, nodes: tuple[NodeValues, ...], ends: Places, said: Indication, values: Floats
) -> Scored:
    """Rows about published nodes, each with whether its newest quote is too old."""
    rows = tuple(_subject(one, stale=facts.is_stale(one, STALE_PERIODS)) for one in nodes)
    return Scored(subjects=rows, days=ends, indication=said, values=values)


def _subject(one: NodeValues, *, stale: bool = False) -> Subject:
    herb = one.node if one.level == Level.HERB else None
    return Subject(level=one.level, node=one.node, parent=one.parent, herb=herb, stale=stale)


def _directed(said: Indication, rule: Rule) -> Indication:
    if rule.direction != "down":
        return said
    return Indication(score=-said.score, evidence=said.evidence, withheld=said.withheld)


def _beneath(one: NodeValues, herbs: tuple[NodeValues, ...]) -> Places:
    """The herbs of a class, or all."""
    every = one.level == Level.COMPOSITE or one.node == COMPOSITE
    places = [place for place, herb in enumerate(herbs) if every or herb.parent == one.node]
    return np.asarray(places, dtype=np.int64)


def _stacked(said: list[Indication]) -> Indication:
    names = said[0].evidence
    return Indication(
        score=np.stack([one.score for one in said]),
        evidence={name: np.stack([one.evidence[name] for one in said]) for name in names},
        withheld={reason: np.stack([one.withheld[reason] for one in said]) for reason in said[0].withheld},
    )


def _last_on(days: Places, values: Floats, ends: Places) -> Floats:
    """The value of the last period that ended on or before each day; NaN before the first."""
    place = np.searchsorted(days, ends, side="right") - 1
    return np.where(place >= 0, values[np.maximum(place, 0)], np.nan)


def _ages(one: NodeValues, ends: Places) -> Floats:
    fresh = one.days[one.quoted > 0]
    if not len(fresh):
        return np.full(len(ends), np.nan)
    return ends - _last_on(fresh, fresh.astype(np.float64), ends)

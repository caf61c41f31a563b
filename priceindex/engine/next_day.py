"""A run extended by later days, equal to the full run, when nothing of the past changed.

A day's value rests on completed months and on that day alone, so a new day needs the last basket, the
last quotes and its own prices, and nothing before them is computed again.
"""

import datetime
from dataclasses import dataclass, replace

import numpy as np

from priceindex.calendar import day_number, month_numbers
from priceindex.engine import periods
from priceindex.engine.cell_prices import CellDays, priced, source_weights
from priceindex.engine.chain import Segment, Standing, link, segment
from priceindex.engine.index_run import IndexRun, Kept
from priceindex.engine.inputs import Inputs, LeftOut, QuoteColumns
from priceindex.engine.panel import build_panel
from priceindex.engine.run import quotes_kept_out
from priceindex.engine.told import LeftOutDays, Told
from priceindex.engine.tree_run import BEFORE_ALL, TreeRun, opened_after, teller_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterDays:
    """What was learned of the days after a run."""

    until: datetime.date
    as_of_ms: int
    quotes: QuoteColumns
    """Coded by the cells and sources of the run."""
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class _Grown:
    """The segments of a tree with its new days, and the new days alone."""

    segments: tuple[Segment, ...]
    fresh: tuple[Segment, ...]
    """One for each month that has new days."""


def extended(run: IndexRun, later: LaterDays) -> IndexRun | None:
    """The run through `later.until`, or None where only a full run can tell.

    That is so where the base period is not over, or a quote is of a day the run already told.
    """
    known = day_number(run.head.until)
    days = np.unique(later.quotes.day)
    if len(days) and (int(days[0]) <= known or int(month_numbers(days[:1])[0]) <= run.main.segments[0].month):
        return None
    if any(day_number(out.day) <= known for out in later.left_out):
        return None
    head = _head(run.head, later)
    grown, kept = _grown(run, priced(later.quotes, source_weights(head)))
    kept_out = quotes_kept_out(head, later.left_out, grown.fresh)
    main = _told(head, run.main, grown, LeftOutDays.of(kept_out, run.tree, None))
    cuts = {
        level: _told(head, cut, _cut_grown(cut, grown), LeftOutDays.of(kept_out, cut.tree, level))
        for level, cut in run.cuts.items()
    }
    tails = (*run.tails, later.quotes) if len(later.quotes) else run.tails
    return IndexRun(head=head, main=main, cuts=cuts, kept=kept, tails=tails)


def _head(before: Inputs, later: LaterDays) -> Inputs:
    left_out = before.left_out
    if later.left_out:
        whole = (*left_out, *later.left_out)
        left_out = tuple(sorted(whole, key=lambda out: (out.cell, out.day, out.fen_per_kg)))
    return replace(before, until=later.until, as_of_ms=later.as_of_ms, left_out=left_out)


def _grown(run: IndexRun, quoted: CellDays) -> tuple[_Grown, Kept]:
    """Value the new days of the family's own tree month by month."""
    days = np.unique(quoted.day)
    months = month_numbers(days)
    segments, fresh = list(run.main.segments), list[Segment]()
    last = run.kept.last
    for month in np.unique(months).tolist():
        chosen = days[months == month]
        part = quoted.between(int(chosen[0]), int(chosen[-1]))
        panel, last = build_panel(part, run.kept.carry, last, segments[-1].panel.carried[-1])
        standing = _standing(run.main, segments, month)
        made = segment(panel, standing, run.main.recipe, run.kept.screen)
        fresh.append(made)
        segments = _put(segments, made)
    return _Grown(tuple(segments), tuple(fresh)), replace(run.kept, last=last)


def _cut_grown(cut: TreeRun, grown: _Grown) -> _Grown:
    """The same for a cut, by the prices that counted in the family's own tree."""
    segments, fresh = list(cut.segments), list[Segment]()
    for new in grown.fresh:
        panel = new.panel.columns(cut.columns)
        made = segment(panel, _standing(cut, segments, new.month), cut.recipe)
        fresh.append(made)
        segments = _put(segments, made)
    return _Grown(tuple(segments), tuple(fresh))


def _standing(tree: TreeRun, segments: list[Segment], month: int) -> Standing:
    """The basket of the days of a month: the last one, the one a closed month opened, or a new link's."""
    if segments[-1].month == month:
        return segments[-1].standing
    if tree.opened is not None and len(segments) == len(tree.segments):
        return tree.opened
    return link(segments[-1], tree.recipe, tuple(segments))


def _put(segments: list[Segment], made: Segment) -> list[Segment]:
    if segments[-1].month == made.month:
        return [*segments[:-1], _joined(segments[-1], made)]
    return [*segments, made]


def _joined(part: Segment, later: Segment) -> Segment:
    """One segment out of its first days and the later ones of the same basket."""
    panel = part.panel.joined(later.panel)
    same = part.whole is part.panel and later.whole is later.panel
    return Segment(
        panel=panel,
        marked=np.concatenate([part.marked, later.marked]),
        whole=panel if same else part.whole.joined(later.whole),
        standing=part.standing,
        values=tuple(np.concatenate(pair) for pair in zip(part.values, later.values, strict=True)),
        imputed=tuple(np.concatenate(pair) for pair in zip(part.imputed, later.imputed, strict=True)),
    )


def _told(head: Inputs, tree: TreeRun, grown: _Grown, left_out: LeftOutDays) -> TreeRun:
    """A tree with new days: only they are told, and the weeks and months that are over since."""
    everything = tree.left_out.joined(left_out)
    teller = teller_of(head.family, tree.recipe, everything)
    until = day_number(head.until)
    opened = opened_after(grown.segments, tree.recipe, until)
    told: dict[str, tuple[Told, ...]] = {
        "day": (*tree.told["day"], *(teller.tell(part) for part in grown.fresh))
    }
    if "week" in tree.told:
        after = _last_told(tree.told["week"])
        week = periods.weeks(grown.segments, opened, tree.recipe, teller, until, after)
        told["week"] = (*tree.told["week"], *((week,) if week else ()))
    if "month" in tree.told:
        after = _last_told(tree.told["month"])
        month = periods.months(grown.segments, tree.recipe, teller, until, after)
        told["month"] = (*tree.told["month"], *((month,) if month else ()))
    return replace(tree, segments=grown.segments, opened=opened, told=told, left_out=everything)


def _last_told(told: tuple[Told, ...]) -> int:
    """First day of the last period told."""
    return int(told[-1].days[-1]) if told else BEFORE_ALL

"""Weeks and months: the same chain asked about the mean prices of a longer period.

A week's cell price is the geometric mean over its index days; the week is compared with the reference
of the month its Thursday is in (ISO 8601 gives a week to the year of its Thursday). A month's value is
its link value. A period is told once it is over, so that no later day of it changes what was told.
"""

from collections.abc import Sequence

import numpy as np

from priceindex.calendar import day_number, mondays, month_numbers, month_start
from priceindex.engine.chain import Recipe, Segment, Standing, segment
from priceindex.engine.panel import Panel, by_period, mean_price
from priceindex.engine.told import Teller, Told
from priceindex.formulas.relatives import Floats, Places

_THURSDAY = 3
_WEEK = 7


def weeks(
    segments: Sequence[Segment],
    opened: Standing | None,
    recipe: Recipe,
    teller: Teller,
    until: int,
    after: int,
) -> Told | None:
    """Tell the ISO weeks that begin after day number `after` and are over by `until`; None for none."""
    days = np.concatenate([part.panel.days for part in segments])
    begun = np.unique(mondays(days))
    over = begun[begun + _WEEK - 1 <= until]
    if not (over > after).any():
        return None
    standing_of = _standing_at(segments, over)
    first = int(np.searchsorted(over, after, side="right"))
    told: list[Told] = []
    before = _before(segments, over, standing_of, first)
    for place in np.unique(standing_of[first:]).tolist():
        chosen = over[first:][standing_of[first:] == place]
        panel = _mean_panel(segments, chosen, place, before)
        standing = segments[place].standing if place < len(segments) else opened
        if standing is None:
            standing = segments[-1].standing
        told.append(teller.tell(segment(panel, standing, recipe), _WEEK))
        before = panel.carried[-1]
    return told[0].joined(told[1:])


def _standing_at(segments: Sequence[Segment], begun: Places) -> Places:
    """For each week the place of the segment its Thursday belongs to; one past the last where none does."""
    ends = np.array([part.month for part in segments])
    return np.searchsorted(ends, month_numbers(begun + _THURSDAY))


def _before(segments: Sequence[Segment], over: Places, standing_of: Places, first: int) -> Floats:
    """The prices of the week before the first one told; NaN where there is none."""
    nothing = np.full(segments[0].panel.carried.shape[1], np.nan)
    if first == 0:
        return nothing
    place = int(standing_of[first - 1])
    return np.asarray(_mean_panel(segments, over[first - 1 : first], place, nothing).carried[-1])


def _mean_panel(segments: Sequence[Segment], begun: Places, place: int, before: Floats) -> Panel:
    """One row of mean prices for each of these weeks, given by their Mondays.

    They are compared with what segment `place` is. A cell that is compared with another tier from the
    next segment on has no price there that the week could use.
    """
    parts: list[Panel] = []
    for number, part in enumerate(segments):
        days = part.panel.days
        start, end = np.searchsorted(days, [begun[0], begun[-1] + _WEEK])
        if start < end:
            rows = part.panel.rows(slice(int(start), int(end)))
            anew = np.isfinite(segments[number - 1].panel.opening) if number > place else None
            if anew is not None and anew.any():
                rows = rows.without(np.broadcast_to(anew, rows.carried.shape))
            parts.append(rows)
    whole = parts[0]
    for later in parts[1:]:
        whole = whole.joined(later)
    return by_period(whole, np.searchsorted(begun, mondays(whole.days)), begun, before)


def months(
    segments: Sequence[Segment], recipe: Recipe, teller: Teller, until: int, after: int
) -> Told | None:
    """Tell the months that begin after day number `after` and are over by `until`; None for none."""
    told: list[Told] = []
    for place, part in enumerate(segments):
        numbers = month_numbers(part.panel.days)
        present = np.unique(numbers).tolist()
        begun = np.array([day_number(month_start(month)) for month in present])
        ends = np.array([day_number(month_start(month + 1)) for month in present])
        fresh = slice(int((begun <= after).sum()), int((ends <= until + 1).sum()))
        if fresh.start < fresh.stop:
            before = _month_before(segments, place)
            means = by_period(part.panel, np.searchsorted(present, numbers), begun, before).rows(fresh)
            told.append(teller.tell(segment(means, part.standing, recipe), (ends - begun)[fresh]))
    return told[0].joined(told[1:]) if told else None


def _month_before(segments: Sequence[Segment], place: int) -> Floats:
    """The mean prices of the month before a segment; NaN before the first."""
    if place == 0:
        return np.full(segments[0].panel.carried.shape[1], np.nan)
    panel = segments[place - 1].panel
    numbers = month_numbers(panel.days)
    return mean_price(panel.carried[numbers == numbers[-1]])

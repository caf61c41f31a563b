"""Which cells moved between two days, and the composite's change taken apart beside them."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from priceindex.calendar import day_number
from priceindex.engine.contributions import Contribution, change_units, contributions
from priceindex.engine.engine_errors import NotAnIndexDay
from priceindex.engine.index_run import IndexRun
from priceindex.formulas.relatives import Floats, Places
from priceindex.quotes import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """A cell whose price differs between two days."""

    cell: Cell
    before_fen_per_kg: int
    now_fen_per_kg: int

    @property
    def change(self) -> float:
        """Movement as a fraction: 0.05 is five per cent dearer."""
        return self.now_fen_per_kg / self.before_fen_per_kg - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The composite's change between two days, taken apart."""

    day: datetime.date
    before: datetime.date | None
    """None where there is one day only: then nothing moved."""
    change_points: Decimal
    contributions: tuple[Contribution, ...]
    """Classes, then herbs, then grades; the parts of each level add up to the change exactly."""
    movers: tuple[Mover, ...]
    """Largest relative moves first."""

    @property
    def link_points(self) -> Decimal:
        """What a change of basket does by itself: nothing, since the parts add up along the chain.

        Releases made before that was so tell a remainder under this name.
        """
        return Decimal(0)


def between(run: IndexRun, before: datetime.date, day: datetime.date, limit: int | None = None) -> Span:
    """The change from one day to a later one; `limit` bounds the movers.

    Raises `NotAnIndexDay`, `DaysInWrongOrder`, `ValueNotPublished`.
    """
    parts = contributions(run, before, day)
    change = Decimal(change_units(run, before, day)).scaleb(-run.family.digits.kept)
    moved = movers(run, before, day)[:limit]
    return Span(day=day, before=before, change_points=change, contributions=parts, movers=moved)


def last_day(run: IndexRun) -> Span:
    """The change of the last day against the index day before it.

    Nothing is taken apart where there is one day only, or where either day's composite is not published.
    """
    days = run.days
    published = [point.value is not None for point in run.series("composite", "all").points[-2:]]
    if len(days) < len(("before", "day")) or not all(published):
        before = days[-2] if len(days) > 1 else None
        moved = movers(run, before, days[-1]) if before else ()
        return Span(day=days[-1], before=before, change_points=Decimal(0), contributions=(), movers=moved)
    return between(run, days[-2], days[-1])


def movers(run: IndexRun, first: datetime.date, last: datetime.date) -> tuple[Mover, ...]:
    """The cells whose price, of one tier, differs between two days, the largest relative move first.

    Raises `NotAnIndexDay`.
    """
    (before, before_tier), (now, now_tier) = standing_prices(run, first), standing_prices(run, last)
    same = np.isfinite(before) & np.isfinite(now) & (before_tier == now_tier)
    moved = np.flatnonzero(same & (before != now))
    found = [
        Mover(
            cell=run.tree.cells[place], before_fen_per_kg=int(before[place]), now_fen_per_kg=int(now[place])
        )
        for place in moved.tolist()
    ]
    return tuple(sorted(found, key=lambda mover: (-abs(mover.change), mover.cell)))


def standing_prices(run: IndexRun, day: datetime.date) -> tuple[Floats, Places]:
    """The standing price of every cell on an index day in fen per kilogram, as quoted, and its tier.

    Raises `NotAnIndexDay`.
    """
    number = day_number(day)
    for part in run.main.segments:
        row = int(np.searchsorted(part.panel.days, number))
        if row < len(part.panel.days) and int(part.panel.days[row]) == number:
            prices = np.where(np.isfinite(part.panel.carried[row]), part.panel.fen[row], np.nan)
            return prices, part.panel.tier[row]
    raise NotAnIndexDay(day=day)

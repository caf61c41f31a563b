"""What stands in the book about the cells of an input: one read, in columns."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from sqlmodel import Session

from ledger.writing.bulk import ask
from priceindex.intake.rules.registry import Marks, Places
from priceindex.intake.rules.source_divergence import WEEK_DAYS
from priceindex.intake.tape import Tape, keys
from priceindex.quotes import USABLE, Tier

REACH_DAYS: Final = 95
"""Days before an input that its rules look back at the source itself: more than a stale quarter."""
NONE: Final = -1
"""In place of a missing end of a range."""

_COLUMNS: Final = (
    "cell_id, day, revision, fen_per_kg, COALESCE(low_fen_per_kg, -1), COALESCE(high_fen_per_kg, -1), "
    "COALESCE(deals, 1), source, tier, status"
)
_STANDING: Final = f"""
SELECT {_COLUMNS} FROM price_quote
WHERE cell_id AMONG ? AND day BETWEEN ? AND ? AND (source = ? OR day >= ?)
"""  # noqa: S608  our own names
_OLDER: Final = f"""
SELECT {_COLUMNS} FROM price_quote q WHERE cell_id AMONG ? AND day = (
    SELECT MAX(p.day) FROM price_quote p
    WHERE p.cell_id = q.cell_id AND p.day < ? AND p.status IN ('{USABLE[0]}', '{USABLE[1]}'))
"""  # noqa: S608  our own names
_TIERS: Final = {str(tier): tier.rank for tier in Tier}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The newest revision of every quote of some cells, sorted by cell, day and source."""

    cell: Places
    day: Places
    revision: Places
    fen: Places
    low: Places
    """Lower end of a range; `NONE` without one."""
    high: Places
    deals: Places
    source: Places
    """Numbers of `sources`."""
    tier: Places
    """Ranks of the tiers."""
    usable: Marks
    sources: tuple[str, ...]

    def of(self, source: str) -> Marks:
        """Which of these one source told."""
        if source not in self.sources:
            return np.zeros(len(self.cell), dtype=bool)
        told: Marks = self.source == self.sources.index(source)
        return told

    def tape(self, chosen: Marks) -> Tape:
        """The chosen prices as a tape; of one source at most one a cell and day."""
        return Tape(cell=self.cell[chosen], day=self.day[chosen], fen=self.fen[chosen].astype(np.float64))


def standing(session: Session, cell_ids: list[int], source: str, first: int, last: int) -> Standing:
    """Read the newest revisions that judging quotes of day numbers first…last looks at.

    Those of `source` from `REACH_DAYS` before, those of the others from a week before.
    """
    week = first - WEEK_DAYS
    return _newest(ask(session, _STANDING, cell_ids, first - REACH_DAYS, last, source, week))


def last_usable(session: Session, cell_ids: list[int], day: int) -> Tape:
    """Return of each cell the last usable price before a day number, over all sources."""
    found = _newest(ask(session, _OLDER, cell_ids, day))
    usable = found.usable
    place = keys(found.cell[usable], found.day[usable])
    rows = np.flatnonzero(usable)[np.unique(place, return_index=True)[1]]
    chosen = np.zeros(len(usable), dtype=bool)
    chosen[rows] = True
    return found.tape(chosen)


def _newest(rows: list[tuple[int, int, int, int, int, int, int, str, str, str]]) -> Standing:
    """Columns of the rows, of every cell, day and source the last revision alone."""
    *numbers, source, tier, status = zip(*rows, strict=True) if rows else ((),) * 10
    cell, day, revision, fen, low, high, deals = (np.array(each, dtype=np.int64) for each in numbers)
    sources = tuple(sorted(set(source)))
    number = {name: place for place, name in enumerate(sources)}
    by = np.array([number[name] for name in source], dtype=np.int64)
    order = np.lexsort((revision, by, keys(cell, day)))
    place, by_sorted = keys(cell, day)[order], by[order]
    following = (np.diff(place) != 0) | (np.diff(by_sorted) != 0)
    newest = order[np.append(following, np.ones(min(1, len(order)), dtype=bool))]
    ranks = np.array([_TIERS[name] for name in tier], dtype=np.int64)
    usable = np.array([name in USABLE for name in status], dtype=bool)
    return Standing(
        cell=cell[newest], day=day[newest], revision=revision[newest], fen=fen[newest], low=low[newest],
        high=high[newest], deals=deals[newest], source=by[newest], tier=ranks[newest],
        usable=usable[newest], sources=sources,
    )  # fmt: skip

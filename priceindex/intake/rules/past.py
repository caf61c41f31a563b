"""What is known of a cell before its next price: all that the rules of one cell may look at."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from priceindex.intake.rules.registry import Floats, Marks, Places

REACH: Final = 7
"""Prices the trailing median is taken of."""
REACH_DAYS: Final = 90
"""How old they may be."""
_LEAST: Final = 3
"""Prices a median needs."""
_SPAN_DAYS: Final = 30
_SPANS: Final = 4
"""Spans of days whose first prices are remembered: those that begin within `REACH_DAYS`, and this one."""
_NEVER: Final = -(1 << 40)
CREPT: Final = 5.0
"""How far a price may be from one that stood up to 90 days ago: 白术 fell to 1/4.3 within them in 2025."""


@dataclass(slots=True, kw_only=True)
class Past:
    """The past of k cells, walked forward together; each array has one place a cell."""

    fen: Floats
    """Last usable price; NaN before the first."""
    day: Places
    """Day of it."""
    since: Places
    """First day of the unbroken run of that price."""
    prices: Floats
    """(k, REACH): the last usable prices in no order, infinite where there is none."""
    days: Places
    """(k, REACH): the days of those."""
    seen: Places
    """How many usable prices there were."""
    span_fen: Floats
    """(k, _SPANS): the first usable price of each of the last spans of 30 days."""
    span: Places
    """(k, _SPANS): the numbers of those spans."""

    @classmethod
    def empty(cls, cells: int) -> Self:
        """Return the past of cells nobody has quoted."""
        return cls(
            fen=np.full(cells, np.nan),
            day=np.zeros(cells, dtype=np.int64),
            since=np.zeros(cells, dtype=np.int64),
            prices=np.full((cells, REACH), np.inf),
            days=np.zeros((cells, REACH), dtype=np.int64),
            seen=np.zeros(cells, dtype=np.int64),
            span_fen=np.full((cells, _SPANS), np.nan),
            span=np.full((cells, _SPANS), _NEVER, dtype=np.int64),
        )

    def first(self, cells: int) -> "Past":
        """Return a view of the first `cells` cells."""
        return Past(
            fen=self.fen[:cells],
            day=self.day[:cells],
            since=self.since[:cells],
            prices=self.prices[:cells],
            days=self.days[:cells],
            seen=self.seen[:cells],
            span_fen=self.span_fen[:cells],
            span=self.span[:cells],
        )

    def medians(self, day: Places) -> Floats:
        """Median of each cell's recent prices as seen from `day`; NaN of fewer than three."""
        recent = np.where(day[:, None] - self.days <= REACH_DAYS, self.prices, np.inf)
        recent.sort(axis=1)
        count = np.isfinite(recent).sum(axis=1)
        rows = np.arange(len(day))
        low = recent[rows, np.maximum(count - 1, 0) // 2]
        high = recent[rows, np.minimum(count // 2, REACH - 1)]
        return np.where(count >= _LEAST, (low + high) / 2, np.nan)

    def stood(self, day: Places) -> Floats:
        """Each cell's first price of the oldest whole span within reach of `day`; NaN without one.

        Only spans that lie within `REACH_DAYS` whole are asked: whoever reads no further back than that
        finds the same price.
        """
        inside = (self.span * _SPAN_DAYS >= day[:, None] - REACH_DAYS) & (self.span > _NEVER)
        oldest = np.argmin(np.where(inside, self.span, -_NEVER), axis=1)
        rows = np.arange(len(day))
        return np.where(inside.any(axis=1), self.span_fen[rows, oldest], np.nan)

    def take(self, fen: Floats, day: Places, kept: Marks) -> None:
        """Move on past a price in every cell where it was `kept`."""
        self._take_span(fen, day, kept)
        broken = kept & (fen != self.fen)
        self.since[broken] = day[broken]
        places = self.seen[kept] % REACH
        self.prices[kept, places] = fen[kept]
        self.days[kept, places] = day[kept]
        self.fen[kept] = fen[kept]
        self.day[kept] = day[kept]
        self.seen[kept] += 1

    def _take_span(self, fen: Floats, day: Places, kept: Marks) -> None:
        """Remember the first price of a span; one that crept and is kept, a person let in: it stands now."""
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = fen / self.stood(day)
        let_in = kept & (np.maximum(ratio, 1 / ratio) > CREPT)
        self.span[let_in] = _NEVER
        span = day // _SPAN_DAYS
        place = span % _SPANS
        rows = np.arange(len(day))
        begun = kept & (self.span[rows, place] != span)
        self.span[rows[begun], place[begun]] = span[begun]
        self.span_fen[rows[begun], place[begun]] = fen[begun]

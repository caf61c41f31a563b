"""What a warning rule is to warn of: surges 急涨, prices that rise by 30 % within six months.

The definition has no parameter but these two. From the first month on, a month from which the price reaches
+30 % within the next six begins a surge. Its onset is the lowest month before that line is crossed, its
crossing the first month at +30 % of the onset's price or more, its peak the highest of the six months after
the onset.
The next surge is looked for from the end of these six months on: surges never overlap, and a price that goes
on rising for a year may be two of them.

A surge is known only once its six months have passed; events look ahead, and only scores must not.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from priceindex.warning.indicators.indication import Floats

RISE: Final = 0.30
WITHIN: Final = 6
"""Months, or the periods in six months on another grid."""
_ROUNDING: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Surge:
    """One surge of one series; all three are places on the time axis."""

    onset: int
    crossing: int
    peak: int


def surges(prices: Floats, *, rise: float = RISE, within: int = WITHIN) -> tuple[Surge, ...]:
    """The surges of one series (T,) of positive prices, NaN where none is known, the oldest first.

    >>> surges(np.array([10.0, 9.0, 10.0, 12.0, 13.0, 12.0, 12.0, 12.0]))
    (Surge(onset=1, crossing=3, peak=4),)
    """
    found = []
    place = 0
    while place < len(prices) - 1:
        ahead = _first_at(prices, place, rise, within)
        if ahead is None:
            place += 1
            continue
        onset = place + int(np.nanargmin(prices[place:ahead]))
        crossing = _first_at(prices, onset, rise, within) or ahead
        six_months = prices[crossing : onset + within + 1]
        found.append(Surge(onset, crossing, crossing + int(np.nanargmax(six_months))))
        place = onset + within
    return tuple(found)


def _first_at(prices: Floats, place: int, rise: float, within: int) -> int | None:
    """The first of the `within` periods after `place` at which the price has risen by `rise`."""
    line = prices[place] * (1.0 + rise) * (1.0 - _ROUNDING)
    reached = np.flatnonzero(prices[place + 1 : place + 1 + within] >= line)
    return place + 1 + int(reached[0]) if len(reached) else None

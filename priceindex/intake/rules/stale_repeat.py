"""The same price told for longer than a quarter: the quote may be copied forward, not asked for."""

from typing import Final

from priceindex.intake.rules.past import Past
from priceindex.intake.rules.registry import Bits, Floats, Places, bits_of

STALE_DAYS: Final = 90
"""Days of one unchanged price beyond which every further repeat is flagged."""


def unchanged_too_long(fen: Floats, day: Places, past: Past) -> Bits:
    """Flag a price that has stood for more than `STALE_DAYS` days and is told once more."""
    return bits_of("stale-repeat", (fen == past.fen) & (day - past.since > STALE_DAYS))

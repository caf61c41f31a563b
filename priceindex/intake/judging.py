"""Judging the new prices of one source in bulk: every rule once, over columns.

The past of all cells is walked forward together, one price a cell at a time, because a price set aside
must not be what the next one is judged by. A file judged whole and the same file judged day by day
therefore give the same marks, but for the two rules that compare with other cells of the same file.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from priceindex.intake.rules.crept_level import against_what_stood
from priceindex.intake.rules.grade_drift import like_another_grade
from priceindex.intake.rules.last_price import FRESH_DAYS, against_last_price
from priceindex.intake.rules.past import Past
from priceindex.intake.rules.registry import Bits, Floats, Marks, Places, bits_of, withheld
from priceindex.intake.rules.sibling_jump import unlike_siblings
from priceindex.intake.rules.source_divergence import against_other_sources
from priceindex.intake.rules.stale_repeat import unchanged_too_long
from priceindex.intake.rules.trailing_median import against_trailing_median
from priceindex.intake.tape import Tape
from priceindex.quotes import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What one judging needs: the source's own prices old and new, the other sources', and the cells."""

    own: Tape
    """The source's usable prices of the cells concerned and the new ones; of a cell it has never priced,
    the last usable price anybody told."""
    new: Marks
    """(len(own),): which of them are to be judged."""
    others: Tape
    """Usable prices of the other sources; may name a cell and day more than once."""
    other_source: Places
    """(len(others),): who told each, as a number."""
    cells: Mapping[int, Cell]


def judge(bench: Bench) -> Bits:
    """Return which rules each price of `bench.own` met; 0 for those that are not new."""
    own, new = bench.own, bench.new
    bits = np.zeros(len(own), dtype=np.uint32)
    bits[new] = against_other_sources(
        own.cell[new], own.day[new], own.fen[new], bench.others, bench.other_source
    )
    bits |= _walked(own, new, bits)
    kept = ~withheld(bits)
    usable, judged = own.only(kept), new[kept]
    change = _changes(usable)
    for code, rule in (("sibling-jump", unlike_siblings), ("grade-drift", like_another_grade)):
        bits[kept] |= bits_of(code, rule(usable, change, bench.cells, judged))
    return bits


def _walked(own: Tape, new: Marks, before: Bits) -> Bits:
    """Judge each price by the past of its cell, in the order of days; `before` says what is out already."""
    bits = np.zeros(len(own), dtype=np.uint32)
    start = np.flatnonzero(np.diff(own.cell, prepend=-1))
    length = np.diff(start, append=len(own))
    longest_first = np.argsort(-length, kind="stable")
    start, length = start[longest_first], length[longest_first]
    past = Past.empty(len(start))
    out = withheld(before)
    for step in range(int(length[0]) if len(length) else 0):
        active = int(np.searchsorted(-length, -step, side="left"))
        rows = start[:active] + step
        here = past.first(active)
        fen, day = own.fen[rows], own.day[rows]
        found = np.where(new[rows], _against_past(fen, day, here), np.uint32(0))
        bits[rows] = found
        here.take(fen, day, ~withheld(found) & ~out[rows])
    return bits


def _against_past(fen: Floats, day: Places, past: Past) -> Bits:
    with np.errstate(divide="ignore", invalid="ignore"):
        met = (
            against_last_price(fen, day, past)
            | against_trailing_median(fen, day, past)
            | unchanged_too_long(fen, day, past)
        )
        return met | against_what_stood(fen, day, past, met)


def _changes(tape: Tape) -> Floats:
    """Log change of each price from the cell's one before; NaN where there is none, or it is old."""
    change = np.full(len(tape), np.nan)
    if len(tape) > 1:
        same = (np.diff(tape.cell) == 0) & (np.diff(tape.day) <= FRESH_DAYS)
        change[1:][same] = np.log(tape.fen[1:][same] / tape.fen[:-1][same])
    return change

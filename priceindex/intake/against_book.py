"""Sound quotes against the book: which say something new, as which revision, and which rules they meet."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from sqlmodel import Session

from priceindex import book
from priceindex.intake.columns import Sound
from priceindex.intake.judging import Bench, judge
from priceindex.intake.rules.registry import Bits, Marks, Places, bits_for
from priceindex.intake.standing_quotes import NONE, Standing, last_usable, standing
from priceindex.intake.tape import Tape, keys
from priceindex.quotes import Cell, Tier

_PEERS_UP_TO: Final = 2_000
"""Cells of an input up to which their peers are read too; a larger input brings its own peers."""

_RANKS: Final = {tier: tier.rank for tier in Tier}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is to be written of an input."""

    rows: Places
    """Places in the sound quotes."""
    revision: Places
    """Of each: 0 for what was never said before."""
    bits: Bits
    """Of each: the rules it met."""


def judged_against_book(session: Session, good: Sound, source: str) -> Judged:
    """Judge what `source` says now by what the book holds; what it says again is left out."""
    if not len(good.cell):
        nothing = np.zeros(0, dtype=np.int64)
        return Judged(rows=nothing, revision=nothing, bits=nothing.astype(np.uint32))
    cells = book.cells_by_id(session)
    asked = _with_peers(good.cell_ids, cells)
    first, last = int(good.day.min()), int(good.day.max())
    stands = standing(session, asked, source, first, last)
    own = np.flatnonzero(stands.of(source))
    place, found = _matched(keys(stands.cell[own], stands.day[own]), good.keys)
    earlier = own[place[found]]
    fresh = np.ones(len(good.cell), dtype=bool)
    fresh[found] = ~_same(good, np.flatnonzero(found), stands, earlier)
    revision = np.zeros(len(good.cell), dtype=np.int64)
    revision[found] = stands.revision[earlier] + 1
    rows = np.flatnonzero(fresh)
    rows = rows[np.argsort(good.day[rows], kind="stable")]  # as the book is sorted: a third of the time
    bits = _bits(session, good, rows, stands, stands.of(source), cells)
    return Judged(rows=rows, revision=revision[rows], bits=bits | _told(good, rows))


def _with_peers(ids: Places, cells: dict[int, Cell]) -> list[int]:
    """The cells of an input, and those that share a herb with them."""
    if len(ids) > _PEERS_UP_TO:
        return [int(number) for number in ids]
    herbs = {cells[number].herb for number in ids.tolist()}
    return [number for number, cell in cells.items() if cell.herb in herbs]


def _matched(known: Places, wanted: Places) -> tuple[Places, Marks]:
    """Where each wanted key stands among sorted known ones, and whether it does."""
    place = np.searchsorted(known, wanted)
    found = np.zeros(len(wanted), dtype=bool)
    inside = place < len(known)
    found[inside] = known[place[inside]] == wanted[inside]
    return place, found


def _same(good: Sound, rows: Places, stands: Standing, earlier: Places) -> Marks:
    """Whether the book's newest word on each quote is what is said now."""
    quotes = [good.quotes[row] for row in rows.tolist()]
    ends = [(quote.low_fen_per_kg or NONE, quote.high_fen_per_kg or NONE) for quote in quotes]
    low, high = np.array(ends, dtype=np.int64).reshape(-1, 2).T
    tier = np.array([_RANKS[quote.tier] for quote in quotes], dtype=np.int64)
    deals = np.array([quote.deals for quote in quotes], dtype=np.int64)
    same: Marks = (good.fen[rows] == stands.fen[earlier]) & (low == stands.low[earlier])
    same &= (high == stands.high[earlier]) & (tier == stands.tier[earlier])
    same &= deals == stands.deals[earlier]
    return same


def _told(good: Sound, rows: Places) -> Bits:
    """Rules the reading itself found met."""
    told = [good.quotes[row].rules for row in rows.tolist()]
    bits = {rules: bits_for(rules) for rules in set(told)}
    return np.array([bits[rules] for rules in told], dtype=np.uint32)


def _bits(
    session: Session, good: Sound, rows: Places, stands: Standing, own: Marks, cells: dict[int, Cell]
) -> Bits:
    """Which rules each new quote meets."""
    first, ids = int(good.day.min()), good.cell_ids
    new = Tape(cell=good.cell[rows], day=good.day[rows], fen=good.fen[rows].astype(np.float64))
    past = stands.tape(own & stands.usable)
    past = past.only(~np.isin(past.keys, new.keys))
    unpriced = np.setdiff1d(ids, past.cell[past.day < first])
    older = last_usable(session, unpriced.tolist(), first)
    tape, is_new, back = _joined(past, older, new)
    others = ~own & stands.usable
    found = judge(
        Bench(
            own=tape,
            new=is_new,
            others=stands.tape(others),
            other_source=stands.source[others],
            cells=cells,
        )
    )
    return found[back]


def _joined(past: Tape, older: Tape, new: Tape) -> tuple[Tape, Marks, Places]:
    """One tape of all three, which of it is new, and where each new price stands in it."""
    cell, day, fen = (
        np.concatenate([getattr(each, part) for each in (past, older, new)])
        for part in ("cell", "day", "fen")
    )
    order = np.argsort(keys(cell, day), kind="stable")
    is_new = order >= len(past) + len(older)
    back = np.empty(len(order), dtype=np.int64)
    back[order] = np.arange(len(order))
    tape = Tape(cell=cell[order], day=day[order], fen=fen[order])
    return tape, is_new, back[len(past) + len(older) :]

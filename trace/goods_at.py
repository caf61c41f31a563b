"""Where goods are 下落: who has how much of which lot, loose and in packs, and what end users have.

The one way to tell it, for lineages and recalls alike. Read from the tables as they stand; what was
destroyed is nobody's any more. A pack whose code was retired is still somewhere: who ordered its code cannot
take it off a shelf with a word.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from ledger.errors import Language
from ledger.writing.bulk import ask
from trace.coding.code_words import CodeStatus

END_USERS: Final = ""
"""Stands for everybody who bought or was given goods to use, since no party has them any more."""
END_USERS_WORDS: Final[Mapping[Language, str]] = {"zh": "最终用户", "en": "end users"}
_USED: Final = frozenset({CodeStatus.SOLD, CodeStatus.DISPENSED})
_LOTS: Final = """
SELECT lot_id, herb, form, holder, COALESCE(grams, 0), packed_grams FROM trace_lot WHERE lot_id AMONG ?
"""
_PACKS: Final = """
SELECT lot_id, holder, in_transit_to, status, SUM(last_serial - first_serial + 1),
  SUM((last_serial - first_serial + 1) * COALESCE(grams, 0))
FROM trace_code_run WHERE lot_id AMONG ? AND status IN ('activated', 'sold', 'dispensed', 'retired')
GROUP BY lot_id, holder, in_transit_to, status ORDER BY lot_id, holder, in_transit_to, status
"""
_SOLD: Final = """
SELECT lot_id, SUM(CASE WHEN settled THEN 0 ELSE grams END), SUM(CASE WHEN settled THEN grams ELSE 0 END)
FROM trace_sale WHERE lot_id AMONG ? AND buyer IS NULL
AND NOT EXISTS (SELECT 1 FROM trace_step_lot AS touch WHERE touch.step_id = trace_sale.step_id
  AND touch.lot_id = trace_sale.lot_id AND touch.left_grams IS NOT NULL)
GROUP BY lot_id
"""
_ROADS: Final = """
SELECT lot_id, receiver FROM trace_shipment WHERE lot_id AMONG ? AND received_step IS NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsAt:
    """Goods of one lot with one holder in one state."""

    lot: str
    herb: str
    form: str
    holder: str
    """USCC, or `END_USERS`."""
    to: str | None
    """USCC of whom they are on their way to."""
    status: CodeStatus | None
    """What became of the packs, and `sold` for loose goods sold by mass; None for loose goods at hand."""
    packs: int
    """0 for loose goods."""
    grams: int


@dataclass(frozen=True, slots=True)
class _Lot:
    lot: str
    herb: str
    form: str
    holder: str
    loose: int
    packed: int
    """Grams in packs that go with the lot."""


@dataclass(frozen=True, slots=True)
class _Packs:
    """Packs of a lot in one state."""

    holder: str | None
    """None: they go with their lot."""
    to: str | None
    status: CodeStatus
    packs: int
    grams: int

    @property
    def with_lot(self) -> bool:
        """Whether they go with their lot."""
        return self.holder is None and self.status not in _USED


def goods_at(session: Session, lots: Sequence[str]) -> Iterator[GoodsAt]:
    """Yield where the goods of `lots` are, lot by lot; of which nothing is left nothing is said."""
    named = list(lots)
    packs, used, roads = _packs(session, named), _used_loose(session, named), _roads(session, named)
    for row in ask(session, _LOTS, named):
        lot = _Lot(*row)
        of_lot = packs.get(lot.lot, ())
        still_in, gone = used.get(lot.lot, (0, 0))
        sold = min(still_in, max(0, lot.loose + lot.packed))
        yield from _with_lot(lot, of_lot, sold, gone, roads.get(lot.lot))
        yield from _apart(lot, of_lot)
        if sold + gone:
            yield _at(lot, END_USERS, None, CodeStatus.SOLD, 0, sold + gone)


def _with_lot(lot: _Lot, packs: Sequence[_Packs], sold: int, gone: int, to: str | None) -> Iterator[GoodsAt]:
    """What is at hand of the lot itself.

    What was `sold` by mass counts as loose while there is any, and so does what was `gone` when the lot
    changed hands, though its sum of packs went down by it then: a recall looks for all packs there can be.
    """
    loose, packed = lot.loose - sold, lot.packed
    if loose < 0:
        loose, packed = 0, packed + loose
    if loose:
        yield _at(lot, lot.holder, to, None, 0, loose)
    count = _left([each for each in packs if each.with_lot], packed + min(gone, loose))
    if count or packed > 0:
        yield _at(lot, lot.holder, to, CodeStatus.ACTIVATED, count, packed)


def _apart(lot: _Lot, packs: Sequence[_Packs]) -> Iterator[GoodsAt]:
    """The packs that went their own ways."""
    for each in packs:
        if each.status in _USED:
            yield _at(lot, END_USERS, None, each.status, each.packs, each.grams)
        elif each.holder is not None:
            yield _at(lot, each.holder, each.to, each.status, each.packs, each.grams)


def _left(packs: Sequence[_Packs], packed: int) -> int:
    """Return how many packs there can still be in `packed` grams, rounded up.

    What was sold, destroyed, dispensed or sampled by the mass of its lot may have been packs: no code says.
    """
    filled, count = sum(each.grams for each in packs), sum(each.packs for each in packs)
    return count if packed >= filled else -(-count * max(0, packed) // filled)


def _at(lot: _Lot, holder: str, to: str | None, status: CodeStatus | None, packs: int, grams: int) -> GoodsAt:
    return GoodsAt(
        lot=lot.lot,
        herb=lot.herb,
        form=lot.form,
        holder=holder,
        to=to,
        status=status,
        packs=packs,
        grams=grams,
    )


def _packs(session: Session, lots: list[str]) -> Mapping[str, list[_Packs]]:
    found: dict[str, list[_Packs]] = {}
    for lot, holder, to, status, packs, grams in ask(session, _PACKS, lots):
        found.setdefault(lot, []).append(_Packs(holder, to, CodeStatus(status), int(packs), int(grams)))
    return found


def _used_loose(session: Session, lots: list[str]) -> Mapping[str, tuple[int, int]]:
    """Grams of each lot sold to end users by mass: those its lot still counts, and those it does not.

    They leave the lot's own sum when the rest of it is handed over. Packs sold by their codes are counted by
    their codes.
    """
    return {lot: (int(still_in), int(gone)) for lot, still_in, gone in ask(session, _SOLD, lots)}


def _roads(session: Session, lots: list[str]) -> Mapping[str, str]:
    """To whom each lot on the road is going."""
    return {lot: str(receiver) for lot, receiver in ask(session, _ROADS, lots)}

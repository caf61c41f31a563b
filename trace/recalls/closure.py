"""The lots a hold covers: those named, all that was made from them, and one root that fixes them all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select, update
from sqlmodel import Session, col

from ledger.merkle import leaf_hashes_of, root_of
from ledger.writing.bulk import ask, tell, write_rows
from trace.lineage import reached
from trace.recalls.recall_tables import HoldLotRow, HoldRow
from trace.tables import LotRow, table_of

AT_ONCE: Final = 5_000
"""Lots named in one query."""
_FREEZE: Final = """
UPDATE trace_lot SET frozen = true WHERE lot_id IN (SELECT lot_id FROM trace_hold_lot WHERE hold_id = ?)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Lots under one hold."""

    lots: tuple[str, ...]
    """Their ids, sorted."""

    @property
    def root(self) -> str:
        """Merkle root (RFC 9162) of the sorted ids, in hex: fixes the list without spelling it out.

        >>> Closure(lots=()).root[:8]
        'e3b0c442'
        """
        return root_of(leaf_hashes_of(lot.encode() for lot in self.lots)).hex()


def closure_of(session: Session, lots: Sequence[str]) -> Closure:
    """Return `lots` and all that was made from them, over any number of levels."""
    found = set(lots)
    for part in in_parts(lots):
        found |= reached(session, part, back=False)
    return Closure(lots=tuple(sorted(found)))


def held_closure(session: Session, lots: Sequence[str]) -> Closure:
    """Return the closure of `lots` and keep other writers from it until the transaction ends.

    On PostgreSQL a lot could be made from one of them while they are being counted: they are locked in
    the order steps lock theirs, and counted again until nothing was added.
    """
    found = closure_of(session, lots)
    if session.connection().dialect.name == "sqlite":
        return found  # it has one writer
    while True:
        _lock(session, found.lots)
        again = closure_of(session, lots)
        if again == found:
            return found
        found = again


def in_parts(lots: Sequence[str]) -> Iterator[Sequence[str]]:
    """Give `lots` in parts that fit into a query."""
    for begin in range(0, len(lots), AT_ONCE):
        yield lots[begin : begin + AT_ONCE]


def put_under(session: Session, hold_id: str, lots: Sequence[str]) -> None:
    """Put `lots` under the hold and mark them as frozen."""
    write_rows(
        session,
        "trace_hold_lot",
        (("hold_id", "varchar"), ("lot_id", "varchar")),
        [(hold_id, lot) for lot in lots],
    )
    tell(session, _FREEZE, hold_id)


def release(session: Session, hold_id: str) -> None:
    """Mark as free every lot of the hold that no other open hold covers."""
    others = (
        select(col(HoldLotRow.lot_id))
        .join(HoldRow, col(HoldRow.hold_id) == col(HoldLotRow.hold_id))
        .where(col(HoldRow.lifted_ms).is_(None), col(HoldRow.hold_id) != hold_id)
    )
    own = select(col(HoldLotRow.lot_id)).where(col(HoldLotRow.hold_id) == hold_id)
    session.connection().execute(
        update(table_of(LotRow))
        .where(col(LotRow.lot_id).in_(own), col(LotRow.lot_id).not_in(others))
        .values(frozen=False)
    )


def lots_under(session: Session, hold_id: str) -> tuple[str, ...]:
    """Return the ids of all lots under the hold, sorted."""
    rows = session.execute(select(col(HoldLotRow.lot_id)).where(col(HoldLotRow.hold_id) == hold_id))
    return tuple(sorted(rows.scalars()))


def _lock(session: Session, lots: Sequence[str]) -> None:
    ask(session, "SELECT lot_id FROM trace_lot WHERE lot_id AMONG ? ORDER BY lot_id LOCKED", list(lots))

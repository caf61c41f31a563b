"""Holds 冻结: on a lot, a party or a single code, with the words of whoever ordered it."""

import uuid

from sqlalchemy import update
from sqlmodel import Session, SQLModel, col, select

from ledger.clock import Randomness
from trace.errors import UnknownFreezeTarget
from trace.lineage import descendants, lots_of
from trace.tables import CodeRow, FreezeRow, LotRow, PartyRow, StepLotRow, StepRow
from trace.vocabulary import Word


class FreezeKind(Word):
    """What can be frozen."""

    LOT = "lot", "批次", "lot"
    PARTY = "party", "主体", "party"
    CODE = "code", "追溯码", "trace code"


_TABLES: dict[FreezeKind, type[SQLModel]] = {
    FreezeKind.LOT: LotRow,
    FreezeKind.PARTY: PartyRow,
    FreezeKind.CODE: CodeRow,
}


def freeze(
    session: Session, kind: FreezeKind, target: str, reason: str, at_ms: int, randomness: Randomness
) -> str:
    """Put `target` on hold and return the id of the hold; raises `UnknownFreezeTarget`."""
    _mark(session, kind, target, frozen=True)
    row = FreezeRow(
        freeze_id=str(uuid.UUID(bytes=randomness(16), version=4)),
        kind=kind.value,
        target=target,
        reason=reason,
        frozen_ms=at_ms,
    )
    freeze_id = row.freeze_id
    session.add(row)
    session.flush()
    return freeze_id


def lift(session: Session, kind: FreezeKind, target: str, at_ms: int) -> None:
    """Lift every hold on `target`; raises `UnknownFreezeTarget`."""
    _mark(session, kind, target, frozen=False)
    session.execute(
        update(FreezeRow)
        .where(
            col(FreezeRow.kind) == kind.value,
            col(FreezeRow.target) == target,
            col(FreezeRow.lifted_ms).is_(None),
        )
        .values(lifted_ms=at_ms)
    )


def is_held(session: Session, statement_id: str, party: str) -> bool:
    """Say whether `party`, a lot this statement touches or one made from such a lot is on hold."""
    touched = session.exec(
        select(StepLotRow.lot_id)
        .join(StepRow, col(StepRow.step_id) == col(StepLotRow.step_id))
        .where(StepRow.statement_id == statement_id)
    ).all()
    lots = lots_of(descendants(session, touched), touched)
    frozen = select(LotRow.lot_id).where(col(LotRow.lot_id).in_(lots), col(LotRow.frozen))
    parties = select(PartyRow.uscc).where(PartyRow.uscc == party, col(PartyRow.frozen))
    return session.exec(frozen).first() is not None or session.exec(parties).first() is not None


def _mark(session: Session, kind: FreezeKind, target: str, *, frozen: bool) -> None:
    row = session.get(_TABLES[kind], target, populate_existing=True)
    if not isinstance(row, LotRow | PartyRow | CodeRow):
        raise UnknownFreezeTarget(kind_zh=kind.zh, kind_en=kind.en, target=target)
    row.frozen = frozen
    session.flush()

"""Which open holds concern a step, a statement or the way of a pack."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from sqlmodel import Session, col, select

from ledger.writing.bulk import ask
from trace.findings import Finding
from trace.lineage import descendants, lots_of
from trace.lots import LotState
from trace.profiles import profile
from trace.recalls.closure import in_parts
from trace.recalls.hold_world import Hold, HoldKind
from trace.recalls.recall_tables import HoldLotRow, HoldRow, RecallRow
from trace.recalls.recall_words import RecallClass, class_words
from trace.rulebook import broken
from trace.steps import Step
from trace.tables import LotRow, PartyRow, StepLotRow, StepRow

_OPEN = col(HoldRow.lifted_ms).is_(None)
_CONCERNED: Final = """
SELECT hold_id, kind, target, reason, placed_ms FROM trace_hold WHERE lifted_ms IS NULL AND (
  kind = 'party' AND target AMONG ? OR kind = 'product' AND target AMONG ? OR kind = 'code' AND target AMONG ?
  OR hold_id AMONG ?
) ORDER BY placed_ms
"""


def open_holds(
    session: Session,
    *,
    parties: Iterable[str] = (),
    lots: Sequence[str] = (),
    products: Iterable[str] = (),
    serials: Iterable[int] = (),
) -> tuple[Hold, ...]:
    """Return the open holds on any of these, oldest first; without any there is no query.

    `products` are `herb/form/USCC` of what a step would make, `serials` those of frozen codes.
    """
    wanted = (list(parties), list(products), [str(each) for each in serials])
    covered = _covering(session, lots)
    if not covered and not any(wanted):
        return ()
    return tuple(
        Hold(
            hold_id=hold_id,
            kind=HoldKind(kind),
            target=target,
            reason=reason,
            placed_ms=placed_ms,
            lots=covered.get(hold_id, frozenset()),
        )
        for hold_id, kind, target, reason, placed_ms in ask(session, _CONCERNED, *wanted, list(covered))
    )


def products_made(step: Step, lots: Mapping[str, LotState]) -> list[str]:
    """Return `herb/form/USCC` of every product the step would make, as holds on products name them."""
    if not step.outputs:
        return []
    first = next((lots[amount.lot] for amount in step.inputs if amount.lot in lots), None)
    makes = profile(step.stage).flow.makes
    herb, form = (first.herb, makes or first.form) if first else (None, makes)
    made = ((amount.herb or herb, amount.form or form) for amount in step.outputs)
    return sorted({f"{herb}/{form}/{step.party}" for herb, form in made if herb and form})


def hold_findings(
    session: Session, frozen_lots: Sequence[str], *, serials: Sequence[int] = (), code: str = ""
) -> list[Finding]:
    """Return what a story says of the holds on its lots and its code: each hold once, recalls first.

    `serials` are those of `code` and of what its pack stands in that are frozen: the log spells out no
    codes, so holds name serials.
    """
    found = open_holds(session, lots=frozen_lots, serials=serials)
    recalls = _recalls(session, [hold.hold_id for hold in found if hold.kind is HoldKind.RECALL])
    said = [_recalled(hold, recalls[hold.hold_id]) for hold in found if hold.hold_id in recalls]
    return said + [_frozen(hold, code) for hold in found if hold.hold_id not in recalls]


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


def _covering(session: Session, lots: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """Return by open hold which of `lots` it covers."""
    found: dict[str, set[str]] = {}
    for part in in_parts(lots):
        rows = session.execute(
            select(HoldLotRow.hold_id, HoldLotRow.lot_id)
            .join(HoldRow, col(HoldRow.hold_id) == col(HoldLotRow.hold_id))
            .where(_OPEN, col(HoldLotRow.lot_id).in_(part))
        )
        for hold_id, lot in rows:
            found.setdefault(hold_id, set()).add(lot)
    return {hold_id: frozenset(covered) for hold_id, covered in found.items()}


def _recalls(session: Session, ids: Sequence[str]) -> Mapping[str, RecallRow]:
    if not ids:
        return {}
    rows = session.exec(select(RecallRow).where(col(RecallRow.recall_id).in_(ids)))
    return {row.recall_id: row for row in rows}


def _recalled(hold: Hold, recall: RecallRow) -> Finding:
    words = class_words(RecallClass(recall.recall_class))
    return broken(
        "recall.open",
        None,
        class_zh=words.zh,
        class_en=words.en,
        reason=hold.reason,
        advice=recall.advice,
        recall=hold.hold_id,
    )


def _frozen(hold: Hold, code: str) -> Finding:
    return broken(
        "freeze.frozen",
        hold.target if hold.kind is HoldKind.LOT else None,
        kind_zh=hold.kind.zh,
        kind_en=hold.kind.en,
        target=code if hold.kind is HoldKind.CODE else hold.target,
        reason=hold.reason,
    )

"""What the statements about recalls change, and the table of all appliers of this part."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import update
from sqlmodel import Session, col, select

from ledger.canonical import JsonValue
from trace.projections import text_of
from trace.recalls.closure import Closure
from trace.recalls.drill_applying import apply_recall_drilled
from trace.recalls.extending import extend_shares
from trace.recalls.hold_appliers import (
    apply_hold_extended,
    apply_hold_lifted,
    apply_hold_placed,
    apply_lift_asked,
    checked_closure,
    texts,
    write_hold,
)
from trace.recalls.notices import note_acknowledged, send
from trace.recalls.portions import END_USERS, Portion, portions_of, shares
from trace.recalls.recall_errors import UnknownRecall
from trace.recalls.recall_tables import RecallRow, RecallShareRow
from trace.recalls.recall_words import RecallClass, class_words
from trace.said import Applier, Said
from trace.tables import insert_rows

_REPORTED: Final = ("report", "distributed_grams", "recovered_grams", "destroyed_grams")
_PACKS: Final = ("distributed_packs", "recovered_packs")


def apply_recall_opened(session: Session, said: Said) -> None:
    """Freeze the goods, write the recall, what each holder has, and a notice to each.

    Raises `ClosureDiffers`.
    """
    closure = checked_closure(session, said, texts(said.public["named"]))
    write_recall(session, said, closure, portions_of(session, closure.lots))


def write_recall(session: Session, said: Said, closure: Closure, found: Sequence[Portion]) -> None:
    """Write a recall of the lots in `closure`, whose goods are where `found` says."""
    public = said.public
    write_hold(session, _with_target(said), closure)
    insert_rows(session, RecallRow, [_recall_values(said)])
    insert_rows(
        session,
        RecallShareRow,
        (
            {
                "recall_id": public["recall"],
                "holder": share.holder,
                "lots": share.lots,
                "grams": share.grams,
                "packs": share.packs,
            }
            for share in shares(found).values()
        ),
    )
    send(
        session,
        said,
        _told(found) | {str(public["responsible"])},
        "opened",
        _whole(public["notify_until_ms"]),
    )


def apply_extended(session: Session, said: Said) -> None:
    """Put lots made since under a hold; of a recall their holders are notified too."""
    apply_hold_extended(session, said)
    if "recall" not in said.public:
        return
    recall = session.get(RecallRow, str(said.public["recall"]), populate_existing=True)
    if recall is None:
        raise UnknownRecall(recall=said.public["recall"])
    gained = portions_of(session, texts(said.public["lots"]))
    extend_shares(session, recall.recall_id, gained)
    words = class_words(RecallClass(recall.recall_class))
    send(session, said, _told(gained), "extended", said.at_ms + words.notify_ms)


def apply_recall_acknowledged(session: Session, said: Said) -> None:
    """Note that a holder knows."""
    note_acknowledged(session, str(said.public["recall"]), str(said.public["party"]), said.at_ms)


def apply_recall_reminded(session: Session, said: Said) -> None:
    """Send another notice to those whose time is up."""
    words = class_words(RecallClass(_whole(said.public["class"])))
    send(session, said, texts(said.public["parties"]), "reminder", said.at_ms + words.notify_ms)


def apply_close_asked(session: Session, said: Said) -> None:
    """Note that one person asks for a recall to be closed, and how."""
    _change(
        session,
        said,
        {
            "asked_role": said.public["role"],
            "asked_statement": said.statement_id,
            "asked_state": said.public["state"],
            "asked_report": said.public["report"],
        },
    )


def apply_recall_closed(session: Session, said: Said) -> None:
    """Close a recall with its final report; the goods are free again only where it was lifted."""
    public = said.public
    report: dict[str, JsonValue] = {name: public[name] for name in (*_REPORTED, *_PACKS)}
    _change(
        session,
        said,
        {
            "state": public["state"],
            "closed_ms": said.at_ms,
            "closed_statement": said.statement_id,
            "outcome": text_of(report),
        },
    )
    if public["state"] == "lifted":
        apply_hold_lifted(session, said)
    told = session.exec(
        select(RecallShareRow.holder).where(
            RecallShareRow.recall_id == public["recall"], RecallShareRow.holder != END_USERS
        )
    )
    send(session, said, told, "closed", None)


RECALL_APPLIERS: Final[Mapping[str, Applier]] = {
    "hold.placed": apply_hold_placed,
    "hold.extended": apply_extended,
    "hold.lift_asked": apply_lift_asked,
    "hold.lifted": apply_hold_lifted,
    "recall.opened": apply_recall_opened,
    "recall.acknowledged": apply_recall_acknowledged,
    "recall.reminded": apply_recall_reminded,
    "recall.close_asked": apply_close_asked,
    "recall.closed": apply_recall_closed,
    "recall.drilled": apply_recall_drilled,
}
"""By kind of statement, for `trace.appliers`."""


def _with_target(said: Said) -> Said:
    """The hold of a recall is placed on the recall itself."""
    return replace(said, public={**said.public, "target": said.public["recall"]})


def _recall_values(said: Said) -> dict[str, object]:
    public = said.public
    return {
        "recall_id": public["recall"],
        "recall_class": public["class"],
        "responsible": public["responsible"],
        "advice": public.get("advice", ""),
        "roots": text_of(public["named"]),
        "opened_ms": said.at_ms,
        "notify_until_ms": public["notify_until_ms"],
        "state": "open",
    }


def _told(portions: Sequence[Portion]) -> set[str]:
    """Whoever has some of it, or has it coming."""
    holders = {portion.holder for portion in portions if portion.holder != END_USERS}
    return holders | {portion.to for portion in portions if portion.to is not None}


def _whole(value: JsonValue) -> int:
    return int(str(value))


def _change(session: Session, said: Said, values: Mapping[str, object]) -> None:
    session.execute(
        update(RecallRow)
        .where(col(RecallRow.recall_id) == said.public["recall"])
        .values(values)
        .execution_options(synchronize_session=False)
    )

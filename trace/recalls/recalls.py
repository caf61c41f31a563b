"""Recalls 召回: opened for lots by one authorised person, acknowledged by holders, closed by two."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, select

from ledger.canonical import JsonValue
from ledger.errors import Location
from ledger.plain_text import PlainText
from trace.declaring import Declarer
from trace.errors import UnknownLot
from trace.parties import party
from trace.recalls.closure import Closure, held_closure
from trace.recalls.hold_stating import acting, new_id, state
from trace.recalls.hold_targets import maker_of, require_goods
from trace.recalls.hold_world import HoldKind, Role
from trace.recalls.persons import Person
from trace.recalls.portions import Portion, portions_of, shares
from trace.recalls.recall_appliers import write_recall
from trace.recalls.recall_errors import AlreadyRecalled, NotYourGoods
from trace.recalls.recall_tables import HoldLotRow, HoldRow
from trace.recalls.recall_words import RecallClass, class_words

MOST_LOTS: Final = 100
"""Lots one recall is opened for; what was made of them is without limit."""


class RecallNew(BaseModel):
    """A recall as it is asked for."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    lots: tuple[PlainText, ...] = Field(min_length=1, max_length=MOST_LOTS)
    """Lots to take back, with all that was made from them."""
    recall_class: Literal[1, 2, 3] = Field(alias="class")
    """1 一级, 2 二级, 3 三级: how grave the harm may be."""
    reason: PlainText = Field(min_length=1, max_length=300)
    """Why, in words the public reads: no names of persons."""
    advice: PlainText = Field(default="", max_length=300)
    """What to do, beyond the standing words: stop using it and take it back."""
    document: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    """SHA-256 of the recall plan or order."""
    responsible: str | None = Field(default=None, min_length=18, max_length=18)
    """USCC of who takes the goods back; who made the first lot where it is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallOpened:
    """What opening a recall answers."""

    recall_id: str
    statement_id: str
    lots: tuple[str, ...]
    """Every lot it covers."""
    packs: int
    grams: int
    holders: int
    """Parties that have some of it, and were notified."""


def open_recall(
    session: Session, declarer: Declarer, new: RecallNew, person: Person, at_ms: int
) -> RecallOpened:
    """Freeze `new.lots` and all that was made from them, list their holders and notify them, at once.

    Raises `UnknownLot`, `UnknownParty`, `NotYourGoods`, `AlreadyRecalled`.
    """
    named = tuple(dict.fromkeys(new.lots))
    responsible = _responsible(session, new, named, person)
    for lot in named:
        require_goods(session, HoldKind.LOT, lot, person)
    closure = held_closure(session, named)
    _require_new(session, named)
    recall_id = new_id(declarer)
    found = portions_of(session, closure.lots)
    public, holders = _public(new, named, closure, found, at_ms)
    said = state(
        session,
        declarer,
        lambda writing, said: write_recall(writing, said, closure, found),
        kind="recall.opened",
        subject=f"recall/{recall_id}",
        public=public | {"hold": recall_id, "recall": recall_id, "responsible": responsible} | acting(person),
        person=person,
        at_ms=at_ms,
    )
    return RecallOpened(
        recall_id=recall_id,
        statement_id=said.statement_id,
        lots=closure.lots,
        packs=int(str(public["packs"])),
        grams=int(str(public["grams"])),
        holders=holders,
    )


def _responsible(session: Session, new: RecallNew, named: Sequence[str], person: Person) -> str:
    """Return who takes the goods back; an owner names itself or a maker of the lots, and nobody else."""
    makers = {lot: maker_of(session, lot) for lot in named}
    for lot, maker in makers.items():
        if maker is None:
            raise UnknownLot(lot=lot, at=Location(field="lots", value=lot))
    if new.responsible is None:
        return str(makers[named[0]])
    if person.role is Role.OWNER and new.responsible not in {person.party, *makers.values()}:
        kind = HoldKind.PARTY
        raise NotYourGoods(
            party=person.party, kind_zh=kind.zh, kind_en=kind.en, target=new.responsible,
            at=Location(field="responsible", value=new.responsible),
        )  # fmt: skip
    return party(session, new.responsible).uscc


def _require_new(session: Session, named: Sequence[str]) -> None:
    known = session.execute(
        select(HoldLotRow.lot_id, HoldLotRow.hold_id)
        .join(HoldRow, col(HoldRow.hold_id) == col(HoldLotRow.hold_id))
        .where(
            col(HoldLotRow.lot_id).in_(named),
            HoldRow.kind == HoldKind.RECALL,
            col(HoldRow.lifted_ms).is_(None),
        )
        .order_by(col(HoldLotRow.lot_id))
    ).first()
    if known is not None:
        raise AlreadyRecalled(
            lot=known.lot_id, recall=known.hold_id, at=Location(field="lots", value=known.lot_id)
        )


def _public(
    new: RecallNew, named: Sequence[str], closure: Closure, portions: Sequence[Portion], at_ms: int
) -> tuple[dict[str, JsonValue], int]:
    """Return what the statement says of the goods, and how many parties have some of them."""
    found = shares(portions)
    words = class_words(RecallClass(new.recall_class))
    public: dict[str, JsonValue] = {
        "kind": HoldKind.RECALL.value,
        "class": new.recall_class,
        "reason": new.reason,
        "named": list(named),
        "root": closure.root,
        "lots": len(closure.lots),
        "packs": sum(share.packs for share in found.values()),
        "grams": sum(share.grams for share in found.values()),
        "holders": len([holder for holder in found if holder]),
        "notify_until_ms": at_ms + words.notify_ms,
    }
    if new.advice:
        public["advice"] = new.advice
    if new.document:
        public["document"] = new.document
    return public, len([holder for holder in found if holder])

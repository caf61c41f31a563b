"""Credit measures 信用惩戒 against a party, and their repair 信用修复 by two persons.

A measure runs from one moment to another. The party asks for repair with a document; one person of the
regulator agrees, another decides (`trace.recalls.persons`). Both stand in the log as salted digests only.
"""

from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, select

from ledger.plain_text import PlainText
from trace.declaring import Declarer
from trace.integrity.integrity_errors import MeasureClosed, UnknownMeasure
from trace.integrity.integrity_tables import MeasureRow
from trace.integrity.regulators import require_regulator
from trace.integrity.statement_ids import new_id, number, text, text_or_none
from trace.parties import party
from trace.recalls.persons import PERSON_VISIBLE, Person, require_another
from trace.said import Said
from trace.tables import insert_rows
from trace.vocabulary import Word

PUNISHED: Final = "credit.punished"
ASKED: Final = "credit.repair_asked"
AGREED: Final = "credit.repair_agreed"
REPAIRED: Final = "credit.repaired"
_DOCUMENT = r"^sha256:[0-9a-f]{64}$"


class Measure(Word):
    """What is done about a party that broke its word (after MOFCOM credit-punish)."""

    WARNING = "warning", "警示", "warning"
    MORE_INSPECTIONS = "more_inspections", "增加抽查", "more inspections"
    NO_INDEX_SOURCE = "no_index_source", "不作为价格指数数据源", "no source of the price index"
    PUBLISHED = "published", "公示失信", "published as untrustworthy"


class PunishmentNew(BaseModel):
    """A measure as it is entered."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    party: str = Field(min_length=18, max_length=18)
    """USCC of the party."""
    measure: Measure
    """What is done."""
    reason: PlainText = Field(min_length=2, max_length=400)
    """Why, public for ever: no names of persons."""
    document: str | None = Field(default=None, pattern=_DOCUMENT)
    """SHA-256 of the decision: `sha256:` and 64 hexadecimal digits."""
    from_ms: int = Field(ge=0, le=2**53 - 1)
    """From when: epoch milliseconds, UTC."""
    until_ms: int = Field(ge=0, le=2**53 - 1)
    """Until when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditMeasure:
    """A measure on record."""

    measure_id: str
    party: str
    measure: Measure
    reason: str
    document: str | None
    from_ms: int
    until_ms: int
    asked_ms: int | None
    agreed: bool
    repaired_ms: int | None

    def in_force(self, at_ms: int) -> bool:
        """Whether it holds at a moment."""
        repaired = self.repaired_ms is not None and self.repaired_ms <= at_ms
        return self.from_ms <= at_ms < self.until_ms and not repaired


def punish(session: Session, declarer: Declarer, new: PunishmentNew, by: str | None, at_ms: int) -> str:
    """State a measure; returns its id. Raises `NotByRegulator`, `UnknownParty`, `MeasureClosed`."""
    require_regulator(session, by, "惩戒", "punish")
    party(session, new.party)
    if new.until_ms <= max(new.from_ms, at_ms):
        raise MeasureClosed(
            measure="—", why_zh="截止时间已过或早于开始", why_en="it would end before it begins"
        )
    said = declarer.declare(
        session,
        apply_punished,
        kind=PUNISHED,
        statement_id=new_id("credit", declarer.randomness),
        subject=f"party/{new.party}",
        public={
            "party": new.party,
            "by": by or "",
            "measure": new.measure.value,
            "reason": new.reason,
            "document": new.document,
            "from_ms": new.from_ms,
            "until_ms": new.until_ms,
        },
        at_ms=at_ms,
        by=by,
    )
    return said.statement_id


def ask_repair(
    session: Session, declarer: Declarer, measure_id: str, evidence: str, by: str, at_ms: int
) -> str:
    """State that the punished party `by` asks for repair with a document; returns the statement's id.

    Raises `UnknownMeasure` for another party's measure too, `MeasureClosed`.
    """
    row = _row(session, measure_id)
    if row.party != by:
        raise UnknownMeasure(measure=measure_id)
    _require(row, asked=False)
    return _state(session, declarer, row, ASKED, {"evidence": evidence}, by=by, at_ms=at_ms)


def decide_repair(
    session: Session, declarer: Declarer, measure_id: str, person: Person, by: str | None, at_ms: int
) -> str:
    """Agree to a repair, or decide it where another person has agreed; returns the statement's id.

    `person` enters the log as a salted digest. Raises `NotByRegulator`, `UnknownMeasure`, `MeasureClosed`,
    `SamePerson` for the name or the token of who agreed, `PersonForgotten` where that was erased.
    """
    require_regulator(session, by, "决定信用修复", "decide on a repair")
    row = _row(session, measure_id)
    _require(row, asked=True)
    more = {"by": by or ""}
    if row.agreed_in is None:
        return _state(session, declarer, row, AGREED, more, by=by, at_ms=at_ms, person=person)
    require_another(session, declarer.vault, row.agreed_in, person)
    more["agreed_in"] = row.agreed_in
    return _state(session, declarer, row, REPAIRED, more, by=by, at_ms=at_ms, person=person)


def measures(session: Session, uscc: str) -> list[CreditMeasure]:
    """Return the measures against a party, newest first."""
    rows = session.exec(
        select(MeasureRow)
        .where(MeasureRow.party == uscc)
        .order_by(col(MeasureRow.from_ms).desc(), col(MeasureRow.nth).desc())
    )
    return [_of(row) for row in rows]


def punished_at(session: Session, at_ms: int) -> dict[str, list[CreditMeasure]]:
    """Return the measures in force at a moment, by party."""
    rows = session.exec(
        select(MeasureRow)
        .where(
            col(MeasureRow.from_ms) <= at_ms,
            col(MeasureRow.until_ms) > at_ms,
            col(MeasureRow.repaired_ms).is_(None) | (col(MeasureRow.repaired_ms) > at_ms),
        )
        .order_by(col(MeasureRow.nth))
    )
    found: dict[str, list[CreditMeasure]] = {}
    for row in rows:
        found.setdefault(row.party, []).append(_of(row))
    return found


def apply_punished(session: Session, said: Said) -> None:
    """Write the row of a measure."""
    public = said.public
    insert_rows(
        session,
        MeasureRow,
        [
            {
                "measure_id": said.statement_id,
                "party": text(public, "party"),
                "by_party": text(public, "by"),
                "measure": text(public, "measure"),
                "reason": text(public, "reason"),
                "document": text_or_none(public, "document"),
                "from_ms": number(public, "from_ms"),
                "until_ms": number(public, "until_ms"),
                "asked_ms": None,
                "evidence": None,
                "agreed_in": None,
                "repaired_ms": None,
                "nth": said.nth,
            }
        ],
    )


def apply_repair(session: Session, said: Said) -> None:
    """Write how far the repair of a measure has come: asked, agreed or repaired."""
    row = _row(session, text(said.public, "measure"))
    if said.kind == ASKED:
        row.asked_ms, row.evidence = said.at_ms, text(said.public, "evidence")
    elif said.kind == AGREED:
        row.agreed_in = said.statement_id
    else:
        row.repaired_ms = said.at_ms
    session.add(row)
    session.flush()


def _state(
    session: Session,
    declarer: Declarer,
    row: MeasureRow,
    kind: str,
    more: dict[str, str],
    *,
    by: str | None,
    at_ms: int,
    person: Person | None = None,
) -> str:
    said = declarer.declare(
        session,
        apply_repair,
        kind=kind,
        statement_id=new_id("credit", declarer.randomness),
        subject=f"party/{row.party}",
        public={"party": row.party, "measure": row.measure_id, **more},
        at_ms=at_ms,
        by=by,
        private=None if person is None else person.private,
        visibility=PERSON_VISIBLE,
        refs=(row.measure_id,),
    )
    return said.statement_id


def _require(row: MeasureRow, *, asked: bool) -> None:
    if row.repaired_ms is not None:
        raise MeasureClosed(measure=row.measure_id, why_zh="已经修复", why_en="it is repaired")
    if asked and row.asked_ms is None:
        raise MeasureClosed(
            measure=row.measure_id, why_zh="当事人尚未申请修复", why_en="nobody asked for repair"
        )
    if not asked and row.asked_ms is not None:
        raise MeasureClosed(
            measure=row.measure_id, why_zh="已经申请过修复", why_en="repair was asked for already"
        )


def _row(session: Session, measure_id: str) -> MeasureRow:
    row = session.get(MeasureRow, measure_id, populate_existing=True)
    if row is None:
        raise UnknownMeasure(measure=measure_id)
    return row


def _of(row: MeasureRow) -> CreditMeasure:
    return CreditMeasure(
        measure_id=row.measure_id,
        party=row.party,
        measure=Measure(row.measure),
        reason=row.reason,
        document=row.document,
        from_ms=row.from_ms,
        until_ms=row.until_ms,
        asked_ms=row.asked_ms,
        agreed=row.agreed_in is not None,
        repaired_ms=row.repaired_ms,
    )

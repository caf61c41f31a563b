"""Licences: registered by the party that holds them, withdrawn by it, a regulator or the operator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import update
from sqlmodel import Session, col, select

from ledger.errors import Location
from ledger.plain_text import PlainText
from trace.declaring import Declarer
from trace.errors import AlreadyRegistered
from trace.parties import party
from trace.registers.days import begin_ms, begun, check_period, end_ms
from trace.registers.naming import statement_id, text, text_or_none, whole, whole_or_none
from trace.registers.register_errors import UnknownLicence
from trace.registers.register_tables import LicenceRow
from trace.registers.register_words import LicenceKind
from trace.said import Said
from trace.tables import insert_rows, table_of

DocumentHash = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
"""A document kept by its hash (`trace.documents`)."""


class LicenceNew(BaseModel):
    """A licence as its holder registers it."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    kind: LicenceKind
    """What it allows."""
    number: PlainText = Field(min_length=1, max_length=60, examples=["皖20160001"])
    """Its number, as printed."""
    issuer: PlainText = Field(min_length=1, max_length=120, examples=["安徽省药品监督管理局"])
    """The authority that issued it."""
    valid_from: date
    """First day of its validity."""
    valid_until: date | None = None
    """Last day of its validity; left out for one without an end."""
    document: DocumentHash | None = None
    """`sha256:` and the hash of a scan kept as a document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """A registered licence."""

    statement_id: str
    party: str
    kind: LicenceKind
    number: str
    issuer: str
    valid_from_ms: int
    valid_until_ms: int | None
    """The first moment it holds no longer."""
    withdrawn_ms: int | None
    document: str | None

    def holds(self, at_ms: int) -> bool:
        """Say whether it allows what happens at `at_ms`."""
        ends = [end for end in (self.valid_until_ms, self.withdrawn_ms) if end is not None]
        return self.valid_from_ms <= at_ms and all(at_ms < end for end in ends)


def register_licence(session: Session, declarer: Declarer, uscc: str, new: LicenceNew, at_ms: int) -> Licence:
    """State that `uscc` holds a licence; the same again changes nothing.

    Raises `UnknownParty`, `BadValidity`, `AlreadyRegistered` for other particulars of the same licence.
    """
    party(session, uscc)
    check_period(new.valid_from, new.valid_until, "valid_until")
    wanted = statement_id("party.licensed", uscc, new.kind.value, new.number, new.valid_from)
    until = None if new.valid_until is None else end_ms(new.valid_until)
    known = session.get(LicenceRow, wanted)
    if known is not None:
        if (known.issuer, known.valid_until_ms, known.document) != (new.issuer, until, new.document):
            raise AlreadyRegistered(
                kind_zh=new.kind.zh, kind_en=new.kind.en, name=new.number, at=Location(field="number")
            )
        return licence_of(known)
    declarer.declare(
        session,
        apply_licence,
        kind="party.licensed",
        statement_id=wanted,
        subject=f"party/{uscc}",
        public={
            "uscc": uscc,
            "licence": new.kind.value,
            "number": new.number,
            "issuer": new.issuer,
            "valid_from_ms": begin_ms(new.valid_from),
            "valid_until_ms": until,
            "document": new.document,
        },
        at_ms=at_ms,
        by=uscc,
    )
    return licence_of(session.get_one(LicenceRow, wanted))


def apply_licence(session: Session, said: Said) -> None:
    """Write the row of a licence (`party.licensed`)."""
    row = {
        "statement_id": said.statement_id,
        "party": text(said, "uscc"),
        "kind": text(said, "licence"),
        "number": text(said, "number"),
        "issuer": text(said, "issuer"),
        "valid_from_ms": whole(said, "valid_from_ms"),
        "valid_until_ms": whole_or_none(said, "valid_until_ms"),
        "withdrawn_ms": None,
        "withdrawn_by": None,
        "document": text_or_none(said, "document"),
    }
    insert_rows(session, LicenceRow, [row])


def withdraw_licence(
    session: Session,
    declarer: Declarer,
    uscc: str,
    kind: LicenceKind,
    number: str,
    *,
    day: date | None,
    reason: str,
    at_ms: int,
    by: str | None,
) -> str:
    """State that a licence holds no longer from `day` (today without one) on; return the statement's id.

    `by` is who says so: its holder, a regulator, or None for the operator. Raises `UnknownLicence`,
    `BadValidity`.
    """
    known = [each for each in licences(session, uscc) if (each.kind, each.number) == (kind, number)]
    if not any(each.withdrawn_ms is None for each in known):
        raise UnknownLicence(
            uscc=uscc, kind_zh=kind.zh, kind_en=kind.en, number=number[:60], at=Location(field="number")
        )
    said = declarer.declare(
        session,
        apply_withdrawal,
        kind="party.licence_withdrawn",
        statement_id=statement_id("party.licence_withdrawn", uscc, kind.value, number, at_ms),
        subject=f"party/{uscc}",
        public={
            "uscc": uscc,
            "licence": kind.value,
            "number": number,
            "from_ms": begun(day, at_ms, "day"),
            "reason": reason,
        },
        at_ms=at_ms,
        by=by,
        refs=[each.statement_id for each in known],
    )
    return said.statement_id


def apply_withdrawal(session: Session, said: Said) -> None:
    """End every licence of that kind and number that was not withdrawn before (`party.licence_withdrawn`)."""
    session.connection().execute(
        update(table_of(LicenceRow))
        .where(
            col(LicenceRow.party) == text(said, "uscc"),
            col(LicenceRow.kind) == text(said, "licence"),
            col(LicenceRow.number) == text(said, "number"),
            col(LicenceRow.withdrawn_ms).is_(None),
        )
        .values(withdrawn_ms=whole(said, "from_ms"), withdrawn_by=said.statement_id)
    )


def licences(session: Session, uscc: str) -> Sequence[Licence]:
    """Return every licence a party ever registered, oldest validity first."""
    found = session.exec(
        select(LicenceRow)
        .where(LicenceRow.party == uscc)
        .order_by(col(LicenceRow.valid_from_ms), col(LicenceRow.statement_id))
        .execution_options(populate_existing=True)
    )
    return [licence_of(row) for row in found]


def licence_of(row: LicenceRow) -> Licence:
    """Return the licence a row holds."""
    return Licence(
        statement_id=row.statement_id,
        party=row.party,
        kind=LicenceKind(row.kind),
        number=row.number,
        issuer=row.issuer,
        valid_from_ms=row.valid_from_ms,
        valid_until_ms=row.valid_until_ms,
        withdrawn_ms=row.withdrawn_ms,
        document=row.document,
    )

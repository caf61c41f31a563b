"""Staff: who answers for quality, production, 炮制; roles are public, names are private values.

A master of 炮制 or a veteran of the trade is registered with documents: a certificate, a video of the
work, each kept by its hash.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import update
from sqlmodel import Session, col, select

from ledger.errors import Location
from ledger.plain_text import PlainText
from trace.declaring import Declarer
from trace.errors import AlreadyRegistered
from trace.parties import party
from trace.profiles import Visibility
from trace.registers.days import begin_ms, begun, check_period, end_ms
from trace.registers.licences import DocumentHash
from trace.registers.naming import statement_id, text, texts, whole, whole_or_none
from trace.registers.register_errors import UnknownStaff
from trace.registers.register_tables import StaffRow
from trace.registers.register_words import DocumentKind, StaffRole
from trace.said import Said
from trace.tables import insert_rows, table_of


class StaffDocument(BaseModel):
    """A document about somebody, kept by its hash."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    kind: DocumentKind
    """Certificate, video, photo or text."""
    document: DocumentHash
    """`sha256:` and the hash under which it is kept."""


class StaffNew(BaseModel):
    """A person in a role, as the party registers it."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    staff: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$", examples=["QA-01"])
    """The party's own id for the person; public, so never a name."""
    role: StaffRole
    """What the person answers for."""
    name: PlainText = Field(min_length=1, max_length=60)
    """Name; kept private, in the log as a salted digest only."""
    certificate_number: PlainText | None = Field(default=None, max_length=60)
    """Number of the certificate for the role; private."""
    valid_from: date
    """First day in the role."""
    valid_until: date | None = None
    """Last day in the role, where it is fixed."""
    documents: tuple[StaffDocument, ...] = Field(default=(), max_length=20)
    """Certificates, videos of a master at work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Somebody in a role, without the name."""

    statement_id: str
    """The name is a disclosure of this statement."""
    party: str
    staff_id: str
    role: StaffRole
    valid_from_ms: int
    valid_until_ms: int | None
    documents: tuple[tuple[DocumentKind, str], ...]
    """Kind and `sha256:` hash of each."""


def register_staff(session: Session, declarer: Declarer, uscc: str, new: StaffNew, at_ms: int) -> Staff:
    """State that somebody has a role at `uscc`; raises `UnknownParty`, `BadValidity`, `AlreadyRegistered`."""
    party(session, uscc)
    check_period(new.valid_from, new.valid_until, "valid_until")
    wanted = statement_id("party.staffed", uscc, new.staff, new.role.value, new.valid_from)
    if session.get(StaffRow, wanted) is not None:
        raise AlreadyRegistered(
            kind_zh=new.role.zh,
            kind_en=new.role.en,
            name=new.staff,
            at=Location(field="staff", value=new.staff),
        )
    private = {"name": new.name, "certificate_number": new.certificate_number}
    declarer.declare(
        session,
        apply_staff,
        kind="party.staffed",
        statement_id=wanted,
        subject=f"party/{uscc}",
        public={
            "uscc": uscc,
            "staff": new.staff,
            "role": new.role.value,
            "valid_from_ms": begin_ms(new.valid_from),
            "valid_until_ms": None if new.valid_until is None else end_ms(new.valid_until),
            "documents": [f"{each.kind.value}={each.document}" for each in new.documents],
        },
        at_ms=at_ms,
        by=uscc,
        private={name: value for name, value in private.items() if value is not None},
        visibility=dict.fromkeys(private, Visibility.REGULATOR),
    )
    return staff_of(session.get_one(StaffRow, wanted))


def apply_staff(session: Session, said: Said) -> None:
    """Write the row of somebody in a role (`party.staffed`)."""
    row = {
        "statement_id": said.statement_id,
        "party": text(said, "uscc"),
        "staff_id": text(said, "staff"),
        "role": text(said, "role"),
        "valid_from_ms": whole(said, "valid_from_ms"),
        "valid_until_ms": whole_or_none(said, "valid_until_ms"),
        "documents": " ".join(texts(said, "documents")),
    }
    insert_rows(session, StaffRow, [row])


def end_role(
    session: Session,
    declarer: Declarer,
    uscc: str,
    staff_id: str,
    role: StaffRole,
    *,
    day: date | None,
    at_ms: int,
) -> str:
    """State that somebody left a role on `day` (today without one); return the statement's id.

    Raises `UnknownStaff`, `BadValidity`.
    """
    from_ms = begun(day, at_ms, "day")
    open_roles = [
        each
        for each in staff(session, uscc)
        if (each.staff_id, each.role) == (staff_id, role)
        and each.valid_from_ms <= from_ms
        and (each.valid_until_ms is None or each.valid_until_ms > from_ms)
    ]
    if not open_roles:
        raise UnknownStaff(
            uscc=uscc, staff=staff_id[:40], role_zh=role.zh, role_en=role.en, at=Location(field="staff")
        )
    said = declarer.declare(
        session,
        apply_end,
        kind="party.staff_left",
        statement_id=statement_id("party.staff_left", uscc, staff_id, role.value, at_ms),
        subject=f"party/{uscc}",
        public={"uscc": uscc, "staff": staff_id, "role": role.value, "from_ms": from_ms},
        at_ms=at_ms,
        by=uscc,
        refs=[each.statement_id for each in open_roles],
    )
    return said.statement_id


def apply_end(session: Session, said: Said) -> None:
    """End the role somebody had at that moment (`party.staff_left`)."""
    from_ms = whole(said, "from_ms")
    session.connection().execute(
        update(table_of(StaffRow))
        .where(
            col(StaffRow.party) == text(said, "uscc"),
            col(StaffRow.staff_id) == text(said, "staff"),
            col(StaffRow.role) == text(said, "role"),
            col(StaffRow.valid_from_ms) <= from_ms,
            col(StaffRow.valid_until_ms).is_(None) | (col(StaffRow.valid_until_ms) > from_ms),
        )
        .values(valid_until_ms=from_ms)
    )


def staff(session: Session, uscc: str) -> Sequence[Staff]:
    """Return everybody a party ever registered, without names, in the order they began."""
    found = session.exec(
        select(StaffRow)
        .where(StaffRow.party == uscc)
        .order_by(col(StaffRow.valid_from_ms), col(StaffRow.statement_id))
        .execution_options(populate_existing=True)
    )
    return [staff_of(row) for row in found]


def staff_of(row: StaffRow) -> Staff:
    """Return the person in a role that a row holds."""
    pairs = (each.split("=", 1) for each in row.documents.split())
    return Staff(
        statement_id=row.statement_id,
        party=row.party,
        staff_id=row.staff_id,
        role=StaffRole(row.role),
        valid_from_ms=row.valid_from_ms,
        valid_until_ms=row.valid_until_ms,
        documents=tuple((DocumentKind(kind), document) for kind, document in pairs),
    )

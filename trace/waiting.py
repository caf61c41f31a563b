"""What waits for a party: goods to receive, notices, tests, licences, complaints, findings.

Pure reading, one short query a kind. Masses are grams, times epoch milliseconds UTC.
"""

from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, col, func, select

from trace.coding.code_tables import CodeRunRow
from trace.integrity.complaints import Complaint, complaints
from trace.integrity.periods import Period
from trace.lots import Quality
from trace.recalls.recall_tables import NoticeReadRow, NoticeRow
from trace.registers.register_tables import LicenceRow
from trace.stored_findings import StoredFinding, findings
from trace.supervision.late_steps import LateOrMissing, late_or_missing
from trace.tables import LotRow, PartyRow, ShipmentRow
from trace.vocabulary import Form

_SHOWN: Final = 20
_DAY_MS: Final = 86_400_000
LAPSING_DAYS: Final = 60
"""A licence that ends within so many days is named, in time to renew it (an assumption of the service)."""
NOTED_DAYS: Final = 30
"""Findings older than so many days are no news (an assumption of the service)."""
_TESTED: Final = (Form.HERB, Form.SLICE, Form.GRANULE, Form.MEDICINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """A lot on its way to the party, or back to it."""

    shipped_step: str
    lot: str
    herb: str
    form: Form
    sender: str
    sender_name: str
    grams: int | None
    shipped_ms: int
    returned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapsing:
    """A licence that ends soon, or has ended and was not followed by another of its kind."""

    kind: str
    number: str
    until_ms: int
    """The first moment it holds no longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Everything that waits for one party."""

    awaited: tuple[Awaited, ...]
    packs_awaited: int
    """Packs on their way to it by their codes."""
    unread: int
    """Notices nobody of it has opened."""
    to_acknowledge: tuple[str, ...]
    """Recalls whose notice is to be acknowledged."""
    untested: tuple[str, ...]
    """Lots at hand that no test has judged."""
    late: tuple[LateOrMissing, ...]
    lapsing: tuple[Lapsing, ...]
    complaints: tuple[Complaint, ...]
    """Filed against it and not answered."""
    found: tuple[StoredFinding, ...]
    """Flagged of its own steps lately."""


def waiting(session: Session, party: str, now_ms: int, quarter: Period) -> Waiting:
    """Return what waits for `party` (a USCC) now; late steps are those of `quarter`."""
    return Waiting(
        awaited=tuple(awaited(session, party)),
        packs_awaited=packs_awaited(session, party),
        unread=_unread(session, party),
        to_acknowledge=_to_acknowledge(session, party),
        untested=_untested(session, party),
        late=tuple(late_or_missing(session, quarter, party=party, limit=_SHOWN)),
        lapsing=lapsing(session, party, now_ms),
        complaints=tuple(complaints(session, uscc=party, status="filed", limit=_SHOWN)),
        found=tuple(
            each
            for each in findings(session, party=party, limit=_SHOWN)
            if each.found_ms >= now_ms - NOTED_DAYS * _DAY_MS
        ),
    )


def awaited(session: Session, party: str, limit: int = 200) -> list[Awaited]:
    """Return the lots shipped to `party` and not received, the longest on the way first."""
    rows = session.exec(
        select(ShipmentRow, LotRow.herb, LotRow.form, PartyRow.name)
        .join(LotRow, col(LotRow.lot_id) == col(ShipmentRow.lot_id))
        .join(PartyRow, col(PartyRow.uscc) == col(ShipmentRow.sender))
        .where(ShipmentRow.receiver == party, col(ShipmentRow.received_step).is_(None))
        .order_by(col(ShipmentRow.shipped_ms), col(ShipmentRow.lot_id))
        .limit(limit)
    )
    return [
        Awaited(
            shipped_step=row.shipped_step,
            lot=row.lot_id,
            herb=herb,
            form=Form(form),
            sender=row.sender,
            sender_name=name,
            grams=row.grams,
            shipped_ms=row.shipped_ms,
            returned=row.returned,
        )
        for row, herb, form, name in rows
    ]


def packs_awaited(session: Session, party: str) -> int:
    """Return how many packs are on their way to `party` by their codes."""
    packs = func.sum(col(CodeRunRow.last_serial) - col(CodeRunRow.first_serial) + 1)
    return int(session.exec(select(packs).where(CodeRunRow.in_transit_to == party)).one() or 0)


def lapsing(session: Session, party: str, now_ms: int) -> tuple[Lapsing, ...]:
    """Return the licences that end within `LAPSING_DAYS` or have ended, and were followed by no later one."""
    rows = session.exec(
        select(LicenceRow)
        .where(LicenceRow.party == party, col(LicenceRow.withdrawn_ms).is_(None))
        .order_by(col(LicenceRow.kind), col(LicenceRow.valid_until_ms))
    ).all()
    last: dict[str, LicenceRow] = {}
    for row in rows:
        known = last.get(row.kind)
        if known is None or row.valid_until_ms is None or (known.valid_until_ms or 0) < row.valid_until_ms:
            last[row.kind] = row
    soon = now_ms + LAPSING_DAYS * _DAY_MS
    return tuple(
        Lapsing(kind=row.kind, number=row.number, until_ms=row.valid_until_ms)
        for row in last.values()
        if row.valid_until_ms is not None and row.valid_until_ms < soon
    )


def _unread(session: Session, party: str) -> int:
    opened = select(col(NoticeReadRow.notice_id))
    wanted = select(func.count()).where(
        col(NoticeRow.party) == party, col(NoticeRow.notice_id).not_in(opened)
    )
    return int(session.exec(wanted).one())


def _to_acknowledge(session: Session, party: str) -> tuple[str, ...]:
    wanted = select(NoticeRow.recall_id).where(
        NoticeRow.party == party,
        col(NoticeRow.due_ms).is_not(None),
        col(NoticeRow.acknowledged_ms).is_(None),
    )
    return tuple(session.exec(wanted.distinct().order_by(col(NoticeRow.recall_id)).limit(_SHOWN)))


def _untested(session: Session, party: str) -> tuple[str, ...]:
    wanted = select(LotRow.lot_id).where(
        LotRow.holder == party,
        LotRow.quality == Quality.UNTESTED.value,
        col(LotRow.form).in_([form.value for form in _TESTED]),
        (col(LotRow.grams) > 0) | (col(LotRow.packed_grams) > 0),
        col(LotRow.unmade).is_(False),
        col(LotRow.in_transit).is_(False),
    )
    return tuple(session.exec(wanted.order_by(col(LotRow.made_ms)).limit(_SHOWN)))

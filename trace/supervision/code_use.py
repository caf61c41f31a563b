"""Use of codes 打码: how many each firm has been issued, and what has become of them; and odd scans."""

from dataclasses import dataclass

from sqlalchemy import ScalarSelect
from sqlalchemy import select as sa_select
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import Session, col, func, select

from trace.coding.code_tables import CodeBatchRow, CodeRunRow
from trace.coding.code_words import CodeStatus
from trace.scanning.scan_tables import ScanMarkRow, ScanRow
from trace.tables import PartyRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeUse:
    """The codes of one firm by what has become of them."""

    party: str
    name: str
    issued: int
    by_status: dict[CodeStatus, int]

    @property
    def used(self) -> int:
        """Codes that were ever put on goods."""
        unused = (CodeStatus.RESERVED, CodeStatus.PRINTED, CodeStatus.SPOILED, CodeStatus.RETIRED)
        return self.issued - sum(self.by_status.get(each, 0) for each in unused)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanCounts:
    """Scans of one firm's codes in a stretch of time."""

    party: str
    scans: int
    codes: int
    """Different codes asked about."""
    odd: int
    """Codes asked about then whose label looks copied (`trace.scanning`)."""


def code_use(session: Session, *, area: str = "") -> list[CodeUse]:
    """Return the use of codes of every firm that has any, the most issued first; one query over runs."""
    rows = session.exec(
        select(
            CodeBatchRow.party,
            PartyRow.name,
            CodeRunRow.status,
            func.sum(col(CodeRunRow.last_serial) - col(CodeRunRow.first_serial) + 1),
        )
        .join(CodeBatchRow, col(CodeBatchRow.batch_id) == col(CodeRunRow.batch_id))
        .join(PartyRow, col(PartyRow.uscc) == col(CodeBatchRow.party))
        .where(col(PartyRow.division).startswith(area))
        .group_by(col(CodeBatchRow.party), col(PartyRow.name), col(CodeRunRow.status))
    )
    found: dict[tuple[str, str], dict[CodeStatus, int]] = {}
    for party, name, status, count in rows:
        found.setdefault((party, name), {})[CodeStatus(status)] = int(count)
    uses = [
        CodeUse(party=party, name=name, issued=sum(by_status.values()), by_status=by_status)
        for (party, name), by_status in found.items()
    ]
    return sorted(uses, key=lambda each: (-each.issued, each.party))


def _batch_of(serial: Mapped[int]) -> ScalarSelect[int]:
    """Return where the batch of a serial begins: one step down an index, however many batches there are.

    Only codes that were issued are scanned, so it is the last batch that begins at or before the serial.
    """
    begins = aliased(CodeBatchRow)
    last = sa_select(func.max(col(begins.first_serial))).where(col(begins.first_serial) <= serial)
    return last.correlate_except(begins).scalar_subquery()


def scan_counts(session: Session, since_ms: int, until_ms: int) -> list[ScanCounts]:
    """Count, by firm, scans from `since_ms` up to, not including, `until_ms`; the most odd codes first."""
    scanned = session.exec(
        select(CodeBatchRow.party, func.count(), func.count(func.distinct(ScanRow.serial)))
        .select_from(ScanRow)
        .join(
            CodeBatchRow,
            col(CodeBatchRow.first_serial) == _batch_of(col(ScanRow.serial)),
        )
        .where(col(ScanRow.at_ms) >= since_ms, col(ScanRow.at_ms) < until_ms)
        .group_by(col(CodeBatchRow.party))
    ).all()
    odd = dict(
        session.exec(
            select(CodeBatchRow.party, func.count())
            .select_from(ScanMarkRow)
            .join(
                CodeBatchRow,
                col(CodeBatchRow.first_serial) == _batch_of(col(ScanMarkRow.serial)),
            )
            .where(
                col(ScanMarkRow.copied).is_(True),
                col(ScanMarkRow.last_ms) >= since_ms,
                col(ScanMarkRow.first_ms) < until_ms,
            )
            .group_by(col(CodeBatchRow.party))
        ).all()
    )
    found = [
        ScanCounts(party=party, scans=int(scans), codes=int(codes), odd=int(odd.get(party, 0)))
        for party, scans, codes in scanned
    ]
    return sorted(found, key=lambda each: (-each.odd, each.party))

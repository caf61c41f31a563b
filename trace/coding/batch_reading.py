"""Reading batches of codes: which there are, and how many of their codes are in which status."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session, col

from trace.coding.code_tables import CodeBatchRow, CodeRunRow
from trace.coding.code_words import CodeStatus, Level
from trace.errors import UnknownCodeBatch


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchState:
    """A batch of codes as it stands now."""

    batch_id: str
    party: str
    level: Level
    count: int
    first_serial: int
    key_version: int
    issued_ms: int
    statement_id: str
    counts: Mapping[CodeStatus, int]
    """How many of its codes are in which status; those of none are left out."""


def batch_state(session: Session, batch_id: str, party: str | None) -> BatchState:
    """Return a batch; raises `UnknownCodeBatch`, also when it is of another party than `party`."""
    row = session.get(CodeBatchRow, batch_id)
    if row is None or party not in (None, row.party):
        raise UnknownCodeBatch(batch=batch_id, party=party or "—")
    return _state(row, _counts(session, [batch_id]).get(batch_id, {}))


def batches(
    session: Session, party: str | None = None, *, before_serial: int | None = None, limit: int = 100
) -> list[BatchState]:
    """Return batches, the newest first: those of `party`, or all; those that begin before a serial."""
    wanted = select(CodeBatchRow).order_by(col(CodeBatchRow.first_serial).desc()).limit(limit)
    if party is not None:
        wanted = wanted.where(col(CodeBatchRow.party) == party)
    if before_serial is not None:
        wanted = wanted.where(col(CodeBatchRow.first_serial) < before_serial)
    rows = session.execute(wanted).scalars().all()
    counts = _counts(session, [row.batch_id for row in rows])
    return [_state(row, counts.get(row.batch_id, {})) for row in rows]


def _counts(session: Session, batch_ids: list[str]) -> dict[str, dict[CodeStatus, int]]:
    rows = session.execute(
        select(
            col(CodeRunRow.batch_id),
            col(CodeRunRow.status),
            func.sum(col(CodeRunRow.last_serial) - col(CodeRunRow.first_serial) + 1),
        )
        .where(col(CodeRunRow.batch_id).in_(batch_ids))
        .group_by(col(CodeRunRow.batch_id), col(CodeRunRow.status))
    )
    found: dict[str, dict[CodeStatus, int]] = {}
    for batch_id, status, count in rows:
        found.setdefault(batch_id, {})[CodeStatus(status)] = int(count)
    return found


def _state(row: CodeBatchRow, counts: Mapping[CodeStatus, int]) -> BatchState:
    return BatchState(
        batch_id=row.batch_id,
        party=row.party,
        level=Level(row.level),
        count=row.count,
        first_serial=row.first_serial,
        key_version=row.key_version,
        issued_ms=row.issued_ms,
        statement_id=row.statement_id,
        counts=counts,
    )

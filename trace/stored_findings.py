"""The findings kept beside the steps, to be listed for those who act on them."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from ledger.canonical import parse
from trace.findings import Finding
from trace.rulebook import rulebook
from trace.tables import FindingRow, StepRow


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFinding:
    """A finding with the step it was made at."""

    finding_id: str
    finding: Finding
    step_id: str
    party: str
    found_ms: int


def findings(
    session: Session,
    *,
    rule: str | None = None,
    lot: str | None = None,
    party: str | None = None,
    before_ms: int | None = None,
    limit: int = 100,
) -> list[StoredFinding]:
    """List findings, newest first, of one rule, lot or party where given; at most `limit`."""
    wanted = select(FindingRow, StepRow.party).join(StepRow, col(StepRow.step_id) == FindingRow.step_id)
    for column, value in (
        (FindingRow.rule, rule),
        (FindingRow.lot_id, lot),
        (StepRow.party, party),
    ):
        if value is not None:
            wanted = wanted.where(col(column) == value)
    if before_ms is not None:
        wanted = wanted.where(col(FindingRow.found_ms) < before_ms)
    newest = wanted.order_by(col(FindingRow.found_ms).desc(), col(FindingRow.finding_id)).limit(limit)
    return [
        StoredFinding(
            finding_id=row.finding_id,
            finding=finding_of(row),
            step_id=row.step_id,
            party=by,
            found_ms=row.found_ms,
        )
        for row, by in session.exec(newest)
    ]


def finding_of(row: FindingRow) -> Finding:
    """Return the finding a row holds."""
    return Finding(rule=rulebook()[row.rule], lot=row.lot_id, parts=_parts(row.parts))


def of_step(session: Session, step_id: str) -> tuple[Finding, ...]:
    """Return the findings of one step."""
    rows = session.exec(
        select(FindingRow)
        .where(FindingRow.step_id == step_id)
        .order_by(col(FindingRow.rule), col(FindingRow.lot_id))
    )
    return tuple(finding_of(row) for row in rows)


def _parts(text: str) -> dict[str, str | int]:
    parts = parse(text.encode())
    if not isinstance(parts, dict):
        return {}
    return {name: part for name, part in parts.items() if isinstance(part, str | int)}

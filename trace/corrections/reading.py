"""Which steps were declared wrong: read for whoever tells of them."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from trace.corrections.correction_tables import CorrectionRow


def corrections_of(session: Session, steps: Sequence[str]) -> dict[str, CorrectionRow]:
    """Return the corrections of those of `steps` that were declared wrong; none asked for, no query."""
    if not steps:
        return {}
    rows = session.execute(select(CorrectionRow).where(col(CorrectionRow.step_id).in_(steps))).scalars()
    return {row.step_id: row for row in rows}

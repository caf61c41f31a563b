"""What the statement about a mock recall changes: one row, and nothing of the goods."""

from sqlmodel import Session

from trace.projections import text_of
from trace.recalls.recall_tables import DrillRow
from trace.said import Said
from trace.tables import insert_rows


def apply_recall_drilled(session: Session, said: Said) -> None:
    """Keep a mock recall where a regulator sees it."""
    public = said.public
    kept = {name: public[name] for name in ("role", "root", "lots", "packs", "grams", "holders")}
    insert_rows(
        session,
        DrillRow,
        [
            {
                **kept,
                "drill_id": public["drill"],
                "party": public.get("party"),
                "roots": text_of(public["named"]),
                "phases": text_of(public["phases_us"]),
                "drilled_ms": said.at_ms,
                "statement_id": said.statement_id,
            }
        ],
    )

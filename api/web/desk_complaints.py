"""What the complaint pages of the desk show: those nobody decided yet, and one with what was written."""

from collections.abc import Mapping, Sequence

from api.web.desk_lists import firm_cell, lot_cell
from api.web.desk_table import UNKNOWN, Cells, DeskTable, Shown, rows_of
from api.web.words import Words
from api.web.work_reader import WorkReader
from trace.integrity.complaints import Complaint
from trace.supervision.party_seats import Seat


def complaints_table(
    found: Sequence[Complaint], known: Mapping[str, Seat], now_ms: int, reader: WorkReader, words: Words
) -> DeskTable:
    """Lay out complaints to decide, the oldest first."""
    cells = Cells.of(words)

    def row(each: Complaint) -> Sequence[Shown]:
        answered = each.answered_ms is not None
        return (
            Shown(
                each.complaint_id,
                each.category.words(words.language),
                reader.link(f"/desk/complaints/{each.complaint_id}"),
            ),
            about_cell(each, known, reader),
            lot_cell(each.lot, reader),
            cells.moment(each.filed_ms),
            cells.hours(now_ms - each.filed_ms),
            Shown(
                each.status,
                words("desk_complaint.answered") if answered else words("desk_complaint.filed"),
                tone="none" if answered else "doubt",
            ),
        )

    return DeskTable(
        name="complaints",
        title=words("desk_complaint.to_decide"),
        columns=cells.columns("complaint", "firm", "lot", "filed", "#waits", "state"),
        rows=rows_of(found, row),
        empty=words("desk_complaint.none"),
    )


def about_cell(each: Complaint, known: Mapping[str, Seat], reader: WorkReader) -> Shown:
    """Name whom a complaint is about."""
    if each.party is None:
        return Shown(None, UNKNOWN)
    return firm_cell(each.party, known[each.party].name if each.party in known else each.party, reader)

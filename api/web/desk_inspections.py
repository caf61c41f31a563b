"""What the inspection pages of the desk show: what was found, what is overdue, draws and what proves them."""

from collections.abc import Mapping, Sequence
from typing import Final

from api.web.desk_lists import firm_cell
from api.web.desk_table import UNKNOWN, Cells, DeskTable, Shown, rows_of
from api.web.words import Words
from api.web.work_reader import WorkReader
from trace.integrity.draw_reading import Draw
from trace.integrity.inspections import Inspection, Outcome
from trace.supervision.party_seats import Seat

_TONES: Final = {Outcome.PASSED: "good", Outcome.PENDING: "doubt", Outcome.FAILED: "bad"}


def inspections_table(
    found: Sequence[Inspection],
    known: Mapping[str, Seat],
    now_ms: int,
    reader: WorkReader,
    words: Words,
    *,
    overdue: bool = False,
) -> DeskTable:
    """Lay out inspections; each leads to entering the one that follows it up."""
    cells = Cells.of(words)
    comma = "、" if words.language == "zh" else ", "

    def row(each: Inspection) -> Sequence[Shown]:
        late = each.due_ms is not None and each.due_ms < now_ms and each.result is not Outcome.PASSED
        due = cells.moment(each.due_ms)
        return (
            firm_cell(each.party, known[each.party].name if each.party in known else each.party, reader),
            cells.moment(each.found_ms),
            Shown(each.result.value, each.result.words(words.language), tone=_TONES[each.result]),
            Shown(
                " ".join(f"{subject.value}:{outcome.value}" for subject, outcome in each.subjects),
                comma.join(
                    words(
                        "desk_inspection.looked_at",
                        subject=subject.words(words.language),
                        outcome=outcome.words(words.language),
                    )
                    for subject, outcome in each.subjects
                ),
            ),
            cells.number(each.points),
            Shown(each.role, each.role, chinese=True),
            Shown(due.raw, due.text, tone="bad" if late and overdue else ""),
            Shown(
                each.inspection_id,
                words("desk_inspection.follow"),
                reader.link("/desk/inspections/new", firm=each.party, follows=each.inspection_id),
            ),
        )

    return DeskTable(
        name="overdue" if overdue else "inspections",
        title=words("desk_inspection.overdue") if overdue else words("desk_inspection.found"),
        columns=cells.columns("firm", "found", "result", "subjects", "#points", "role", "due", "act"),
        rows=rows_of(found, row),
        empty=words("desk_inspection.none_overdue") if overdue else words("desk_inspection.none"),
    )


def draws_table(found: Sequence[Draw], reader: WorkReader, words: Words) -> DeskTable:
    """Lay out draws, the newest first."""
    cells = Cells.of(words)

    def row(each: Draw) -> Sequence[Shown]:
        done = each.done_ms is not None
        return (
            Shown(each.draw_id, each.draw_id[:13] + "…", reader.link(f"/desk/draws/{each.draw_id}")),
            cells.moment(each.announced_ms),
            Shown(each.period, each.period),
            cells.number(len(each.candidates)),
            cells.number(each.parties),
            Shown(
                "done" if done else "waiting",
                words("desk_draw.done") if done else words("desk_draw.waiting"),
                tone="good" if done else "doubt",
            ),
        )

    return DeskTable(
        name="draws",
        title=words("desk_draw.draws"),
        columns=cells.columns("draw", "announced", "period", "#listed", "#to_draw", "state"),
        rows=rows_of(found, row),
        empty=words("desk_draw.none"),
    )


def picks_table(found: Draw, known: Mapping[str, Seat], reader: WorkReader, words: Words) -> DeskTable:
    """Lay out who was drawn, in the order drawn, and who inspects it."""
    cells = Cells.of(words)
    odds = {each.name: each.weight for each in found.candidates}
    return DeskTable(
        name="picks",
        title=words("desk_draw.picks"),
        columns=cells.columns("firm", "inspectors", "#odds", "act"),
        rows=rows_of(
            found.picks,
            lambda each: (
                firm_cell(each.party, known[each.party].name if each.party in known else each.party, reader),
                Shown(" ".join(each.inspectors), ", ".join(each.inspectors)),
                cells.number(odds.get(each.party)),
                Shown(
                    None,
                    words("desk.inspect"),
                    reader.link("/desk/inspections/new", firm=each.party, draw=found.draw_id),
                ),
            ),
        ),
        empty=words("desk_draw.not_drawn"),
        note=words("desk_draw.odds_note"),
    )


def candidates_table(found: Draw, known: Mapping[str, Seat], reader: WorkReader, words: Words) -> DeskTable:
    """Lay out the list a draw was announced with: everybody's odds."""
    cells = Cells.of(words)
    return DeskTable(
        name="candidates",
        title=words("desk_draw.candidates"),
        columns=cells.columns("firm", "#odds"),
        rows=rows_of(
            found.candidates,
            lambda each: (
                firm_cell(each.name, known[each.name].name if each.name in known else each.name, reader),
                cells.number(each.weight),
            ),
        ),
        empty=UNKNOWN,
    )

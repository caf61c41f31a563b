"""The lists of supervision on the desk: oversold goods, late steps and missing stages, the use of codes."""

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import quote

from api.web.desk_areas import seat_name
from api.web.desk_table import UNKNOWN, Cells, DeskTable, Shown, rows_of
from api.web.scan import receipt_path
from api.web.words import Words
from api.web.work_reader import WorkReader
from trace.coding.code_words import CodeStatus
from trace.rulebook import rulebook
from trace.supervision.code_use import CodeUse, ScanCounts
from trace.supervision.late_steps import LateOrMissing
from trace.supervision.overselling import Oversell
from trace.supervision.party_seats import Seat

_TONES: Final[Mapping[bool | None, str]] = {True: "good", False: "bad", None: "doubt"}
_KEYS: Final[Mapping[bool | None, str]] = {True: "yes", False: "no", None: "unknown"}


def firm_cell(uscc: str, name: str, reader: WorkReader, *, soft: str = "") -> Shown:
    """Name a firm; it leads to its integrity."""
    return Shown(uscc, name, reader.link(f"/parties/{uscc}"), soft=soft or uscc, chinese=True)


def lot_cell(lot: str | None, reader: WorkReader) -> Shown:
    """Name a lot; it leads to its page."""
    if lot is None:
        return Shown(None, UNKNOWN)
    return Shown(lot, lot, reader.link(f"/lots/{quote(lot, safe='')}"))


def by_explanation(pair: tuple[Oversell, Seat]) -> int:
    """Rank what was oversold for whoever looks into it: unexplained, nobody can say, explained."""
    return (False, None, True).index(pair[0].covered)


def oversell_table(found: Sequence[tuple[Oversell, Seat]], reader: WorkReader, words: Words) -> DeskTable:
    """Lay out what was oversold: what came, what went, what could explain it."""
    cells = Cells.of(words)

    def row(pair: tuple[Oversell, Seat]) -> Sequence[Shown]:
        each, seat = pair
        goods = f"{each.herb} {each.form.words(words.language)}"
        return (
            firm_cell(
                each.party,
                seat.name,
                reader,
                soft=f"{each.party} · {seat_name(seat.division, words.language)}",
            ),
            Shown(f"{each.herb}/{each.form.value}", goods, chinese=True),
            cells.grams(each.came),
            cells.grams(each.went),
            cells.grams(each.short),
            cells.grams(each.before),
            cells.grams(each.could_come),
            Shown(
                _KEYS[each.covered], words(f"desk.covered_{_KEYS[each.covered]}"), tone=_TONES[each.covered]
            ),
            Shown(None, UNKNOWN)
            if each.covered
            else Shown(None, words("desk.inspect"), reader.link("/desk/inspections/new", firm=each.party)),
        )

    return DeskTable(
        name="oversell",
        title=words("desk.oversell"),
        columns=cells.columns(
            "firm", "goods", "#came", "#went", "#short", "#before", "#could_come", "covered", "act"
        ),
        rows=rows_of(found, row),
        empty=words("desk.no_oversell"),
        note=words("desk.oversell_note"),
    )


def late_table(found: Sequence[LateOrMissing], reader: WorkReader, words: Words) -> DeskTable:
    """Lay out late steps and missing stages, the newest first."""
    cells, book = Cells.of(words), rulebook()

    def row(each: LateOrMissing) -> Sequence[Shown]:
        rule = book[each.rule]
        missing = "、" if words.language == "zh" else ", "
        return (
            firm_cell(each.party, each.name, reader),
            lot_cell(each.lot, reader),
            Shown(each.stage.value, each.stage.words(words.language)),
            Shown(
                each.rule,
                words("desk.is_missing") if each.missing else words("desk.is_late"),
                receipt_path(each.statement_id),
                soft=rule.code,
                tone="doubt",
            ),
            cells.moment(each.event_ms),
            cells.moment(each.recorded_ms),
            cells.number(each.days),
            Shown(
                " ".join(stage.value for stage in each.missing),
                missing.join(stage.words(words.language) for stage in each.missing) or UNKNOWN,
            ),
        )

    return DeskTable(
        name="late",
        title=words("desk.late"),
        columns=cells.columns("firm", "lot", "stage", "finding", "event", "recorded", "#days", "missing"),
        rows=rows_of(found, row),
        empty=words("desk.no_late"),
        note=words("desk.late_note"),
    )


def code_table(
    used: Sequence[CodeUse], scanned: Sequence[ScanCounts], reader: WorkReader, words: Words
) -> DeskTable:
    """Lay out the use of codes of each firm, with the scans of the period beside it."""
    cells, scans = Cells.of(words), {each.party: each for each in scanned}

    def row(each: CodeUse) -> Sequence[Shown]:
        mine = scans.get(each.party)
        odd = 0 if mine is None else mine.odd
        return (
            firm_cell(each.party, each.name, reader),
            cells.number(each.issued),
            cells.share(1000 * each.used // each.issued if each.issued else None),
            *(cells.number(each.by_status.get(status, 0)) for status in CodeStatus),
            cells.number(0 if mine is None else mine.scans),
            cells.number(odd, tone="bad" if odd else ""),
        )

    return DeskTable(
        name="codes",
        title=words("desk.codes"),
        columns=cells.columns(
            "firm",
            "#issued",
            "#used_share",
            *(f"#{status.value}" for status in CodeStatus),
            "#scans",
            "#odd",
        ),
        rows=rows_of(used, row),
        empty=words("desk.no_codes"),
        note=words("desk.codes_note"),
    )

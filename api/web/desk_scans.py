"""Suspicious scans on the desk: the list of codes, and the scans of one code in the order they came."""

from collections.abc import Sequence
from typing import Final

from api.web.desk_areas import seat_name
from api.web.desk_lists import firm_cell, lot_cell
from api.web.desk_table import UNKNOWN, Cells, DeskTable, Shown, rows_of
from api.web.words import Words
from api.web.work_reader import WorkReader
from trace.coding.trace_code import grouped
from trace.supervision.code_scans import CodeScan
from trace.supervision.suspicious_scans import Suspicion, SuspiciousScans

_GRAVE: Final = frozenset({Suspicion.COPIED, Suspicion.DESTROYED})


def scans_table(found: Sequence[SuspiciousScans], reader: WorkReader, words: Words) -> DeskTable:
    """Lay out codes with suspicious scans."""
    cells = Cells.of(words)
    comma = "、" if words.language == "zh" else ", "

    def row(each: SuspiciousScans) -> Sequence[Shown]:
        return (
            Shown(each.code, grouped(each.code), reader.link(f"/desk/scans/{each.code}")),
            Shown(
                " ".join(why.value for why in each.suspicions),
                comma.join(why.words(words.language) for why in each.suspicions),
                tone="bad" if _GRAVE & set(each.suspicions) else "doubt",
            ),
            Shown(each.status.value, each.status.words(words.language)),
            lot_cell(each.lot, reader),
            firm_cell(each.party, each.name, reader),
            cells.number(each.scans),
            cells.moment(each.first_ms),
            cells.moment(each.last_ms),
            city_cell(each.first_city, words),
        )

    return DeskTable(
        name="scans",
        title=words("desk.scans"),
        columns=cells.columns(
            "code", "suspicion", "status", "lot", "firm", "#scans", "first", "last", "first_city"
        ),
        rows=rows_of(found, row),
        empty=words("desk.no_scans"),
        note=words("desk.scans_note"),
    )


def one_code_table(found: Sequence[CodeScan], words: Words) -> DeskTable:
    """Lay out the scans of one code, the oldest first."""
    cells = Cells.of(words)
    return DeskTable(
        name="scans",
        title=words("desk.scans_of_code"),
        columns=cells.columns("scanned", "city", "#device"),
        rows=rows_of(
            found,
            lambda each: (
                cells.moment(each.at_ms),
                city_cell(each.city, words),
                cells.number(each.device),
            ),
        ),
        empty=words("desk.scans_forgotten"),
        note=words("desk.scans_of_code_note"),
    )


def city_cell(city: str | None, words: Words) -> Shown:
    """Name the city of a scan by its GB/T 2260 code."""
    return Shown(city, UNKNOWN if city is None else seat_name(city, words.language))

"""The tables of supervision as people and programs read them: for CSV, JSON and the screen alike.

The same rows feed the API's CSV, its JSON and the command line, so none of them can say something else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from trace.coding.code_words import CodeStatus
from trace.events import iso_time
from trace.supervision.code_use import CodeUse, ScanCounts
from trace.supervision.coverage import Coverage
from trace.supervision.late_steps import LateOrMissing
from trace.supervision.overselling import Oversell
from trace.supervision.suspicious_scans import SuspiciousScans
from trace.supervision.usage import Usage

Cell: TypeAlias = str | int | None
"""None is what nobody knows: an empty cell in CSV, null in JSON, 未知 on the screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under their headings."""

    heads: Sequence[str]
    """Names of the columns, as programs read them."""
    rows: Sequence[Sequence[Cell]]

    @property
    def members(self) -> list[dict[str, Cell]]:
        """The rows as JSON objects."""
        return [dict(zip(self.heads, row, strict=True)) for row in self.rows]


def coverage_table(found: Iterable[Coverage]) -> Table:
    """Lay out coverage; `per_mille` is None where the register has no entry."""
    return Table(
        heads=("area", "node_type", "registered", "ever", "active", "per_mille", "strangers"),
        rows=[
            (
                each.area,
                each.node_type.value,
                each.registered,
                each.ever,
                each.active,
                each.per_mille,
                each.strangers,
            )
            for each in found
        ],
    )


def usage_table(found: Iterable[Usage]) -> Table:
    """Lay out the use of stages."""
    return Table(
        heads=("node_type", "stage", "used", "registered", "per_mille", "steps"),
        rows=[
            (each.node_type.value, each.stage.value, each.used, each.registered, each.per_mille, each.steps)
            for each in found
        ],
    )


def oversell_table(found: Iterable[Oversell]) -> Table:
    """Lay out what was oversold, in grams; `covered` is yes, no or None."""
    return Table(
        heads=("party", "herb", "form", "came", "went", "short", "before", "could_come", "covered"),
        rows=[
            (
                each.party,
                each.herb,
                each.form.value,
                each.came,
                each.went,
                each.short,
                each.before,
                each.could_come,
                _COVERED[each.covered],
            )
            for each in found
        ],
    )


def late_table(found: Iterable[LateOrMissing]) -> Table:
    """Lay out late steps and missing stages."""
    return Table(
        heads=(
            "rule", "party", "name", "lot", "stage", "event_ms", "recorded_ms", "days", "missing",
            "statement_id",
        ),
        rows=[
            (
                each.rule,
                each.party,
                each.name,
                each.lot,
                each.stage.value,
                each.event_ms,
                each.recorded_ms,
                each.days,
                " ".join(stage.value for stage in each.missing),
                each.statement_id,
            )
            for each in found
        ],
    )  # fmt: skip


def code_table(found: Iterable[CodeUse], scanned: Iterable[ScanCounts]) -> Table:
    """Lay out the use of codes of each firm, with its scans in the window beside it."""
    scans = {each.party: each for each in scanned}
    return Table(
        heads=("party", "name", "issued", "used", *(each.value for each in CodeStatus), "scans", "odd"),
        rows=[
            (
                each.party,
                each.name,
                each.issued,
                each.used,
                *(each.by_status.get(status, 0) for status in CodeStatus),
                scans[each.party].scans if each.party in scans else 0,
                scans[each.party].odd if each.party in scans else 0,
            )
            for each in found
        ],
    )


def scans_table(found: Iterable[SuspiciousScans]) -> Table:
    """Lay out codes with suspicious scans; times are those of China."""
    return Table(
        heads=("code", "suspicion", "status", "lot", "party", "name", "scans", "first", "last", "first_city"),
        rows=[
            (
                each.code,
                " ".join(why.value for why in each.suspicions),
                each.status.value,
                each.lot,
                each.party,
                each.name,
                each.scans,
                iso_time(each.first_ms, 480),
                iso_time(each.last_ms, 480),
                each.first_city,
            )
            for each in found
        ],
    )


_COVERED: Final = {True: "yes", False: "no", None: None}
"""Whether stock from before, or processing not recorded, explains it."""

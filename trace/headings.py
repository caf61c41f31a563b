"""Whether the headings of an import sheet can be understood, and which kind of sheet they make it.

Where they cannot, its rows are not read at all: every one of them would be at fault for the same cause.
"""

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from typing import Final

from ledger.errors import DaodiError, Location, Said
from trace.columns import LAYOUTS, STEPS, Layout
from trace.errors import MissingColumn, RepeatedColumn, UnknownColumn, UnnamedColumn
from trace.profiles import Field, profile
from trace.quantities import narrow
from trace.sheets import Sheet, unnamed_place
from trace.vocabulary import Stage

_SHOWN: Final = 40
_NEAR: Final = 0.5
"""One character wrong in a heading of two."""
_TELLING: Final = 2
"""How many known headings make a sheet one of ours, though it has another name."""


def labels(field: Field) -> tuple[str, ...]:
    """Return the headings that may stand over a profile field, in lower case."""
    return (field.name, field.zh.casefold(), field.en.casefold(), field.heading.casefold())


def layout_of(sheet: Sheet) -> Layout | None:
    """Return the layout by the sheet's name, or, where it has no telling name, by its headings."""
    for layout in LAYOUTS:
        if narrow(sheet.name).casefold() in (layout.key, layout.zh, f"{layout.zh} {layout.key}"):
            return layout
    known = {layout.key: {layout.names(each) for each in sheet.headings} - {None} for layout in LAYOUTS}
    for layout in LAYOUTS:
        if known[layout.key] >= {column.key for column in layout.columns if column.required}:
            return layout
    if "stage" in known[STEPS.key]:
        return STEPS
    best = max(LAYOUTS, key=lambda layout: len(known[layout.key]))
    return best if len(known[best.key]) >= _TELLING else None


def with_party(sheet: Sheet, layout: Layout, party: str | None) -> Sheet:
    """Return a sheet of steps with `party` (a USCC) in every row, where it has no column that says whose."""
    if party is None or layout is not STEPS or "party" in map(STEPS.names, sheet.headings):
        return sheet
    heading = STEPS.label("party")
    rows = tuple(replace(row, cells={**row.cells, heading: party}) for row in sheet.rows)
    return replace(sheet, headings=(*sheet.headings, heading), rows=rows)


def heading_faults(sheet: Sheet, layout: Layout, at: Location, party: str | None) -> list[DaodiError]:
    """Return what is wrong with the headings; a misspelt one stands for the column that it hides.

    `party` stands in for its column, as `with_party` says.
    """
    found = {layout.names(heading) for heading in with_party(sheet, layout, party).headings}
    missing = [column for column in layout.columns if column.required and column.key not in found]
    unknown = [heading for heading in sheet.headings if not _is_known(heading, layout)]
    nearest = {heading: _nearest(heading, layout) for heading in unknown}
    here = replace(at, row=1)
    name = _named(sheet)
    faults: list[DaodiError] = [_unknown(name, heading, nearest[heading], here) for heading in unknown]
    faults += [
        MissingColumn(
            sheet=name,
            column=column.label,
            names=f"{column.zh}、{column.key}",
            found=_listed(sheet.headings),
            at=replace(here, field=column.label),
        )
        for column in missing
        if column.label not in nearest.values()
    ]
    return [*faults, *_repeated(sheet, layout, name, here)]


def _named(sheet: Sheet) -> Said:
    """Say which table it is: only a workbook has sheets with names."""
    if not sheet.name:
        return Said("表格", "the table")
    return Said(f"工作表“{sheet.name}”", f"sheet “{sheet.name}”")


def _is_known(heading: str, layout: Layout) -> bool:
    return layout.names(heading) is not None or (layout is STEPS and narrow(heading).casefold() in _fields())


def _unknown(sheet: Said, heading: str, nearest: str | None, at: Location) -> DaodiError:
    if (place := unnamed_place(heading)) is not None:
        return UnnamedColumn(sheet=sheet, place=place, at=replace(at, field=heading))
    shown = heading[:_SHOWN]
    return UnknownColumn(
        sheet=sheet,
        column=shown,
        nearest=nearest or Said("无", "none"),
        at=replace(at, field=shown, value=shown),
    )


def _repeated(sheet: Sheet, layout: Layout, name: Said, at: Location) -> list[DaodiError]:
    headings: dict[str, list[str]] = {}
    for heading in sheet.headings:
        headings.setdefault(layout.names(heading) or narrow(heading).casefold(), []).append(heading)
    return [
        RepeatedColumn(
            sheet=name,
            column=_label(layout, meant)[:_SHOWN],
            found=_listed(same),
            at=replace(at, field=_label(layout, meant)[:_SHOWN], value=same[-1][:_SHOWN]),
        )
        for meant, same in headings.items()
        if len(same) > 1
    ]


def _label(layout: Layout, meant: str) -> str:
    return next((column.label for column in layout.columns if column.key == meant), meant)


def _nearest(heading: str, layout: Layout) -> str | None:
    known = {
        name: column.label for column in layout.columns for name in (column.key, column.zh, column.label)
    }
    if layout is STEPS:
        known = {**_fields(), **known}
    near = get_close_matches(narrow(heading).casefold(), known, n=1, cutoff=_NEAR)
    return known[near[0]] if near else None


@cache
def _fields() -> dict[str, str]:
    """Every heading a field of any stage may have, with its heading in the template."""
    return {
        label: field.heading for stage in Stage for field in profile(stage).fields for label in labels(field)
    }


def _listed(headings: Sequence[str]) -> str:
    return "、".join(heading[:_SHOWN] for heading in headings[:_SHOWN])

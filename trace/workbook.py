"""Writing the import workbook: blank with notes as a template, or filled with what is handed in.

A filled workbook read back gives the same parties, places and steps.
"""

import io
from collections.abc import Iterable, Mapping, Sequence

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from trace.columns import LAYOUTS, PARTIES, PLACES, STEPS, Layout
from trace.parties import PartyNew
from trace.places import PlaceNew
from trace.profiles import Field, Kind, profile
from trace.steps import FieldValue, LotAmount, StepNew
from trace.vocabulary import NodeType, Stage

_WIDTH = 22


def template_xlsx(stages: Sequence[Stage] | None = None) -> bytes:
    """Return a blank workbook with bilingual headings and notes, for all stages or the ones given."""
    return write_workbook((), (), (), stages=stages)


def write_workbook(
    parties: Iterable[PartyNew],
    places: Iterable[PlaceNew],
    steps: Iterable[StepNew],
    stages: Sequence[Stage] | None = None,
) -> bytes:
    """Return a workbook that `imports.read_steps` reads back."""
    listed = list(steps)
    fields = _fields(stages or tuple(Stage))
    book = Workbook()
    book.remove(book.worksheets[0])
    sheets = {layout.key: _sheet(book, layout, fields if layout is STEPS else ()) for layout in LAYOUTS}
    for party in parties:
        _append(sheets[PARTIES.key], PARTIES, _party_cells(party), ())
    for place in places:
        _append(sheets[PLACES.key], PLACES, _place_cells(place), ())
    for step in listed:
        _append(sheets[STEPS.key], STEPS, _step_cells(step), [_cell_of(step, field) for field in fields])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fields(stages: Sequence[Stage]) -> list[tuple[str, Field]]:
    """Each heading once: stages that share a label share its column."""
    found: dict[str, Field] = {}
    for stage in stages:
        for field in profile(stage).fields:
            found.setdefault(field.heading, field)
    return list(found.items())


def _sheet(book: Workbook, layout: Layout, fields: Sequence[tuple[str, Field]]) -> Worksheet:
    sheet: Worksheet = book.create_sheet(f"{layout.zh} {layout.key}")
    for number, column in enumerate(layout.columns, start=1):
        cell = sheet.cell(1, number, column.label)
        cell.font = Font(bold=column.required)
        cell.comment = Comment(f"{column.note_zh}\n{column.note_en}", "daodi")
    for number, (heading, field) in enumerate(fields, start=len(layout.columns) + 1):
        cell = sheet.cell(1, number, heading)
        cell.comment = Comment(_note(field), "daodi")
    for number in range(1, len(layout.columns) + len(fields) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTH
    sheet.freeze_panes = "A2"
    return sheet


def _note(field: Field) -> str:
    stages = "、".join(stage.zh for stage in Stage if profile(stage).by_name.get(field.name) == field)
    choices = "；".join(choice.zh for choice in field.choices)
    return "\n".join(filter(None, (f"{stages}：{field.zh}", field.en, field.unit, choices, field.source)))


def _append(
    sheet: Worksheet, layout: Layout, cells: Mapping[str, str | int | None], more: Sequence[str | int | None]
) -> None:
    sheet.append([*(cells.get(column.key) for column in layout.columns), *more])


def _party_cells(party: PartyNew) -> dict[str, str | int | None]:
    types = "；".join(NodeType(node).zh for node in party.node_types)
    return {"uscc": party.uscc, "name": party.name, "node_types": types, "division": party.division}


def _place_cells(place: PlaceNew) -> dict[str, str | int | None]:
    return {
        "place": place.place_id,
        "name": place.name,
        "party": place.party,
        "division": place.division,
        "market": place.market,
        "address": place.address,
    }


def _step_cells(step: StepNew) -> dict[str, str | int | None]:
    made = step.outputs[0] if step.outputs else None
    results = "；".join(
        f"{each.measurand}={each.value} {each.unit}".rstrip() + (f"（{each.method}）" if each.method else "")
        for each in step.results
    )
    return {
        "id": step.id,
        "stage": step.stage.zh,
        "party": step.party,
        "place": step.place,
        "time": step.time.isoformat(),
        "inputs": _amounts(step.inputs),
        "outputs": _amounts(step.outputs),
        "lots": _amounts(step.lots),
        "codes": "；".join(step.codes) or None,
        "container": step.container,
        "herb": made.herb if made else None,
        "form": made.form.zh if made and made.form else None,
        "grade": made.grade if made else None,
        "counterparty": step.counterparty,
        "results": results or None,
        "packs": step.packs,
        "pack_mass": f"{step.grams_per_pack}克" if step.grams_per_pack else None,
        "batch": step.batch,
    }


def _amounts(amounts: Sequence[LotAmount]) -> str | None:
    return "；".join(f"{each.lot}={each.grams}克" if each.grams else each.lot for each in amounts) or None


def _cell_of(step: StepNew, named: tuple[str, Field]) -> str | int | None:
    heading, _ = named
    field = profile(step.stage).by_name.get(heading.rpartition(" ")[2])
    if field is None or field.heading != heading or field.name not in step.fields:
        return None
    return _written(field, step.fields[field.name])


def _written(field: Field, value: FieldValue) -> str | int:
    if field.kind is Kind.FLAG:
        return "是" if value is True else "否"
    if field.kind is Kind.GRAMS:
        return f"{value}克"
    if field.kind is Kind.PRICE and isinstance(value, int):
        return f"{value // 100}.{value % 100:02d} 元/公斤"
    if field.kind is Kind.CHOICE:
        return next((choice.zh for choice in field.choices if value in (choice.key, choice.zh)), str(value))
    return value

"""One row of an import sheet, read into what it asks for; every bad cell of the row is named at once."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from ledger.errors import DaodiError, Location, ManyFaults
from trace.cells import lots_named, read_amounts, read_codes, read_count, read_results, read_time, read_word
from trace.columns import PARTIES, PLACES, STEPS, Layout
from trace.errors import BadCell, EmptyCell
from trace.fields import from_text
from trace.follow_ons import MOVES, Thing
from trace.headings import labels
from trace.parties import PartyNew
from trace.places import PlaceNew
from trace.profiles import Visibility, profile
from trace.quantities import narrow, parse_mass
from trace.sheets import UNCOMPUTED, Row
from trace.steps import FieldValue, StepNew
from trace.vocabulary import Form, NodeType, Stage

Value = TypeVar("Value")
Model = TypeVar("Model", bound=BaseModel)

_SHOWN = 40


def read_party(row: Row) -> PartyNew:
    """Read a party; raises its one fault or `ManyFaults`."""
    cells = _Cells(row, PARTIES)
    members = {
        "uscc": cells.plain("uscc"),
        "name": cells.text("name"),
        "division": cells.plain("division"),
        "node_types": cells.read("node_types", _node_types),
    }
    return cells.built(PartyNew, members)


def read_place(row: Row) -> PlaceNew:
    """Read a place; raises its one fault or `ManyFaults`."""
    cells = _Cells(row, PLACES)
    members = {
        "place_id": cells.plain("place"),
        "name": cells.text("name"),
        "party": cells.plain("party"),
        "division": cells.plain("division"),
        "market": cells.text("market"),
        "address": cells.text("address"),
    }
    return cells.built(PlaceNew, members)


def read_step_row(row: Row) -> StepNew:
    """Read a step; raises its one fault or `ManyFaults`.

    The columns herb, form and grade speak of every lot the step makes.
    """
    cells = _Cells(row, STEPS)
    stage = cells.read("stage", _stage)
    described = {"herb": cells.text("herb"), "grade": cells.text("grade"), "form": cells.read("form", _form)}
    outputs = cells.read("outputs", cells.amounts("outputs")) or []
    members = {
        "id": cells.plain("id"),
        "stage": stage,
        "party": cells.plain("party"),
        "place": cells.plain("place"),
        "time": cells.read("time", read_time),
        "inputs": cells.read("inputs", cells.amounts("inputs")),
        "outputs": [amount | {name: word for name, word in described.items() if word} for amount in outputs],
        "lots": cells.read("lots", cells.amounts("lots")),
        "codes": cells.read("codes", read_codes),
        "container": cells.plain("container"),
        "counterparty": cells.plain("counterparty"),
        "results": cells.read("results", read_results),
        "packs": cells.read("packs", lambda text: read_count(text, STEPS.label("packs"))),
        "grams_per_pack": cells.read("pack_mass", lambda text: parse_mass(text, positive=True)),
        "batch": cells.plain("batch"),
        "fields": _fields(cells, stage) if stage else None,
    }
    return cells.built(StepNew, members)


def things_named(row: Row, layout: Layout) -> list[Thing]:
    """Return what a row that cannot be read would have brought about, as far as its cells tell."""
    cells = _Cells(row, layout)
    if layout is PARTIES:
        return [("party", cells.plain("uscc") or "")]
    if layout is PLACES:
        return [("place", cells.plain("place") or "")]
    made, seen = (lots_named(cells.text(key) or "") for key in ("outputs", "lots"))
    moves = Stage.named(cells.text("stage") or "") in MOVES
    return [*(("made", lot) for lot in made), *(("moved", lot) for lot in seen if moves)]


def label_of(member: str, layout: Layout, stage: Stage | None = None) -> str:
    """Return the label of the column that a member of a request is written in.

    >>> label_of("inputs/0/grams", STEPS), label_of("fields/method", STEPS, Stage.PRIMARY_PROCESSING)
    ('投入批次 inputs', '粗加工方法 method')
    """
    first, *rest = member.split("/")
    if first == "fields" and stage is not None and (field := profile(stage).by_name.get(rest[0])):
        return field.heading
    last = rest[-1] if rest else first
    described = last if last in ("herb", "grade", "form") else _COLUMN_OF.get(first, first)
    return next(
        (column.label for column in layout.columns if column.key == described), "/".join(rest) or first
    )


class _Cells:
    """The cells of one row by the columns of its layout; gathers faults as it goes."""

    def __init__(self, row: Row, layout: Layout) -> None:
        self.layout = layout
        self.faults: list[DaodiError] = []
        self.known: dict[str, str] = {}
        self.others: dict[str, str] = {}
        for heading, cell in row.cells.items():
            key = layout.names(heading)
            if cell == UNCOMPUTED:
                self.faults.append(_uncomputed(heading if key is None else layout.label(key)))
            elif key is not None:
                self.known[key] = cell
            else:
                self.others[heading] = cell
        self.faults += [
            EmptyCell(
                column=column.label,
                note_zh=column.note_zh,
                note_en=column.note_en,
                at=Location(field=column.label),
            )
            for column in layout.columns
            if column.required and column.key not in self.known and UNCOMPUTED not in row.cells.values()
        ]

    def text(self, key: str) -> str | None:
        """Return the text of a column; None when it is empty."""
        return self.known.get(key)

    def plain(self, key: str) -> str | None:
        """Return the text of a column that holds an id, what was typed full-width narrowed."""
        text = self.known.get(key)
        return text if text is None else narrow(text)

    def amounts(self, key: str) -> Callable[[str], list[dict[str, object]]]:
        """Return the reader of a column of lots."""
        return partial(read_amounts, column=self.layout.label(key))

    def read(self, key: str, reader: Callable[[str], Value]) -> Value | None:
        """Read a column; None when it is empty or at fault."""
        return self.try_reading(self.layout.label(key), self.known.get(key), reader)

    def try_reading(self, name: str, text: str | None, reader: Callable[[str], Value]) -> Value | None:
        """Read a text; keep its fault with the name of its column."""
        if text is None:
            return None
        try:
            return reader(text)
        except DaodiError as fault:
            value = fault.at.value if fault.at.value is not None else text[:_SHOWN]
            fault.at = replace(fault.at, field=name, value=value)
            self.faults.append(fault)
            return None

    def built(self, model: type[Model], members: Mapping[str, object]) -> Model:
        """Build the model from what could be read; raises every fault of the row."""
        if not self.faults:
            try:
                return model.model_validate(
                    {name: value for name, value in members.items() if value is not None}
                )
            except ValidationError as error:
                self.faults += _shape_faults(error, self.layout)
        raise self.faults[0] if len(self.faults) == 1 else ManyFaults(self.faults)


def _stage(text: str) -> Stage:
    return read_word(text, STEPS.label("stage"), Stage)


def _form(text: str) -> Form:
    return read_word(text, STEPS.label("form"), Form)


def _node_types(text: str) -> list[NodeType]:
    pieces = [piece for piece in text.replace(";", "；").replace("、", "；").split("；") if piece.strip()]
    return [read_word(piece, PARTIES.label("node_types"), NodeType) for piece in pieces]


def _fields(cells: _Cells, stage: Stage) -> dict[str, FieldValue]:
    """Read the columns of the stage's fields; others are left for its profile to refuse."""
    by_label = {label: field for field in profile(stage).fields for label in labels(field)}
    found: dict[str, FieldValue] = {}
    for heading, text in cells.others.items():
        field = by_label.get(narrow(heading).casefold())
        if field is None:
            found[heading[:_SHOWN]] = text
            continue
        if field.name in found:
            cells.faults.append(_said_twice(field.heading))
        value = cells.try_reading(field.heading, text, partial(from_text, field))
        if value is not None:
            found[field.name] = value
        if field.visibility is not Visibility.PUBLIC:
            _hide(cells, field.heading)
    return found


def _hide(cells: _Cells, label: str) -> None:
    """A private value is nobody's business, not even in an error message."""
    for fault in cells.faults:
        if fault.at.field == label:
            fault.at = replace(fault.at, value="…")


def _said_twice(label: str) -> BadCell:
    return BadCell(
        column=label,
        value="…",
        fault_zh="另一列填的是同一项",
        fault_en="another column says the same thing",
        wanted_zh="请只留一列",
        wanted_en="leave only one of the two columns",
        at=Location(field=label, value="…"),
    )


def _uncomputed(label: str) -> BadCell:
    return BadCell(
        column=label,
        value="=…",
        fault_zh="公式没有保存计算结果，或结果是错误",
        fault_en="the formula has no stored value, or an error for one",
        wanted_zh="请将公式粘贴为数值后保存",
        wanted_en="paste the formula as a value and save",
        at=Location(field=label, value="=…"),
    )


_COLUMN_OF = {"place_id": "place", "grams_per_pack": "pack_mass"}
_FAULTS = {
    "string_too_short": ("太短", "it is too short"),
    "string_too_long": ("太长", "it is too long"),
    "too_long": ("太多", "there are too many"),
    "less_than_equal": ("太大", "it is too large"),
    "string_pattern_mismatch": ("有不能用的字符或位数不对", "it has characters or a length that cannot be"),
    "year_out_of_range": ("年份不对", "its year is wrong"),
    "offset_out_of_range": ("时区不对", "its offset is wrong"),
    "unseen_characters": ("含看不见的字符", "it has invisible characters"),
}
_OTHER_FAULT = ("格式不符", "it does not have the form it must have")


def _shape_faults(error: ValidationError, layout: Layout) -> list[DaodiError]:
    """Say in our words what pydantic refuses; its own message is never shown, only where and what."""
    found: list[DaodiError] = []
    for each in error.errors(include_url=False, include_context=False):
        where = "/".join(map(str, each["loc"]))
        private = where == "address" or not isinstance(each["input"], str | int)
        value = "…" if private else str(each["input"])[:_SHOWN]
        label = label_of(where, layout)
        column = next((known for known in layout.columns if known.label == label), None)
        zh, en = _FAULTS.get(each["type"], _OTHER_FAULT)
        found.append(
            BadCell(
                column=label,
                value=value,
                fault_zh=zh,
                fault_en=en,
                wanted_zh=f"请填：{column.note_zh}" if column else "请对照模板填写",
                wanted_en=f"enter: {column.note_en}" if column else "compare it with the template",
                at=Location(field=label, value=value),
            )
        )
    return found

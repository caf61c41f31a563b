"""The register of the trade as a file: CSV with Chinese or English headings, all rows right or none taken."""

import csv
import io
from collections.abc import Mapping
from typing import Final

from pydantic import ValidationError

from ledger.errors import DaodiError, Location, ManyFaults, Said
from trace.errors import BadCell, MissingColumn, UnknownColumn, UnreadableFile
from trace.supervision.trade_register import TradeUnitNew, UnitKind
from trace.vocabulary import NodeType

HEADINGS: Final[Mapping[str, tuple[str, str]]] = {
    "unit": ("编号", "id of the unit"),
    "kind": ("类别", "base, market or firm"),
    "name": ("名称", "name"),
    "division": ("行政区划代码", "GB/T 2260 code"),
    "node_type": ("节点类型", "node type"),
    "since": ("起始日期", "first day, as 2026-01-31"),
    "uscc": ("统一社会信用代码", "USCC, may be empty"),
    "place": ("地点编号", "id of the place, may be empty"),
    "controlled_by": ("隶属企业", "USCC of the controlling firm, may be empty"),
    "source": ("来源", "where the entry comes from"),
}
"""Column of the file: its Chinese heading, and what it holds."""
_OPTIONAL: Final = frozenset({"uscc", "place", "controlled_by"})
MOST_ROWS: Final = 100_000


def read_register(body: bytes, filename: str) -> list[TradeUnitNew]:
    """Read every unit of a file.

    Raises `UnreadableFile`, `MissingColumn`, `UnknownColumn`, or `ManyFaults` with each cell that is wrong.
    """
    table = _rows(_text(body))
    if not table or len(table) > MOST_ROWS + 1:
        raise UnreadableFile(
            fault_zh="文件是空的" if not table else f"超过 {MOST_ROWS} 行",
            fault_en="the file is empty" if not table else f"it has more than {MOST_ROWS} rows",
        )
    columns = _columns(table[0], filename)
    units: list[TradeUnitNew] = []
    faults: list[DaodiError] = []
    for number, cells in enumerate(table[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        try:
            units.append(_unit(dict(zip(columns, cells, strict=False)), filename, number))
        except BadCell as fault:
            faults.append(fault)
    if faults:
        raise ManyFaults(faults)
    return units


def _rows(text: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text)))
    except csv.Error as error:  # a cell beyond what the csv module reads: an unclosed quote, mostly
        raise UnreadableFile(
            fault_zh="不是有效的 CSV 表格", fault_en="it is not a valid CSV table"
        ) from error


def _text(body: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(
        fault_zh="不是 UTF-8 或 GB18030 文字", fault_en="it is neither UTF-8 nor GB18030 text"
    )


def _columns(heads: list[str], filename: str) -> list[str]:
    file = Said(f"文件“{filename}”", f"the file “{filename}”")
    names = {**{name: name for name in HEADINGS}, **{zh: name for name, (zh, _) in HEADINGS.items()}}
    found = []
    for head in heads:
        if head.strip() not in names:
            raise UnknownColumn(
                sheet=file, column=head[:40], nearest="、".join(zh for zh, _ in HEADINGS.values())
            )
        found.append(names[head.strip()])
    for name, (zh, _) in HEADINGS.items():
        if name not in found and name not in _OPTIONAL:
            raise MissingColumn(sheet=file, column=zh, found="、".join(heads)[:200], names=f"{zh}, {name}")
    return found


def _unit(cells: Mapping[str, str], filename: str, row: int) -> TradeUnitNew:
    members: dict[str, str] = {name: cell.strip() for name, cell in cells.items() if cell.strip()}
    for name, words in (("kind", UnitKind), ("node_type", NodeType)):
        if (word := words.named(members.get(name, ""))) is not None:
            members[name] = word.value
    try:
        return TradeUnitNew.model_validate(members)
    except ValidationError as error:
        wrong = str(error.errors()[0]["loc"][0])
        raise BadCell(
            column=HEADINGS[wrong][0],
            value=cells.get(wrong, ""),
            fault_zh="填写不正确或为空",
            fault_en="it is wrong or empty",
            wanted_zh=f"请填写{HEADINGS[wrong][0]}",
            wanted_en=f"enter the {HEADINGS[wrong][1]}",
            at=Location(file=filename, row=row, field=wrong, value=cells.get(wrong)),
        ) from error

"""The input bundle: canonical bytes that hold all a stranger needs to recompute a release.

One JSON object in the ledger's canonical form (docs/methodology.md, section 7): the family text line
by line, the class of every herb, the weights with their source, the cells, the index days, and one
row of prices in fen per kg for each cell, `null` where none was quoted. Quotes that were kept out are
listed with their rule codes, so that no exclusion is silent (Decree 22, article 17).
"""

import datetime
import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from ledger.canonical import JsonValue, canonical, parse
from ledger.errors import DaodiError, Said
from priceindex.calendar import day_number, day_of
from priceindex.engine.weights import GradeTurnover, TurnoverTable
from priceindex.errors import MalformedBundle
from priceindex.families import Family, read_family
from priceindex.formulas.relatives import Floats
from priceindex.quotes import Cell, is_name

FORMAT: Final = "daodi-index-inputs/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A quote in the period that did not enter, and the rules that kept it out."""

    cell: Cell
    day: datetime.date
    fen_per_kg: int
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Everything a computation depends on, and nothing else."""

    family: Family
    until: datetime.date
    as_of_ms: int
    """Quotes recorded later than this were not looked at."""
    class_of: Mapping[str, str]
    turnover: TurnoverTable | None
    cells: tuple[Cell, ...]
    days: NDArray[np.int64]
    prices: Floats
    """(days, cells) in whole fen per kg; NaN where not quoted."""
    left_out: tuple[LeftOut, ...]


class _Turnover(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    source: str
    first: int
    last: int
    lines: list[tuple[str, str, int]]


class _Bundle(BaseModel):
    """The shape of the JSON object."""

    model_config = ConfigDict(extra="forbid", strict=True)

    format: str
    family: list[str]
    method: str
    method_sha256: str
    until: int
    as_of_ms: int
    class_of: list[tuple[str, str]]
    turnover: _Turnover | None
    cells: list[tuple[str, str, str, str]]
    days: list[int]
    prices: list[list[int | None]]
    left_out: list[tuple[str, str, str, str, int, int, str]]


def encode(inputs: Inputs) -> bytes:
    """The canonical bytes of the inputs; equal inputs have equal bytes."""
    herbs = sorted({cell.herb for cell in inputs.cells})
    told: dict[str, JsonValue] = {
        "format": FORMAT,
        "family": cast("list[JsonValue]", inputs.family.text.decode().split("\n")),
        "method": inputs.family.method_id,
        "method_sha256": inputs.family.method_sha256,
        "until": day_number(inputs.until),
        "as_of_ms": inputs.as_of_ms,
        "class_of": [[herb, str(inputs.class_of[herb])] for herb in herbs],
        "turnover": _turnover_json(inputs.turnover),
        "cells": [list(cell) for cell in inputs.cells],
        "days": cast("list[JsonValue]", inputs.days.tolist()),
        "prices": [_whole(column) for column in inputs.prices.T],
        "left_out": [
            [*out.cell, day_number(out.day), out.fen_per_kg, " ".join(out.rules)] for out in inputs.left_out
        ],
    }
    return canonical(told)


def _whole(column: Floats) -> list[JsonValue]:
    return [None if math.isnan(price) else int(price) for price in column.tolist()]


def _turnover_json(table: TurnoverTable | None) -> JsonValue:
    if table is None:
        return None
    lines = sorted((line.herb, line.grade, line.fen) for line in table.lines)
    return {
        "source": table.source,
        "first": day_number(table.first),
        "last": day_number(table.last),
        "lines": [list(line) for line in lines],
    }


_DIGEST: Final = Said(
    "指数系列文本与包中所记摘要不符", "the family text does not have the digest the bundle names"
)
_NUMBERS: Final = Said("价格、单元与日期的数目不等", "prices, cells and days differ in number")
_CELLS: Final = Said("单元重复、次序或名称不对", "cells are repeated, out of order or wrongly named")
_DAYS: Final = Said("没有日期，或日期重复、次序不对", "days are absent, repeated or out of order")
_PRICE: Final = Said("有价格不大于零", "a price is not above zero")


def digest(raw: bytes) -> str:
    """SHA-256 of a bundle's bytes, hex: what the log holds."""
    return hashlib.sha256(raw).hexdigest()


def decode(raw: bytes) -> Inputs:
    """Read a bundle; raises `MalformedBundle` for anything that is not one, byte for byte."""
    try:
        parse(raw)
        told = _Bundle.model_validate_json(raw)
        text = "\n".join(told.family).encode()
        family = read_family(text, f"{told.method}.toml")
    except ValidationError as fault:
        first = fault.errors(include_url=False, include_input=False)[0]
        place = "/".join(map(str, first["loc"]))
        raise MalformedBundle(why=Said(f"{place} 不合格式", f"{place}: {first['msg']}")) from fault
    except DaodiError as fault:
        raise MalformedBundle(why=fault) from fault
    _check(told, family)
    return _inputs(told, family)


def _check(told: _Bundle, family: Family) -> None:
    if told.format != FORMAT:
        raise MalformedBundle(why=Said(f"格式 {told.format!a}", f"format {told.format!a}"))
    if (told.method, told.method_sha256) != (family.method_id, family.method_sha256):
        raise MalformedBundle(why=_DIGEST)
    if len(told.prices) != len(told.cells) or any(len(column) != len(told.days) for column in told.prices):
        raise MalformedBundle(why=_NUMBERS)
    if told.cells != sorted(set(told.cells)) or not all(
        is_name(name) for cell in told.cells for name in cell
    ):
        raise MalformedBundle(why=_CELLS)
    if not told.days or told.days != sorted(set(told.days)):
        raise MalformedBundle(why=_DAYS)
    if any(price is not None and price <= 0 for column in told.prices for price in column):
        raise MalformedBundle(why=_PRICE)


def _inputs(told: _Bundle, family: Family) -> Inputs:
    table = None
    if told.turnover is not None:
        lines = tuple(GradeTurnover(*line) for line in told.turnover.lines)
        table = TurnoverTable(
            lines, told.turnover.source, day_of(told.turnover.first), day_of(told.turnover.last)
        )
    left_out = tuple(
        LeftOut(cell=Cell(*line[:4]), day=day_of(line[4]), fen_per_kg=line[5], rules=tuple(line[6].split()))
        for line in told.left_out
    )
    return Inputs(
        family=family,
        until=day_of(told.until),
        as_of_ms=told.as_of_ms,
        class_of=dict(told.class_of),
        turnover=table,
        cells=tuple(Cell(*cell) for cell in told.cells),
        days=np.array(told.days, dtype=np.int64),
        prices=np.array(told.prices, dtype=np.float64).T,
        left_out=left_out,
    )

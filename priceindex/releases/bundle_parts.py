"""What both forms of the input bundle write alike: cells, quotes that were left out, turnover by grade."""

from collections.abc import Sequence
from typing import Final

from ledger.canonical import JsonValue
from ledger.errors import Said
from priceindex.calendar import day_number, day_of
from priceindex.engine.inputs import LeftOut
from priceindex.engine.weights import GradeTurnover
from priceindex.errors import MalformedBundle
from priceindex.quotes import Cell, is_name

CellLine = tuple[str, str, str, str]
LeftOutLine = tuple[str, str, str, str, int, int, str]
TurnoverLine = tuple[str, str, int]

_CELLS: Final = Said("单元重复、次序或名称不对", "cells are repeated, out of order or wrongly named")


def left_out_lines(left_out: Sequence[LeftOut]) -> list[JsonValue]:
    """Quotes kept out: the four names of the cell, day, fen per kg, rule codes joined by spaces."""
    return [
        [*out.cell, day_number(out.day), out.fen_per_kg, " ".join(out.rules)]
        for out in sorted(left_out, key=lambda out: (out.cell, out.day, out.fen_per_kg, out.rules))
    ]


def left_out_of(lines: Sequence[LeftOutLine]) -> tuple[LeftOut, ...]:
    """The quotes kept out that `left_out_lines` wrote."""
    return tuple(
        LeftOut(cell=Cell(*line[:4]), day=day_of(line[4]), fen_per_kg=line[5], rules=tuple(line[6].split()))
        for line in lines
    )


def cells_of(lines: Sequence[CellLine]) -> tuple[Cell, ...]:
    """The cells; raises `MalformedBundle` unless they are named, sorted and told apart."""
    sound = all(is_name(name) for line in lines for name in line)
    if not sound or list(lines) != sorted(set(lines)):
        raise MalformedBundle(why=_CELLS)
    return tuple(Cell(*line) for line in lines)


def turnover_lines(lines: Sequence[GradeTurnover]) -> list[JsonValue]:
    """Turnover by herb and grade in fen, sorted."""
    return [list(each) for each in sorted((line.herb, line.grade, line.fen) for line in lines)]


def turnover_of(lines: Sequence[TurnoverLine]) -> tuple[GradeTurnover, ...]:
    """The turnover that `turnover_lines` wrote."""
    return tuple(GradeTurnover(*line) for line in lines)

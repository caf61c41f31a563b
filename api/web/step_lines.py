"""The lines of a step form that become one cell of the sheet of steps: lots with masses, test results.

A browser sends `inputs.0.lot`, `inputs.0.mass`, `inputs.0.unit`; the sheet says `BS-A=500公斤；BS-B`. What
was typed is kept as it was typed, whole or broken.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from trace.quantities import narrow

UNITS: Final = ("公斤", "斤", "克", "吨")
"""Units of mass offered beside a number, the usual one first: 1 斤 is half a kilogram."""
AMOUNTS: Final = frozenset({"inputs", "outputs", "lots"})
"""Columns whose cell holds lots with masses."""
FIRST: Final = 2
"""Lines a form begins with."""
MORE: Final = 5
"""Lines that asking for more adds."""
MOST: Final = 40
"""Lines of one column in the browser; a table of more rows is pasted or uploaded."""
_AMOUNT_PARTS: Final = ("lot", "mass", "unit")
_RESULT_PARTS: Final = ("measurand", "value", "unit", "method")
_ENDS_IN_NUMBER: Final = re.compile(r"[0-9][0-9,.]*")
_CELL_SPLIT: Final = re.compile(r"[;；\n]")
_CELL_AMOUNT: Final = re.compile(r"(?P<lot>[^\s=:]+)(?:\s*[=:]\s*|\s+)?(?P<mass>.*)")


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it was typed."""

    name: str
    """Beginning of the names of its boxes, such as ``inputs.0``."""
    parts: Mapping[str, str]
    """What was typed by part; every part is there."""

    @property
    def empty(self) -> bool:
        """Whether nothing was typed; a unit alone says nothing."""
        return not any(text for part, text in self.parts.items() if part != "unit")


def parts_of(column: str) -> tuple[str, ...]:
    """Return the parts of a line of `column`; none where the column is one plain box."""
    if column in AMOUNTS:
        return _AMOUNT_PARTS
    return _RESULT_PARTS if column == "results" else ()


def lines(column: str, typed: Mapping[str, str], extra: int = 0) -> tuple[Line, ...]:
    """Return the lines of a column as typed, and empty ones after them, `extra` more than usual."""
    parts = parts_of(column)
    found = _typed_lines(column, typed) or _of_cell(column, typed.get(column, ""))
    wanted = min(MOST, max(FIRST if column != "outputs" else 1, len(found) + (1 if extra else 0) + extra))
    empty = [dict.fromkeys(parts, "") for _ in range(wanted - len(found))]
    return tuple(Line(f"{column}.{at}", said) for at, said in enumerate([*found, *empty]))


def cell(column: str, typed: Mapping[str, str]) -> str:
    """Return what a column says, as a cell of the sheet of steps.

    >>> cell("inputs", {"inputs.0.lot": "BS-A", "inputs.0.mass": "500", "inputs.0.unit": "斤"})
    'BS-A=500斤'
    >>> cell("results", {"results.0.measurand": "水分", "results.0.value": "11.2", "results.0.unit": "%"})
    '水分=11.2 %'
    """
    written = _amount if column in AMOUNTS else _result
    said = [written(each) for each in _typed_lines(column, typed)]
    return "；".join(said) or typed.get(column, "")


def _typed_lines(column: str, typed: Mapping[str, str]) -> list[dict[str, str]]:
    parts = parts_of(column)
    found = [{part: typed.get(f"{column}.{at}.{part}", "") for part in parts} for at in range(MOST)]
    return [each for each in found if any(text for part, text in each.items() if part != "unit")]


def _of_cell(column: str, text: str) -> list[dict[str, str]]:
    """Read the lines off a whole cell, such as an address prefills it with."""
    if column not in AMOUNTS:
        return []
    found = (_CELL_AMOUNT.fullmatch(part.strip()) for part in _CELL_SPLIT.split(text) if part.strip())
    return [{"lot": each["lot"], "mass": each["mass"], "unit": ""} for each in found if each is not None][
        :MOST
    ]


def _amount(said: Mapping[str, str]) -> str:
    mass = with_unit(said["mass"], said["unit"])
    return f"{said['lot']}={mass}" if mass else said["lot"]


def with_unit(mass: str, unit: str) -> str:
    """Return a mass with the unit chosen beside it, unless one was typed with it.

    >>> with_unit("500", "斤"), with_unit("500 公斤", "斤"), with_unit("", "斤")
    ('500斤', '500 公斤', '')
    """
    bare = _ENDS_IN_NUMBER.fullmatch(narrow(mass)) is not None
    return mass + (unit or UNITS[0]) if bare else mass


def _result(said: Mapping[str, str]) -> str:
    method = f"({said['method']})" if said["method"] else ""
    return " ".join(filter(None, (f"{said['measurand']}={said['value']}", said["unit"], method)))

"""The thirty herbs the demo city grows, gathers, rears or digs.

The table is `crops.csv`.
True to the world: the herb, the producing area (天地网 资源地图, as `trace.herbs` gives it; 石膏 has
no area there and stands at 应城, named from common knowledge) and its GB/T 2260 code.
Assumptions of this generator, made so that the seasons look like seasons and good for nothing else:
months from planting to harvest, the harvest month, the share of mass each process leaves,
the price ladder between two grades, and every starting price without a source.
"""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

Beginning = Literal["planting", "rearing", "gathering", "mining"]
"""How a lot comes into the world: 种植, 养殖, 野生采集, 矿物开采."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crop:
    """One herb of the city, with what the generator needs to lead it from seed to sale."""

    herb: str
    division: str
    """GB/T 2260 code of its producing area: a county, or a prefecture where the source names only that."""
    area: str
    """The producing area in words, province first."""
    origin: str
    """The origin word quotes carry: the province, short."""
    beginning: Beginning
    months: int
    """Assumed months from planting (or rearing) to harvest; 0 where nothing is planted."""
    harvest_month: int
    """Assumed month of harvest."""
    dried_permille: int
    """Assumed grams of herb left from 1,000 g fresh."""
    slicing: str
    """The 炮制 process its slices go through, in the trade's word."""
    grades: tuple[tuple[str, float], tuple[str, float]]
    """Two traded grades, each with its assumed factor on the starting price."""
    start_fen_per_kg: int
    """Price of the first grade at the start of the window, fen per kilogram."""
    start_source: str | None = None
    """Who printed the starting price; None: an assumption."""


def _typed(row: dict[str, str]) -> Crop:
    return Crop(
        herb=row["herb"],
        division=row["division"],
        area=row["area"],
        origin=row["origin"],
        beginning=_BEGINNINGS[row["beginning"]],
        months=int(row["months"]),
        harvest_month=int(row["harvest_month"]),
        dried_permille=int(row["dried_permille"]),
        slicing=row["slicing"],
        grades=((row["grade"], 1.0), (row["second_grade"], float(row["second_factor"]))),
        start_fen_per_kg=round(float(row["start_yuan"]) * 100),
        start_source=row["start_source"] or None,
    )


_BEGINNINGS: dict[str, Beginning] = {word: word for word in get_args(Beginning)}

with (Path(__file__).parent / "crops.csv").open(encoding="utf-8", newline="") as _file:
    CROPS: tuple[Crop, ...] = tuple(map(_typed, csv.DictReader(_file)))
"""Ten of the twelve part classes: all but resins and what is otherwise processed."""


def crop(herb: str) -> Crop:
    """Return the city's crop of `herb`; KeyError when the city does not know it.

    >>> crop("当归").area
    '甘肃省定西市岷县'
    """
    return {each.herb: each for each in CROPS}[herb]

"""Markets drawn for tests: cells, quotes of several sources and tiers, and the inputs they make."""

import dataclasses
import datetime
import math
from collections.abc import Sequence

import numpy as np

from priceindex.calendar import day_number, day_of
from priceindex.engine.inputs import Inputs, QuoteColumns, Source
from priceindex.engine.weights import WeightSet
from priceindex.families import Family
from priceindex.quotes import Cell

CLASS_OF = {"白芍": "root", "白术": "root", "茯苓": "fungus_alga", "枸杞子": "fruit_seed"}
THEMES = {"food_medicine": {"枸杞子": 2002, "茯苓": 2002}}
CELLS = tuple(
    sorted(
        Cell(herb, grade, origin, market)
        for herb in CLASS_OF
        for grade in ("统", "选")
        for origin, market in (("安徽", "亳州"), ("安徽", "安国"), ("甘肃", "亳州"))
    )
)
SOURCES = (Source("kmzyw"), Source("yt1998", 6_000), Source("zyctd"))
START = day_number(datetime.date(2025, 1, 20))
QUOTED_SHARE = 0.7


def drawn(
    seed: int,
    length: int,
    family: Family,
    weight_sets: Sequence[WeightSet] = (),
    cells: Sequence[Cell] = CELLS,
) -> Inputs:
    """Prices that walk at random over `length` days, each cell quoted on most of them, by one to three."""
    draw = np.random.default_rng(seed)
    told: list[tuple[int, int, int, int, int]] = []
    for cell in range(len(cells)):
        price = draw.uniform(500, 9000)
        for day in range(length):
            price *= math.exp(draw.normal(0, 0.03))
            if draw.random() < QUOTED_SHARE or day == 0:
                for source in draw.choice(len(SOURCES), draw.integers(1, 4), replace=False).tolist():
                    fen = max(1, round(price * math.exp(draw.normal(0, 0.01))))
                    told.append((cell, START + day, source, int(draw.integers(0, 3)), fen))
    columns = np.array(sorted(told), dtype=np.int64).T
    return Inputs(
        family=family,
        until=day_of(START + length - 1),
        as_of_ms=0,
        class_of={herb: CLASS_OF[herb] for herb in sorted({cell.herb for cell in cells})},
        themes=THEMES,
        weight_sets=tuple(weight_sets),
        sources=SOURCES,
        cells=tuple(cells),
        quotes=QuoteColumns(
            cell=columns[0], day=columns[1], source=columns[2], tier=columns[3], fen=columns[4],
            deals=np.ones_like(columns[0]),
        ),
        left_out=(),
    )  # fmt: skip


def through(inputs: Inputs, day: int) -> Inputs:
    """The same inputs as they were when day number `day` was the last."""
    return dataclasses.replace(
        inputs, until=day_of(day), quotes=inputs.quotes.taken(inputs.quotes.day <= day)
    )

"""The first form of the input bundle, read only: releases made before the second stay verifiable.

The family text line by line, the class of every herb, one turnover table at most, the cells, the index
days, and one row of prices in fen per kg for each cell, `null` where none was quoted. It named no
sources: every price counts as the market quote of one nameless source.
"""

from typing import Final

import numpy as np
from pydantic import BaseModel, ConfigDict

from ledger.errors import Said
from priceindex.calendar import day_of
from priceindex.engine.inputs import Inputs, QuoteColumns, Source
from priceindex.engine.weights import WeightSet
from priceindex.errors import MalformedBundle
from priceindex.families import Family
from priceindex.quotes import Tier
from priceindex.releases.bundle_parts import (
    CellLine,
    LeftOutLine,
    TurnoverLine,
    cells_of,
    left_out_of,
    turnover_of,
)

FORMAT: Final = "daodi-index-inputs/1"
_NUMBERS: Final = Said("价格、单元与日期的数目不等", "prices, cells and days differ in number")
_DAYS: Final = Said("没有日期，或日期重复、次序不对", "days are absent, repeated or out of order")
_PRICE: Final = Said("有价格不大于零", "a price is not above zero")


class _Turnover(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    source: str
    first: int
    last: int
    lines: list[TurnoverLine]


class Told(BaseModel):
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
    cells: list[CellLine]
    days: list[int]
    prices: list[list[int | None]]
    left_out: list[LeftOutLine]


def inputs(told: Told, family: Family) -> Inputs:
    """The inputs a bundle of the first form holds; raises `MalformedBundle`."""
    _check(told)
    return Inputs(
        family=family,
        until=day_of(told.until),
        as_of_ms=told.as_of_ms,
        class_of=dict(told.class_of),
        themes={},
        weight_sets=_weight_sets(told.turnover),
        sources=(Source(name=""),),
        cells=cells_of(told.cells),
        quotes=_quotes(told),
        left_out=left_out_of(told.left_out),
    )


def _check(told: Told) -> None:
    if len(told.prices) != len(told.cells) or any(len(row) != len(told.days) for row in told.prices):
        raise MalformedBundle(why=_NUMBERS)
    if not told.days or told.days != sorted(set(told.days)):
        raise MalformedBundle(why=_DAYS)
    if any(price is not None and price <= 0 for row in told.prices for price in row):
        raise MalformedBundle(why=_PRICE)


def _quotes(told: Told) -> QuoteColumns:
    prices = np.array([[price or 0 for price in row] for row in told.prices], dtype=np.int64)
    cells, days = np.nonzero(prices)
    return QuoteColumns(
        cell=cells.astype(np.int64),
        day=np.array(told.days, dtype=np.int64)[days],
        source=np.zeros(len(cells), dtype=np.int64),
        tier=np.full(len(cells), Tier.MARKET.rank, dtype=np.int64),
        fen=prices[cells, days],
        deals=np.ones(len(cells), dtype=np.int64),
    )


def _weight_sets(turnover: _Turnover | None) -> tuple[WeightSet, ...]:
    if turnover is None:
        return ()
    first = day_of(turnover.first)
    whole = WeightSet(
        rule="turnover",
        source=turnover.source,
        first=first,
        last=day_of(turnover.last),
        effective=first.replace(day=1),
        lines=turnover_of(turnover.lines),
    )
    return (whole,)

"""The second form of the input bundle: every quote with its source and tier, in columns.

The family text line by line; the class of every herb; the themes; the weight sets with source and
reference period; the sources with their weight in basis points and the year it is of (0: every year);
the cells; one entry for each quote in the columns cell, day, source, tier, fen and deals, sorted by cell,
day and source; the quotes that were kept out with their rule codes, so that no exclusion is silent
(Decree 22, article 17); the base month; and what each review of the herbs counted, and when.
"""

from collections.abc import Sequence
from typing import Final, Literal, cast

import numpy as np
from pydantic import BaseModel, ConfigDict

from ledger.canonical import JsonValue, canonical
from ledger.errors import Said
from priceindex.calendar import day_number, day_of
from priceindex.engine.inputs import FULL_WEIGHT_BP, Inputs, QuoteColumns, Source
from priceindex.engine.selection import Review
from priceindex.engine.weights import WeightSet
from priceindex.errors import MalformedBundle
from priceindex.families import Family
from priceindex.quotes import Tier, is_name
from priceindex.releases.bundle_parts import (
    CellLine,
    LeftOutLine,
    TurnoverLine,
    cells_of,
    left_out_lines,
    left_out_of,
    turnover_lines,
    turnover_of,
)

FORMAT: Final = "daodi-index-inputs/2"
COLUMNS: Final = ("cell", "day", "source", "tier", "fen", "deals")
_NUMBERS: Final = Said("报价各列长短不一或为空", "the columns of quotes differ in length or are empty")
_PLACES: Final = Said(
    "报价的单元、来源或档次不存在", "a quote names a cell, source or tier that is not there"
)
_ORDER: Final = Said(
    "报价重复，或未按单元、日期、来源排序", "quotes are repeated, or not sorted by cell, day and source"
)
_PRICE: Final = Said("有价格或笔数不大于零", "a price or a number of deals is not above zero")
_SOURCES: Final = Said(
    "来源重复、次序、名称或权数不对", "sources are repeated, out of order, wrongly named or weighed"
)
_FEW: Final = Said(
    "有成交价依据的笔数少于办法规定的下限", "a price rests on fewer trades than the method asks for"
)
_USED: Final = Said("有单元没有报价", "a cell has no quote")


class _WeightSet(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    rule: Literal["turnover", "entered"]
    source: str
    first: int
    last: int
    effective: int
    lines: list[TurnoverLine]


class _Quotes(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    cell: list[int]
    day: list[int]
    source: list[int]
    tier: list[int]
    fen: list[int]
    deals: list[int]


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
    themes: list[tuple[str, list[tuple[str, int]]]]
    weight_sets: list[_WeightSet]
    sources: list[tuple[str, int, int]]
    cells: list[CellLine]
    quotes: _Quotes
    left_out: list[LeftOutLine]
    base_month: int | None
    reviews: list[tuple[int, int, list[tuple[str, int]]]]


def encode(inputs: Inputs) -> bytes:
    """The canonical bytes of the inputs; equal inputs have equal bytes."""
    told: dict[str, JsonValue] = {
        "format": FORMAT,
        "family": cast("list[JsonValue]", inputs.family.text.decode().split("\n")),
        "method": inputs.family.method_id,
        "method_sha256": inputs.family.method_sha256,
        "until": day_number(inputs.until),
        "as_of_ms": inputs.as_of_ms,
        "class_of": [[herb, str(inputs.class_of[herb])] for herb in sorted(inputs.class_of)],
        "themes": [
            [theme, [list(herb) for herb in sorted(inputs.themes[theme].items())]]
            for theme in sorted(inputs.themes)
        ],
        "weight_sets": _weight_lines(inputs.weight_sets),
        "sources": [[source.name, source.weight_bp, source.year] for source in inputs.sources],
        "cells": [list(cell) for cell in inputs.cells],
        "quotes": {name: getattr(inputs.quotes, name).tolist() for name in COLUMNS},
        "left_out": left_out_lines(inputs.left_out),
        "base_month": None if inputs.base_month is None else day_number(inputs.base_month),
        "reviews": [
            [day_number(each.effective), each.as_of_ms, [list(size) for size in each.sizes]]
            for each in inputs.reviews
        ],
    }
    return canonical(told)


def _weight_lines(sets: Sequence[WeightSet]) -> list[JsonValue]:
    return [
        {
            "rule": each.rule,
            "source": each.source,
            "first": day_number(each.first),
            "last": day_number(each.last),
            "effective": day_number(each.effective),
            "lines": turnover_lines(each.lines),
        }
        for each in sets
    ]


def inputs(told: Told, family: Family) -> Inputs:
    """The inputs a bundle of the second form holds; raises `MalformedBundle`."""
    columns = {name: np.array(getattr(told.quotes, name), dtype=np.int64) for name in COLUMNS}
    quotes = QuoteColumns(**columns)
    sources = _sources(told.sources)
    cells = cells_of(told.cells)
    _check(quotes, len(cells), len(sources))
    if ((quotes.tier == Tier.TRADE.rank) & (quotes.deals < family.trades.trades)).any():
        raise MalformedBundle(why=_FEW)
    return Inputs(
        family=family,
        until=day_of(told.until),
        as_of_ms=told.as_of_ms,
        class_of=dict(told.class_of),
        themes={theme: dict(herbs) for theme, herbs in told.themes},
        weight_sets=tuple(_weight_set(each) for each in told.weight_sets),
        sources=sources,
        cells=cells,
        quotes=quotes,
        left_out=left_out_of(told.left_out),
        base_month=None if told.base_month is None else day_of(told.base_month),
        reviews=tuple(
            Review(effective=day_of(effective), as_of_ms=at_ms, sizes=tuple(sizes))
            for effective, at_ms, sizes in told.reviews
        ),
    )


def _check(quotes: QuoteColumns, cells: int, sources: int) -> None:
    """Raise `MalformedBundle` unless the columns are what `Inputs` promises of them."""
    lengths = {len(getattr(quotes, name)) for name in COLUMNS}
    if len(lengths) > 1 or lengths == {0}:
        raise MalformedBundle(why=_NUMBERS)
    bounds = ((quotes.cell, cells), (quotes.source, sources), (quotes.tier, len(Tier)))
    if any(column.min() < 0 or column.max() >= bound for column, bound in bounds):
        raise MalformedBundle(why=_PLACES)
    keys = np.stack((quotes.cell, quotes.day, quotes.source))
    steps = keys[:, 1:] - keys[:, :-1]
    first = np.where(steps[0] != 0, steps[0], np.where(steps[1] != 0, steps[1], steps[2]))
    if (first <= 0).any():
        raise MalformedBundle(why=_ORDER)
    if len(np.unique(quotes.cell)) != cells:
        raise MalformedBundle(why=_USED)
    if quotes.fen.min() <= 0 or quotes.deals.min() <= 0:
        raise MalformedBundle(why=_PRICE)


def _sources(told: list[tuple[str, int, int]]) -> tuple[Source, ...]:
    keys = [(name, year) for name, _, year in told]
    sound = all(is_name(name) and 0 < weight <= FULL_WEIGHT_BP and year >= 0 for name, weight, year in told)
    if not sound or keys != sorted(set(keys)):
        raise MalformedBundle(why=_SOURCES)
    return tuple(Source(*line) for line in told)


def _weight_set(told: _WeightSet) -> WeightSet:
    return WeightSet(
        rule=told.rule,
        source=told.source,
        first=day_of(told.first),
        last=day_of(told.last),
        effective=day_of(told.effective),
        lines=turnover_of(told.lines),
    )

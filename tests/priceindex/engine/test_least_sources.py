"""A composite that rests on fewer sources, markets, herbs or cells than its text asks for is withheld."""

import dataclasses

import numpy as np
import pytest

from priceindex.engine.index_run import IndexRun
from priceindex.engine.inputs import Source
from priceindex.engine.run import run
from priceindex.families import family
from priceindex.family_text import Minimum
from priceindex.quotes import Cell
from tests.priceindex.small_market import day
from tests.priceindex.test_chain_rules import inputs_of

CELLS = (Cell("白芍", "统", "安徽", "亳州"), Cell("茯苓", "丁", "安徽", "安国"))
FIRST, SECOND = "2025-01-10", "2025-03-20"
"""So far apart that nothing of the first day stands in on the second."""


def told(minimum: Minimum) -> IndexRun:
    """Two herbs of two markets, each told by a source of its own; on the second day the first alone."""
    text = family("herbs")
    missing = text.missing.model_copy(update={"suppress_imputed_over": "1"})
    chosen = dataclasses.replace(text, minimum=minimum, missing=missing)
    made = inputs_of({CELLS[0]: {FIRST: 100, SECOND: 110}, CELLS[1]: {FIRST: 50}}, chosen)
    quotes = dataclasses.replace(made.quotes, source=np.array([0, 0, 1]))
    return run(dataclasses.replace(made, sources=(Source("one"), Source("two")), quotes=quotes))


@pytest.mark.parametrize("name", ["cells", "herbs", "markets", "sources"])
def test_a_composite_resting_on_less_than_its_text_asks_is_withheld_and_says_on_how_much(name: str) -> None:
    found = told(Minimum(**{name: 2}))
    first, second = found.series("composite", "all").points
    assert first.value is not None
    assert second.value is None
    [withheld] = [one for one in found.withheld if one.frequency == "day"]
    assert (withheld.day, withheld.code) == (day(SECOND), name)
    assert (withheld.found, withheld.needed) == (1, 2)


def test_what_is_enough_is_published() -> None:
    """The same day, where one of each is enough: what the test above rests on."""
    found = told(Minimum())
    assert [point.value is None for point in found.series("composite", "all").points] == [False, False]
    assert not found.withheld

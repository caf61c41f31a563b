"""A cell lives on imputation for as many links as its text says, and not for one more."""

import dataclasses
import datetime

import pytest

from priceindex.engine.run import run
from priceindex.families import family
from priceindex.family_text import Minimum
from priceindex.quotes import Cell
from tests.priceindex.small_market import day
from tests.priceindex.test_chain_rules import inputs_of

ALWAYS, SILENT = Cell("白芍", "统", "安徽", "亳州"), Cell("茯苓", "丁", "安徽", "亳州")
BEGUN = day("2025-01-01")


def on_return(links: int, silent: int) -> float | None:
    """What a herb stands at that doubles while it is silent for so many whole months.

    The other herb stands still, so what is imputed stands still with it.
    """
    text = family("herbs")
    missing = text.missing.model_copy(
        update={"imputed_links": links, "carry_days": 0, "suppress_imputed_over": "1"}
    )
    chosen = dataclasses.replace(text, missing=missing, minimum=Minimum(), cuts=())
    back = datetime.date(2025, 2 + silent, 20)
    span = [BEGUN + datetime.timedelta(days=place) for place in range((back - BEGUN).days + 1)]
    prices = {
        ALWAYS: {each.isoformat(): 100 for each in span},
        SILENT: {"2025-01-10": 50, back.isoformat(): 100},
    }
    value = run(inputs_of(prices, chosen)).series("herb", SILENT.herb).last.value
    return None if value is None else float(value)


@pytest.mark.parametrize("links", [1, 2, 3])
def test_a_cell_silent_for_all_links_allowed_comes_back_with_its_whole_move(links: int) -> None:
    assert on_return(links, silent=links) == 2000.0


@pytest.mark.parametrize("links", [1, 2, 3])
def test_a_cell_silent_for_one_link_more_starts_anew(links: int) -> None:
    """Its old price no longer counts: its herb stands where the imputation left it."""
    assert on_return(links, silent=links + 1) in (None, 1000.0)

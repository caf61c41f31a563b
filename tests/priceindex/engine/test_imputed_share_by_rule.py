"""What is filled in by any rule is told as imputed, and too much of it is withheld."""

import dataclasses

import pytest

from priceindex.engine.index_run import IndexRun
from priceindex.engine.run import run
from priceindex.families import family
from priceindex.family_text import Minimum
from priceindex.quotes import Cell
from tests.priceindex.small_market import day
from tests.priceindex.test_chain_rules import inputs_of

ALWAYS, SILENT = Cell("白芍", "统", "安徽", "亳州"), Cell("茯苓", "丁", "安徽", "亳州")
LAST = "2025-02-20"
"""Farther from the first quote than any price stands in for."""
RULES = pytest.mark.parametrize("rule", ["parental", "class_mean", "carry_forward"])


def found(rule: str, limit: str) -> IndexRun:
    """Two herbs of equal weight, of which one has no price on the last day."""
    text = family("herbs")
    missing = text.missing.model_copy(update={"imputation": rule, "suppress_imputed_over": limit})
    chosen = dataclasses.replace(text, missing=missing, minimum=Minimum())
    return run(inputs_of({ALWAYS: {"2025-01-10": 100, LAST: 110}, SILENT: {"2025-01-10": 50}}, chosen))


@RULES
def test_half_of_the_weight_filled_in_is_told_as_half(rule: str) -> None:
    last = found(rule, "0.5").series("composite", "all").last
    assert last.imputed_bp == 5_000
    assert last.value is not None


@RULES
def test_more_than_the_limit_filled_in_is_withheld_by_every_rule(rule: str) -> None:
    run_found = found(rule, "0.4")
    assert run_found.series("composite", "all").last.value is None
    [withheld] = [one for one in run_found.withheld if one.frequency == "day"]
    assert (withheld.day, withheld.code, withheld.found) == (day(LAST), "imputed", 5_000)

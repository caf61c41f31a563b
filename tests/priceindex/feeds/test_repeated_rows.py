"""Rows that repeat the names of earlier ones are read a short way, and give what reading each alone gives."""

import dataclasses
import datetime
import gc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import DaodiError, Location
from priceindex.collection_pause import collection_paused
from priceindex.feeds.csv_feed import read_csv
from priceindex.intake.known_names import KnownNames
from priceindex.quotes import Quote, Repeated, Tier

HEADING = "品名,规格,产地,市场,日期,价格,单位,类型,采集点,币种"
KNOWN = KnownNames(
    herbs=frozenset({"白芍", "当归"}),
    markets={"亳州": "亳州", "bozhou": "亳州"},
    near_herbs=lambda _: (),
    meanings={("herb", "杭白芍"): "白芍", ("grade", "坏"): None},
)
GOOD = ("白芍", "统", "安徽", "亳州", "2025-03-01", "85", "", "", "", "")
OTHERS = (
    (" 白芍", "杭白芍", "当归", "白勺", "", "x" * 41),
    ("选 ", "坏", ""),
    ("",),
    ("BOZHOU", "无名"),
    ("2025-03-03", " 2025/3/2", "2025-02-30", ""),
    ("40-42", " 12.5", "5-5-6", "", "0", "-3"),
    ("元/斤", "元/担"),
    ("web", "trade", "?"),
    ("东门",),
    ("RMB", "USD"),
)
"""What may stand in each place instead."""


@st.composite
def rows_like_one_another(draw: st.DrawFn) -> str:
    """A good row with none to two of its parts changed, or with its empty end left out."""
    row = list(GOOD)
    for place in draw(st.lists(st.integers(0, len(row) - 1), max_size=2)):
        row[place] = draw(st.sampled_from(OTHERS[place]))
    return ",".join(row[: draw(st.sampled_from([6, 10, 10, 10]))])


@settings(max_examples=60, deadline=None)
@given(st.lists(rows_like_one_another(), min_size=1, max_size=25))
def test_a_table_reads_as_its_rows_do_each_alone(rows: list[str]) -> None:
    told = read_csv("\n".join([HEADING, *rows, *rows]).encode(), "报价.csv", "test", KNOWN)
    told_rows: list[Quote | DaodiError] = [*told.quotes, *told.faults]
    found = {each.at.row: each for each in told_rows}
    assert len(told.quotes) + len(told.faults) == 2 * len(rows)
    for place, row in enumerate([*rows, *rows]):
        alone = read_csv(f"{HEADING}\n{row}".encode(), "报价.csv", "test", KNOWN)
        both: list[Quote | DaodiError] = [*alone.quotes, *alone.faults]
        [expected] = both
        read = found[place + 2]
        assert dataclasses.replace(read.at, row=2) == expected.at
        if isinstance(expected, Quote):
            assert read == expected
        else:
            assert not isinstance(read, Quote)
            assert (type(read), read.message("zh")) == (type(expected), expected.message("zh"))


def test_a_repeated_quote_is_the_first_one_with_its_own_day_price_and_row() -> None:
    first = Quote(
        herb="白芍", grade="统", origin="安徽", market="亳州", day=datetime.date(2025, 3, 1), fen_per_kg=8500,
        low_fen_per_kg=8000, high_fen_per_kg=9000, source="test", tier=Tier.WEB, deals=3, currency="USD",
        amount="12", rate="7.1", rate_day=datetime.date(2025, 2, 28), collection_point="东门",
        collector="key", trend="rising", rules=("big-step",), at=Location(row=2),
    )  # fmt: skip
    day, at = datetime.date(2025, 3, 2), Location(row=3)
    made = Repeated(first).quote(day, 8600, None, None, at)
    assert made == dataclasses.replace(
        first, day=day, fen_per_kg=8600, low_fen_per_kg=None, high_fen_per_kg=None
    )
    assert made.at == at


def test_a_failure_inside_the_pause_ends_it() -> None:
    with pytest.raises(KeyError), collection_paused():
        raise KeyError("planted")
    assert gc.isenabled()

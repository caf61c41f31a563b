"""As-of queries give every vintage of a list back exactly, cells changed, added and withdrawn included."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, create_engine

from priceindex.calendar import day_of
from priceindex.classification import Level
from priceindex.errors import UnknownNode
from priceindex.releases import release_store
from tests.made_tables import make_tables
from tests.priceindex.forecast.outside_vintages import (
    Cells,
    PriceList,
    as_of,
    family_of,
    keep,
    pink_sheet,
)
from tests.priceindex.small_market import SmallMarket

JANUARY, FEBRUARY, MARCH = 0, 31, 59
SMALL = PriceList(
    (
        (
            1_000,
            {("rice", JANUARY): "0.0", ("rice", FEBRUARY): "310.25", ("tea", JANUARY): "2.718281828459045"},
        ),
        (
            2_000,
            {("rice", FEBRUARY): "310.25", ("tea", JANUARY): "2.718281828459046", ("urea", MARCH): "0.1"},
        ),
        (3_000, {("rice", JANUARY): "0.0", ("rice", FEBRUARY): "311.0", ("rice", MARCH): "7.5"}),
    )
)
"""January's rice is withdrawn and comes back, tea moves in its last digit and leaves, urea comes and goes."""


def exactly(cells: Cells) -> dict[tuple[str, int], Decimal]:
    return {place: Decimal(told) for place, told in cells.items()}


def test_each_vintage_of_a_small_list_is_read_back_exactly(market: SmallMarket) -> None:
    with market.write() as session:
        keep(session, SMALL)
    with market.read() as session:
        for known_ms, cells in SMALL.vintages:
            assert as_of(session, SMALL, known_ms) == exactly(cells)
            assert as_of(session, SMALL, known_ms + 999) == exactly(cells)
        assert as_of(session, SMALL, 999) == {}


def test_the_history_of_a_cell_tells_each_change_and_its_withdrawal(market: SmallMarket) -> None:
    with market.write() as session:
        keep(session, SMALL)
    with market.read() as session:
        rice = release_store.vintages(session, family_of(2).id, Level.HERB, "rice", "month", day_of(JANUARY))
        assert [(each.published_ms, each.point.value, each.withdrawn) for each in rice] == [
            (1_000, Decimal(0), False),
            (2_000, None, True),
            (3_000, Decimal(0), False),
        ]
        with pytest.raises(UnknownNode):
            release_store.observations(session, family_of(1).id, Level.HERB, "urea", "month", as_of_ms=1_999)


PRICES = st.decimals(min_value=0, max_value=9_000, places=4, allow_nan=False).map(lambda price: f"{price:f}")
LISTS = st.lists(
    st.dictionaries(
        st.tuples(st.sampled_from(["rice", "tea"]), st.sampled_from([0, 31, 59])), PRICES, min_size=1
    ),
    min_size=2,
    max_size=4,
)


@settings(max_examples=12)
@given(LISTS)
def test_any_sequence_of_lists_is_read_back_exactly(lists: list[dict[tuple[str, int], str]]) -> None:
    prices = PriceList(tuple((1_000 * (place + 1), cells) for place, cells in enumerate(lists)))
    engine = create_engine("sqlite://")
    make_tables(engine)
    with Session(engine) as session:
        keep(session, prices)
        for known_ms, cells in prices.vintages:
            assert as_of(session, prices, known_ms) == exactly(cells)
    engine.dispose()


@pytest.mark.shared
def test_three_vintages_of_some_real_series_are_read_back_to_the_bit(
    market: SmallMarket, shared: Path
) -> None:
    """Series whose cells were withdrawn, written with sixteen digits, or changed throughout."""
    whole = pink_sheet(shared / "data" / "commodity" / "pinksheet_long_3vintages.csv.gz")
    chosen = (
        "Rice, Thai 25%|($/mt)",
        "Coffee, Robusta|($/kg)",
        "Sawnwood, Malaysian|($/cubic meter)",
        "Urea",
    )
    some = PriceList(
        tuple(
            (at_ms, {place: told for place, told in cells.items() if place[0].startswith(chosen)})
            for at_ms, cells in whole.vintages
        )
    )
    with market.write() as session:
        keep(session, some)
    with market.read() as session:
        for known_ms, cells in some.vintages:
            found = as_of(session, some, known_ms)
            assert found == exactly(cells)
            assert {place: repr(float(value)) for place, value in found.items()} == dict(cells)
    first, second, third = (cells for _, cells in some.vintages)
    assert len(first.keys() - second.keys()) == 4
    assert any(second[place] != third[place] for place in second.keys() & third.keys())

"""Recorded trades by season: the printed tables again, by way of sums of grams and fen."""

import numpy as np
import pytest

from priceindex.analysis.traded_months import TradedMonths
from priceindex.seasonal.seasonal_errors import TooShortForSeasons
from priceindex.seasonal.traded_seasons import traded_seasons
from tests.priceindex.seasonal.test_ppi_manual_tables import DECEMBER_1970, TABLE_22_18, TABLE_22_25, printed
from tests.priceindex.seasonal.turvey import FRUITS, turvey


def sold(months: int = 48) -> TradedMonths:
    """Turvey's data as if every fruit were a herb sold by the kilogram at a hundred fen to one of his."""
    panel = turvey()
    rows, columns = np.nonzero(np.isfinite(panel.price[:months]))
    kilograms = panel.quantity[rows, columns]
    many = np.full(len(rows), 9)
    return TradedMonths(
        month=rows,
        cell=tuple(f"{FRUITS[column]}|统||" for column in columns),
        grams=(kilograms * 1000).astype(np.int64),
        fen=np.rint(panel.price[rows, columns] * 100 * kilograms).astype(np.int64),
        trades=many,
        sellers=many,
    )


def test_trades_give_the_printed_rolling_years_and_rothwells_index() -> None:
    found = traded_seasons(sold(), "herbs")
    rolling = [round(month.rolling_year or 0.0, 4) for month in found[DECEMBER_1970:]][:27]
    assert rolling == printed(TABLE_22_18, 2)
    rothwell = [round(month.rothwell or 0.0, 4) for month in found[DECEMBER_1970:]]
    assert rothwell == printed(TABLE_22_25, 2)
    assert [month.rolling_year for month in found[:DECEMBER_1970]] == [None] * DECEMBER_1970


def test_the_seasonal_basket_stands_at_one_when_its_year_ends_and_is_there_every_month_after() -> None:
    found = traded_seasons(sold(), "herbs")
    basket = [month.seasonal_basket for month in found]
    assert basket[DECEMBER_1970] == 1.0
    assert None not in basket[DECEMBER_1970:]
    assert [month.cells for month in found[:6]] == [3, 3, 3, 3, 4, 5]


def test_sums_of_one_cell_and_month_are_one() -> None:
    whole = sold(24)
    halves = TradedMonths(
        month=np.tile(whole.month, 2),
        cell=whole.cell * 2,
        grams=np.tile(whole.grams // 2, 2),
        fen=np.concatenate([whole.fen // 2, whole.fen - whole.fen // 2]),
        trades=np.tile(whole.trades, 2),
        sellers=np.tile(whole.sellers, 2),
    )
    assert traded_seasons(halves, "herbs") == traded_seasons(whole, "herbs")


@pytest.mark.parametrize("months", [0, 12])
def test_a_year_alone_has_no_season(months: int) -> None:
    with pytest.raises(TooShortForSeasons):
        traded_seasons(sold(months), "herbs")

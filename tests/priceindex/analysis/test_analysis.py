"""The analysis: the checks agree where they must, drift is found where it is, few deals never show."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.analysis.analysis import Analysis, analyse
from priceindex.analysis.analysis_errors import NoHeadline, TooFewMonthsTraded
from priceindex.analysis.settings import AnalysisSettings, Window
from priceindex.analysis.traded_months import TradedMonths

DEFAULT = AnalysisSettings()


def traded(
    prices: list[list[int]],
    kilograms: list[list[int]] | None = None,
    trades: int = 3,
    sellers: int = 2,
    first: int = 600,
) -> TradedMonths:
    """Months from `first` on; one list of fen per kilogram a month, 0 where nothing was traded."""
    sold = kilograms or [[10] * len(row) for row in prices]
    lines = [
        (first + at, f"白芍|{place}|亳州|亳州", 1000 * sold[at][place], price * sold[at][place])
        for at, row in enumerate(prices)
        for place, price in enumerate(row)
        if price
    ]
    month, cell, grams, fen = zip(*lines, strict=True)
    return TradedMonths(
        month=np.array(month),
        cell=cell,
        grams=np.array(grams),
        fen=np.array(fen),
        trades=np.full(len(lines), trades),
        sellers=np.full(len(lines), sellers),
    )


def flat(months: int, value: str = "1000.0000", first: int = 600) -> dict[int, Decimal]:
    return {first + at: Decimal(value) for at in range(months)}


def test_three_methods_agree_with_a_headline_that_moves_as_trades_do() -> None:
    moves = [1.0, 1.1, 1.21, 0.99]
    found = analyse(
        "herbs",
        traded([[round(100_000 * move), round(200_000 * move)] for move in moves]),
        {600 + at: Decimal(f"{1000 * move:.4f}") for at, move in enumerate(moves)},
        DEFAULT,
    )
    for month in found.months:
        assert month.headline is not None
        points = float(month.headline)
        assert (month.ccdi, month.gk, month.wtpd) == pytest.approx((points, points, points), rel=1e-9)
        assert month.gap_percent == pytest.approx(0.0, abs=1e-7)


def test_the_gap_is_what_trades_moved_beyond_the_headline() -> None:
    found = analyse("herbs", traded([[100], [110]]), flat(2), DEFAULT)
    assert [month.gap_percent for month in found.months] == pytest.approx([0.0, 10.0])


def test_scale_is_taken_in_the_first_month_that_has_both() -> None:
    headline = {601: Decimal("900.0000"), 602: Decimal("900.0000")}
    found = analyse("herbs", traded([[100], [150], [150]]), headline, DEFAULT)
    assert found.scaled_in == 601
    assert [month.headline for month in found.months] == [None, Decimal("900.0000"), Decimal("900.0000")]
    assert [month.ccdi for month in found.months] == pytest.approx([600.0, 900.0, 900.0])
    assert found.months[0].gap_percent is None


def test_a_sale_that_comes_back_drifts_in_the_chain_and_not_directly() -> None:
    """Prices and quantities of the last month are those of the first: any movement left is drift."""
    prices = [[100, 100], [50, 100], *([[100, 100]] * 11)]
    kilograms = [[10, 10], [5000, 4], [1, 20], *([[10, 10]] * 10)]
    found = analyse("herbs", traded(prices, kilograms), flat(13), DEFAULT)
    [drift] = found.drifts
    assert (drift.base, drift.month) == (600, 612)
    assert drift.direct == pytest.approx(1.0)
    assert abs(drift.drift) > 0.05
    assert abs(drift.geks - 1.0) < abs(drift.chained - 1.0)


def test_without_a_base_month_there_is_no_drift_to_tell() -> None:
    assert analyse("herbs", traded([[100]] * 12), flat(12), DEFAULT).drifts == ()
    gaps = [[100]] * 5 + [[0]] + [[100]] * 12
    late = analyse("herbs", traded(gaps), flat(18), DEFAULT)
    assert [drift.month for drift in late.drifts] == [612, 613, 614, 615, 616]


@pytest.mark.parametrize(("trades", "sellers"), [(2, 2), (3, 1), (2, 1)])
def test_a_price_that_rests_on_few_trades_or_one_seller_never_enters(trades: int, sellers: int) -> None:
    open_to_all, secret = traded([[100], [100], [100]]), traded([[100, 50], [100, 900], [100, 7]])
    few = secret.cell.index("白芍|1|亳州|亳州")
    marks = np.array([cell == secret.cell[few] for cell in secret.cell])
    mixed = TradedMonths(
        month=secret.month,
        cell=secret.cell,
        grams=secret.grams,
        fen=secret.fen,
        trades=np.where(marks, trades, 3),
        sellers=np.where(marks, sellers, 2),
    )
    found, told = (analyse("herbs", each, flat(3), DEFAULT) for each in (mixed, open_to_all))
    assert found.months == told.months
    assert found.withheld == 3
    assert found.withheld_percent == 76
    with pytest.raises(TooFewMonthsTraded):
        analyse("herbs", traded([[1], [2]], trades=trades, sellers=sellers), flat(2), DEFAULT)


def test_what_has_no_grade_is_no_one_thing_and_is_left_out() -> None:
    graded = traded([[100, 80], [110, 900]])
    mixed = TradedMonths(
        month=graded.month,
        cell=tuple(cell.replace("|1|", "||") for cell in graded.cell),
        grams=graded.grams,
        fen=graded.fen,
        trades=graded.trades,
        sellers=graded.sellers,
    )
    found = analyse("herbs", mixed, flat(2), DEFAULT)
    assert found.ungraded == 2
    assert found.months == analyse("herbs", traded([[100], [110]]), flat(2), DEFAULT).months


def test_without_a_published_month_in_common_there_is_nothing_to_hold_it_against() -> None:
    with pytest.raises(NoHeadline):
        analyse("herbs", traded([[100], [110]]), flat(2, first=700), DEFAULT)


def test_a_window_longer_than_the_history_is_the_history() -> None:
    assert analyse("herbs", traded([[100]] * 14), flat(14), DEFAULT).window == 14
    assert (
        analyse("herbs", traded([[100]] * 14), flat(14), AnalysisSettings(window=Window.ONE_YEAR)).window
        == 13
    )


def _season(months: int) -> TradedMonths:
    numbers = np.random.default_rng(7)
    prices = np.exp(numbers.normal(9, 0.3, (months, 5))).astype(int)
    return traded(prices.tolist(), numbers.integers(1, 100, (months, 5)).tolist())


def test_a_further_month_never_changes_the_series_told_before() -> None:
    settings_ = AnalysisSettings(window=Window.ONE_YEAR)
    before, after = (analyse("herbs", _part(_season(20), n), flat(20), settings_) for n in (17, 18))
    assert _series(after)[: 3 * 17] == pytest.approx(_series(before), rel=1e-12)


def _part(whole: TradedMonths, months: int) -> TradedMonths:
    kept = whole.month < 600 + months
    return TradedMonths(
        month=whole.month[kept],
        cell=tuple(cell for cell, keep in zip(whole.cell, kept, strict=True) if keep),
        grams=whole.grams[kept],
        fen=whole.fen[kept],
        trades=whole.trades[kept],
        sellers=whole.sellers[kept],
    )


def _series(found: Analysis) -> list[float]:
    return [value for month in found.months for value in (month.ccdi, month.gk, month.wtpd)]


@settings(max_examples=10)
@given(st.permutations(range(12)))
def test_the_order_of_the_sums_changes_neither_values_nor_digest(order: list[int]) -> None:
    sums = traded([[100, 300], [120, 280], [90, 310], [95, 305], [99, 300], [100, 300]])
    places = np.array(order)
    mixed = TradedMonths(
        month=sums.month[places],
        cell=tuple(sums.cell[place] for place in order),
        grams=sums.grams[places],
        fen=sums.fen[places],
        trades=sums.trades[places],
        sellers=sums.sellers[places],
    )
    assert analyse("herbs", mixed, flat(6), DEFAULT) == analyse("herbs", sums, flat(6), DEFAULT)


def test_every_setting_is_in_the_digest() -> None:
    sums, headline = _season(14), flat(14)
    digests = {
        analyse("herbs", sums, headline, each).input_sha256
        for each in (DEFAULT, AnalysisSettings(window=Window.ONE_YEAR), AnalysisSettings(gk_tolerance=1e-10))
    }
    assert len(digests) == 3
    assert len(DEFAULT.described()) == 15

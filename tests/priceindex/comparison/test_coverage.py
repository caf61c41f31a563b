"""Coverage: shares of value worked out with fractions, and nothing named that rests on too little."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.comparison.coverage import Coverage, Traded, coverage
from priceindex.family_text import Trades
from priceindex.quotes import Cell

LEAST = Trades()
HERBS, GRADES, MARKETS = ("白芍", "当归", "党参"), ("统", "选"), ("亳州", "安国", "")
lines = st.lists(
    st.builds(
        Traded,
        herb=st.sampled_from(HERBS),
        grade=st.sampled_from(GRADES),
        market=st.sampled_from(MARKETS),
        fen=st.integers(1, 10**12),
        sales=st.integers(1, 4),
        sellers=st.integers(1, 3),
    ),
    max_size=12,
)
cells = st.lists(
    st.builds(
        Cell,
        herb=st.sampled_from(HERBS),
        grade=st.sampled_from(GRADES),
        origin=st.just("安徽"),
        market=st.sampled_from(MARKETS[:2]),
    ),
    max_size=6,
)


def told(found: Coverage | None) -> Coverage:
    assert found is not None
    return found


@settings(max_examples=60)
@given(sample=cells, traded=lines)
def test_shares_are_of_value_rounded_down_and_the_finer_the_smaller(
    sample: list[Cell], traded: list[Traded]
) -> None:
    found = coverage(sample, traded, LEAST)
    if found is None:
        return
    herbs = {cell.herb for cell in sample}
    whole = sum(line.fen for line in traded)
    inside = sum(line.fen for line in traded if line.herb in herbs)
    assert found.whole.herb_bp == int(Fraction(10_000 * inside, whole))
    for line in (found.whole, *found.markets):
        assert 10_000 >= line.herb_bp >= line.grade_bp >= line.cell_bp >= 0
        assert line.herbs_traded >= line.herbs_quoted


@settings(max_examples=60)
@given(sample=cells, traded=lines)
def test_nothing_is_named_that_rests_on_too_few_sales_or_sellers(
    sample: list[Cell], traded: list[Traded]
) -> None:
    found = coverage(sample, traded, LEAST)
    if found is None:
        return
    for name, of in [(line.market, "market") for line in found.markets] + [
        (each.herb, "herb") for each in found.uncovered
    ]:
        mine = [line for line in traded if getattr(line, of) == name]
        assert sum(line.sales for line in mine) >= LEAST.trades
        assert max(line.sellers for line in mine) >= LEAST.sellers
    traded_at = {line.market for line in traded if line.market}
    assert len(found.markets) + found.markets_unnamed == len(traded_at)
    missing = {line.herb for line in traded} - {cell.herb for cell in sample}
    assert len(found.uncovered) + found.uncovered_unnamed == len(missing)


def test_too_little_trade_in_all_is_told_not_at_all() -> None:
    one = Traded(herb="白芍", grade="统", market="亳州", fen=5, sales=2, sellers=2)
    assert coverage([], [one], LEAST) is None
    assert coverage([], [], LEAST) is None
    alone = Traded(herb="白芍", grade="统", market="亳州", fen=5, sales=9, sellers=1)
    assert coverage([], [alone], LEAST) is None


def test_markets_stand_by_their_trade_and_sales_outside_them_count_in_the_whole() -> None:
    traded = [
        Traded(herb="白芍", grade="统", market=market, fen=fen, sales=3, sellers=2)
        for market, fen in (("安国", 100), ("亳州", 300), ("", 100))
    ]
    found = told(coverage([Cell("白芍", "统", "", "亳州")], traded, LEAST))
    assert [line.market for line in found.markets] == ["亳州", "安国"]
    assert [line.cell_bp for line in found.markets] == [10_000, 0]
    assert (found.whole.grade_bp, found.whole.cell_bp) == (10_000, 6_000)


def test_an_uncovered_herb_is_named_with_its_share() -> None:
    traded = [
        Traded(herb="当归", grade=grade, market="亳州", fen=50, sales=2, sellers=2) for grade in GRADES
    ] + [Traded(herb="白芍", grade="统", market="亳州", fen=300, sales=3, sellers=2)]
    found = told(coverage([Cell("白芍", "统", "", "亳州")], traded, LEAST))
    assert [(each.herb, each.share_bp) for each in found.uncovered] == [("当归", 2_500)]

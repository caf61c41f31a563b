"""Each rule against cases worked out by hand, and laws that hold for every history."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex import book
from priceindex.intake.judging import Bench, judge
from priceindex.intake.rules.registry import RULES, bits_for, bits_of, codes_of, status_of, verdicts
from priceindex.intake.rules.segments import group_medians, spans
from priceindex.intake.taking_in import take_in
from priceindex.intake.tape import Tape
from priceindex.quotes import Cell, Quote, Status
from tests.priceindex.small_market import KNOWN, NOW_MS, SmallMarket, daily, quote

NOBODY = Tape(cell=np.zeros(0, dtype=np.int64), day=np.zeros(0, dtype=np.int64), fen=np.zeros(0))
ONE = {1: Cell("白芍", "统", "安徽", "亳州")}


def tape(rows: list[tuple[int, int, float]]) -> Tape:
    cell, day, fen = zip(*sorted(rows), strict=True)
    return Tape(cell=np.array(cell), day=np.array(day), fen=np.array(fen, dtype=np.float64))


def met(rows: list[tuple[int, int, float]], cells: dict[int, Cell], known: int = 0) -> list[tuple[str, ...]]:
    """Codes each row met when all rows but the first `known` are new."""
    own = tape(rows)
    new = np.arange(len(own)) >= known
    bench = Bench(own=own, new=new, others=NOBODY, other_source=NOBODY.cell, cells=cells)
    return [codes_of(int(each)) for each in judge(bench)]


def take(market: SmallMarket, quotes: list[Quote], source: str = "test") -> dict[tuple[date, str], str]:
    """Take quotes in; status and rules of each by day and market."""
    with market.write() as session:
        take_in(session, quotes, source, NOW_MS, known=KNOWN)
    return stands(market, source)


def stands(market: SmallMarket, source: str) -> dict[tuple[date, str], str]:
    with market.read() as session:
        found = book.quotes(session, source=source)
    return {(one.day, one.cell.market): " ".join((one.status.value, *one.rules)) for one in found}


@pytest.mark.parametrize(
    ("now", "rules"),
    [
        (8500, ()),
        (17_000, ("unit-slip-x2",)),
        (4250, ("unit-slip-x2",)),
        (85_000, ("unit-slip-x10",)),
        (4_250_000, ("unit-slip-x500",)),
        (8_500_000, ("unit-slip-x1000",)),
        (300_000, ("absurd-jump",)),
        (11_400, ("big-step",)),
        (11_300, ()),
    ],
)
def test_a_price_is_judged_by_the_one_before_it(now: int, rules: tuple[str, ...]) -> None:
    assert met([(1, 0, 8500), (1, 1, now)], ONE)[1] == rules


def test_a_doubling_after_a_month_is_no_slip_but_a_tenfold_price_is() -> None:
    assert met([(1, 0, 8500), (1, 40, 17_000)], ONE)[1] == ()
    assert met([(1, 0, 8500), (1, 400, 850)], ONE)[1] == ("unit-slip-x10",)


def test_a_price_set_aside_is_not_what_the_next_one_is_judged_by() -> None:
    assert met([(1, 0, 8500), (1, 1, 85_000), (1, 2, 8500), (1, 3, 85_000)], ONE) == [
        (),
        ("unit-slip-x10",),
        (),
        ("unit-slip-x10",),
    ]


def test_a_slow_climb_meets_the_median_though_no_step_is_large() -> None:
    prices = [100, 100, 100, 100, 100, 100, 100, 160, 250, 390, 610]
    found = met([(1, day, fen) for day, fen in enumerate(prices)], ONE)
    assert found[-1] == ("big-step", "far-level", "crept-level")
    assert all("far-level" not in rules for rules in found[:-1])


def test_a_price_unchanged_for_ninety_days_is_stale_on_the_ninety_first_repeat() -> None:
    found = met([(1, day, 8500) for day in range(93)], ONE)
    assert [place for place, rules in enumerate(found) if rules] == [91, 92]
    assert found[91] == ("stale-repeat",)


def test_a_move_unlike_three_siblings_is_marked_and_a_common_one_is_not() -> None:
    cells = {
        number: Cell("白芍", "统", "安徽", name)
        for number, name in enumerate(["亳州", "安国", "玉林", "荷花池"])
    }
    apart = [(number, day, 8500.0) for number in cells for day in (0, 1)]
    apart[1] = (0, 1, 8500 * 1.25)
    assert met(apart, cells)[1] == ("sibling-jump",)
    together = [(number, day, 8500 * 1.25**day) for number in cells for day in (0, 1)]
    assert all(rules == () for rules in met(together, cells))
    assert met(apart[:6], {number: cells[number] for number in range(3)})[1] == ()  # two siblings are too few


def test_a_price_that_jumps_to_another_grades_is_drift() -> None:
    cells = {0: Cell("白芍", "统", "安徽", "亳州"), 1: Cell("白芍", "选", "安徽", "亳州")}
    rows = [(0, 0, 8000.0), (0, 1, 9900.0), (1, 0, 10_000.0), (1, 1, 10_000.0)]
    assert met(rows, cells)[1] == ("grade-drift",)
    assert met([(0, 0, 8000.0), (0, 1, 8600.0), (1, 0, 10_000.0), (1, 1, 10_000.0)], cells)[1] == ()


def test_a_price_far_from_two_other_sources_waits_and_from_one_is_only_marked(market: SmallMarket) -> None:
    take(market, [quote(8500, "2025-03-01")], "one")
    told = take(market, [quote(40_000, "2025-03-02")], "late")
    assert told == {(date(2025, 3, 2), "亳州"): "flagged big-step source-divergence"}
    take(market, [quote(8600, "2025-03-01", market="安国")], "one")
    take(market, [quote(8600, "2025-03-01", market="安国")], "two")
    told = take(market, [quote(30_000, "2025-03-03", market="安国")], "late")
    assert "source-divergence-far" in told[date(2025, 3, 3), "安国"]
    assert told[date(2025, 3, 3), "安国"].startswith("quarantined")


def test_what_another_source_said_eight_days_ago_is_no_measure(sqlite_market: SmallMarket) -> None:
    take(sqlite_market, daily([8500, 8500], "2025-03-01"), "late")
    take(sqlite_market, [quote(12_000, "2025-03-01")], "one")
    told = take(sqlite_market, [quote(8500, "2025-03-08"), quote(8500, "2025-03-07")], "late")
    assert told[date(2025, 3, 7), "亳州"] == "flagged source-divergence"
    assert told[date(2025, 3, 8), "亳州"] == "accepted"


PRICES = st.lists(
    st.sampled_from([850, 4000, 4250, 8000, 8500, 9000, 11_500, 17_000, 85_000]), min_size=2, max_size=12
)


@settings(max_examples=25, deadline=None)
@given(prices=PRICES, cut=st.integers(1, 11))
def test_a_file_and_its_two_halves_are_judged_alike(prices: list[int], cut: int) -> None:
    rows = [(1, day, float(fen)) for day, fen in enumerate(prices)]
    whole = met(rows, ONE)
    first = met(rows[:cut], ONE)
    kept = [row for row, codes in zip(rows[:cut], first, strict=False) if status_of(codes).usable]
    rest = met([*kept, *rows[cut:]], ONE, known=len(kept))[len(kept) :]
    assert whole == [*first, *rest]


@settings(max_examples=25, deadline=None)
@given(prices=PRICES, factor=st.integers(2, 50))
def test_the_verdict_does_not_depend_on_the_unit_of_money(prices: list[int], factor: int) -> None:
    rows = [(1, day, float(fen)) for day, fen in enumerate(prices)]
    assert met(rows, ONE) == met([(cell, day, fen * factor) for cell, day, fen in rows], ONE)


@settings(max_examples=25, deadline=None)
@given(groups=st.lists(st.lists(st.floats(-9, 9), max_size=6), min_size=1, max_size=5))
def test_group_medians_are_those_of_the_statistics_module(groups: list[list[float]]) -> None:
    import statistics

    values = np.array([value for group in groups for value in group])
    owner = np.array([place for place, group in enumerate(groups) for _ in group], dtype=np.int64)
    found = group_medians(values, owner, len(groups))
    for place, group in enumerate(groups):
        if group:
            assert found[place] == pytest.approx(statistics.median(group))
        else:
            assert np.isnan(found[place])


def test_spans_of_empty_ranges_are_empty() -> None:
    owner, place = spans(np.array([3, 5, 9]), np.array([3, 4, 11]))
    assert (owner.tolist(), place.tolist()) == ([2, 2], [9, 10])


def test_every_rule_has_words_in_both_languages_and_its_own_bit() -> None:
    assert all(rule.zh and rule.en and rule.code == code for code, rule in RULES.items())
    assert {bits_for([code]) for code in RULES} == {1 << place for place in range(len(RULES))}
    assert all(codes_of(bits_for([code])) == (code,) for code in RULES)
    everything = bits_of("big-step", np.array([True])) | bits_of("absurd-jump", np.array([True]))
    assert verdicts(everything)[0] == [(Status.QUARANTINED, ("absurd-jump", "big-step"))]


def test_the_rules_a_reading_set_count_like_our_own(sqlite_market: SmallMarket) -> None:
    from dataclasses import replace

    form = replace(quote(8500, "2025-03-01"), rules=("unsigned-form",))
    assert take(sqlite_market, [form]) == {(date(2025, 3, 1), "亳州"): "quarantined unsigned-form"}


def test_a_late_quote_is_judged_by_what_stood_before_its_day(sqlite_market: SmallMarket) -> None:
    take(sqlite_market, daily([8500] * 3, "2025-03-01"))
    take(sqlite_market, [quote(20_000, "2025-03-10")])
    told = take(sqlite_market, [quote(8600, "2025-03-06")])
    assert told[date(2025, 3, 6), "亳州"] == "accepted"


def test_two_thousand_cells_of_one_day_are_judged_as_one_step(sqlite_market: SmallMarket) -> None:
    first = date(2025, 3, 1)
    many = [
        quote(8500 + place, (first + timedelta(days=day)).isoformat(), grade=f"g{place}")
        for place in range(300)
        for day in range(2)
    ]
    with sqlite_market.write() as session:
        report = take_in(session, many, "test", NOW_MS, known=KNOWN)
    assert report.accepted == 600

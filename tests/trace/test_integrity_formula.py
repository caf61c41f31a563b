"""The 诚信 formula: its bounds, its stars, and that nothing a party could do for show raises it."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import canonical, parse
from trace.integrity.evidence import (
    Evidence,
    Logged,
    Share,
    effective_weeks,
    joined,
    logged_of,
    members,
    summed,
)
from trace.integrity.formula import components, score, stars

SHARES = [each.name for each in components() if each.kind == "share"]
DEDUCTIONS = [each.name for each in components() if each.kind == "deduction"]

shares = st.builds(
    lambda good, bad: Share(good=good, whole=good + bad), st.integers(0, 10**12), st.integers(0, 10**12)
)
evidences = st.builds(
    Evidence,
    weeks=st.dictionaries(st.integers(2800, 2860), st.integers(1, 10**12), max_size=8),
    shares=st.dictionaries(st.sampled_from(SHARES), shares),
    deductions=st.dictionaries(st.sampled_from(DEDUCTIONS), st.integers(0, 40)),
)


def perfect(weeks: int) -> Logged:
    return Logged(weight=weeks, shares={name: Share(good=1000, whole=1000) for name in SHARES}, deductions={})


@given(evidences)
def test_a_score_lies_between_none_and_full_and_is_the_sum_of_its_parts(evidence: Evidence) -> None:
    found = score(summed(evidence))
    assert found.thousandths == min(1000, max(0, sum(part.points for part in found.parts)))
    assert found.stars == stars(found.thousandths)


@given(evidences)
def test_a_logged_score_is_computed_again_from_the_statement_alone(evidence: Evidence) -> None:
    written = parse(canonical(members(summed(evidence))))
    assert isinstance(written, dict)
    assert score(logged_of(written)).thousandths == score(summed(evidence)).thousandths


def test_stars_follow_the_marks_of_the_national_system() -> None:
    """MOFCOM 诚信评价: ≥80 five, ≥60 four, ≥40 three, ≥20 two, else one."""
    table = {80: 5, 79: 4, 60: 4, 59: 3, 40: 3, 39: 2, 20: 2, 19: 1, 0: 1}
    assert {points: stars(10 * points) for points in table} == table


def test_whoever_recorded_nothing_stands_in_the_middle() -> None:
    assert score(Logged(weight=0, shares={}, deductions={})).thousandths == 500


@given(st.integers(0, 60))
def test_more_weeks_of_good_evidence_never_lower_a_score(weeks: int) -> None:
    assert score(perfect(weeks)).thousandths <= score(perfect(weeks + 1)).thousandths <= 1000


def test_one_good_week_alone_gives_no_five_stars() -> None:
    assert score(perfect(1)).stars < 5 == score(perfect(12)).stars


@given(evidences, st.sampled_from(DEDUCTIONS), st.integers(1, 20))
def test_a_deduction_never_raises_a_score(evidence: Evidence, name: str, more: int) -> None:
    worse = Evidence(
        weeks=evidence.weeks,
        shares=evidence.shares,
        deductions={**evidence.deductions, name: evidence.deductions.get(name, 0) + more},
    )
    assert score(summed(worse)).thousandths <= score(summed(evidence)).thousandths


@given(evidences, st.sampled_from(SHARES), st.integers(1, 10**9))
def test_goods_with_a_fault_never_raise_a_share(evidence: Evidence, name: str, grams: int) -> None:
    """Only the share is judged here: more goods are more evidence, for good and for bad."""
    before = evidence.shares.get(name, Share())
    worse = {**evidence.shares, name: before + Share(good=0, whole=grams)}
    parts = {part.component.name: part.value for part in score(summed(evidence)).parts}
    spoiled = score(Logged(weight=evidence.weight, shares=worse, deductions={}))
    assert {part.component.name: part.value for part in spoiled.parts}[name] <= max(parts[name], 500)


@given(evidences)
def test_splitting_into_like_halves_raises_neither(evidence: Evidence) -> None:
    """Shares and weeks of a half are those of the whole, so the halves score the same; joined, as before."""
    double = joined([evidence, evidence])
    free = [Evidence(weeks=each.weeks, shares=each.shares, deductions={}) for each in (evidence, double)]
    assert score(summed(free[0])).thousandths == score(summed(free[1])).thousandths


@given(st.dictionaries(st.integers(0, 60), st.integers(10**6, 10**9), min_size=1, max_size=10))
def test_a_gram_a_week_adds_no_evidence(weeks: dict[int, int]) -> None:
    padded = {**{100 + week: 1 for week in range(50)}, **weeks}
    assert effective_weeks(padded) <= effective_weeks(weeks) + 1


def test_ten_equal_weeks_are_ten_weeks() -> None:
    assert effective_weeks(dict.fromkeys(range(10), 5000)) == 10


def test_the_weights_of_all_shares_make_the_full_score() -> None:
    assert sum(each.weight for each in components() if each.kind == "share") == 1000
    assert all(each.bound > 0 for each in components() if each.kind == "deduction")

"""The standards are data: every row is typed, dated, sourced or marked, and herbs in them exist."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.facts import rows
from trace.herbs import Kind, all_herbs, herb, herb_or_none
from trace.standards.grades import all_grade_words, claims_true_origin, words_in
from trace.standards.licence_needs import all_licence_needs
from trace.standards.origins import listed, of_true_origin
from trace.standards.storage_rules import all_storage_rules, storage_named
from trace.standards.sureness import Sureness
from trace.standards.wild import all_banned_inputs, banned_in, protection, season
from trace.standards.yields import MOST_PER_MU, yield_bounds
from trace.vocabulary import Form, Stage

TABLES = (
    "paozhi_methods",
    "paozhi_cuts",
    "slice_forms",
    "storage_rules",
    "seasons",
    "protected",
    "banned_inputs",
    "licence_needs",
    "yields",
)


@pytest.mark.parametrize("table", TABLES)
def test_every_row_says_how_sure_it_is_and_why(table: str) -> None:
    for row in rows(table):
        assert Sureness(row["confidence"])
        assert row.get("source") or row.get("basis") or row.get("reason_zh")
        named = row.get("herb")
        assert not named or herb_or_none(named), named


def test_what_is_not_read_in_a_source_is_shown_as_unchecked() -> None:
    assert [each.note("zh") for each in Sureness if not each.checked] == ["（标准待核）"] * 2
    assert {need.confidence for need in all_licence_needs()} == {Sureness.RECALLED}


@given(
    st.sampled_from(all_herbs()),
    st.sampled_from(list(Stage)),
    st.sampled_from(list(Form)),
    st.sampled_from(list(Form)),
)
def test_a_bound_allows_something_and_never_more_than_a_gain_of_nothing(
    known: object, stage: Stage, source: Form, target: Form
) -> None:
    bound = yield_bounds(stage, known.name_zh, source, target)  # type: ignore[attr-defined]
    if bound is None:
        return
    low, high = bound.low_per_mille or 0, bound.high_per_mille or 1000
    assert 0 <= low < high <= 1000
    assert bound.holds(1000, low)
    assert bound.holds(1000, high)
    assert not bound.holds(1000, high + 1)
    assert bound.reason_zh
    assert bound.reason_en


def test_minerals_are_bound_by_nature_only() -> None:
    mineral = next(known for known in all_herbs() if known.kind is Kind.MINERAL)
    cleaned = yield_bounds(Stage.PRIMARY_PROCESSING, mineral.name_zh, Form.HERB, Form.HERB)
    assert cleaned is not None
    assert (cleaned.confidence, cleaned.high_per_mille) == (Sureness.PHYSICAL, 1000)
    assert yield_bounds(Stage.PAOZHI, mineral.name_zh, Form.HERB, Form.SLICE) is None
    assert MOST_PER_MU.confidence is Sureness.ASSUMPTION


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("常温", "10", "30"),  # 药典 凡例
        ("阴凉库", None, "20"),
        ("置阴凉干燥处", None, "20"),
        ("冷库", "2", "10"),
        ("cold", "2", "10"),
    ],
)
def test_a_storage_word_has_its_temperatures(words: str, low: str | None, high: str) -> None:
    rule = storage_named(words)
    assert rule is not None
    assert (rule.temperature_min, rule.temperature_max) == (
        None if low is None else Decimal(low),
        Decimal(high),
    )


def test_no_storage_rule_is_invented() -> None:
    assert storage_named("随便放") is None
    assert len(all_storage_rules()) == 4


def test_every_grade_word_is_found_in_itself() -> None:
    for known in all_grade_words():
        assert words_in(known.word)[0] == known


@pytest.mark.parametrize(
    ("text", "claims"),
    [("道地药材", True), ("地道统货", True), ("非道地", False), ("产地初加工", False), ("统", False)],
)
def test_a_claim_of_true_origin_is_one(text: str, *, claims: bool) -> None:
    assert claims_true_origin(text) == claims


def test_thirty_three_pesticides_are_banned() -> None:
    # 药典2020 通则0212: 33种禁用农药
    pesticides = [each.name for each in all_banned_inputs() if each.kind == "pesticide"]
    assert len(pesticides) == len(set(pesticides)) == 33
    assert all(banned_in(f"3%{name}颗粒剂") is not None for name in pesticides)
    assert banned_in("有机肥") is None


def test_an_area_that_lists_name_is_listed_and_no_other() -> None:
    assert (listed(herb("枸杞子"), "640521"), of_true_origin(herb("三七"), "532600")) == (True, True)
    assert listed(herb("当归"), "620000") is None  # a province with listed counties: too coarse to tell
    assert listed(herb("当归"), "440000") is False


def test_seasons_and_protection_are_known_for_few_and_never_guessed() -> None:
    assert season("甘遂") is None
    found = protection("甘草")
    assert found is not None
    assert found.level == 2
    assert protection("白芍") is None

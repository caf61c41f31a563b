"""Quality limits equal their source; the one that holds for a herb depends on regime and form."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from trace.herbs import all_herbs, herb
from trace.limits import Regime, all_limits, all_measurands, judge, limits_for, measurand_named
from trace.vocabulary import Form


@pytest.mark.shared
def test_every_committed_limit_says_what_its_source_says(shared: Path) -> None:
    with (shared / "data" / "quality_limits.csv").open(encoding="utf-8", newline="") as lines:
        printed = [
            (row["scope"], row["op"], row["value"], row["unit"], row["basis"], row["confidence"])
            for row in csv.DictReader(lines)
        ]
    committed = [
        (
            limit.printed_scope,
            limit.operator,
            "定量限" if limit.value is None else str(limit.value),
            limit.unit,
            limit.basis,
            limit.confidence,
        )
        for limit in all_limits()
    ]
    assert committed == printed


@pytest.mark.shared
def test_every_printed_item_names_the_measurand_of_its_limit(shared: Path) -> None:
    with (shared / "data" / "quality_limits.csv").open(encoding="utf-8", newline="") as lines:
        printed = [row["item"] for row in csv.DictReader(lines)]
    assert [measurand_named(text) for text in printed] == [limit.measurand for limit in all_limits()]


def test_95_limits_of_which_only_sourced_ones_name_a_page() -> None:
    assert len(all_limits()) == 95
    assert {bool(limit.source) for limit in all_limits() if limit.confidence == "source"} == {True}
    assert {bool(limit.source) for limit in all_limits() if limit.confidence == "recalled"} == {False}


def test_the_food_limits_are_those_of_the_2023_notice() -> None:
    food = [limit for limit in all_limits() if limit.regime == "food"]
    assert {limit.herb for limit in food} == {"党参", "肉苁蓉", "铁皮石斛", "西洋参"}
    assert {limit.basis for limit in food} == {"国家卫健委/市场监管总局 2023年第9号公告"}


@pytest.mark.parametrize(
    ("name", "regime", "key", "value"),
    [
        ("党参", "drug", "lead", "5"),  # the same root may carry five times as much lead as a drug
        ("党参", "food", "lead", "1.0"),
        ("铁皮石斛", "food", "mercury", "0.05"),
        ("白芍", "drug", "sulphur_dioxide", "400"),  # one of the ten
        ("当归", "drug", "sulphur_dioxide", "150"),
        ("当归", "drug", "ferulic_acid", "0.05"),
        ("水蛭", "drug", "lead", "10"),
    ],
)
def test_a_limit_depends_on_herb_and_regime(name: str, regime: Regime, key: str, value: str) -> None:
    found = {limit.measurand.key: limit for limit in limits_for(herb(name), regime)}
    assert found[key].value == Decimal(value)


def test_a_monograph_stands_before_the_general_limit() -> None:
    danggui = {limit.measurand.key: limit for limit in limits_for(herb("当归"), "drug", Form.SLICE)}
    assert danggui["water"].value == Decimal("15.0")
    assert danggui["foreign_matter"].printed_scope == "饮片"


def test_slices_have_a_water_limit_that_raw_herbs_have_not() -> None:
    keys = [
        {limit.measurand.key for limit in limits_for(herb("丹参"), "drug", form)}
        for form in (Form.HERB, Form.SLICE)
    ]
    assert keys[1] - keys[0] == {"water", "foreign_matter"}


def test_minerals_have_no_sulphur_limit_and_fungi_no_plant_limits() -> None:
    assert limits_for(herb("石膏"), "drug") == ()
    assert "lead" not in {limit.measurand.key for limit in limits_for(herb("茯苓"), "drug")}


def test_the_sulphur_limit_of_every_herb_is_the_one_its_own_row_names() -> None:
    for known in all_herbs():
        found = {limit.measurand.key: limit.value for limit in limits_for(known, "drug")}
        assert found.get("sulphur_dioxide") == (
            None if known.so2_limit_mg_per_kg is None else Decimal(known.so2_limit_mg_per_kg)
        )


def test_aflatoxin_limits_are_never_applied_without_the_list_of_their_herbs() -> None:
    assert all(
        "aflatoxin" not in limit.measurand.key for known in all_herbs() for limit in limits_for(known, "drug")
    )


def test_a_result_is_judged_at_the_limit_itself() -> None:
    water = next(limit for limit in limits_for(herb("白芍"), "drug") if limit.measurand.key == "water")
    paeoniflorin = next(
        limit for limit in limits_for(herb("白芍"), "drug") if limit.measurand.key == "paeoniflorin"
    )
    assert [judge(Decimal(value), water) for value in ("13.9", "14.0", "14.1")] == [
        "within",
        "within",
        "over",
    ]
    assert [judge(Decimal(value), paeoniflorin) for value in ("1.5", "1.6", "1.7")] == [
        "below",
        "within",
        "within",
    ]


def test_the_worst_party_root_of_the_press_is_over() -> None:
    # 65 lots of 党参, 27 over the limit, the worst with 1762 mg/kg (domain facts, zcyzz.cn)
    sulphur = next(
        limit for limit in limits_for(herb("党参"), "drug") if limit.measurand.key == "sulphur_dioxide"
    )
    assert judge(Decimal(1762), sulphur) == "over"


def test_what_is_found_of_a_banned_pesticide_cannot_be_judged_without_its_method() -> None:
    banned = next(limit for limit in all_limits() if limit.measurand.key == "banned_pesticides")
    assert judge(Decimal(0), banned) == "within"
    assert judge(Decimal("0.01"), banned) == "undecided"
    assert banned.words("zh") == "33种禁用农药 ≤ 定量限"
    assert banned.words("en") == "the 33 banned pesticides ≤ quantification limit"


def test_every_measurand_has_two_names_and_a_limit() -> None:
    assert {limit.measurand for limit in all_limits()} == set(all_measurands())
    assert all(measurand.zh and measurand.en for measurand in all_measurands())


def test_an_unknown_item_is_not_guessed() -> None:
    assert measurand_named("重量") is None
    assert measurand_named("") is None


@pytest.mark.parametrize(
    ("day", "value"),
    [(date(2019, 6, 1), "0.3"), (date(2020, 12, 29), "0.3"), (date(2020, 12, 30), "1"), (None, "1")],
)
def test_a_test_is_judged_by_the_limit_of_its_day(day: date | None, value: str) -> None:
    # domain.md §1.3: Cd 1 (0.3 before 2020)
    found = {limit.measurand.key: limit for limit in limits_for(herb("当归"), "drug", day=day)}
    assert found["cadmium"].value == Decimal(value)


def test_before_the_notice_there_were_no_food_limits() -> None:
    assert limits_for(herb("党参"), "food", day=date(2023, 1, 1)) == ()
    assert limits_for(herb("党参"), "food", day=date(2024, 1, 1)) != ()

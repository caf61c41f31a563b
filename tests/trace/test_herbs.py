"""The committed herb facts equal their source, and a mistyped name finds its neighbour."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from trace.errors import UnknownHerb
from trace.herbs import Kind, PartClass, all_herbs, herb, kind_of, nearest


@pytest.mark.shared
def test_every_committed_herb_says_what_its_source_says(shared: Path) -> None:
    with (shared / "data" / "herbs.csv").open(encoding="utf-8", newline="") as lines:
        printed = [
            (
                row["name_zh"],
                row["pinyin"],
                row["latin_pharmaceutical"],
                row["latin_crosscheck"] == "match",
                row["category12"],
                row["part_used"],
                row["producing_areas"],
                row["daodi_area"],
                row["food_medicine_list_year"],
                row["so2_limit_mg_per_kg"],
                row["toxic28_raw_form"] == "Y",
            )
            for row in csv.DictReader(lines)
        ]
    committed = [
        (
            known.name_zh,
            known.pinyin,
            known.latin,
            known.latin_verified,
            known.part_class.zh,
            known.part_used,
            ";".join(known.producing_areas),
            ";".join(known.daodi_areas),
            str(known.food_medicine_year or ""),
            str(known.so2_limit_mg_per_kg or ""),
            known.toxic_raw,
        )
        for known in all_herbs()
    ]
    assert committed == printed


def test_322_herbs_of_which_193_have_a_checked_latin_name() -> None:
    assert len(all_herbs()) == len({known.name_zh for known in all_herbs()}) == 322
    assert sum(known.latin_verified for known in all_herbs()) == 193


def test_baishao_is_a_root_of_true_origin_in_bozhou() -> None:
    baishao = herb(" 白芍 ")
    assert (baishao.part_class, baishao.kind) == (PartClass.ROOT, Kind.PLANT)
    assert baishao.daodi_areas == ("安徽亳州(亳白芍)",)
    assert baishao.so2_limit_mg_per_kg == 400


def test_platycodon_is_unchecked_because_two_lists_decline_it_differently() -> None:
    assert not herb("桔梗").latin_verified


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("茯苓", Kind.FUNGUS),
        ("海藻", Kind.PLANT),
        ("全蝎", Kind.ANIMAL),
        ("石膏", Kind.MINERAL),
        ("冰片", Kind.PLANT),
    ],
)
def test_a_herbs_kind_follows_from_its_part(name: str, kind: Kind) -> None:
    assert herb(name).kind is kind


def test_every_part_class_has_herbs_and_two_names() -> None:
    counts = Counter(known.part_class for known in all_herbs())
    assert len(PartClass) == 12
    assert min(counts[part_class] for part_class in PartClass) > 0
    assert (
        len({part_class.zh for part_class in PartClass})
        == len({part_class.en for part_class in PartClass})
        == 12
    )


def test_minerals_and_only_they_have_no_sulphur_limit() -> None:
    assert {known.kind for known in all_herbs() if known.so2_limit_mg_per_kg is None} == {Kind.MINERAL}


def test_an_alga_is_not_a_fungus() -> None:
    assert kind_of(PartClass.FUNGUS_ALGA, "藻体") is Kind.PLANT


@pytest.mark.parametrize(
    ("typed", "meant"), [("白勺药", "白芍"), ("dangui", "当归"), ("五谷虫", "土鳖虫"), ("党叁", "党参")]
)
def test_an_unknown_herb_is_refused_with_its_nearest_names(typed: str, meant: str) -> None:
    with pytest.raises(UnknownHerb) as refused:
        herb(typed)
    assert typed in refused.value.message("zh")
    assert typed in refused.value.message("en")
    assert meant in refused.value.remedy("zh") or meant in nearest(typed, 6)


def test_an_endless_name_is_cut_before_it_is_compared_or_shown() -> None:
    with pytest.raises(UnknownHerb) as refused:
        herb("芍" * 100_000)
    assert len(refused.value.message("zh")) < 60

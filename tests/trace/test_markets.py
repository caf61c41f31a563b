"""The seventeen national markets equal their source and can be found by any of their names."""

import csv
from pathlib import Path

import pytest

from trace.divisions import division
from trace.errors import UnknownMarket
from trace.identifiers import check_gb2260
from trace.markets import Market, all_markets, market


@pytest.mark.shared
def test_every_committed_market_says_what_its_source_says(shared: Path) -> None:
    with (shared / "data" / "markets.csv").open(encoding="utf-8", newline="") as lines:
        printed = [
            (
                row["slug"],
                row["short_name"],
                row["full_name"],
                row["place"],
                row["gbt2260_prefecture"],
                row["gbt2260_county"],
            )
            for row in csv.DictReader(lines)
        ]
    assert printed == [
        (
            known.slug,
            known.short_name,
            known.full_name,
            known.seat,
            known.prefecture_code,
            known.county_code or "",
        )
        for known in all_markets()
    ]


def test_there_are_seventeen_and_one_seat_is_disputed() -> None:
    assert len({known.slug for known in all_markets()}) == 17
    assert [known.short_name for known in all_markets() if known.seat_disputed] == ["三棵树"]


@pytest.mark.parametrize("name", ["bozhou", "Bozhou", "亳州", "安徽亳州中药材专业市场"])
def test_a_market_is_found_by_slug_and_by_both_chinese_names(name: str) -> None:
    assert market(name).gb2260 == "341602"


@pytest.mark.parametrize("known", all_markets(), ids=lambda known: known.slug)
def test_every_seat_is_a_division_known_by_name(known: Market) -> None:
    assert check_gb2260(known.gb2260) == known.gb2260
    assert division(known.gb2260).exact


def test_a_market_without_a_settled_county_answers_with_its_city() -> None:
    assert market("荷花池").gb2260 == "510100"


def test_an_unknown_market_is_refused_with_the_seventeen() -> None:
    with pytest.raises(UnknownMarket) as refused:
        market("义乌")
    assert "亳州、安国" in refused.value.remedy("zh")
    assert "义乌" in refused.value.message("en")

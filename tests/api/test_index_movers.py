"""Movers and the heat map: what rose and fell, what it gave the composite, and nothing beside a filter."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from api.publication.moves import Move, Moves
from tests.api.two_vintages import Published


def rows(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


def test_a_months_movers_have_old_and_new_level_and_what_they_gave(published: Published) -> None:
    found = rows(published[0].get("/index/bozhou/movers.csv").content)
    told = [(each["node"], each["before"], each["value"], each["contribution_points"]) for each in found]
    # 1000 points, each herb half of them: 白芍 went from 40 to 44 yuan, 当归 from 100 to 80.
    assert told == [
        ("当归", "1000.0000", "800.0000", "-100.0000"),
        ("白芍", "1000.0000", "1100.0000", "50.0000"),
    ]
    assert {each["before_day"] for each in found} == {"2025-05-30"}


def test_contributions_of_the_movers_add_up_to_the_composites_change(published: Published) -> None:
    client, _ = published
    parts = [
        Decimal(each["contribution_points"]) for each in rows(client.get("/index/bozhou/movers.csv").content)
    ]
    answer = client.get("/v1/indices/bozhou/contributions", params={"before": "2025-05-30"}).json()
    assert sum(parts) == Decimal(answer["change_points"]) == Decimal("-50.0000")


def test_a_week_in_which_nothing_moved_has_no_movers(published: Published) -> None:
    page = published[0].get("/index/bozhou/movers?period=week").text
    assert "这段时间没有变动" in page
    assert "平 2" in page


def test_the_year_of_a_young_index_is_not_compared(published: Published) -> None:
    assert "还不够长" in published[0].get("/index/bozhou/movers?period=year").text


@pytest.mark.parametrize(
    ("query", "nodes"),
    [
        ("way=up", ["白芍"]),
        ("way=down", ["当归"]),
        ("part=root", ["当归", "白芍"]),
        ("part=flower", []),
        ("history=3", ["当归", "白芍"]),
        ("history=12", []),
        ("level=class", ["root"]),
        ("level=grade&part=root", ["当归|统", "白芍|统"]),
        ("level=nonsense&period=never&way=round&history=one", ["当归", "白芍"]),
    ],
)
def test_a_filter_shows_what_it_names_alone(published: Published, query: str, nodes: list[str]) -> None:
    body = published[0].get(f"/index/bozhou/movers.csv?{query}").content
    assert [each["node"] for each in rows(body)] == nodes


def test_the_interface_tells_the_same_of_a_month(published: Published) -> None:
    told = published[0].get("/v1/indices/bozhou/movers", params={"level": "herb", "period": "month"}).json()
    assert told["before"] == "2025-05-30"
    assert [(each["node"], each["change"], each["contribution"]) for each in told["movers"]] == [
        ("当归", "-20.00", "-100.0000"),
        ("白芍", "10.00", "50.0000"),
    ]


def test_ranks_go_by_size_and_leave_out_what_stood_still() -> None:
    moved = [("甲", "2"), ("乙", "-7"), ("丙", "0"), ("丁", "5")]
    moves = Moves(
        before=date(2025, 1, 1),
        day=date(2025, 2, 1),
        moves=tuple(
            Move(node=node, part_class=None, before=Decimal(100), now=Decimal(100), percent=Decimal(percent))
            for node, percent in moved
        ),
        too_young=0,
    )
    assert [each.node for each in moves.ranked("both")] == ["乙", "丁", "甲"]
    assert [each.node for each in moves.ranked("up")] == ["丁", "甲"]
    assert [each.node for each in moves.ranked("down")] == ["乙"]


def test_a_class_in_a_market_moved_by_the_geometric_mean_of_its_prices(published: Published) -> None:
    [told] = rows(published[0].get("/index/bozhou/heat-markets.csv").content)
    # sqrt(44/40 · 80/100) = 0.938083
    assert (told["market"], told["change_percent"], told["prices"], told["moved"]) == (
        "亳州",
        "-6.1917",
        "2",
        "2",
    )


def test_months_are_compared_with_the_month_before(published: Published) -> None:
    found = rows(published[0].get("/index/bozhou/heat-months.csv").content)
    assert [
        (each["class"], each["month"], each["change_percent"]) for each in found if each["month"] == "2025-05"
    ] == [
        ("all", "2025-05", "0.0000"),
        ("root", "2025-05", "0.0000"),
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_cell_of_the_map_says_its_number_and_the_table_the_same(
    published: Published, language: str
) -> None:
    page = published[0].get(f"/index/bozhou/heat?lang={language}").text
    assert ">−6.19</text>" in page
    assert "−6.19 %" in page


@pytest.mark.parametrize("path", ["movers", "movers.csv", "heat", "heat-months.csv", "heat-markets.csv"])
def test_a_family_without_a_release_has_no_movers_and_no_map(published: Published, path: str) -> None:
    assert published[0].get(f"/index/yulin/{path}").status_code == 404

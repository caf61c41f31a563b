"""How the index page arranges a release: changes, movers, bases, the way down; and its bulletin."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.publication.overview import Changes, NodeState, change, comparison_days, months_before
from api.web.formats import Formats, direction
from api.web.index_page import movers, node_lines, price_moves, table_rows
from priceindex.calendar import day_number, day_of
from priceindex.classification import Level
from priceindex.engine.movers import Mover
from priceindex.quotes import Cell
from priceindex.releases.observations import Observation
from priceindex.releases.series import Point
from tests.api.two_vintages import Published

FIRST = date(2024, 1, 1)


def told(day: date, value: str | None) -> Observation:
    return Observation(
        point=Point(day=day, value=None if value is None else Decimal(value)),
        withdrawn=False,
        status="P",
        final=False,
        vintage=1,
        release_id="bozhou-2024-12-31",
        method_id="bozhou@2",
        published_ms=0,
    )


def state(node: str, value: str | None, month: str | None = None) -> NodeState:
    moved = Changes(month=None if month is None else Decimal(month))
    return NodeState(
        level=Level.HERB,
        node=node,
        parent="root",
        weight=Decimal("0.5"),
        observation=told(FIRST, value),
        before=None,
        changes=moved,
    )


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 36))
def test_months_before_is_the_same_day_or_the_months_last(day: date, months: int) -> None:
    before = months_before(day, months)
    assert (day.year - before.year) * 12 + day.month - before.month == months
    assert before.day == day.day or (before + timedelta(days=1)).day == 1


@given(st.sets(st.integers(15_000, 20_000), min_size=1, max_size=60))
def test_every_comparison_is_with_the_newest_index_day_not_after_it(days: set[int]) -> None:
    ordered = sorted(days)
    found = comparison_days(ordered)
    last = ordered[-1]
    limits = {
        "day": last - 1,
        "week": last - 7,
        "month": day_number(months_before(day_of(last), 1)),
        "year": day_number(months_before(day_of(last), 12)),
    }
    assert found.pop("last") == last
    assert found == {
        name: max(day for day in ordered if day <= limit)
        for name, limit in limits.items()
        if any(day <= limit for day in ordered)
    }


def test_there_is_no_change_against_nothing() -> None:
    assert change(Decimal(110), Decimal(100)) == Decimal(10)
    assert change(Decimal(110), None) is None
    assert change(None, Decimal(100)) is None


def test_the_table_twin_has_the_last_value_of_every_month_newest_first() -> None:
    values: list[str | None] = ["1"] * 30 + ["2", None] + ["3"] * 28 + [None]
    days = [told(FIRST + timedelta(days=number), value) for number, value in enumerate(values)]
    assert [(each.point.day, each.point.value) for each in table_rows(days, "day")] == [
        (date(2024, 2, 29), Decimal(3)),
        (date(2024, 1, 31), Decimal(2)),
    ]
    assert len(table_rows(days, "week")) == sum(value is not None for value in values)


def test_a_node_without_a_last_value_has_no_line() -> None:
    assert [line.node for line in node_lines([state("白芍", None), state("当归", "3")], "zh")] == ["当归"]


def test_movers_are_the_largest_moves_and_nothing_that_stood_still() -> None:
    moves = (("白芍", "3"), ("当归", "0"), ("党参", "-4"), ("茯苓", "9"), ("黄芪", "-1"))
    risen, fallen = movers(node_lines([state(node, "100", month) for node, month in moves], "zh"))
    assert [line.name for line in risen] == ["茯苓", "白芍"]
    assert [line.name for line in fallen] == ["党参", "黄芪"]


def test_prices_that_moved_are_told_with_old_and_new() -> None:
    cells = [
        Mover(cell=Cell(herb, "统", "", "亳州"), before_fen_per_kg=before, now_fen_per_kg=now)
        for herb, before, now in (("白芍", 4000, 4400), ("当归", 10000, 8000), ("党参", 5000, 5050))
    ]
    dearer, cheaper = price_moves(cells)
    assert [(move.name, move.percent) for move in dearer] == [
        ("白芍 统 亳州", Decimal(10)),
        ("党参 统 亳州", Decimal(1)),
    ]
    assert [(move.before_fen, move.now_fen) for move in cheaper] == [(10000, 8000)]


def test_english_readers_get_pinyin_beside_the_chinese_name() -> None:
    assert node_lines([state("白芍", "1")], "en")[0].name == "Baishao 白芍"


@pytest.mark.parametrize(
    ("percent", "written", "way"),
    [
        ("0.004", "0.00 %", "flat"),
        ("-0.005", "0.00 %", "flat"),
        ("1.005", "+1.00 %", "up"),
        ("-12.5", "−12.50 %", "down"),
    ],
)
def test_a_change_is_called_flat_when_it_prints_as_zero(percent: str, written: str, way: str) -> None:
    assert (Formats("en").change(Decimal(percent)), direction(Decimal(percent))) == (written, way)


def test_nothing_to_compare_is_a_dash_not_a_zero() -> None:
    assert Formats("zh").change(None) == "–"


def test_the_way_leads_down_to_the_cells_and_up_again(published: Published) -> None:
    client, _ = published
    seen = []
    address = "/index/bozhou"
    for step in ("root", "白芍", "白芍|统"):
        page = client.get(address).text
        found = [
            link.replace("&amp;", "&") for link in re.findall(r'<th scope="row"><a href="([^"]+)"', page)
        ]
        [address] = [
            link for link in dict.fromkeys(found) if client.get(link).url.params.get("node") == step
        ][:1] or [""]
        seen.append(client.get(address).status_code)
    assert seen == [200, 200, 200]
    grade = client.get(address).text
    assert "44.00" in grade
    assert re.search(r'aria-label="所在位置">.*总指数.*根及根茎类.*白芍', grade, re.DOTALL)


def test_a_revised_value_has_its_mark_on_the_newest_page_alone(published: Published) -> None:
    client, told_twice = published
    assert 'class="revised"' in client.get("/index/bozhou").text
    assert 'class="revised"' not in client.get(f"/index/{told_twice.first}").text


@pytest.mark.parametrize("query", ["level=herb&node=none", "level=none", "cut=grade", "node=none"])
def test_a_node_there_is_not_has_no_page(published: Published, query: str) -> None:
    answer = published[0].get(f"/index/bozhou?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")


def test_a_mistyped_family_is_answered_with_those_there_are(published: Published) -> None:
    client, _ = published
    page = client.get("/index/bozou")
    assert (page.status_code, "没有这个指数" in page.text, "还没有发布过指数" in page.text) == (
        404,
        True,
        False,
    )
    assert re.search(r'<li><a href="/index/bozhou">', page.text)
    for path in ("/index/movers", "/index/bozou/heat", "/index/bozou/forecast"):
        told = client.get(path)
        assert (told.status_code, "还没有发布过指数" in told.text) == (404, False)


def test_a_language_switch_stays_with_the_node(published: Published) -> None:
    page = published[0].get("/index/bozhou", params={"level": "herb", "node": "白芍", "frequency": "week"})
    [switch] = re.findall(r'<a href="([^"]+)" lang="en"', page.text)
    english = published[0].get(switch.replace("&amp;", "&"))
    assert "Baishao 白芍" in english.text
    assert 'aria-current="true">Weekly' in english.text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_bulletin_says_value_classes_prices_counts_and_how_to_verify(
    published: Published, language: str
) -> None:
    client, told_twice = published
    page = client.get(f"/index/{told_twice.second}/bulletin?lang={language}").text
    release = client.get(f"/v1/releases/{told_twice.second}").json()
    for shown in ("950.00", release["input_digest"], release["values_digest"], release["method_sha256"]):
        assert shown in page
    assert f"daodi verify {told_twice.second}.bundle.json" in page
    assert ("根及根茎类" if language == "zh" else "Roots and rhizomes") in page

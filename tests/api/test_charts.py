"""Charts are whole SVG, drawn in steps, escaped, and readable without seeing them."""

import itertools
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.web.bar_chart import Bar, BarChart, draw_bars
from api.web.chart_frame import NARROW, WIDE, Size, month_ticks, value_ticks
from api.web.charts import Chart, draw_steps, step_path
from api.web.lineage_chart import BOX_WIDTH, LotBox, LotLine, depths, draw_lineage

SVG = "{http://www.w3.org/2000/svg}"
FIRST = date(2024, 1, 1)


def chart(values: list[float | None], **changes: object) -> Chart:
    points = [(FIRST + timedelta(days=number), value) for number, value in enumerate(values)]
    given: dict[str, object] = {
        "name": "level",
        "title": "走势",
        "description": "从头到尾",
        "points": points,
        "base": 1000.0,
        "base_label": "基期 1000",
        "write_value": lambda value: f"{value:g}",
        "write_day": lambda day: day.strftime("%Y-%m"),
    }
    return Chart(**{**given, **changes})  # type: ignore[arg-type]


def parsed(svg: str) -> ET.Element:
    """The drawing as XML; the name space is added because inside HTML it is implied."""
    return ET.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))  # noqa: S314  drawn by us


@pytest.mark.parametrize("size", [NARROW, WIDE])
def test_title_and_description_name_the_drawing(size: Size) -> None:
    drawn = parsed(draw_steps(chart([1000.0, 1010.0]), size))
    ids = drawn.attrib["aria-labelledby"].split()
    named = {element.attrib["id"]: element.text for element in drawn if "id" in element.attrib}
    assert [named[each] for each in ids] == ["走势", "从头到尾"]
    assert drawn.attrib["role"] == "img"


def test_two_sizes_on_one_page_share_no_id() -> None:
    both = draw_steps(chart([1.0, 2.0]), NARROW) + draw_steps(chart([1.0, 2.0]), WIDE)
    ids = [part.split('"')[0] for part in both.split(' id="')[1:]]
    assert len(ids) == len(set(ids)) == 4


def test_markup_in_words_is_escaped() -> None:
    drawn = draw_steps(chart([1.0, 2.0], title="<script>", base_label='"&', base=1.5), WIDE)
    assert "<script>" not in drawn
    assert parsed(drawn).find(f"{SVG}title").text == "<script>"  # type: ignore[union-attr]


def test_a_price_that_stands_still_is_one_level_line() -> None:
    points = [(FIRST + timedelta(days=number), 5.0) for number in range(700)]
    assert step_path(points, lambda day: (day - FIRST).days, lambda value: value) == "M0 5H699"


def test_a_jump_is_vertical_never_sloped() -> None:
    points = [(FIRST, 1.0), (FIRST + timedelta(days=10), 4.0)]
    path = step_path(points, lambda day: (day - FIRST).days, lambda value: value)
    assert path == "M0 1H10V4"
    assert "L" not in path


def test_a_gap_breaks_the_line() -> None:
    drawn = draw_steps(chart([1.0, 2.0, None, 3.0, 4.0]), WIDE)
    series = [path for path in parsed(drawn).iter(f"{SVG}path") if path.get("class") == "series"]
    assert series[0].attrib["d"].count("M") == 2


def test_a_series_without_values_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        draw_steps(chart([None, None]), WIDE)


def test_one_single_day_still_gives_a_drawing() -> None:
    assert parsed(draw_steps(chart([1000.0]), NARROW)).find(f"{SVG}circle") is not None


@given(st.lists(st.floats(0.01, 1e7), min_size=1, max_size=40))
def test_every_mark_stays_on_the_paper(values: list[float]) -> None:
    drawn = parsed(draw_steps(chart(list(values)), NARROW))
    circle = drawn.find(f"{SVG}circle")
    assert circle is not None
    assert 0 <= float(circle.attrib["cx"]) <= NARROW.width
    assert 0 <= float(circle.attrib["cy"]) <= NARROW.height


@given(st.floats(0.01, 1e7), st.floats(0, 1e6))
def test_value_ticks_enclose_the_values_and_are_few(low: float, span: float) -> None:
    ticks = value_ticks(low, low + span)
    assert ticks[0] <= low
    assert ticks[-1] >= low + span
    assert 2 <= len(ticks) <= 9


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 9000), st.integers(1, 12))
def test_date_ticks_are_first_days_of_months_in_view(first: date, days: int, most: int) -> None:
    last = first + timedelta(days=days)
    ticks = month_ticks(first, last, most)
    assert all(tick.day == 1 and first <= tick <= last for tick in ticks)
    assert len(ticks) <= most + 1


LINES = [LotLine("a", "b"), LotLine("a", "c"), LotLine("b", "d"), LotLine("c", "d"), LotLine("a", "d")]


def test_a_merged_lot_stands_below_all_it_came_from() -> None:
    assert depths(["a", "b", "c", "d"], LINES) == {"a": 0, "b": 1, "c": 1, "d": 2}


def test_the_tree_shows_every_lot_and_every_line() -> None:
    boxes = [LotBox(lot, "药材", own=lot == "d") for lot in "abcd"]
    drawn = parsed(draw_lineage(boxes, LINES, title="来龙去脉", description="四批"))
    assert [rect.attrib["class"] for rect in drawn.iter(f"{SVG}rect")] == ["lot", "lot", "lot", "lot own"]
    assert len(list(drawn.iter(f"{SVG}path"))) == len(LINES)


def test_boxes_never_overlap() -> None:
    boxes = [LotBox(str(number), "") for number in range(9)]
    drawn = parsed(
        draw_lineage(boxes, [LotLine("0", str(number)) for number in range(1, 9)], title="", description="")
    )
    corners = [(float(rect.attrib["x"]), float(rect.attrib["y"])) for rect in drawn.iter(f"{SVG}rect")]
    row = sorted(x for x, y in corners if y == corners[-1][1])
    assert all(right - left >= BOX_WIDTH for left, right in itertools.pairwise(row))


def test_a_lot_number_is_escaped() -> None:
    drawn = draw_lineage([LotBox("<b>", "&")], [], title="<t>", description="")
    assert "<b>" not in drawn


def bars(*amounts: float) -> BarChart:
    return BarChart(
        name="parts",
        title="<b>",
        description="&",
        bars=[Bar(f"<i>{place}", amount, f"{amount:+}") for place, amount in enumerate(amounts)],
    )


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=12), st.sampled_from([NARROW, WIDE]))
def test_bars_stand_on_the_side_of_their_sign_and_on_the_paper(amounts: list[float], size: Size) -> None:
    drawn = parsed(draw_bars(bars(*amounts), size))
    axis = drawn.find(f"{SVG}path")
    assert axis is not None
    nought = float(axis.attrib["d"].removeprefix("M").split()[0])
    for rect, amount in zip(drawn.iter(f"{SVG}rect"), amounts, strict=True):
        left, width = float(rect.attrib["x"]), float(rect.attrib["width"])
        assert 0 <= left <= left + width <= size.width
        middle = left + width / 2
        assert (middle - nought) * amount >= -1
        assert rect.attrib["class"] == ("rise" if amount > 0 else "fall")


def test_bars_are_escaped_and_refused_when_there_are_none() -> None:
    drawn = draw_bars(bars(1.0), WIDE)
    assert "<i>" not in drawn
    with pytest.raises(ValueError, match="at least one"):
        draw_bars(bars(), WIDE)


def test_provisional_values_are_a_broken_line_and_revised_ones_have_a_mark() -> None:
    days = [FIRST + timedelta(days=number) for number in range(4)]
    drawn = parsed(draw_steps(chart([1.0, 2.0, 3.0, 4.0], provisional_from=days[2], revised=[days[1]]), WIDE))
    classes = [path.attrib.get("class") for path in drawn.iter(f"{SVG}path")]
    assert classes.count("series") == classes.count("series provisional") == 1
    assert classes.count("revised") == 1

"""The drawings of forecasts and warnings: whole SVG, named, escaped, and true to their numbers."""

import itertools
import re
from collections.abc import Callable
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.web.chance_bars import ChanceBars, Chances, draw_chances
from api.web.chart_frame import NARROW, WIDE, Size
from api.web.crossing_chart import CrossingChart, Limit, Mark, draw_crossing
from api.web.dot_chart import Aim, Dot, DotChart, draw_dots, shown_places
from api.web.fan_chart import FanChart, FanStep, draw_fan
from api.web.reliability_chart import LARGE, SMALL, Bin, ReliabilityChart, draw_reliability

ORIGIN = date(2025, 6, 6)
EVIL = '<script>"&'


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314  drawn by us


def fan(size: Size = WIDE, name: str = "fan", steps: list[FanStep] | None = None, **changes: object) -> str:
    history = [(ORIGIN - timedelta(days=back), 1000.0 + back) for back in reversed(range(30))]
    made = [
        FanStep(
            day=ORIGIN + timedelta(days=7 * ahead),
            low_95=990.0 - ahead,
            low_80=995.0 - ahead,
            median=1000.0 + ahead,
            high_80=1005.0 + ahead,
            high_95=1010.0 + ahead,
        )
        for ahead in range(1, 5)
    ]
    given: dict[str, object] = {
        "name": name,
        "title": EVIL,
        "description": EVIL,
        "history": history,
        "fan": made if steps is None else steps,
        "origin_label": EVIL,
        "write_value": lambda value: f"{value:g}",
        "write_day": lambda day: day.isoformat(),
    }
    return draw_fan(FanChart(**{**given, **changes}), size)  # type: ignore[arg-type]


def dots(size: Size = WIDE) -> str:
    return draw_dots(
        DotChart(
            name="dots",
            title=EVIL,
            description=EVIL,
            places=[EVIL, "2"],
            dots=[Dot(place=0, value=0.8, low=0.7, high=0.9), Dot(place=0, value=0.95, kind="square")],
            aims=[Aim(0.8, EVIL)],
            write_value=lambda value: f"{value:.2f}",
        ),
        size,
    )


def chances(size: Size = WIDE, shares: tuple[int, int, int] = (2500, 5000, 2500)) -> str:
    rows = [Chances(EVIL, shares, EVIL)]
    return draw_chances(ChanceBars(name="chances", title=EVIL, description=EVIL, rows=rows), size)


def reliability(size: Size = LARGE) -> str:
    bins = [Bin("rise", 0.5, 0.5, 40), Bin("still", 0.25, 0.5, 10), Bin("fall", 1.0, 0.0, 1)]
    chart = ReliabilityChart(name="rel", title=EVIL, description=EVIL, bins=bins, across_label=EVIL)
    return draw_reliability(chart, size)


def crossing(size: Size = WIDE) -> str:
    return draw_crossing(
        CrossingChart(
            name="cross",
            title=EVIL,
            description=EVIL,
            points=[(ORIGIN + timedelta(days=day), float(day)) for day in range(40)],
            limits=[Limit(20.0, EVIL), Limit(5.0, EVIL, leaves=True)],
            marks=[Mark(ORIGIN + timedelta(days=20), EVIL), Mark(ORIGIN + timedelta(days=99), EVIL)],
            write_value=lambda value: f"{value:g}",
            write_day=lambda day: day.isoformat(),
        ),
        size,
    )


@pytest.mark.parametrize("draw", [fan, dots, chances, crossing])
@pytest.mark.parametrize("size", [NARROW, WIDE])
def test_every_drawing_is_named_and_escapes_its_words(draw: Callable[[Size], str], size: Size) -> None:
    drawn = draw(size)
    assert "<script>" not in drawn
    named = {each.attrib["id"]: each.text for each in parsed(drawn) if "id" in each.attrib}
    assert [named[each] for each in parsed(drawn).attrib["aria-labelledby"].split()] == [EVIL, EVIL]


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_the_reliability_diagram_is_named_and_escapes_its_words(size: Size) -> None:
    drawn = reliability(size)
    assert "<script>" not in drawn
    assert parsed(drawn).attrib["role"] == "img"


def corners(drawn: str, kind: str) -> list[tuple[float, float]]:
    [path] = re.findall(rf'<path class="{kind}" d="M([^"Z]+)Z?"/>', drawn)
    return [(float(x), float(y)) for x, y in (each.split() for each in path.split("L"))]


def test_the_bands_begin_at_the_last_value_and_hold_one_another() -> None:
    drawn = fan()
    inner, outer, median = (corners(drawn, kind) for kind in ("band inner", "band outer", "median"))
    assert inner[0] == outer[0] == median[0]
    last = max(x for x, _ in median)
    edges = {kind: sorted(y for x, y in each if x == last) for kind, each in (("i", inner), ("o", outer))}
    [(_, middle)] = [corner for corner in median if corner[0] == last]
    assert edges["o"][0] < edges["i"][0] < middle < edges["i"][1] < edges["o"][1]


def carried_fan(*carried: bool) -> str:
    steps = [
        FanStep(day=ORIGIN + timedelta(days=7 * place), median=1000.0 + place, carried=each)
        for place, each in enumerate(carried, 1)
    ]
    return fan(steps=steps)


def test_a_value_carried_forward_has_a_line_of_its_own_that_is_not_joined_to_the_models() -> None:
    drawn = carried_fan(False, False, True, True)
    modelled, carried = corners(drawn, "median"), corners(drawn, "median carried")
    assert len(modelled) == 3  # the origin and two steps
    assert len(carried) == 2
    assert max(x for x, _ in modelled) < min(x for x, _ in carried)


def test_a_single_day_carried_forward_is_a_dash_on_its_day() -> None:
    drawn = carried_fan(False, False, False, True)
    assert len(corners(drawn, "median")) == 4
    [(x, long)] = re.findall(r'class="median carried" d="M([\d.]+) [\d.]+h(\d+)"', drawn)
    told = re.findall(r'class="told" d="M([\d.]+) ', drawn)
    assert float(x) + int(long) / 2 == pytest.approx(float(told[-1]), abs=0.11)


def test_a_forecast_that_is_all_carried_begins_at_the_last_value() -> None:
    drawn = carried_fan(True, True)
    assert 'class="median"' not in drawn
    assert len(corners(drawn, "median carried")) == 3


def test_every_target_day_has_a_mark_on_the_floor() -> None:
    assert fan().count('class="told"') == 4


def test_a_fan_without_intervals_has_a_median_and_no_band() -> None:
    drawn = fan(steps=[FanStep(day=ORIGIN + timedelta(days=7), median=1000.0)])
    assert 'class="median"' in drawn
    assert "band" not in drawn


def test_what_came_is_drawn_only_where_something_came() -> None:
    assert "outcome" not in fan()
    assert "outcome" in fan(outcome=[(ORIGIN + timedelta(days=7), 1001.0)])


def test_an_empty_fan_is_refused() -> None:
    with pytest.raises(ValueError, match="forecast"):
        fan(steps=[])


@given(st.tuples(st.integers(0, 100), st.integers(0, 100), st.integers(1, 100)))
def test_the_parts_of_a_bar_are_as_wide_as_their_chances(parts: tuple[int, int, int]) -> None:
    whole = sum(parts)
    up, flat = parts[0] * 10_000 // whole, parts[1] * 10_000 // whole
    shares = (up, flat, 10_000 - up - flat)
    widths = {
        kind: float(width)
        for kind, width in re.findall(r'<rect class="(\w+)"[^>]*width="([\d.]+)"', chances(NARROW, shares))
    }
    for kind, share in zip(("rise", "still", "fall"), shares, strict=True):
        assert widths.get(kind, 0.0) == pytest.approx(share / 10_000 * NARROW.width, abs=1.2)


def test_kinds_of_dots_differ_by_shape_and_stand_side_by_side() -> None:
    drawn = dots()
    [circle] = re.findall(r'<circle class="dot" cx="([\d.]+)"', drawn)
    [square] = re.findall(r'<rect class="dot square" x="([\d.]+)"', drawn)
    assert float(circle) < float(square)


@given(st.lists(st.text("0123456789-年", min_size=1, max_size=10), min_size=1, max_size=60))
def test_written_labels_never_run_into_one_another(labels: list[str]) -> None:
    room = 290.0
    chosen = shown_places(labels, room)
    widest = max(sum(12 if each == "年" else 7 for each in label) for label in labels)
    assert chosen[0] == 0
    assert all(
        (second - first) * room / len(labels) >= widest for first, second in itertools.pairwise(chosen)
    )


def test_a_right_chance_stands_on_the_diagonal_and_outcomes_have_shapes_of_their_own() -> None:
    drawn = reliability()
    [(left, floor, right, top)] = re.findall(r'class="aim" d="M(\d+) (\d+)L(\d+) (\d+)"', drawn)
    [(x, tip)] = re.findall(r'class="bin rise" d="M([\d.]+) ([\d.]+)L', drawn)
    assert float(x) == (int(left) + int(right)) / 2
    assert float(tip) < (int(floor) + int(top)) / 2 < float(tip) + 30
    assert 'circle class="bin still"' in drawn


def test_a_mark_beyond_the_series_is_not_drawn() -> None:
    assert crossing().count('class="met"') == 1


@given(
    st.lists(st.floats(0, 40), min_size=1, max_size=4),
    st.lists(st.integers(0, 39), max_size=3),
    st.sampled_from([NARROW, WIDE]),
)
def test_no_words_of_a_crossing_lie_on_one_another(levels: list[float], days: list[int], size: Size) -> None:
    drawn = draw_crossing(
        CrossingChart(
            name="cross",
            title="",
            description="",
            points=[(ORIGIN + timedelta(days=day), float(day)) for day in range(40)],
            limits=[Limit(level, f"进入预警 {level:.1f} %") for level in levels],
            marks=[Mark(ORIGIN + timedelta(days=day), "06-06 自动解除") for day in days],
            write_value=lambda value: f"{value:g}",
            write_day=lambda day: day.isoformat(),
        ),
        size,
    )
    places = []
    for kind, x, y, label in re.findall(
        r'<text class="(tick[^"]*) over" x="([\d.]+)" y="([\d.]+)">([^<]+)', drawn
    ):
        long = sum(12 if each > "⺀" else 7 for each in label)
        left = float(x) - long if "end" in kind else float(x)
        places.append((left, left + long, float(y)))
    assert len(places) == len(levels) + len(days)
    for (left, right, foot), (other_left, other_right, other_foot) in itertools.combinations(places, 2):
        assert right <= other_left or other_right <= left or abs(foot - other_foot) >= 14


def test_bounds_to_enter_and_to_leave_differ() -> None:
    assert crossing().count('class="limit"') == 1
    assert crossing().count('class="limit leaves"') == 1

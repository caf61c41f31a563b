"""The warning of a whole class: the class's published index is drawn with the time the warning stood."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from api.web.chart_frame import WIDE
from api.web.crossing_chart import CrossingChart, draw_crossing
from api.web.warning_course import Published, course_of
from priceindex.warning.alerts.happenings import CLASS_FORM, SINGLE, Key, Warned
from priceindex.warning.hysteresis import State
from tests.api.forecast_city import ForecastCity, forecast_city
from tests.api.test_every_desk_chart import class_warning
from tests.api.test_warning_pages import open_some
from tests.api.warning_city import class_sighting, warn

DAY_MS = 86_400_000
OPENED = date(2025, 3, 3)
CLASS = "类别预警由其中的药材汇成"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ForecastCity, str, str]]:
    """A city with the open warning of a class and that of one herb."""
    with forecast_city(tmp_path_factory.mktemp("course")) as made:
        herb = open_some(made)["growth-up"]
        yield made, class_warning(made), herb


def test_a_classs_warning_draws_the_published_index_of_the_class_and_shades_its_time(
    city: tuple[ForecastCity, str, str],
) -> None:
    made, named, _ = city
    page = made.client.get(f"/warnings/{named}?lang=zh").text
    assert CLASS in page
    assert "尚未结束" in page
    assert page.count('<rect class="span"') == 2  # one for a phone, one for a desk
    file = made.client.get(f"/warnings/{named}?table=window").text
    told = list(csv.DictReader(io.StringIO(file.removeprefix("\ufeff"))))
    query = {"level": "class", "node": "root", "first": told[-5]["day"]}
    asked = made.client.get("/v1/indices/bozhou/values", params=query).json()
    published = [(each["period"], each["value"]) for each in asked["values"]]
    assert [(each["day"], each["value"]) for each in told[-5:]] == published
    assert None not in dict(published).values()
    assert page.count('<tr><th scope="row">20') == len(told)


def test_a_herbs_warning_draws_what_was_stored_and_shades_nothing(
    city: tuple[ForecastCity, str, str],
) -> None:
    made, _, herb = city
    page = made.client.get(f"/warnings/{herb}?lang=zh").text
    assert CLASS not in page
    assert '<rect class="span"' not in page


def test_a_class_no_release_has_says_in_words_why_nothing_is_drawn(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with forecast_city(tmp_path_factory.mktemp("none")) as made:
        seen = class_sighting("ifpa", State.ALERT, made.now, ["白芍", "当归"], node="flower")
        [named] = warn(made.station, [seen])
        page = made.client.get(f"/warnings/{named}?lang=zh").text
    assert "没有这一类的指数，所以没有图" in page
    assert "<svg" not in page


def warned(form: str, *, ended: date | None = None) -> Warned:
    def at(day: date) -> int:
        return (day - date(1970, 1, 1)).days * DAY_MS

    return Warned(
        warning_id="warning-x",
        family="bozhou",
        key=Key("class", "root", "ifpa", form),
        episode=1,
        visible="public",
        rules_sha256="0" * 64,
        opened_ms=at(OPENED),
        ended_ms=None if ended is None else at(ended),
    )


def published(days: int, after: int = 400) -> Published:
    """A value every day, from so many days before the opening until so many after it."""
    return Published("r", tuple((OPENED + timedelta(days=each), None) for each in range(-days, after)))


def with_values(told: Published) -> Published:
    return Published(told.release_id, tuple((day, Decimal(1000)) for day, _ in told.points))


def test_the_course_begins_half_a_year_before_and_goes_on_two_months_after_the_end() -> None:
    ended = OPENED + timedelta(days=30)
    found = course_of(warned(CLASS_FORM, ended=ended), with_values(published(900)))
    assert found is not None
    assert (found.since, found.until) == (OPENED, ended)
    assert found.window[0].day == OPENED - timedelta(days=182)
    assert found.window[-1].day == ended + timedelta(days=56)


def test_no_course_for_one_subject_for_no_index_and_for_one_without_a_value() -> None:
    assert course_of(warned(SINGLE), with_values(published(10))) is None
    assert course_of(warned(CLASS_FORM), None) is None
    assert course_of(warned(CLASS_FORM), published(10)) is None


@pytest.mark.parametrize(
    ("span", "share"),
    [((OPENED, OPENED + timedelta(days=25)), 0.25), ((OPENED, OPENED + timedelta(days=900)), 0.5)],
)
def test_a_span_is_shaded_over_its_days_and_cut_where_the_series_ends(
    span: tuple[date, date], share: float
) -> None:
    first = OPENED - timedelta(days=50)
    points = [(first + timedelta(days=each), 1000.0 + each) for each in range(101)]
    chart = CrossingChart(
        name="x", title="t", description="d", points=points, span=span, write_value=str, write_day=str
    )
    drawn = draw_crossing(chart, WIDE)
    [(x, width)] = re.findall(r'<rect class="span" x="([\d.]+)" y="\d+" width="([\d.]+)"', drawn)
    room = WIDE.width - WIDE.left - WIDE.right
    assert float(x) == pytest.approx(WIDE.left + room / 2, abs=0.1)
    assert float(width) == pytest.approx(room * share, abs=0.1)

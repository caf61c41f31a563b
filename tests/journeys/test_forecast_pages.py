"""Forecasts, their track record and warnings on every screen: found from the index, read without a script."""

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, expect

from api.accounts.cookies import cookie_name
from priceindex.warning.hysteresis import State
from tests.api.accounts_of import somebody
from tests.api.forecast_city import ForecastCity, forecast_city
from tests.api.warning_city import sighting, warn
from tests.journeys.serving import answering
from tests.trace.holding import REGULATOR

pytestmark = pytest.mark.browser
HERB = "level=herb&node=%E7%99%BD%E8%8A%8D"
LONG = "白芍|统 三十头以上 去皮 无硫 直条|安徽省亳州市谯城区|亳州"


@dataclass(frozen=True, slots=True)
class Shown:
    """A service with forecasts of four weeks and with warnings, and one without either."""

    base: str
    city: ForecastCity
    warnings: tuple[str, ...]

    def paths(self) -> tuple[str, ...]:
        forecast = "/index/bozhou/forecast"
        return (
            "/index", forecast, f"{forecast}?{HERB}", f"{forecast}?frequency=month",
            f"/index/bozhou/fitted?{HERB}&frequency=month", "/track-record",
            "/track-record?level=herb", "/track-record?frequency=month", "/warnings", "/warnings/none",
            "/desk/warnings", *(f"/warnings/{each}" for each in self.warnings),
        )  # fmt: skip


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    with forecast_city(tmp_path_factory.mktemp("shown"), host="127.0.0.1") as city, listener() as listening:
        for _ in range(3):
            city.forecast()
            city.reach(city.now + timedelta(days=7))
        city.forecast()
        city.forecast("month", "too_short")
        opened = warn(
            city.station,
            [
                sighting("growth-up", State.CRISIS, city.now, score=0.45),
                sighting("growth-down", State.ALERT, city.now, node="当归"),
                sighting("market-spread", State.ALERT, city.now, level="cell", node=LONG, score=1.4),
            ],
        )
        with answering(city.station, listening):
            yield Shown(f"http://127.0.0.1:{listening.getsockname()[1]}", city, tuple(opened))


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    folder = tmp_path_factory.mktemp("bare")
    with (
        forecast_city(folder, host="127.0.0.1") as city,
        listener() as listening,
        answering(city.station, listening),
    ):
        yield Shown(f"http://127.0.0.1:{listening.getsockname()[1]}", city, ())


def listener() -> socket.socket:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    return listening


@pytest.fixture(params=["shown", "bare"])
def either(request: pytest.FixtureRequest) -> Shown:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Shown)
    return found


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_screen(chromium: Browser, either: Shown, width: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 800}, locale="zh-CN")
    page = context.new_page()
    for path in either.paths():
        for query in ("lang=zh", "lang=en", "lang=zh&view=elder"):
            page.goto(f"{either.base}{path}{'&' if '?' in path else '?'}{query}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path + query
    context.close()


@pytest.mark.parametrize(
    ("device", "query", "named"),
    [("phone", "lang=zh&view=elder", "shown"), ("desk", "lang=en", "shown"), ("phone", "lang=zh", "bare")],
)
def test_axe_finds_no_serious_fault(
    request: pytest.FixtureRequest, named: str, device: str, query: str
) -> None:
    page, service = request.getfixturevalue(device).new_page(), request.getfixturevalue(named)
    for path in service.paths():
        page.goto(f"{service.base}{path}{'&' if '?' in path else '?'}{query}")
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        found = Axe().run(page).response["violations"]
        assert [each for each in found if each["impact"] in {"serious", "critical"}] == [], path


def test_a_reader_comes_from_the_index_to_the_forecast_and_its_record(
    phone: BrowserContext, shown: Shown
) -> None:
    page = phone.new_page()
    page.goto(f"{shown.base}/index")
    page.get_by_role("link", name="看预测的全部数字").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("亳州中药材试编价格指数预测")
    expect(page.get_by_text("未显示预测能力").first).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("已发布的指数与预测"))).to_be_visible()
    page.get_by_role("link", name="以往的预测准不准").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("预测成绩")
    expect(page.get_by_text("最多只有 3 个起点")).to_be_visible()


def test_the_forecast_is_saved_as_csv(desk: BrowserContext, shown: Shown) -> None:
    page = desk.new_page()
    page.goto(f"{shown.base}/index/bozhou/forecast?{HERB}")
    with page.expect_download() as saved:
        page.get_by_role("link", name="下载（CSV）").click()
    assert saved.value.suggested_filename == "bozhou-week-4.csv"


def test_a_regulator_acknowledges_at_the_desk_without_a_script(chromium: Browser, shown: Shown) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    station = shown.city.station
    cookie = somebody(station, "regulator", party=REGULATOR).cookie
    context.add_cookies([{"name": cookie_name(station.settings), "value": cookie, "url": shown.base}])
    page = context.new_page()
    page.goto(f"{shown.base}/desk/warnings")
    page.get_by_role("link", name="当归").first.click()
    page.get_by_role("button", name="签收").click()
    expect(page.get_by_role("status")).to_contain_text("已签收")
    shown.city.station.settle()
    page.goto(f"{shown.base}/warnings")
    expect(page.get_by_text("已签收", exact=True)).to_be_visible()
    context.close()


def test_no_script_and_nothing_from_elsewhere_is_needed(phone: BrowserContext, shown: Shown) -> None:
    complaints: list[str] = []
    asked: list[str] = []
    page = phone.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    for path in shown.paths():
        page.goto(shown.base + path)
    assert [text for text in complaints if "404" not in text] == []
    assert [url for url in asked if not url.startswith(shown.base)] == []


def test_in_the_elder_view_nothing_is_smaller_than_18_px(phone: BrowserContext, shown: Shown) -> None:
    page = phone.new_page()
    for path in ("/index/bozhou/forecast", "/track-record", f"/warnings/{shown.warnings[0]}", "/warnings"):
        page.goto(f"{shown.base}{path}?view=elder")
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        sizes = page.evaluate(
            """[...document.querySelectorAll('body *')].filter(e => !e.closest('svg'))
               .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
               .map(e => parseFloat(getComputedStyle(e).fontSize))"""
        )
        assert min(sizes) >= 18, path

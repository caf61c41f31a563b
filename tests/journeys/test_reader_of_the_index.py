"""A trader opens the index: the published value, its chart, and the same facts as a table."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, expect

from tests.journeys.conftest import Service

pytestmark = pytest.mark.browser


def test_the_page_shows_the_published_value(phone: BrowserContext, service: Service) -> None:
    page = phone.new_page()
    page.goto(f"{service.base}/index")
    released = phone.request.get(f"{service.base}/v1/releases/{service.city.release_id}").json()
    assert released["value"] == "950.00"
    expect(page.locator(".level strong")).to_have_text(released["value"])
    expect(page.get_by_text(released["input_digest"])).to_be_visible()


def test_the_chart_has_a_table_twin_with_the_same_last_value(phone: BrowserContext, service: Service) -> None:
    page = phone.new_page()
    page.goto(f"{service.base}/index")
    drawing = page.get_by_role("img", name=re.compile("走势"))
    expect(drawing).to_be_visible()
    page.get_by_text("看表格").click()
    expect(page.get_by_role("row", name="2025年6月30日 950.00")).to_be_visible()


@pytest.mark.parametrize(
    ("device", "shown", "hidden"), [("phone", "narrow", "wide"), ("desk", "wide", "narrow")]
)
def test_each_screen_gets_its_own_drawing(
    request: pytest.FixtureRequest, service: Service, device: str, shown: str, hidden: str
) -> None:
    page = request.getfixturevalue(device).new_page()
    page.goto(f"{service.base}/index")
    expect(page.locator(f"svg.chart.{shown}")).to_be_visible()
    expect(page.locator(f"svg.chart.{hidden}")).to_be_hidden()


def test_up_and_down_are_said_in_words_and_signs(phone: BrowserContext, service: Service) -> None:
    page = phone.new_page()
    page.goto(f"{service.base}/index")
    expect(
        page.get_by_role("region", name="涨得最多的药材").get_by_role(
            "row", name=re.compile("白芍.*\\+10.00 % 涨")
        )
    ).to_be_visible()
    expect(
        page.get_by_role("region", name="跌得最多的药材").get_by_role(
            "row", name=re.compile("当归.*−20.00 % 跌")
        )
    ).to_be_visible()


def test_the_values_can_be_saved_as_csv(phone: BrowserContext, service: Service) -> None:
    page = phone.new_page()
    page.goto(f"{service.base}/index")
    with page.expect_download() as saved:
        page.get_by_role("link", name="下载全部数值（CSV）").click()
    assert saved.value.suggested_filename == f"{service.city.release_id}.csv"


def test_a_reader_goes_down_from_the_composite_to_a_price_and_back(
    phone: BrowserContext, service: Service
) -> None:
    page = phone.new_page()
    page.goto(f"{service.base}/index")
    page.get_by_role("region", name="药用部位类别").get_by_role("link", name="根及根茎类").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("根及根茎类")
    page.get_by_role("region", name="药材").get_by_role("link", name="白芍").click()
    expect(page.locator(".level strong")).to_have_text("1,100.00")
    page.get_by_role("region", name="规格等级").get_by_role("link", name="白芍 统").click()
    expect(page.get_by_role("row", name=re.compile("亳州 安徽 44.00 44.00"))).to_be_visible()
    found = Axe().run(page).response["violations"]
    assert [each for each in found if each["impact"] in {"serious", "critical"}] == []
    page.get_by_role("navigation", name="所在位置").get_by_role("link", name="总指数").click()
    expect(page.locator(".level strong")).to_have_text("950.00")


def test_weeks_can_be_chosen_without_a_script(chromium: Browser, service: Service) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{service.base}/index/bozhou?level=herb&node=白芍")
    page.get_by_role("navigation", name="频率").get_by_role("link", name="周").click()
    expect(page.get_by_role("navigation", name="频率").locator("[aria-current]")).to_have_text("周")
    page.get_by_text("看表格").click()
    expect(page.get_by_role("row", name="2025年6月23日 1,100.00")).to_be_visible()
    context.close()


def test_every_format_can_be_saved_from_the_page(desk: BrowserContext, service: Service) -> None:
    page = desk.new_page()
    page.goto(f"{service.base}/index")
    for label, suffix in (("JSON", "json"), ("Parquet", "parquet"), ("SDMX-CSV", "sdmx.csv")):
        with page.expect_download() as saved:
            page.get_by_role("link", name=label, exact=True).click()
        assert saved.value.suggested_filename == f"{service.city.release_id}.{suffix}"


def test_the_bulletin_is_a_page_and_a_pdf(desk: BrowserContext, service: Service) -> None:
    page = desk.new_page()
    page.goto(f"{service.base}/index")
    page.get_by_role("link", name="本期公报").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("亳州中药材试编价格指数公报")
    printed = desk.request.get(f"{service.base}/index/{service.city.release_id}/bulletin.pdf")
    assert printed.body().startswith(b"%PDF-")


def test_a_drawing_is_saved_as_png_by_the_script_and_as_svg_without_it(
    desk: BrowserContext, chromium: Browser, service: Service
) -> None:
    page = desk.new_page()
    page.goto(f"{service.base}/index/bozhou/movers")
    with page.expect_download() as saved:
        page.get_by_role("button", name="PNG").click()
    assert saved.value.suggested_filename == "daodi-movers.png"
    picture = saved.value.path().read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 5000  # an empty drawing of that size is far smaller
    bare = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    without = bare.new_page()
    without.goto(f"{service.base}/index/bozhou/movers")
    expect(without.get_by_role("button", name="PNG")).to_have_count(0)
    with without.expect_download() as plain:
        without.get_by_role("link", name="SVG").click()
    assert plain.value.suggested_filename == "daodi-movers.svg"
    bare.close()


def test_movers_maps_comparison_and_vintages_are_walked_without_a_script(
    chromium: Browser, service: Service
) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{service.base}/index/bozhou")
    page.get_by_label(re.compile("找药材")).fill("baishao")
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("白芍")
    page.get_by_role("navigation", name="本系列的各页").get_by_role("link", name="涨跌榜").click()
    page.get_by_text("筛选").click()
    page.get_by_label("方向").select_option("down")
    page.get_by_role("button", name="查看").click()
    expect(
        page.get_by_role("region", name="跌得最多").get_by_role("row", name=re.compile("当归"))
    ).to_be_visible()
    expect(page.get_by_role("region", name="涨得最多")).to_have_count(0)
    page.get_by_role("navigation", name="本系列的各页").get_by_role("link", name="对比").click()
    page.get_by_role("textbox", name=re.compile("添加")).fill("当归")
    page.get_by_label("起点日").fill("2025-06-01")
    page.get_by_role("button", name="更新").click()
    expect(page.get_by_role("row", name=re.compile("2 当归.*−20.00 % 跌"))).to_be_visible()
    page.get_by_role("navigation", name="本系列的各页").get_by_role("link", name="版次与修订").click()
    expect(page.get_by_text("目前只有一个版次")).to_be_visible()
    context.close()


@pytest.mark.parametrize("view", ["", "view=elder", "lang=en"])
def test_no_page_of_the_index_has_a_serious_fault_or_is_wider_than_the_phone(
    phone: BrowserContext, service: Service, view: str
) -> None:
    page = phone.new_page()
    for path in (
        "/index", "/index/bozhou/movers", "/index/bozhou/heat", "/index/bozhou/vintages", "/index/compare",
        "/index/calendar", "/index/methodology", "/index/bozhou/find?asked=x",
    ):  # fmt: skip
        page.goto(f"{service.base}{path}{'&' if '?' in path else '?'}{view}")
        found = Axe().run(page).response["violations"]
        assert [(path, each["id"]) for each in found if each["impact"] in {"serious", "critical"}] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path

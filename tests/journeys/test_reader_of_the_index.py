"""A trader opens the index: the published value, its chart, and the same facts as a table."""

import re

import pytest
from playwright.sync_api import BrowserContext, expect

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

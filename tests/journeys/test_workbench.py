"""A cooperative's first day at the workbench, without a script; and every page of it on every screen."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.journeys.clerks import clerk_of
from tests.journeys.conftest import DESK, PHONE, Service
from tests.trace.season import COOP, MAKER, PHARMACY

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("service", ["sqlite"], indirect=True)]

PAGES = tuple(
    f"/workbench{below}"
    for below in (
        "",
        "/steps",
        "/steps/opening",
        "/steps/test",
        "/steps/paozhi",
        "/lots",
        "/lots/YP-1",
        "/receive",
        "/ship",
        "/labels",
        "/findings",
        "/notices",
        "/complaints",
        "/licences",
        "/places/new",
    )
)
VIEWS = ("?lang=zh", "?lang=en", "?lang=zh&view=elder", "?lang=en&view=elder")


def fill_in_stock(page: Page) -> None:
    """Type the first lot in: one line more than the form has, and once a mass that is none."""
    page.select_option("#place", "YARD")
    page.fill('[name="outputs.0.lot"]', "DG-1")
    page.fill('[name="outputs.0.mass"]', "许多")
    page.click('button[name="more"][value="outputs"]')
    page.fill('[name="outputs.1.lot"]', "DG-2")
    page.fill('[name="outputs.1.mass"]', "240")
    page.select_option('[name="outputs.1.unit"]', "斤")
    page.fill("#herb", "当归")
    page.click(".actions button[type=submit]")


def test_a_newcomer_is_led_to_lots_and_labels_without_a_script(chromium: Browser, service: Service) -> None:
    with clerk_of(chromium, service, COOP, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(service.base + "/workbench")
        assert page.locator(".guide .done").count() == 2  # registered, and a plot of the season
        page.goto(service.base + "/workbench/places/new")
        page.fill("#name", "晾晒场")
        page.fill("#place_id", "YARD")
        page.fill("#division", "621126")
        page.click("main button[type=submit]")
        page.goto(service.base + "/workbench/steps")
        page.get_by_role("link", name="期初库存", exact=True).click()
        fill_in_stock(page)
        beside = page.locator("#outputs .wrong")
        assert "许多" in beside.inner_text()
        assert page.input_value('[name="outputs.1.mass"]') == "240"
        page.fill('[name="outputs.0.mass"]', "300")
        page.click(".actions button[type=submit]")
        assert "/recorded/" in page.url
        assert page.locator("[data-recorded]").count() == 1
        page.locator("main").get_by_role("link", name="检验", exact=True).click()
        assert page.input_value('[name="lots.0.lot"]') == "DG-1"
        page.goto(service.base + "/workbench/lots")
        assert "120 公斤" in page.locator("tr", has_text="DG-2").inner_text()
        page.goto(service.base + "/workbench/labels?lot=DG-1")
        page.fill("#count", "24")
        page.click("main .actions button")
        assert page.locator(".preview img").evaluate("image => image.naturalWidth") > 0
        page.goto(service.base + "/workbench")
        assert page.locator(".guide .now").inner_text().startswith("登记第二步")


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desktop"])
def test_no_page_is_cut_off_too_small_or_faulty_for_a_screen_reader(
    chromium: Browser, service: Service, screen: dict[str, int]
) -> None:
    with clerk_of(chromium, service, MAKER, viewport=screen, has_touch=False, is_mobile=False) as context:
        page = context.new_page()
        faults = [fault for path in PAGES for fault in faults_of(page, service.base, path, screen["width"])]
    assert faults == []


def test_what_was_sent_by_another_firm_waits_at_the_pharmacy(chromium: Browser, service: Service) -> None:
    with clerk_of(chromium, service, PHARMACY) as context:
        page = context.new_page()
        page.goto(service.base + "/workbench/lots")
        page.get_by_role("link", name="YP-1").click()
        assert page.locator("svg.lineage").count() >= 1
        assert page.locator("h2", has_text="完整度").count() == 1


def faults_of(page: Page, base: str, path: str, width: int) -> Iterator[str]:
    """Yield what is wrong with a page in any view."""
    for view in VIEWS:
        page.goto(base + path + view)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            yield f"{path}{view} is wider than the screen"
        if "elder" in view and smallest_text(page) < 18:
            yield f"{path}{view} has text of {smallest_text(page)} px"
        if "elder" in view and smallest_button(page) < 59.5:
            yield f"{path}{view} has a target of {smallest_button(page)} px"
    for each in Axe().run(page).response["violations"]:
        if each["impact"] in ("serious", "critical"):
            yield f"{path}: {each['id']} {[node['html'][:120] for node in each['nodes'][:3]]}"


def smallest_text(page: Page) -> float:
    """Return the smallest size of any text shown, in CSS pixels."""
    return float(
        page.evaluate(
            """Math.min(...[...document.querySelectorAll('body *')]
            .filter(e => !e.closest('svg, option') && e.getClientRects().length &&
                [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
            .map(e => parseFloat(getComputedStyle(e).fontSize)))"""
        )
    )


def smallest_button(page: Page) -> float:
    """Return the least height of the main targets of a page, in CSS pixels."""
    return float(
        page.evaluate(
            """Math.min(999, ...[...document.querySelectorAll('main button, main a.button, main summary')]
            .filter(e => e.getClientRects().length && e.tabIndex >= 0)
            .map(e => e.getBoundingClientRect().height))"""
        )
    )

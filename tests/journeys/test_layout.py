"""Every page on every screen: nothing cut off, nothing too small, no serious fault for a screen reader.

How a page looks does not depend on the database, so this runs on SQLite alone.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext

from tests.journeys.conftest import Service

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("service", ["sqlite"], indirect=True)]


def paths(service: Service) -> tuple[str, ...]:
    release = service.city.release_id
    return (
        "/", f"/s/{service.city.codes[0]}", "/s/nothing", "/index", f"/index/{release}/bulletin", "/api-docs",
    )  # fmt: skip


def test_the_page_breaks_no_rule_of_its_security_policy(phone: BrowserContext, service: Service) -> None:
    complaints: list[str] = []
    page = phone.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    for path in paths(service):
        page.goto(service.base + path)
    assert [text for text in complaints if "404" not in text] == []


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_screen(chromium: Browser, service: Service, width: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    for path in paths(service):
        for query in ("?lang=zh", "?lang=en", "?lang=zh&view=elder", "?lang=en&view=elder"):
            page.goto(service.base + path + query)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path + query
    context.close()


def test_in_the_elder_view_nothing_is_smaller_than_18_px(phone: BrowserContext, service: Service) -> None:
    page = phone.new_page()
    page.goto(service.scan_page() + "?view=elder")
    sizes = page.evaluate(
        """[...document.querySelectorAll('body *')]
           .filter(e => !e.closest('svg') && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
           .map(e => parseFloat(getComputedStyle(e).fontSize))"""
    )
    assert min(sizes) >= 18
    for target in page.locator("header nav a, summary").all():
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 60


@pytest.mark.parametrize(
    ("device", "query"), [("phone", "?lang=zh"), ("desk", "?lang=en"), ("phone", "?lang=zh&view=elder")]
)
def test_axe_finds_no_serious_fault(
    request: pytest.FixtureRequest, service: Service, device: str, query: str
) -> None:
    page = request.getfixturevalue(device).new_page()
    for path in paths(service):
        page.goto(service.base + path + query)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        found = Axe().run(page).response["violations"]
        assert [each for each in found if each["impact"] in {"serious", "critical"}] == [], path

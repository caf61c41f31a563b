"""A person is invited, sets a password, adds a second factor, signs in and out, all without script."""

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from api.accounts import administering
from api.accounts.accounts import AccountNew
from api.accounts.roles import parse_roles
from api.clock import system_clock
from tests.journeys.conftest import PHONE, Service
from tests.trace.season import COOP

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("service", ["sqlite"], indirect=True)]

PASSWORD = "seven herbs in the drying yard"


def _invitation(service: Service, name: str, role: str, party: str | None) -> str:
    new = AccountNew(name=name, shown="发布员", roles=parse_roles([role]), party=party)
    link = administering.add(service.station, new).link
    assert link is not None
    return link


def _set_password(page: Page, link: str, query: str) -> None:
    page.goto(link + query)
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    page.click("main button")


def _look(page: Page, elder: bool) -> None:
    """Whatever page stands there: nothing too wide, no serious fault, nothing small for older readers."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.url
    if elder:
        sizes = page.evaluate(
            """[...document.querySelectorAll('body *')]
               .filter(e => !e.closest('svg'))
               .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
               .map(e => parseFloat(getComputedStyle(e).fontSize))"""
        )
        assert min(sizes) >= 18, page.url


def _serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [each["id"] for each in found if each["impact"] in {"serious", "critical"}]


@pytest.mark.parametrize("query", ["?lang=zh", "?lang=en", "?lang=zh&view=elder"])
def test_a_publisher_reaches_nothing_before_the_second_factor_and_signs_in_with_it_without_script(
    chromium: Browser, service: Service, query: str
) -> None:
    elder = "elder" in query
    name = f"publisher.{abs(hash(query))}"
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    _set_password(page, _invitation(service, name, "publisher", None), query)
    page.goto(f"{service.base}/sign-in{query}")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("main button")
    assert "/account/factor" in page.url
    _look(page, elder)
    assert context.request.get(f"{service.base}/v1/drafts").status == 403
    factor = pyotp.TOTP(page.locator("code.secret").inner_text().replace(" ", ""))
    page.fill("#code", factor.at(system_clock() // 1000))
    page.click("main form:not(.plain) button")
    _look(page, elder)
    assert page.locator(".codes li").count() == 10
    assert context.request.get(f"{service.base}/v1/drafts").status == 200
    page.goto(f"{service.base}/account{query}")
    _look(page, elder)
    page.locator("form[action*='/sign-out'] button").first.click()
    assert context.request.get(f"{service.base}/v1/drafts").status == 401

    page.goto(f"{service.base}/sign-in{query}")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("main button")
    assert "/sign-in/factor" in page.url
    page.fill("#code", "000000")
    page.click("main form:not(.plain) button")
    assert page.locator("[role=alert]").count() > 0
    _look(page, elder)
    context.close()


def test_the_pages_of_signing_in_have_no_serious_fault(chromium: Browser, service: Service) -> None:
    context = chromium.new_context(viewport=PHONE, locale="zh-CN")  # type: ignore[arg-type]
    page = context.new_page()
    link = _invitation(service, "clerk.looked.at", "clerk", COOP)
    page.goto(link)
    faults = {"invitation": _serious(page)}
    _set_password(page, link, "")
    page.goto(f"{service.base}/workbench")
    assert "/sign-in?next=" in page.url
    faults["sign in"] = _serious(page)
    page.fill("#name", "clerk.looked.at")
    page.fill("#password", "wrong wrong wrong wrong")
    page.click("main button")
    assert page.locator("[role=alert]").count() > 0
    page.fill("#password", PASSWORD)
    page.click("main button")
    assert page.url.endswith("/workbench")
    page.goto(f"{service.base}/account")
    faults["account"] = _serious(page)
    page.goto(f"{service.base}/account/factor")
    faults["factor"] = _serious(page)
    assert [name for name, found in faults.items() if found] == []
    context.close()

"""What each role finds at the doors of the others, in a browser on a phone and on a desktop screen."""

import pytest
from playwright.sync_api import Browser, expect

from tests.api.accounts_of import somebody
from tests.journeys.clerks import sign_in_as
from tests.journeys.conftest import DESK, PHONE, Service
from tests.trace.holding import REGULATOR, register_regulator
from tests.trace.season import MAKER

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("service", ["sqlite"], indirect=True)]

DOORS = {
    "/workbench": {"clerk", "operator"},
    "/workbench/paste": {"clerk", "operator"},
    "/desk": {"regulator", "operator"},
    "/desk/recalls": {"regulator", "operator"},
    "/desk/warnings": {"regulator", "viewer", "operator"},
    "/desk/quarantine": {"verifier", "operator"},
    "/operator/accounts": {"operator"},
    "/account": {"clerk", "collector", "verifier", "publisher", "regulator", "viewer", "operator"},
}
"""Who may open what, written by hand from the issue's roles and not read off the routes."""
ROLES = sorted(DOORS["/account"])
PARTIES = {"clerk": MAKER, "regulator": REGULATOR}


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_each_role_opens_its_own_doors_and_is_told_so_at_the_others(
    chromium: Browser, service: Service, size: dict[str, int]
) -> None:
    station = service.station
    station.writer.submit(lambda session: register_regulator(session, station.recorder, station.clock()))
    for role in ROLES:
        who = somebody(station, role, name=f"{role}.{size['width']}", party=PARTIES.get(role))
        context = chromium.new_context(viewport=size, locale="zh-CN", java_script_enabled=False)  # type: ignore[arg-type]
        sign_in_as(context, service, who.cookie)
        page = context.new_page()
        for path, roles in DOORS.items():
            answer = page.goto(f"{service.base}{path}")
            assert answer is not None
            assert answer.status == (200 if role in roles else 403), (role, path)
            assert page.locator("html").evaluate("node => node.scrollWidth") <= size["width"], (role, path)
            if role not in roles:
                expect(page.get_by_role("heading", level=1)).to_be_visible()
        context.close()


def test_nobody_is_led_to_sign_in_and_back(chromium: Browser, service: Service) -> None:
    page = chromium.new_context(locale="zh-CN", java_script_enabled=False).new_page()
    for path in DOORS:
        page.goto(f"{service.base}{path}")
        assert page.url.partition("?")[0] == f"{service.base}/sign-in", path
        assert f"next={path.replace('/', '%2F')}" in page.url or f"next={path}" in page.url

"""A consumer scans a pack: verdict, origin, way; on a phone, in two languages, without a script."""

import re
import time

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from api.scan_door import FRESH_SECONDS
from tests.journeys.conftest import PHONE, Service
from tests.trace.holding import hold

pytestmark = pytest.mark.browser

STAGES = [
    "种子种苗", "种植", "田间管理", "采收", "产地初加工", "检验", "拆分", "合并",
    "发货", "收货", "饮片炮制", "包装赋码", "发货", "收货", "销售",
]  # fmt: skip


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    answer = page.goto(address)
    assert answer is not None
    return page


def test_the_verdict_comes_first_then_origin_then_every_step_in_order(
    phone: BrowserContext, service: Service
) -> None:
    page = opened(phone, service.scan_page())
    verdict = page.get_by_role("heading", level=1)
    expect(verdict).to_have_text("登记相符")
    box = verdict.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < PHONE["height"] / 2
    expect(page.get_by_role("definition").filter(has_text="安徽省亳州市谯城区")).to_be_visible()
    assert page.locator("ol.way > li h3").all_inner_texts() == STAGES
    expect(page.get_by_role("row", name=re.compile("二氧化硫.*120.5 mg.kg.*400.*合格"))).to_be_visible()


def test_the_consumer_switches_to_english_and_back(phone: BrowserContext, service: Service) -> None:
    page = opened(phone, service.scan_page())
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Matches the record")
    assert page.locator("html").get_attribute("lang") == "en"
    expect(page.get_by_text("Qiaocheng, Bozhou, Anhui").first).to_be_visible()
    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登记相符")


def test_no_request_leaves_the_host(phone: BrowserContext, service: Service) -> None:
    asked: list[Request] = []
    page = phone.new_page()
    page.on("request", lambda request: asked.append(request))
    page.goto(service.scan_page(), wait_until="networkidle")
    page.goto(f"{service.base}/index", wait_until="networkidle")
    page.goto(f"{service.base}/api-docs", wait_until="networkidle")
    assert all(request.url.startswith(service.base) for request in asked)
    kinds = {request.resource_type for request in asked}
    # The scan page alone runs a script: it fetches the evidence and checks it on the phone.
    assert kinds <= {"document", "stylesheet", "image", "other", "script", "fetch"}


def test_without_a_script_everything_is_there(chromium: Browser, service: Service) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(service.scan_page())
    assert "登记相符" in page.inner_text("h1")
    page.click("text=怎样核验存证回执")
    assert page.is_visible("text=daodi verify evidence-")
    context.close()


def test_a_typed_code_leads_to_its_page(phone: BrowserContext, service: Service) -> None:
    page = opened(phone, service.base)
    page.get_by_label("包装上的追溯码").fill(service.city.codes[2].lower())
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登记相符")
    assert page.url == service.scan_page(2)


def test_an_unknown_code_says_what_to_do(phone: BrowserContext, service: Service) -> None:
    page = opened(phone, f"{service.base}/s/12345-ABCDE")
    expect(page.get_by_role("heading", level=1)).to_have_text("查无此码")
    expect(page.get_by_text("逐位核对追溯码")).to_be_visible()
    expect(page.get_by_label("包装上的追溯码")).to_be_visible()


def test_the_second_look_says_when_the_first_was(phone: BrowserContext, service: Service) -> None:
    page = opened(phone, service.scan_page(3))
    expect(page.get_by_text("这是这个码第一次被查询")).to_be_visible()
    service.station.scans.flush()
    time.sleep(FRESH_SECONDS)
    page.reload()
    expect(page.get_by_text("已被查询 1 次")).to_be_visible()


def test_a_label_read_by_many_devices_becomes_doubtful(chromium: Browser, service: Service) -> None:
    """Seven phones in networks of their own, as a proxy the service trusts tells it."""
    said = ""
    for number in range(7):
        via = {"X-Forwarded-For": f"10.0.{number}.1"}
        context = chromium.new_context(user_agent=f"phone-{number}", locale="zh-CN", extra_http_headers=via)
        page = opened(context, service.scan_page(4))
        said = page.inner_text("h1")
        context.close()
        time.sleep(2 * service.station.settings.scan_flush_seconds)
    assert said == "存疑"


def test_a_recall_shows_at_once(phone: BrowserContext, service: Service) -> None:
    page = opened(phone, service.scan_page(5))
    expect(page.get_by_role("heading", level=1)).to_have_text("登记相符")
    code, station = service.city.codes[5], service.station
    station.writer.submit(
        lambda session: hold(session, station.recorder, "code", code, "抽检不合格", station.clock())
    )
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("已冻结")
    expect(page.get_by_text("请勿使用。", exact=True)).to_be_visible()


def test_the_receipt_of_a_step_can_be_saved(phone: BrowserContext, service: Service) -> None:
    page = opened(phone, service.scan_page())
    with page.expect_download() as saved:
        page.locator("ol.way a").first.click()
    assert saved.value.suggested_filename.startswith("receipt-")

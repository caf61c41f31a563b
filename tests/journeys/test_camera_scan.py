"""A clerk reads codes with the phone's camera: decoded on the device, looked up, and put to use."""

import io
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import segno
from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys.clerks import clerk_of, film, until
from tests.journeys.conftest import Service
from tests.trace.season import PHARMACY

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("service", ["sqlite"], indirect=True)]

NATIVE = """window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect() { return [{rawValue: "%s"}]; }
};"""


@pytest.fixture(scope="module")
def filmed(
    chromium: Browser, service: Service, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """A browser whose camera sees three packs one after the other, the second of them twice."""
    codes = service.city.codes
    page = f"{service.base}/s/"
    shown = [page + codes[0], codes[1], codes[1].lower(), f"{page}{codes[2]}?lang=en"]
    video = film(tmp_path_factory.mktemp("film") / "packs.y4m", shown)
    browser = chromium.browser_type.launch(
        executable_path=shutil.which("chromium"),
        args=[
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={video}",
        ],
    )
    yield browser
    browser.close()


@contextmanager
def scanner(browser: Browser, service: Service, before: str = "") -> Iterator[tuple[BrowserContext, Page]]:
    with clerk_of(browser, service, PHARMACY, permissions=["camera"]) as context:
        page = context.new_page()
        if before:
            page.add_init_script(before)
        page.goto(f"{service.base}/workbench/scan?lang=zh")
        yield context, page


def test_many_codes_are_collected_each_once_by_the_decoder_of_our_own_origin(
    filmed: Browser, service: Service
) -> None:
    with scanner(filmed, service) as (_, page):
        fetched: list[str] = []
        page.on("request", lambda request: fetched.append(request.url))
        assert page.evaluate("'BarcodeDetector' in window") is False
        page.get_by_label("连续扫描多个码").check()
        page.get_by_role("button", name="打开摄像头").click()
        until(page, "document.getElementById('codes').value.split('\\n').length === 3")
        page.get_by_role("button", name="关闭摄像头").click()
        read = page.locator("#codes").input_value().split("\n")
        assert {each.upper() for each in read} == set(service.city.codes[:3])
        assert any(url.split("?")[0].endswith("/vendor/zxing-reader.wasm") for url in fetched)
        assert [url for url in fetched if not url.startswith(service.base)] == []
        page.get_by_role("button", name="查看", exact=True).click()
        assert page.get_by_role("heading", name="共 3 个码").is_visible()
        sell = page.get_by_role("link", name="销售（3）").get_attribute("href") or ""
        assert sell.startswith("/workbench/steps/sale?")
        assert all(code in sell for code in service.city.codes[:3])


def test_the_browsers_own_detector_is_used_where_there_is_one(filmed: Browser, service: Service) -> None:
    code = service.city.codes[4]
    with scanner(filmed, service, NATIVE % code) as (_, page):
        fetched: list[str] = []
        page.on("request", lambda request: fetched.append(request.url))
        page.get_by_role("button", name="打开摄像头").click()
        page.wait_for_url("**/workbench/scan?*codes=*")
        assert page.locator("table").get_by_role("link", name=code).is_visible()
        assert not any("zxing" in url for url in fetched)


def test_a_photo_is_read_where_there_is_no_camera(chromium: Browser, service: Service) -> None:
    picture = io.BytesIO()
    segno.make(f"{service.base}/s/{service.city.codes[5]}").save(picture, kind="png", scale=8)
    blank = io.BytesIO()
    segno.make("x").save(blank, kind="png", scale=1, dark="white")
    with clerk_of(chromium, service, PHARMACY) as context:
        page = context.new_page()
        page.goto(f"{service.base}/workbench/scan?lang=zh")
        page.get_by_role("button", name="打开摄像头").click()
        page.get_by_text(re.compile("没有得到摄像头的使用许可|没有找到可用的摄像头")).wait_for()
        choose = page.locator("[data-photo]")
        choose.set_input_files({"name": "b.png", "mimeType": "image/png", "buffer": blank.getvalue()})
        page.get_by_text("图片里没有认出码").wait_for()
        choose.set_input_files({"name": "p.png", "mimeType": "image/png", "buffer": picture.getvalue()})
        page.wait_for_url("**/workbench/scan?*codes=*")
        assert page.locator("table").get_by_role("link", name=service.city.codes[5]).is_visible()
        assert page.locator("table").get_by_text("YP-1").is_visible()


def test_only_the_scanner_may_compile_a_program_or_ask_for_the_camera(
    chromium: Browser, service: Service
) -> None:
    with clerk_of(chromium, service, PHARMACY) as context:
        paths = ("/workbench/scan", "/workbench/paste")
        asked = {path: context.request.get(service.base + path) for path in paths}
    scan, paste = asked["/workbench/scan"].headers, asked["/workbench/paste"].headers
    assert "'wasm-unsafe-eval'" in scan["content-security-policy"]
    assert "camera=(self)" in scan["permissions-policy"]
    assert "wasm" not in paste["content-security-policy"]
    assert "camera=()" in paste["permissions-policy"]
    assert "unsafe-inline" not in scan["content-security-policy"]


def test_typed_codes_are_looked_up_without_a_script(chromium: Browser, service: Service) -> None:
    code = service.city.codes[6]
    with clerk_of(chromium, service, PHARMACY, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{service.base}/workbench/scan?lang=en")
        page.locator("#codes").fill(f"{code}\n{code.lower()}\n0ABCD-EFGHJ")
        page.get_by_role("button", name="Look up").click()
        assert page.get_by_text("2 times").is_visible()
        assert page.get_by_text("Not found: 1").is_visible()
        assert page.get_by_role("link", name="sale (1)").is_visible()

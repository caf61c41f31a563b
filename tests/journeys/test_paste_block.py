"""A clerk pastes rows out of a spreadsheet, mends the wrong cells in place, and uploads a file with a bar."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Request, Route

from tests.journeys.clerks import clerk_of, no_draft_left, until
from tests.journeys.conftest import DESK, Service
from tests.trace.season import GROWER
from trace.projections import lots_named

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("service", ["sqlite"], indirect=True)]

PLAIN_HTTP = """delete Crypto.prototype.randomUUID;
delete window.caches;
delete Navigator.prototype.serviceWorker;
delete Navigator.prototype.locks;"""
"""What pages do without on plain http, and in web views of some years ago."""
HEADINGS = ("环节", "地点", "时间", "产出批次", "药材", "种子来源")


def row(lot: str, mass: str = "50公斤") -> tuple[str, ...]:
    return ("种子种苗", "PLOT", "2024-03-01 08:00", f"{lot}={mass}", "白芍", "自购")


def tsv(*rows: tuple[str, ...]) -> str:
    return "\n".join("\t".join(each) for each in (HEADINGS, *rows))


def lots(service: Service, *named: str) -> set[str]:
    with service.station.database.read() as session:
        return set(lots_named(session, named))


def test_a_wrong_cell_is_named_mended_in_place_and_the_whole_block_recorded(
    chromium: Browser, service: Service
) -> None:
    with clerk_of(chromium, service, GROWER, viewport=DESK) as context:
        page = context.new_page()
        page.goto(f"{service.base}/workbench/paste?lang=zh")
        page.locator("#block").fill(tsv(row("PB-1"), row("PB-2", "很多")))
        page.get_by_role("button", name="检查", exact=True).click()
        page.get_by_role("heading", name="2 行中有 1 行需要改正").wait_for()
        wrong = page.locator("input[aria-invalid=true]")
        assert wrong.input_value() == "PB-2=很多"
        described = page.locator(f"[id='{wrong.get_attribute('aria-describedby')}']")
        assert described.is_visible()
        assert lots(service, "PB-1", "PB-2") == set()
        wrong.fill("PB-2=5公斤")
        page.get_by_role("button", name="重新检查").click()
        page.get_by_text("可登记 2 行").wait_for()
        page.get_by_role("button", name="全部登记（2 行）").click()
        page.wait_for_url(re.compile("/workbench/paste/recorded"))
        no_draft_left(page)
        assert lots(service, "PB-1", "PB-2") == {"PB-1", "PB-2"}
        page.goto(f"{service.base}/workbench/drafts?lang=zh")
        page.locator("#no-drafts").wait_for()


def test_a_block_pasted_offline_with_a_mended_cell_is_sent_when_the_connection_is_back(
    chromium: Browser, service: Service
) -> None:
    with clerk_of(chromium, service, GROWER) as context:
        page = context.new_page()
        page.goto(f"{service.base}/workbench/paste?lang=zh")
        kept = (
            "async () => Boolean(await (await caches.open('daodi-pages')).match('/workbench/drafts?lang=zh'))"
        )
        until(page, kept)
        page.locator("#block").fill(tsv(row("PB-3"), row("PB-4", "很多")))
        page.get_by_role("button", name="检查", exact=True).click()
        page.locator("input[aria-invalid=true]").fill("PB-4=5公斤")
        page.get_by_text("已在本机保存草稿").wait_for()
        context.set_offline(True)
        page.get_by_role("button", name="全部登记").click()
        page.locator("#draft-list li[data-state=waiting]").wait_for()
        assert lots(service, "PB-3", "PB-4") == set()
        context.set_offline(False)
        page.locator("#no-drafts").wait_for()
        assert lots(service, "PB-3", "PB-4") == {"PB-3", "PB-4"}


def test_what_is_typed_before_the_script_came_is_kept_on_plain_http_too(
    chromium: Browser, service: Service
) -> None:
    with clerk_of(chromium, service, GROWER) as context:
        context.add_init_script(PLAIN_HTTP)
        page, broken, on_the_way = context.new_page(), list[str](), list[Route]()
        page.on("pageerror", lambda error: broken.append(error.message))
        page.route("**/static/drafts.js*", lambda route: on_the_way.append(route))
        page.goto(f"{service.base}/workbench/paste?lang=zh", wait_until="commit")
        page.locator("#block").fill(tsv(row("PB-5")))
        while not on_the_way:
            page.wait_for_timeout(20)
        on_the_way.pop().continue_()
        page.get_by_text("已在本机保存草稿").wait_for()
        page.unroute("**/static/drafts.js*")
        page.goto(f"{service.base}/workbench/paste?lang=zh")
        page.get_by_role("button", name="继续填写").click()
        until(page, "document.querySelector('#block').value.includes('PB-5')")
        assert re.fullmatch(
            r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", page.locator("[name=id]").input_value()
        )
        page.get_by_role("button", name="退出").click()
        page.wait_for_url(re.compile("/sign-in"))
        assert broken == []


def test_a_file_goes_up_with_a_bar_and_comes_back_as_a_report_that_can_be_kept(
    chromium: Browser, service: Service, tmp_path: Path
) -> None:
    headings = "环节,主体,地点,时间,产出批次,药材,种子来源"
    good, bad = (
        f"种子种苗,{GROWER},PLOT,2024-03-01 08:00,{lot},白芍,自购" for lot in ("UP-1=50公斤", "UP-2=很多")
    )
    file = tmp_path / "steps.csv"
    file.write_text("\n".join((headings, good, bad)) + "\n", "utf-8")
    with clerk_of(chromium, service, GROWER) as context:
        page = context.new_page()
        page.goto(f"{service.base}/workbench/upload?lang=zh")
        sent: list[Request] = []
        page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
        page.locator("#file").set_input_files(file)
        page.get_by_role("button", name="上传并登记").click()
        page.get_by_role("heading", name="有 1 处需要改正").wait_for()
        assert [request.resource_type for request in sent] == ["xhr"]
        assert lots(service, "UP-1") == set()
        with page.expect_download() as saved:
            page.get_by_role("link", name="下载报告（CSV）").click()
        [told] = csv.DictReader(io.StringIO(saved.value.path().read_text("utf-8-sig")))
        assert (told["row"], told["field"]) == ("3", "产出批次 outputs")
        page.locator("#file").set_input_files(file)
        page.get_by_label("有错误的行先跳过").check()
        page.get_by_role("button", name="上传并登记").click()
        page.get_by_text("没有错误的行已登记").wait_for()
        assert lots(service, "UP-1", "UP-2") == {"UP-1"}
        file.write_text("\n".join((headings, good)) + "\n", "utf-8")
        page.locator("#file").set_input_files(file)
        page.get_by_role("button", name="上传并登记").click()
        page.wait_for_url(re.compile("/workbench/upload/recorded"))
        assert "以前已登记" in page.locator("main").inner_text()

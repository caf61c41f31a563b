"""A grower fills in a step in the field without a connection: it is sent once when there is one again."""

import base64
import re
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from api.accounts.cookies import cookie_name
from tests.api.accounts_of import somebody
from tests.journeys.clerks import clerk_of, no_draft_left, sign_in_as, until
from tests.journeys.conftest import DESK, Service
from tests.trace.season import GROWER, MAKER
from trace.projections import lots_named

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("service", ["sqlite"], indirect=True)]

KEPT = """async (paths) => {
  const kept = await caches.open("daodi-pages");
  const found = await Promise.all(paths.map((path) => kept.match(path, {ignoreSearch: true})));
  return found.every(Boolean);
}"""
BIG = """async () => {
  const canvas = Object.assign(document.createElement("canvas"), {width: 2400, height: 1800});
  const context = canvas.getContext("2d");
  for (let at = 0; at < 400; at++) {
    context.fillStyle = `hsl(${at * 7}, 80%, 50%)`;
    context.fillRect((at * 97) % 2400, (at * 61) % 1800, 300, 200);
  }
  return canvas.toDataURL("image/jpeg", 0.95).split(",")[1];
}"""
CHOSEN = """async (selector) => {
  const [file] = document.querySelector(selector).files;
  const picture = await createImageBitmap(file);
  const text = await file.text();
  return {name: file.name, type: file.type, side: Math.max(picture.width, picture.height),
    exif: text.includes("Exif"), size: file.size};
}"""
LOSING = """() => {
  const real = window.fetch;
  Object.assign(window, {losing: true, lost: 0});
  window.fetch = async (address, options) => {
    const answer = await real(address, options);
    if (options.method !== "POST" || !window.losing) return answer;
    window.lost += 1;
    throw new TypeError("the server has it, the phone hears nothing");
  };
}"""
OF_ANOTHER = """([account, party]) => new Promise((done) => {
  const asked = indexedDB.open("daodi-work", 1);
  asked.onsuccess = () => {
    const put = asked.result.transaction("drafts", "readwrite");
    put.objectStore("drafts").put({id: "x", account, party, kind: "step", stage: "seed", title: "t",
      entries: [], faults: [], state: "open", changed: 1, action: "/", page: "/"});
    put.oncomplete = done;
  };
})"""


def opened_once(context: BrowserContext, service: Service, path: str) -> Page:
    """The page as it is when it was opened with a connection, and kept for without one."""
    page = context.new_page()
    page.goto(f"{service.base}{path}?lang=zh")
    until(page, KEPT, [path, "/workbench/drafts"])
    return page


def fill_seed(page: Page, lot: str) -> None:
    page.locator("#place").select_option("PLOT")
    page.locator("#time").fill("2024-03-01T08:00")
    page.locator('[name="outputs.0.lot"]').fill(lot)
    page.locator('[name="outputs.0.mass"]').fill("50")
    page.locator("#herb").fill("白芍")
    page.locator("#seed_source").select_option("purchased")


def grams(service: Service, *lots: str) -> dict[str, int]:
    with service.station.database.read() as session:
        return {name: lot.grams_in or 0 for name, lot in lots_named(session, lots).items()}


def test_a_step_filled_in_offline_is_recorded_once_though_the_first_answer_is_lost(
    chromium: Browser, service: Service
) -> None:
    with clerk_of(chromium, service, GROWER) as context:
        page = opened_once(context, service, "/workbench/steps/seed")
        context.set_offline(True)
        page.reload()
        fill_seed(page, "OFF-1")
        page.get_by_role("button", name="再加").first.click()
        page.locator('[name="outputs.1.lot"]').wait_for()
        page.locator('[name="outputs.1.lot"]').fill("OFF-2")
        page.locator('[name="outputs.1.mass"]').fill("5")
        page.locator("p.actions button[type=submit]").click()
        waiting = page.locator("#draft-list li[data-state=waiting]")
        waiting.wait_for()
        assert "OFF-1" in waiting.inner_text()
        assert page.get_by_text("现在没有网络").is_visible()
        assert grams(service, "OFF-1", "OFF-2") == {}

        page.evaluate(LOSING)
        context.set_offline(False)
        until(page, "window.lost > 0")
        assert waiting.is_visible()
        assert grams(service, "OFF-1", "OFF-2") == {"OFF-1": 50_000, "OFF-2": 5_000}
        page.evaluate("() => { window.losing = false; document.querySelector('[data-send-now]').click(); }")
        page.locator("#no-drafts").wait_for()
        assert grams(service, "OFF-1", "OFF-2") == {"OFF-1": 50_000, "OFF-2": 5_000}


def test_a_draft_is_offered_again_comes_back_with_its_faults_and_is_no_other_partys(
    chromium: Browser, service: Service
) -> None:
    with clerk_of(chromium, service, GROWER) as context:
        page = opened_once(context, service, "/workbench/steps/seed")
        fill_seed(page, "OFF-3")
        page.locator('[name="outputs.0.mass"]').fill("很多")
        page.get_by_text("已在本机保存草稿").wait_for()
        page.goto(f"{service.base}/workbench/steps/seed?lang=zh")
        page.get_by_role("button", name="继续填写").click()
        until(page, "document.querySelector('[name=\"outputs.0.lot\"]')?.value === 'OFF-3'")
        context.set_offline(True)
        page.locator("p.actions button[type=submit]").click()
        page.locator("#draft-list li[data-state=waiting]").wait_for()
        context.set_offline(False)
        refused = page.locator("#draft-list li[data-state=refused]")
        refused.wait_for()
        assert refused.locator("[data-faults] li").count() >= 1
        refused.get_by_role("link", name="打开修改").click()
        until(page, "document.querySelector('[name=\"outputs.0.lot\"]')?.value === 'OFF-3'")
        page.locator('[name="outputs.0.mass"]').fill("7")
        page.locator("p.actions button[type=submit]").click()
        page.wait_for_url(re.compile("/recorded/"))
        no_draft_left(page)
        assert grams(service, "OFF-3") == {"OFF-3": 7_000}
        page.goto(f"{service.base}/workbench/drafts?lang=zh")
        page.locator("#no-drafts").wait_for()
        page.evaluate(OF_ANOTHER, [page.locator("#main").get_attribute("data-account"), MAKER])
        page.reload()
        page.locator("#no-drafts").wait_for()


def test_signing_out_empties_what_was_kept_of_the_pages(chromium: Browser, service: Service) -> None:
    with clerk_of(chromium, service, GROWER, viewport=DESK) as context:
        page = opened_once(context, service, "/workbench/steps/harvest")
        page.get_by_role("button", name="退出").click()
        page.wait_for_url(re.compile("/sign-in"))
        until(page, f"async (paths) => !await ({KEPT})(paths)", ["/workbench/steps/harvest"])


def test_a_step_typed_by_one_clerk_is_never_sent_by_another_of_the_firm(
    chromium: Browser, service: Service
) -> None:
    with clerk_of(chromium, service, GROWER) as context:
        [first] = [
            each for each in context.cookies() if each["name"] == cookie_name(service.station.settings)
        ]
        page = opened_once(context, service, "/workbench/steps/seed")
        context.set_offline(True)
        fill_seed(page, "OFF-4")
        page.locator("p.actions button[type=submit]").click()
        page.locator("#draft-list li[data-state=waiting]").wait_for()
        colleague = somebody(service.station, "clerk", name="colleague", party=GROWER)
        sign_in_as(context, service, colleague.cookie)
        with page.expect_response(re.compile("/workbench/drafts")):  # the page left open asks who is here now
            context.set_offline(False)
        theirs = context.new_page()
        theirs.goto(f"{service.base}/workbench/drafts?lang=zh")
        theirs.locator("#no-drafts").wait_for()
        until(theirs, f"async (paths) => !await ({KEPT})(paths)", ["/workbench/steps/seed"])
        theirs.goto(f"{service.base}/workbench/steps/seed?lang=zh")
        fill_seed(theirs, "OFF-5")
        theirs.locator("p.actions button[type=submit]").click()
        theirs.wait_for_url(re.compile("/recorded/"))
        assert grams(service, "OFF-4", "OFF-5") == {"OFF-5": 50_000}
        sign_in_as(context, service, first["value"])
        page.bring_to_front()
        page.locator("#no-drafts").wait_for()
        assert grams(service, "OFF-4") == {"OFF-4": 50_000}


def test_a_form_opened_twice_offline_never_suggests_the_same_lot(chromium: Browser, service: Service) -> None:
    with clerk_of(chromium, service, GROWER) as context:
        page = opened_once(context, service, "/workbench/steps/seed")
        lot = page.locator('[name="outputs.0.lot"]')
        suggested = [lot.input_value()]
        context.set_offline(True)
        for _ in range(2):
            page.reload()
            suggested.append(lot.input_value())
        assert len(set(suggested)) == 3
        assert {re.sub(r"-\d{6}-[0-9A-F]{4}$", "", each) for each in suggested} == {"SE"}


def test_a_photo_is_made_small_on_the_device_and_loses_its_position(
    chromium: Browser, service: Service
) -> None:
    with clerk_of(chromium, service, GROWER) as context:
        page = context.new_page()
        page.goto(f"{service.base}/workbench/steps/seed?lang=zh")
        plain = base64.b64decode(page.evaluate(BIG))
        note = b"Exif\0\0GPSLatitude 33.87"
        photo = plain[:2] + b"\xff\xe1" + (len(note) + 2).to_bytes(2, "big") + note + plain[2:]
        page.locator("#photos").set_input_files(
            {"name": "field.jpeg", "mimeType": "image/jpeg", "buffer": photo}
        )
        page.get_by_text("位置信息已去除").wait_for()
        chosen: dict[str, Any] = page.evaluate(CHOSEN, "#photos")
        assert (chosen["name"], chosen["type"], chosen["side"]) == ("field.jpg", "image/jpeg", 1600)
        assert (b"Exif" in photo, chosen["exif"]) == (True, False)
        assert chosen["size"] < len(photo)

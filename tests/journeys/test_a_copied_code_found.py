"""One label is copied onto many packs: scans find it, the PIN tells packs apart, a buyer complains."""

import csv
import io
import re
import time
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.town import Town, firm
from tests.journeys.trade import assayed, dried, packed, sliced

pytestmark = pytest.mark.browser

GROWER = firm(1, "十九里白芍合作社", "grower", "PLOT")
MAKER = firm(2, "亳州饮片厂", "slice_maker", "WORKS", "production", "distribution")
BEIJING, SHANGHAI, GUANGZHOU = "192.0.2", "198.51.100", "203.0.113"
"""The first three bytes of networks in three cities."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Packs in the trade, and the secret digits under their scratch layers."""

    town: Town
    pins: dict[str, str]

    @property
    def codes(self) -> list[str]:
        return list(self.pins)


@pytest.fixture(scope="module")
def labels(town: Town) -> Labels:
    """Ten packs with labels and PINs, as the maker had them printed."""
    town.join(GROWER, MAKER)
    dried(town, GROWER, "BS", 20_000, "2022-08-20")
    town.handed_over("BS", GROWER, MAKER, "2022-08-22 08:00")
    sliced(town, MAKER, "BS", "YP", 18_000, "2022-08-25 09:00")
    assayed(town, MAKER, "YP", "2022-08-26 09:00")
    packed(town, MAKER, "YP", 10, 500, "2022-08-27 09:00")
    (batch,) = town.read("/v1/code-batches", town.clerk(MAKER))["batches"]
    path = f"/v1/code-batches/{batch['batch']}/labels.csv?pins=true"
    printed = town.client.get(path, headers=town.clerk(MAKER)).text
    rows = csv.DictReader(io.StringIO(printed.lstrip("\ufeff")))
    return Labels(town, {row["code"].replace("-", ""): row["pin"] for row in rows})


def scan(town: Town, code: str, address: str, agent: str) -> str:
    """Open the scan page as a phone behind the trusted proxy would; return the verdict it shows."""
    headers = {"X-Forwarded-For": address, "User-Agent": agent}
    answer = town.client.get(f"/s/{code}", params={"lang": "zh"}, headers=headers)
    assert answer.status_code == 200
    return answer.text.partition("<h1>")[2].partition("</h1>")[0]


def copied(town: Town, code: str) -> None:
    """Buyers in three cities scan the same label; scans are counted within a moment."""
    for network in (BEIJING, SHANGHAI, GUANGZHOU):
        scan(town, code, f"{network}.7", f"phone in {network}")
    for _ in range(100):
        if town.read(f"/v1/codes/{code}")["reasons"]:
            return
        time.sleep(0.05)
    pytest.fail("three scans from three cities were not counted within five seconds")


def test_one_buyer_with_one_phone_makes_no_pack_doubtful(labels: Labels) -> None:
    code = labels.codes[0]
    said = [scan(labels.town, code, f"{BEIJING}.{number}", f"browser {number}") for number in range(1, 12)]
    assert set(said) == {"登记相符"}


def test_a_label_scanned_in_three_cities_is_doubtful_and_says_why(
    labels: Labels, phone: BrowserContext
) -> None:
    code = labels.codes[1]
    copied(labels.town, code)
    assert labels.town.read(f"/v1/codes/{code}")["reasons"][0]["rule"] == "scan.copied"
    page = labels.town.opened(phone, f"/s/{code}?lang=zh")
    expect(page.get_by_role("heading", level=1)).to_have_text("存疑")
    expect(page.get_by_text("标签可能被复制").first).to_be_visible()
    assert scan(labels.town, labels.codes[9], f"{BEIJING}.9", "another pack") == "登记相符"


def try_pin(town: Town, context: BrowserContext, code: str, pin: str) -> Page:
    """Follow the link on the scan page, type the digits, and send them."""
    page = town.opened(context, f"/s/{code}?lang=zh")
    page.get_by_role("link", name="核对防伪密码").click()
    page.get_by_role("textbox", name="防伪密码").fill(pin)
    page.get_by_role("button", name="核对").click()
    return page


def test_the_pin_acquits_the_pack_that_has_it_and_not_its_copies(
    labels: Labels, phone: BrowserContext
) -> None:
    code = labels.codes[2]
    copied(labels.town, code)
    pin = labels.pins[code]
    guessed = f"{(int(pin.replace(' ', '')) + 1) % 10**8:08}"
    page = try_pin(labels.town, phone, code, guessed)
    expect(page.get_by_role("heading", level=1)).to_have_text("密码不符")
    page = try_pin(labels.town, phone, code, pin)
    expect(page.get_by_role("heading", level=1)).to_have_text("密码相符")
    expect(page.get_by_text("此前没有人核对过")).to_be_visible()
    page = try_pin(labels.town, phone, code, pin)
    expect(page.get_by_text("此前已核对过 1 次")).to_be_visible()
    page.get_by_role("link", name="返回").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("存疑")


def test_a_buyer_complains_the_maker_answers_and_the_regulator_decides(
    labels: Labels, phone: BrowserContext
) -> None:
    town, code = labels.town, labels.codes[3]
    copied(town, code)
    number = complain(town, phone, code)
    (listed,) = town.read("/v1/complaints", town.inspector("张科"), party=MAKER.uscc)["complaints"]
    assert (listed["complaint"], listed["status"], listed["lot"]) == (number, "filed", "YP")
    reply = {"words": "该码的标签被人拍照复制，正品在我厂库房"}
    town.sent(f"/v1/complaints/{number}/answer", reply, town.clerk(MAKER))
    decision: dict[str, Any] = {"upheld": True, "points": 2, "reason": "标签管理不善，被他人复制"}
    town.sent(f"/v1/complaints/{number}/decision", decision, town.inspector("张科"))
    shown = town.client.get(f"/v1/complaints/{number}")
    assert (shown.json()["status"], shown.json()["points"]) == ("upheld", 2)
    assert "味道不对" not in shown.text


def complain(town: Town, context: BrowserContext, code: str) -> str:
    """Fill the form in on the phone and return the number of the complaint."""
    page = town.opened(context, f"/s/{code}?lang=zh")
    page.get_by_role("link", name="投诉举报").click()
    page.get_by_label("哪一类问题").select_option(label="假冒或套用追溯码")
    page.get_by_label("发生了什么").fill("在小店买的，味道不对，扫码说存疑")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已收到投诉")
    found = re.search(r"complaint-[0-9a-f]{32}", page.content())
    assert found is not None
    return found[0]

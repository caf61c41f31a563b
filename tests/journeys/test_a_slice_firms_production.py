"""A slice firm makes 蜜炙黄芪: herb and honey by lot, the method kept to, tests, labels, PINs, activation."""

import csv
import io
from dataclasses import dataclass
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import BrowserContext, expect

from tests.journeys.town import Town, firm, rules
from tests.journeys.trade import assayed, dried, packed, sliced

pytestmark = pytest.mark.browser

GROWER = firm(1, "岷县黄芪合作社", "grower", "PLOT", division="621126")
MAKER = firm(2, "亳州饮片厂", "slice_maker", "WORKS", "production", "distribution")
HERB, HONEY = "黄芪", "炼蜜"
METHOD = {"method": "净选，切厚片，蜜炙", "thickness_mm": "3", "temperature_c": "120", "minutes": "15"}
WASHED, KILOS = 100_000, 25_000
"""Grams of herb and of honey in a batch that keeps to the method: 25 kg for 100 kg."""
MADE, PACKS, GRAMS = 108_000, 24, 250


@dataclass(frozen=True, slots=True)
class Made:
    """The firm's stock once a batch of slices is made and its labels are ordered."""

    town: Town
    paozhi: dict[str, Any]
    """What recording the batch answered."""
    batch: str
    """The codes that were ordered."""


@pytest.fixture(scope="module")
def made(town: Town) -> Made:
    """ZHI-1 is made of herb and honey, tested, and 24 labels for it are ordered and printed."""
    town.join(GROWER, MAKER)
    for number in (1, 2):
        dried(town, GROWER, f"HQ-{number}", WASHED, f"2022-09-{number + 9}", HERB)
    for number in (1, 2):
        town.handed_over(f"HQ-{number}", GROWER, MAKER, f"2022-09-{number + 14} 08:00")
    honey = [{"lot": "MI-1", "grams": 60_000, "herb": HONEY, "form": "excipient"}]
    town.step(MAKER, "purchase", "2022-09-18 09:00", outputs=honey, fields={"other_code": "蜂场-77"})
    paozhi = fried(town, "HQ-1", "ZHI-1", KILOS, "2022-09-20 09:00")
    assayed(town, MAKER, "ZHI-1", "2022-09-21 09:00", sulphur="12")
    asked = {"party": MAKER.uscc, "count": PACKS}
    batch = town.sent("/v1/codes", asked, town.clerk(MAKER))["batch"]
    return Made(town, paozhi, batch)


def fried(town: Town, herb: str, lot: str, honey: int, time: str, **fields: str) -> Any:
    """Slices of one lot of herb stir-baked with honey."""
    more = [{"lot": "MI-1", "grams": honey}]
    return sliced(town, MAKER, herb, lot, MADE, time, more=more, fields=METHOD | fields)


def labels(made: Made) -> list[dict[str, str]]:
    """The list for the firm's label printer, with the PINs for the scratch layer."""
    path = f"/v1/code-batches/{made.batch}/labels.csv"
    asked = {"pins": "true", "lot": "ZHI-1", "grams": str(GRAMS)}
    answer = made.town.client.get(path, params=asked, headers=made.town.clerk(MAKER))
    assert answer.is_success, answer.text
    return list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))


def test_the_method_was_kept_to_and_the_honey_is_no_herb(made: Made) -> None:
    assert [rule for rule in rules(made.paozhi) if rule.startswith("paozhi.")] == []
    way = made.town.read("/v1/lots/ZHI-1/lineage")
    honey = next(each for each in way["lots"] if each["lot"] == "MI-1")
    assert (honey["form"]["key"], honey["herb"]) == ("excipient", HONEY)
    story = made.town.read("/v1/lots/ZHI-1")
    assert story["herb"] == HERB
    told = next(step for step in story["steps"] if step["stage"]["key"] == "paozhi")
    assert {(each["lot"], each["grams"]) for each in told["inputs"]} == {("HQ-1", WASHED), ("MI-1", KILOS)}


def test_a_batch_that_departs_from_the_method_is_flagged_with_both_numbers(made: Made) -> None:
    told = fried(made.town, "HQ-2", "ZHI-2", 12_000, "2022-09-22 09:00", thickness_mm="6")
    found = {each["rule"]: each["message"] for each in told["findings"]}
    assert {"paozhi.excipient_ratio", "paozhi.thickness"} <= set(found)
    assert all(number in found["paozhi.excipient_ratio"] for number in ("12", "25"))
    assert "2–4" in found["paozhi.thickness"]


def test_a_batch_that_failed_its_test_cannot_be_packed(made: Made) -> None:
    goods = [{"lot": "ZHI-3", "grams": 10_000, "herb": HERB, "form": "slice"}]
    made.town.step(MAKER, "opening", "2022-09-22 10:00", outputs=goods)
    assayed(made.town, MAKER, "ZHI-3", "2022-09-22 11:00", sulphur="151")
    refused = made.town.told(
        MAKER, "pack", "2022-09-22 12:00", inputs=[{"lot": "ZHI-3"}], packs=4, grams_per_pack=GRAMS
    )
    assert refused.status_code == 409
    assert "ZHI-3" in refused.text


def test_codes_answer_nothing_until_the_packing_that_activates_them(
    made: Made, phone: BrowserContext
) -> None:
    town, printed = made.town, labels(made)
    codes = [row["code"].replace("-", "") for row in printed]
    first = town.opened(phone, f"/s/{codes[0]}?lang=zh")
    expect(first.get_by_role("heading", level=1)).to_have_text("未激活")
    _printed_and_one_spoiled(made, codes)
    goods = packed(
        town, MAKER, "ZHI-1", PACKS - 1, GRAMS, "2022-09-25 09:00",
        batch=made.batch, fields={"expiry_date": "2024-09-24", "packaging": "复合膜"},
    )  # fmt: skip
    assert set(goods.codes) == set(codes[:-1])
    page = town.opened(phone, f"/s/{codes[0]}?lang=zh")
    expect(page.get_by_role("heading", level=1)).to_have_text("登记相符")
    expect(page.get_by_text("MI-1").first).to_be_visible()
    spoiled = town.opened(phone, f"/s/{codes[-1]}?lang=zh")
    expect(spoiled.get_by_role("heading", level=1)).to_have_text("未激活")
    expect(spoiled.get_by_text("印废").first).to_be_visible()
    checked = town.sent(f"/v1/codes/{codes[0]}/pin-checks", {"pin": printed[0]["pin"]})
    assert (checked["outcome"]["key"], checked["matched_before"]) == ("matches", 0)
    counts = town.read(f"/v1/code-batches/{made.batch}", town.clerk(MAKER))["counts"]
    assert (counts["activated"], counts["spoiled"]) == (PACKS - 1, 1)


def _printed_and_one_spoiled(made: Made, codes: list[str]) -> None:
    """The labels come off the printer; the last one is torn."""
    for status, named in (
        ("printed", {"first": codes[0], "last": codes[-1]}),
        ("spoiled", {"codes": codes[-1:]}),
    ):
        body = {"party": MAKER.uscc, "reason": "torn"} | named
        made.town.sent(f"/v1/codes/{status}", body, made.town.clerk(MAKER))


def test_the_label_as_drawn_leads_a_camera_to_the_page_of_its_pack(made: Made, desk: BrowserContext) -> None:
    asked = {"lot": "ZHI-1", "grams": str(GRAMS), "form": "roll-60x40"}
    path = f"/v1/code-batches/{made.batch}/labels.svg"
    drawn = made.town.client.get(path, params=asked, headers=made.town.clerk(MAKER))
    assert drawn.is_success, drawn.text
    page = desk.new_page()
    page.set_content(drawn.text)
    picture = Image.open(io.BytesIO(page.locator("svg").screenshot(scale="device")))
    (read,) = zxingcpp.read_barcodes(picture.resize((picture.width * 3, picture.height * 3)))
    code = labels(made)[0]["code"].replace("-", "")
    assert read.text.endswith(f"/s/{code}")
    assert made.town.client.get(read.text).status_code == 200

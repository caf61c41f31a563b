"""2,500 kg were typed for 250 kg, and it is found out after the sale: what follows, and what stays."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys.conftest import ON_BOTH_DATABASES
from tests.journeys.town import Town, firm, moment, rules
from tests.journeys.trade import assayed, packed, sliced

pytestmark = [pytest.mark.browser, ON_BOTH_DATABASES]

TRADER = firm(1, "亳州药材行", "trader", "STORE")
MAKER = firm(2, "亳州饮片厂", "slice_maker", "WORKS", "production", "distribution")
PHARMACY = firm(3, "朝阳大药房", "user", "COUNTER", "distribution", division="110105")
OTHER = firm(4, "太和药材行", "trader", "STALL")
TYPED, TRUE = 2_500_000, 250_000
"""Grams: what the buyer typed, and what the scales had shown."""


@dataclass(frozen=True, slots=True)
class Sold:
    """The town once the goods are sold on and nobody has noticed."""

    town: Town
    bought: str
    """Step of the purchase."""
    statement: str
    oversale: str
    """Step of the sale of goods that only the books had."""
    codes: tuple[str, ...]


def purchase(grams: int) -> dict[str, Any]:
    """The purchase from a seller who is not registered here, with the weight as typed."""
    return {
        "stage": "purchase",
        "party": TRADER.uscc,
        "place": "STORE",
        "time": moment("2022-08-20 09:00").isoformat(),
        "outputs": [{"lot": "BS", "grams": grams, "herb": "白芍", "form": "herb", "grade": "统"}],
        "fields": {"other_code": "东坡-7", "price_fen_per_kg": 4_200},
    }


@pytest.fixture(scope="module")
def sold(town: Town) -> Sold:
    """BS is bought, 200 kg of it cut, packed and sold to consumers; then 300 kg sold that never were."""
    town.join(TRADER, MAKER, PHARMACY, OTHER)
    town.calendar.reach(moment("2022-08-20 10:00"))
    bought = town.sent("/v1/steps", purchase(TYPED), town.clerk(TRADER))
    town.step(
        TRADER,
        "split",
        "2022-08-22 09:00",
        inputs=[{"lot": "BS", "grams": 200_000}],
        outputs=[{"lot": "BS-1", "grams": 200_000}],
    )
    town.handed_over("BS-1", TRADER, MAKER, "2022-08-23 08:00")
    sliced(town, MAKER, "BS-1", "YP", 170_000, "2022-08-26 09:00")
    assayed(town, MAKER, "YP", "2022-08-27 09:00")
    goods = packed(town, MAKER, "YP", 300, 500, "2022-08-28 09:00")
    some = list(goods.codes[:40])
    town.step(MAKER, "ship", "2022-08-29 09:00", codes=some, counterparty=PHARMACY.uscc)
    town.step(PHARMACY, "receive", "2022-08-30 09:00", codes=some, counterparty=MAKER.uscc)
    town.step(PHARMACY, "sale", "2022-09-01 09:00", codes=some[:2], fields={"channel": "retail"})
    more = town.step(
        TRADER, "sale", "2022-09-05 09:00", lots=[{"lot": "BS", "grams": 300_000}], counterparty=OTHER.uscc
    )
    assert "balance.oversold" not in rules(more)
    town.station.settle()
    return Sold(town, bought["step"], bought["statement_id"], more["step"], goods.codes)


@pytest.fixture(scope="module")
def corrected(sold: Sold) -> dict[str, Any]:
    """The trader counts its store, finds the slip, and declares the purchase wrong."""
    sold.town.calendar.reach(moment("2022-09-20 09:00"))
    asked = {"reason": "incorrect_data", "instead": purchase(TRUE), "note": "多打了一个零"}
    found: dict[str, Any] = sold.town.sent(
        f"/v1/steps/{sold.bought}/corrections", asked, sold.town.clerk(TRADER)
    )
    sold.town.station.settle()
    return found


def own(town: Town, lot: str) -> dict[str, Any]:
    """Return how a lot stands."""
    return dict(town.read(f"/v1/lots/{lot}/lineage")["lots"][0])


def test_the_balance_follows_and_the_sale_of_goods_nobody_had_is_named(
    sold: Sold, corrected: dict[str, Any]
) -> None:
    herb = own(sold.town, "BS")
    assert (herb["grams_in"], herb["grams_loose"]) == (TRUE, TRUE - 200_000)
    (broken,) = corrected["findings"]
    assert (broken["step"], broken["finding"]["rule"]) == (sold.oversale, "correction.balance")
    assert "300000" in broken["finding"]["message"]
    for lot in ("BS-1", "YP"):
        assert own(sold.town, lot)["grams_in"] == {"BS-1": 200_000, "YP": 170_000}[lot]


def test_the_story_shows_the_wrong_weight_as_wrong(
    sold: Sold, corrected: dict[str, Any], phone: BrowserContext
) -> None:
    page = sold.town.opened(phone, f"/s/{sold.codes[0]}?lang=zh")
    wrong = page.locator("ol.way > li.corrected")
    expect(wrong).to_have_count(1)
    expect(wrong).to_contain_text("BS（2.5 吨）")
    expect(wrong).to_contain_text("数据有误")
    right = page.locator("ol.way > li:not(.corrected)", has_text="BS（250 公斤）")
    expect(right.first).to_contain_text("收购")
    expect(page.get_by_role("heading", level=1)).to_have_text("登记相符")
    assert corrected["corrective"] in {step["step"] for step in story(sold)["steps"]}


def story(sold: Sold) -> dict[str, Any]:
    return dict(sold.town.read(f"/v1/codes/{sold.codes[0]}"))


def test_the_old_statement_stays_in_the_log(sold: Sold, corrected: dict[str, Any]) -> None:
    receipt = sold.town.client.get(f"/v1/receipts/{sold.statement}")
    assert receipt.status_code == 200, receipt.text
    events = sold.town.read(f"/v1/events/{sold.bought}")["epcisBody"]["queryResults"]["resultsBody"]
    first, declared = events["eventList"]
    assert "errorDeclaration" not in first
    assert str(TYPED // 1000) in json.dumps(first)
    error = declared["errorDeclaration"]
    assert corrected["corrective"] in str(error["correctiveEventIDs"])


def test_sent_again_the_same_correction_answers_the_same(sold: Sold, corrected: dict[str, Any]) -> None:
    asked = {"reason": "incorrect_data", "instead": purchase(TRUE), "note": "多打了一个零"}
    address = f"/v1/steps/{sold.bought}/corrections"
    again = sold.town.sent(address, asked, sold.town.clerk(TRADER))
    assert (again["corrective"], again["replayed"]) == (corrected["corrective"], True)
    other = asked | {"instead": purchase(TRUE + 1)}
    refused = sold.town.client.post(address, json=other, headers=sold.town.clerk(TRADER))
    assert refused.status_code == 409, refused.text


@pytest.mark.shared
@pytest.mark.usefixtures("corrected")
def test_the_error_declaration_is_an_epcis_document(sold: Sold, shared: Path) -> None:
    schema = json.loads((shared / "vectors/epcis/EPCIS-JSON-Schema.json").read_text("utf-8"))
    document = sold.town.read(f"/v1/events/{sold.bought}")
    jsonschema_rs.validator_for(schema).validate(document)


def test_the_evidence_still_verifies_without_any_of_our_code(
    sold: Sold, corrected: dict[str, Any], tmp_path: Path
) -> None:
    town = sold.town
    key = town.client.get("/v1/log/key").text.strip()
    for address in (f"/v1/evidence/{sold.codes[0]}", "/v1/lots/BS/evidence"):
        evidence = town.client.get(address).content
        assert corrected["statement_id"] in evidence.decode()
        path = tmp_path / "evidence.json"
        path.write_bytes(evidence)
        told = subprocess.run(
            [sys.executable, "-m", "ledger.verify", str(path), "--trust", key],
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.returncode == 0, told.stdout + told.stderr


def test_the_tables_are_what_the_log_says(sold: Sold, corrected: dict[str, Any]) -> None:
    assert corrected["corrective"]
    assert "一致" in sold.town.command("rebuild", "--check")

"""A field fails its test: a thousand packs are frozen, found and taken back; two persons close the recall."""

import csv
import io
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys.bad_field import (
    GROWER,
    HOSPITAL,
    MAKER,
    OTHER_MAKER,
    PHARMACY,
    REASON,
    Stock,
    sold_on,
)
from tests.journeys.conftest import ON_BOTH_DATABASES
from tests.journeys.town import Firm, Town, moment
from tests.journeys.trade import assayed

pytestmark = [pytest.mark.browser, ON_BOTH_DATABASES]


@dataclass(frozen=True, slots=True)
class Recalled:
    """The town with the recall open, and what was found when it was opened."""

    town: Town
    recall: str
    stock: Stock
    holders: tuple[dict[str, str], ...]


@pytest.fixture(scope="module")
def recalled(town: Town) -> Recalled:
    """The season of the bad field, a mock recall, and the real one, opened by an inspector."""
    stock = sold_on(town)
    drilled = town.sent("/v1/drills", {"lots": ["FIELD"]}, town.clerk(GROWER))
    assert (drilled["packs"], set(drilled["phases_us"])) == (1_000, {"lots", "holders", "list"})
    assert verdicts(town, stock.codes[::333]) == {"登记相符"}
    assayed(town, GROWER, "FIELD", "2022-10-08 09:00", sulphur="1250")
    # By HTTP: a command beside a service on PostgreSQL writes itself, by the machine's clock.
    new = {"lots": ["FIELD"], "class": 1, "reason": REASON, "advice": "凭包装退货", "responsible": MAKER.uscc}
    opened = town.sent("/v1/recalls", new, town.inspector("张科"))
    assert (opened["lots"], opened["packs"]) == (5, 1_000)
    recall = opened["recall"]
    assert REASON in town.command("recall", "list")
    answer = town.client.get(f"/v1/recalls/{recall}/holders.csv", headers=town.inspector("张科"))
    return Recalled(town, recall, stock, tuple(lines(answer.text)))


def verdicts(town: Town, codes: tuple[str, ...]) -> set[str]:
    """Look every code up, as many readers would, each fifty from a network of their own."""

    def verdict(numbered: tuple[int, str]) -> str:
        number, code = numbered
        reader = {"X-Forwarded-For": f"10.{number // 50}.7.1", "Accept-Language": "zh"}
        return str(town.read(f"/v1/codes/{code}", reader)["verdict"]["name"])

    with ThreadPoolExecutor(4) as readers:
        return set(readers.map(verdict, enumerate(codes)))


def lines(body: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.removeprefix("\ufeff"))))


def effectiveness(recalled: Recalled) -> dict[str, int]:
    return dict(recalled.town.read(f"/v1/recalls/{recalled.recall}")["effectiveness"])


def test_all_thousand_packs_say_frozen_at_once(recalled: Recalled) -> None:
    codes = recalled.stock.codes
    assert len(set(codes)) == 1_000
    alone = recalled.town.station.settings.database_url is None
    # A story is read alike from both databases: on PostgreSQL every tenth pack is asked for.
    assert verdicts(recalled.town, codes if alone else codes[::10]) == {"已冻结"}


def test_the_scan_page_says_recalled_and_what_to_do(recalled: Recalled, phone: BrowserContext) -> None:
    page = recalled.town.opened(phone, f"/s/{recalled.stock.hospital[42]}")
    expect(page.get_by_role("heading", level=1)).to_have_text("已冻结")
    expect(page.get_by_text(f"召回（一级）：{REASON}").first).to_be_visible()
    expect(page.locator("#verdict")).to_contain_text("请勿使用，并照上面的召回说明办")


def test_every_holder_is_listed_with_what_it_has_and_notified(recalled: Recalled) -> None:
    packs: Counter[str] = Counter()
    grams: Counter[str] = Counter()
    for line in recalled.holders:
        packs[line["持有人 holder"]] += int(line["包 packs"])
        grams[line["持有人 holder"]] += int(line["克 grams"])
    firms = (GROWER, MAKER, OTHER_MAKER, HOSPITAL, PHARMACY)
    assert [packs[each.uscc] for each in firms] == [0, 200, 300, 300, 200]
    assert [grams[each.uscc] for each in firms] == [1_000, 105_000, 155_000, 150_000, 100_000]
    for each in firms:
        told = recalled.town.read("/v1/notices", recalled.town.clerk(each))["notices"]
        assert {notice["recall"] for notice in told} == {recalled.recall}


def test_a_recalled_pack_can_only_go_back_or_be_destroyed(recalled: Recalled) -> None:
    own = list(recalled.stock.makers[:1])
    refused = recalled.town.told(MAKER, "sale", "2022-10-20 08:00", codes=own, fields={"channel": "retail"})
    assert refused.status_code == 409, refused.text
    assert REASON in refused.text


def test_returns_and_destructions_raise_the_effectiveness_and_two_persons_close(
    recalled: Recalled, desk: BrowserContext
) -> None:
    town, recall, stock = recalled.town, recalled.recall, recalled.stock
    assert (effectiveness(recalled)["distributed_grams"], effectiveness(recalled)["per_mille"]) == (
        406_000,
        0,
    )
    _acknowledged_and_reminded(recalled)
    returned = list(stock.hospital)
    back = {"counterparty": MAKER.uscc, "fields": {"reason": "recall"}}
    town.step(HOSPITAL, "return", "2022-10-12 08:00", codes=returned, **back)
    town.step(MAKER, "receive", "2022-10-13 08:00", codes=returned, counterparty=HOSPITAL.uscc)
    assert effectiveness(recalled)["per_mille"] == 150_000 * 1000 // 406_000
    _destroyed(town, PHARMACY, "2022-10-14 08:00", codes=list(stock.pharmacy))
    assert effectiveness(recalled)["per_mille"] == 250_000 * 1000 // 406_000
    _destroyed(town, OTHER_MAKER, "2022-10-15 08:00", lots=[{"lot": "YP-2"}])
    _destroyed(town, GROWER, "2022-10-15 09:00", lots=[{"lot": "FIELD"}])
    reached = effectiveness(recalled)
    assert (reached["recovered_grams"], reached["recovered_packs"]) == (406_000, 800)
    assert "100.0" in town.command("recall", "show", recall)
    page = town.opened(desk, f"/recalls/{recall}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    _closed_by_two(recalled)
    assert verdicts(town, stock.hospital[:3]) == {"已冻结"}


def _destroyed(town: Town, by: Firm, time: str, **goods: object) -> None:
    town.step(by, "destroy", time, fields={"reason": "recall", "method": "焚烧"}, **goods)


def _acknowledged_and_reminded(recalled: Recalled) -> None:
    """The hospital says that it knows; of the others the inspector reminds those who are late."""
    town, address = recalled.town, f"/v1/recalls/{recalled.recall}"
    town.sent(f"{address}/acknowledgements", {}, town.clerk(HOSPITAL))
    town.calendar.reach(moment("2022-10-11 08:00"))
    late = town.sent(f"{address}/reminders", {}, town.inspector("张科"))["parties"]
    assert set(late) == {each.uscc for each in (GROWER, MAKER, OTHER_MAKER, PHARMACY)}


def _closed_by_two(recalled: Recalled) -> None:
    town, address = recalled.town, f"/v1/recalls/{recalled.recall}"
    asked = {"state": "completed", "report": "全部退回或销毁"}
    town.sent(f"{address}/closing-requests", asked, town.inspector("张科"))
    alone = town.client.post(f"{address}/closings", headers=town.inspector("张科"))
    assert alone.status_code == 403, alone.text
    assert town.read(address)["state"] == "open"
    assert town.sent(f"{address}/closings", {}, town.inspector("李科"))["state"] == "completed"
    assert town.read(address)["report"] == "全部退回或销毁"

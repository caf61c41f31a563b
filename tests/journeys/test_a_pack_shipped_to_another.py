"""A hospital is handed packs that were shipped to another: answer 3 货权不匹配, and nothing is written."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from tests.journeys.town import Firm, Town, firm
from tests.journeys.trade import Packed, assayed, dried, packed, sliced

GROWER = firm(1, "十九里白芍合作社", "grower", "PLOT")
MAKER = firm(2, "亳州饮片厂", "slice_maker", "WORKS", "production", "distribution")
HOSPITAL = firm(3, "朝阳医院", "user", "WARD-1", "medical", division="110105")
OTHER = firm(4, "海淀医院", "user", "WARD-2", "medical", division="110108")


@pytest.fixture(scope="module")
def goods(town: Town) -> Packed:
    """Twenty packs of two lots at the maker's: YP-1 leaves whole, three packs of YP-2 by their codes."""
    town.join(GROWER, MAKER, HOSPITAL, OTHER)
    for number in (1, 2):
        dried(town, GROWER, f"BS-{number}", 20_000, "2022-08-20")
    for number in (1, 2):
        town.handed_over(f"BS-{number}", GROWER, MAKER, "2022-08-22 08:00")
    for number in (1, 2):
        sliced(town, MAKER, f"BS-{number}", f"YP-{number}", 18_000, "2022-08-25 09:00")
        assayed(town, MAKER, f"YP-{number}", "2022-08-26 09:00")
    packed(town, MAKER, "YP-1", 10, 500, "2022-08-27 09:00")
    return packed(town, MAKER, "YP-2", 10, 500, "2022-08-27 10:00")


def problem(answer: httpx.Response) -> Mapping[str, Any]:
    """Return what a refusal says."""
    assert answer.status_code == 409, answer.text
    told: Mapping[str, Any] = answer.json()
    return told


def log_size(town: Town) -> int:
    town.station.settle()
    return int(town.client.get("/v1/log/checkpoint").text.splitlines()[1])


def receives(town: Town, who: Firm, time: str, **goods: Any) -> httpx.Response:
    return town.told(who, "receive", time, counterparty=MAKER.uscc, **goods)


@pytest.mark.usefixtures("goods")
def test_the_wrong_hospital_is_answered_3_and_the_right_one_receives_the_lot(town: Town) -> None:
    town.step(MAKER, "ship", "2022-08-28 08:00", lots=[{"lot": "YP-1"}], counterparty=HOSPITAL.uscc)
    before = log_size(town), town.read("/v1/lots/YP-1")["steps"]
    said = problem(receives(town, OTHER, "2022-08-29 08:00", lots=[{"lot": "YP-1"}]))
    assert "3 货权不匹配" in str(said)
    assert all(uscc in str(said) for uscc in (MAKER.uscc, HOSPITAL.uscc, OTHER.uscc))
    assert (log_size(town), town.read("/v1/lots/YP-1")["steps"]) == before
    taken = receives(town, HOSPITAL, "2022-08-29 10:00", lots=[{"lot": "YP-1"}])
    assert taken.is_success, taken.text
    assert town.read("/v1/lots/YP-1/lineage")["lots"][0]["holder"] == HOSPITAL.uscc


def test_by_the_code_on_the_pack_the_answer_is_the_same(town: Town, goods: Packed) -> None:
    three = list(goods.codes[:3])
    town.step(MAKER, "ship", "2022-09-01 08:00", codes=three, counterparty=HOSPITAL.uscc)
    before = log_size(town), town.read(f"/v1/codes/{three[0]}")["steps"]
    said = problem(receives(town, OTHER, "2022-09-02 08:00", codes=three))
    assert "3 货权不匹配" in str(said)
    assert HOSPITAL.uscc in str(said)
    assert (log_size(town), town.read(f"/v1/codes/{three[0]}")["steps"]) == before
    unshipped = problem(receives(town, HOSPITAL, "2022-09-02 09:00", codes=[goods.codes[5]]))
    assert "2 未出库" in str(unshipped)
    taken = receives(town, HOSPITAL, "2022-09-02 10:00", codes=three)
    assert taken.is_success, taken.text
    used = town.told(
        HOSPITAL, "dispense", "2022-09-03 08:00", codes=three[:1], fields={"purpose": "decoction"}
    )
    assert used.is_success, used.text
    stolen = town.told(
        OTHER, "dispense", "2022-09-03 09:00", codes=three[1:2], fields={"purpose": "decoction"}
    )
    assert problem(stolen)

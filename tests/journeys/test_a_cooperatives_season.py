"""A grower cooperative's season, seed to sale: sheets, sensors, a report, a neighbour, late field work."""

import hashlib
from dataclasses import dataclass, replace
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.growers_season import (
    COOP,
    DRIED,
    MEMBERS,
    field_work,
    harvest,
    of,
    plot,
    sowing,
    workbook,
)
from tests.journeys.town import Town, firm, moment
from tests.journeys.trade import assayed, packed, sliced
from tests.trace.files import PDF, series

pytestmark = pytest.mark.browser

NEIGHBOUR = firm(2, "邻村种植户", "grower", "NEXT-DOOR")
MAKER = firm(3, "亳州饮片厂", "slice_maker", "WORKS", "production", "distribution")
PHARMACY = firm(4, "朝阳大药房", "user", "COUNTER", "distribution", division="110105")
COOP_YARD = replace(COOP, places={plot(1): "第1户地块"})
"""The cooperative at the plot whose yard serves all members."""
STEPS = len(sowing()) + len(field_work(*MEMBERS)) + len(harvest())


@dataclass(frozen=True, slots=True)
class Season:
    """The season once a pack of it is sold."""

    town: Town
    code: str
    reports: tuple[dict[str, Any], ...]
    """What each sheet's import answered."""


@pytest.fixture(scope="module")
def season(town: Town) -> Season:
    """Seed to sale; the notebook of the third member is found when everything is dry."""
    town.join(COOP, NEIGHBOUR, MAKER, PHARMACY)
    _next_door(town, "2022-03-01")
    reports = [brought(town, workbook(sowing(), places=True), "2022-03-04 09:00")]
    reports.append(brought(town, workbook(field_work(1, 2)), "2022-06-12 09:00"))
    _dug_next_door(town)
    reports.append(brought(town, workbook(harvest()), "2023-09-14 09:00"))
    reports.append(brought(town, workbook(field_work(3)), "2023-10-20 09:00"))
    _reported(town)
    town.handed_over("N-H", NEIGHBOUR, COOP_YARD, "2023-11-01 08:00")
    _stored(town)
    return Season(town, _to_counter(town), tuple(reports))


def brought(town: Town, book: bytes, time: str, **query: str) -> dict[str, Any]:
    """The cooperative's clerk uploads a sheet; every row of it must be taken."""
    town.calendar.reach(moment(time))
    answer = town.client.post(
        "/v1/imports/steps", params=query, files={"file": ("季度.xlsx", book)}, headers=town.clerk(COOP)
    )
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def _next_door(town: Town, day: str) -> None:
    seed = [{"lot": "N-S", "grams": 30_000, "herb": "白芍"}]
    town.step(NEIGHBOUR, "seed", f"{day} 07:00", outputs=seed, fields={"seed_source": "cultivated"})
    town.step(
        NEIGHBOUR,
        "planting",
        f"{day} 15:00",
        inputs=[{"lot": "N-S"}],
        outputs=[{"lot": "N-P"}],
        fields={"area_mu": "2.5", "phone": "13800138000", "responsible": "张三丰"},
    )


def _dug_next_door(town: Town) -> None:
    """The neighbour never wrote down what was done in the field."""
    town.step(
        NEIGHBOUR,
        "harvest",
        "2023-09-09 06:00",
        inputs=[{"lot": "N-P"}],
        outputs=[{"lot": "N-F", "grams": 450_000}],
    )
    town.step(
        NEIGHBOUR,
        "primary_processing",
        "2023-09-11 18:00",
        inputs=[{"lot": "N-F"}],
        outputs=[{"lot": "N-H", "grams": 150_000, "grade": "统"}],
        fields={"method": "去皮水煮后晒干", "drying": "sun"},
    )


def kept(town: Town, body: bytes, media_type: str, **said: str) -> str:
    """Upload a public document and return how a step names it."""
    form = {"party": COOP.uscc, "visibility": "public"} | said
    answer = town.client.post(
        "/v1/documents", data=form, files={"file": ("f", body, media_type)}, headers=town.clerk(COOP)
    )
    assert answer.status_code == 201, answer.text
    return f"sha256:{answer.json()['sha256']}"


def _reported(town: Town) -> None:
    """One laboratory report, kept as a file, for all members' lots; the neighbour has his own."""
    lots = [of(member, "H") for member in MEMBERS]
    report = kept(
        town, PDF, "application/pdf", kind="test_report", title="检验报告 BG-23", lots=",".join(lots)
    )
    result = {"measurand": "二氧化硫残留量", "value": "86.5", "unit": "mg/kg"}
    told = town.step(
        COOP_YARD,
        "test",
        "2023-10-25 09:00",
        lots=[{"lot": lot} for lot in lots],
        fields={"report_number": "BG-23", "report": report},
        results=[result],
    )
    assert told["findings"] == []
    assayed(town, NEIGHBOUR, "N-H", "2023-10-26 09:00")


def _stored(town: Town) -> None:
    """A day of the store in March, as its instrument read it, with the raw readings behind the sums."""
    raw = series(144)
    named = kept(town, raw, "text/csv", kind="series", title="一号库温度", quantity="Temperature")
    sums = {
        "quantity": "Temperature",
        "start": "2024-03-01T00:00:00+08:00",
        "end": "2024-03-01T23:50:00+08:00",
        **dict.fromkeys(("least", "most", "mean"), "18"),
        "count": 144,
        "document": named.removeprefix("sha256:"),
    }
    told = town.step(
        COOP_YARD,
        "storage",
        "2024-03-02 08:00",
        lots=[{"lot": lot} for lot in (*(of(member, "H") for member in MEMBERS), "N-H")],
        fields={"care": "inspection", "storage": "shade"},
        sensors=[sums],
    )
    assert told["findings"] == []


def _to_counter(town: Town) -> str:
    """All herb of the village becomes one lot, is cut, packed, and sold over a counter."""
    inputs = [{"lot": lot} for lot in (*(of(member, "H") for member in MEMBERS), "N-H")]
    whole = [{"lot": "HE-24", "grams": 3 * DRIED + 150_000, "grade": "统"}]
    town.step(COOP_YARD, "merge", "2024-03-05 08:00", inputs=inputs, outputs=whole)
    town.handed_over("HE-24", COOP_YARD, MAKER, "2024-03-06 08:00")
    sliced(town, MAKER, "HE-24", "YP-24", 900_000, "2024-03-10 08:00")
    assayed(town, MAKER, "YP-24", "2024-03-11 08:00")
    goods = packed(town, MAKER, "YP-24", 40, 500, "2024-03-12 08:00")
    town.step(MAKER, "ship", "2024-03-13 08:00", codes=list(goods.codes), counterparty=PHARMACY.uscc)
    town.step(PHARMACY, "receive", "2024-03-14 08:00", codes=list(goods.codes), counterparty=MAKER.uscc)
    town.step(PHARMACY, "sale", "2024-03-15 11:00", codes=[goods.codes[0]], fields={"channel": "retail"})
    town.station.settle()
    return goods.codes[0]


def scanned(season: Season, context: BrowserContext) -> Page:
    return season.town.opened(context, f"/s/{season.code}?lang=zh")


def told_steps(page: Page) -> list[str]:
    """The stage of each step the page tells; like steps of a long way stand in one entry, "种植 × 4"."""
    told = (each.partition(" × ") for each in page.locator("ol.way > li h3").all_inner_texts())
    return [stage for stage, _, count in told for _ in range(int(count or 1))]


def test_every_sheet_is_taken_whole_and_taken_again_adds_nothing(season: Season) -> None:
    assert [report["accepted"] for report in season.reports] == [6, 2, 6, 1]
    assert sum(report["accepted"] for report in season.reports) == STEPS
    assert season.reports[0]["places"] == len(MEMBERS)
    again = brought(season.town, workbook(field_work(1, 2)), "2024-03-20 09:00")
    assert (again["accepted"], again["duplicates"]) == (0, 2)


def test_the_page_tells_the_whole_way_of_all_growers(season: Season, phone: BrowserContext) -> None:
    page = scanned(season, phone)
    expect(page.get_by_role("heading", level=1)).to_have_text("登记相符")
    stages = told_steps(page)
    assert [stages.count(each) for each in ("种子种苗", "种植", "田间管理", "采收", "产地初加工")] == [
        4,
        4,
        3,
        4,
        4,
    ]
    assert stages[-1] == "销售"
    for who in (COOP.name, NEIGHBOUR.name, MAKER.name, PHARMACY.name):
        expect(page.get_by_text(who).first).to_be_visible()
    for secret in ("13800138000", "张三丰"):
        assert secret not in page.content()


def test_late_field_work_is_marked_and_what_is_missing_is_named(
    season: Season, phone: BrowserContext
) -> None:
    (late,) = [each["code"] for each in season.reports[3]["findings"]]
    assert late == "late.recorded"
    page = scanned(season, phone)
    marked = page.locator("ol.way > li", has_text="才登记")
    expect(marked).to_have_count(1)
    expect(marked).to_contain_text("第3户地块")
    expect(page.get_by_text("没有登记的环节：田间管理")).to_be_visible()
    story = season.town.read(f"/v1/codes/{season.code}")
    assert [stage["key"] for stage in story["missing_stages"]] == ["field_work"]
    lacking = {group["group"] for group in story["groups"] if group["state"]["key"] == "missing"}
    assert lacking == {"growing", "inputs"}


def test_the_phone_checks_the_whole_way_itself(season: Season, phone: BrowserContext) -> None:
    page = scanned(season, phone)
    checked = page.locator("#check", has_text="已在您的设备上核验")
    checked.wait_for()
    expect(checked).to_contain_text(f"{len(told_steps(page))} 个环节")


def test_report_and_readings_can_be_had_and_are_what_was_stated(season: Season, desk: BrowserContext) -> None:
    town = season.town
    report = hashlib.sha256(PDF).hexdigest()
    assert town.client.get(f"/v1/documents/{report}").content == PDF
    listed = town.read("/v1/documents", lot=of(1, "H"))["documents"]
    assert [each["title"] for each in listed] == ["检验报告 BG-23"]
    raw = hashlib.sha256(series(144)).hexdigest()
    page = town.opened(desk, f"/sensors/{raw}?lang=zh")
    expect(page.get_by_role("heading", level=1)).to_contain_text("温度")


def test_one_look_back_finds_every_field_with_its_share(season: Season, desk: BrowserContext) -> None:
    lots = {each["lot"]: each for each in season.town.read("/v1/lots/HE-24/lineage")["lots"]}
    shares = {lot: lots[lot]["grams"] for lot in (*(of(member, "H") for member in MEMBERS), "N-H")}
    assert shares == {"M1-H": DRIED, "M2-H": DRIED, "M3-H": DRIED, "N-H": 150_000}
    page = season.town.opened(desk, "/lots/HE-24?lang=zh")
    expect(page.locator("svg.lineage")).to_have_count(2)

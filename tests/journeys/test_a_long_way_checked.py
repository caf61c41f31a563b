"""A pack merged from nine growers: like steps are told as one, and the phone checks every one of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route
from sqlmodel import Session

from api.station import Station
from tests.journeys.serving import serving
from tests.journeys.test_phone_check import checked
from tests.trace.season import GROWER, MAKER, at, lot, register_all, step
from trace.steps import StepNew

pytestmark = pytest.mark.browser

GROWERS = 9


def way() -> Iterator[tuple[StepNew, int]]:
    """Nine lots grown, dried and tested alike, merged and sliced; (step, recorded_ms)."""
    for nth in range(GROWERS):
        plant, fresh, dry = (f"{part}-{nth}" for part in ("PL", "FR", "DR"))
        yield (
            step("planting", 5, minute=nth, outputs=[lot(plant, herb="白芍")], fields={"area_mu": "2"}),
            at(6),
        )
        yield step("harvest", 900, minute=nth, inputs=[lot(plant)], outputs=[lot(fresh, 30_000)]), at(901)
        dried = {"inputs": [lot(fresh)], "outputs": [lot(dry, 10_000)], "fields": {"method": "晒干"}}
        yield step("primary_processing", 902, minute=nth, **dried), at(903)
        result = {"measurand": "二氧化硫残留量", "value": f"{10 + nth}", "unit": "mg/kg"}
        report = {"lots": [lot(dry)], "fields": {"report_number": f"BG-{nth}"}, "results": [result]}
        yield step("test", 904, minute=nth, **report), at(905)
    merged = [lot(f"DR-{nth}", 10_000) for nth in range(GROWERS)]
    yield step("merge", 906, inputs=merged, outputs=[lot("ME", 90_000)]), at(907)
    yield step("ship", 907, lots=[lot("ME")], counterparty=MAKER), at(908)
    yield step("receive", 908, "WORKS", lots=[lot("ME")], counterparty=GROWER), at(909)
    sliced = {"fields": {"method": "切薄片", "standard": "中国药典2020年版"}}
    yield step("paozhi", 909, "WORKS", inputs=[lot("ME")], outputs=[lot("YP", 80_000)], **sliced), at(910)
    yield step("pack", 910, "WORKS", inputs=[lot("YP")], packs=2, grams_per_pack=500), at(911)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(Path(tmp_path_factory.mktemp("long"))) as station:
        code = station.writer.submit(lambda session: _recorded(session, station))
        station.settle()
        yield f"{station.settings.base_url}/s/{code}"


def _recorded(session: Session, station: Station) -> str:
    register_all(session, station.recorder)
    codes = [code for new, at_ms in way() for code in station.recorder.record_step(session, new, at_ms).codes]
    return codes[0]


def lying(page: Page, old: str, new: str) -> None:
    def altered(route: Route) -> None:
        answer = route.fetch()
        body = answer.text()
        assert old in body
        route.fulfill(response=answer, body=body.replace(old, new, 1))

    page.route("**/s/*", altered)


@pytest.mark.parametrize("query", ["?lang=zh", "?lang=en"])
def test_the_phone_checks_every_step_of_a_way_told_shortly(
    phone: BrowserContext, address: str, query: str
) -> None:
    page = phone.new_page()
    page.goto(address + query)
    words, tone = checked(page)
    assert (str(4 * GROWERS + 5) in words, tone in ("good", "doubt")) == (True, True), words
    assert page.locator("ol.way > li").count() == 9
    assert page.locator("ol.way > li[data-steps]").count() == 4
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('data-stage="harvest"', 'data-stage="planting"', "环节"),
        ("<bdi>谯城白芍种植合作社</bdi>", "<bdi>有机种植合作社</bdi>", "主体"),
        ("12:08</time>", "12:09</time>", "日期"),
    ],
)
def test_a_page_that_lies_about_many_steps_is_caught(
    phone: BrowserContext, address: str, old: str, new: str, named: str
) -> None:
    page = phone.new_page()
    lying(page, old, new)
    page.goto(address + "?lang=zh")
    words, tone = checked(page)
    assert (tone, named in words) == ("bad", True), words


def test_a_step_that_is_taken_out_of_many_is_missed(phone: BrowserContext, address: str) -> None:
    page = phone.new_page()

    def shortened(route: Route) -> None:
        answer = route.fetch()
        before, ids, after = answer.text().partition('data-stage="harvest" data-steps="')
        assert ids
        route.fulfill(response=answer, body=before + ids + after[37:])

    page.route("**/s/*", shortened)
    page.goto(address + "?lang=zh")
    words, tone = checked(page)
    assert tone == "bad", words

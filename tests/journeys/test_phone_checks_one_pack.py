"""A phone checks the page of one pack: what was done with others of its lot is not missed."""

import pytest
from playwright.sync_api import BrowserContext, Route

from tests.journeys.conftest import Service
from tests.journeys.test_phone_check import checked
from tests.trace.season import DAY, NOON, PHARMACY, lot, step
from trace.coding.code_words import Level

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("service", ["sqlite"], indirect=True)]

BOXED, LOOSE, GONE = 2, 9, 5
"""Packs of the city: the third goes into a box, the sixth is destroyed, the tenth stays with its lot."""


@pytest.fixture(scope="module")
def _moved(service: Service) -> None:
    """The pharmacy boxes three packs, sells one of them, takes it back, destroys another, stores the lot."""
    by, at = service.station.recorder, NOON + 1_000 * DAY

    def do(stage: str, minute: int, **rest: object) -> None:
        new = step(stage, 930, "COUNTER", minute=minute, **rest)
        service.station.writer.submit(lambda session: by.record_step(session, new, at))

    batch = service.station.writer.submit(lambda session: by.issue_codes(session, PHARMACY, 1, at, Level.BOX))
    codes, box = service.city.codes, by.issuer.codes(batch)[0]
    do("nest", 1, codes=list(codes[:3]), container=box)
    do("dispense", 2, codes=[box], fields={"purpose": "decoction"})
    do("destroy", 3, codes=[codes[GONE]], fields={"reason": "expired", "method": "焚毁"})
    do("storage", 4, lots=[lot("YP-1")], fields={"care": "airing"})
    service.station.settle()


@pytest.mark.usefixtures("_moved")
@pytest.mark.parametrize(
    ("number", "steps", "last"),
    [(BOXED, 17, "dispense"), (GONE, 16, "destroy"), (LOOSE, 16, "storage")],
)
def test_an_honest_page_of_one_pack_is_not_called_a_liar(
    phone: BrowserContext, service: Service, number: int, steps: int, last: str
) -> None:
    page = phone.new_page()
    page.goto(service.scan_page(number) + "?lang=zh")
    words, _ = checked(page)
    assert words.startswith(f"✓ 已在您的设备上核验：{steps} 个环节"), words
    stages = page.locator("ol.way > li h3").evaluate_all("all => all.map(each => each.dataset.stage)")
    assert stages[-1] == last


@pytest.mark.usefixtures("_moved")
@pytest.mark.parametrize(
    ("number", "stage"), [(BOXED, "nest"), (BOXED, "dispense"), (GONE, "destroy"), (LOOSE, "storage")]
)
def test_a_page_that_hides_what_was_done_with_the_pack_is_caught(
    phone: BrowserContext, service: Service, number: int, stage: str
) -> None:
    page = phone.new_page()

    def shortened(route: Route) -> None:
        answer = route.fetch()
        before, own, rest = answer.text().partition('<ol class="way">')
        way, end, after = rest.partition("</ol>")
        kept = [line for line in way.split("<li") if f'data-stage="{stage}"' not in line]
        route.fulfill(response=answer, body="".join([before, own, "<li".join(kept), end, after]))

    page.route("**/s/*", shortened)
    page.goto(service.scan_page(number) + "?lang=zh")
    words, tone = checked(page)
    assert (tone, "未显示的环节" in words) == ("bad", True), words

"""The pages of the workbench around the step form: what waits, lots, shipping, receiving, labels."""

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from api.station import Station
from tests.api.conftest import NOW_MS
from tests.trace.season import COOP, DAY, GROWER, MAKER, NOON, lot, register_all, step
from trace.errors import RuleRefused
from trace.projections import lots_named
from trace.service import RecordedStep
from trace.steps import StepNew
from trace.tables import PlaceRow

Issue = Callable[..., str]
_DAY = (NOW_MS - NOON) // DAY - 3
"""Days of the season until shortly before the station's clock."""


class Desk:
    """A clerk at a browser without scripts."""

    def __init__(self, client: TestClient, token: str) -> None:
        self.client = client
        self.headers = {"authorization": f"Bearer {token}"}

    def page(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path, headers=self.headers)
        assert answer.status_code == status, answer.text[:2_000]
        return answer.text

    def send(self, path: str, typed: dict[str, str], status: int = 303) -> str:
        answer = self.client.post(path, data=typed, headers=self.headers, follow_redirects=False)
        assert answer.status_code == status, answer.text[:4_000]
        return answer.headers.get("location", answer.text)


@pytest.fixture
def clerk(client: TestClient, station: Station, token_with: Issue) -> Callable[[str], Desk]:
    """Sit a clerk of a party down: `clerk(MAKER)`. The grower has two lots and sent one to the maker."""
    station.writer.submit(lambda session: register_all(session, station.recorder))
    made = [lot("BS-A", 350_000, "白芍", "一等"), lot("BS-B", 120_500, "白芍")]
    record(station, step("opening", _DAY, outputs=made))
    record(station, step("ship", _DAY + 1, lots=[lot("BS-A")], counterparty=MAKER))
    return lambda party: Desk(client, token_with("steps:write", party=party))


def record(station: Station, new: StepNew) -> RecordedStep:
    """Record one step of the season."""
    return station.writer.submit(lambda session: station.recorder.record_step(session, new, NOW_MS))


def hidden(page: str, name: str = "id") -> str:
    [found, *_] = re.findall(rf'<input type="hidden" name="{name}" value="([^"]+)"', page)
    return str(found)


def shipped(page: str) -> str:
    [found] = re.findall(r'action="(/workbench/receive/[0-9a-f-]{36})', page)
    return str(found)


def state(station: Station, name: str) -> object:
    with station.database.read() as session:
        return lots_named(session, [name])[name]


def test_what_waits_names_the_goods_on_the_way_and_the_lots_without_a_test(
    clerk: Callable[[str], Desk],
) -> None:
    maker, grower = clerk(MAKER).page("/workbench"), clerk(GROWER).page("/workbench")
    assert "BS-A" in maker
    assert 'href="/workbench/receive"' in maker
    assert "/workbench/steps/test?lots=BS-B" in grower
    assert "BS-A;BS-B" not in grower


def test_the_guide_follows_what_is_on_record_and_goes_when_it_is_done(clerk: Callable[[str], Desk]) -> None:
    coop = clerk(COOP)
    assert 'class="done"><p><strong>登记一处地点' in coop.page("/workbench")
    assert 'class="now"><p><strong>登记第一个批次' in coop.page("/workbench")
    grower = clerk(GROWER)
    assert 'class="now"><p><strong>领取追溯码' in grower.page("/workbench")
    order = {"id": hidden(grower.page("/workbench/labels")), "count": "10", "level": "pack"}
    grower.send("/workbench/labels", order)
    assert "guide-heading" not in grower.page("/workbench")


def test_lots_are_listed_with_balances_filtered_and_as_a_table(clerk: Callable[[str], Desk]) -> None:
    grower = clerk(GROWER)
    page = grower.page("/workbench/lots?lang=en")
    assert ("120.5 kg" in page, ">BS-B<" in page) == (True, True)
    assert ">BS-B<" not in grower.page("/workbench/lots?which=frozen")
    assert ">BS-B<" not in grower.page("/workbench/lots?text=当归")
    assert ">BS-B<" in grower.page("/workbench/lots?text=白&form=herb&which=untested")
    table = grower.client.get("/workbench/lots.csv?text=BS-B&lang=en", headers=grower.headers)
    head, line = table.content.decode("utf-8-sig").split("\r\n")[:2]
    assert head.startswith("lot,herb,form,grade")
    assert line.split(",")[:3] + line.split(",")[6:8] == ["BS-B", "白芍", "dried herb", "120500", "0"]


def test_a_lot_s_page_names_the_next_step_that_is_missing_with_its_form(
    clerk: Callable[[str], Desk],
) -> None:
    page = clerk(GROWER).page("/workbench/lots/BS-B?lang=en")
    assert "/workbench/steps/test?lang=en&amp;lots=BS-B" in page
    assert "<svg" not in page  # it came from nowhere and went nowhere
    assert "/workbench/steps/opening/recorded/" in page


def test_of_goods_that_left_nothing_is_offered_that_would_be_refused(
    clerk: Callable[[str], Desk], station: Station
) -> None:
    grower = clerk(GROWER)
    gone = record(station, step("ship", _DAY + 1, lots=[lot("BS-B", 120_500)], counterparty=MAKER, minute=9))
    pages = (
        grower.page("/workbench/lots/BS-B"),
        grower.page(f"/workbench/steps/ship/recorded/{gone.step_id}"),
    )
    for page in pages:
        assert re.findall(r'href="[^"]*(?:lots|inputs)=BS-B', page) == []
        assert 'href="/lots/BS-B"' in page
    assert "补登" not in pages[0]
    again = step("ship", _DAY + 2, lots=[lot("BS-B", 120_500)], counterparty=COOP)
    with pytest.raises(RuleRefused):  # so an offer of it would have been an offer to fail
        record(station, again)


def test_goods_are_received_with_what_was_weighed_and_the_difference_is_shown(
    clerk: Callable[[str], Desk], station: Station
) -> None:
    maker = clerk(MAKER)
    page = maker.page("/workbench/receive")
    typed = {"id": hidden(page), "place": "WORKS", "time": "2025-10-08T10:00", "do": "accept"}
    weighed = {"lot.BS-A": "yes", "mass.BS-A": "690", "unit.BS-A": "斤"}
    maker.send(shipped(page), typed | weighed)
    lot_now = state(station, "BS-A")
    assert (lot_now.holder, lot_now.grams) == (MAKER, 345_000)  # type: ignore[attr-defined]
    assert "5 kg short" in maker.page("/workbench/receive?lang=en")
    assert "5 kg short" in clerk(GROWER).page("/workbench/ship?lang=en")


def test_more_than_was_shipped_is_refused_and_nothing_typed_is_lost(
    clerk: Callable[[str], Desk], station: Station
) -> None:
    maker = clerk(MAKER)
    page = maker.page("/workbench/receive")
    typed = {"id": hidden(page), "place": "WORKS", "time": "2025-10-08T10:00", "do": "accept"}
    answer = maker.send(
        shipped(page), typed | {"lot.BS-A": "yes", "mass.BS-A": "351", "unit.BS-A": "公斤"}, 422
    )
    assert "收货失败（4 不正确）" in answer
    assert 'value="351"' in answer
    assert hidden(answer) == typed["id"]
    assert state(station, "BS-A").holder == GROWER  # type: ignore[attr-defined]


def test_a_refusal_is_a_receipt_and_a_return_or_neither(
    clerk: Callable[[str], Desk], station: Station
) -> None:
    maker = clerk(MAKER)
    page = maker.page("/workbench/receive")
    typed = {"id": hidden(page), "place": "WORKS", "time": "2025-10-08T10:00", "do": "refuse"}
    where = shipped(page)
    maker.send(where, typed | {"lot.BS-A": "yes"}, 422)  # no reason: the receipt is not recorded either
    assert state(station, "BS-A").holder == GROWER  # type: ignore[attr-defined]
    maker.send(where, typed | {"lot.BS-A": "yes", "reason": "quality", "note": "受潮"})
    assert state(station, "BS-A").in_transit  # type: ignore[attr-defined]
    assert "BS-A" in clerk(GROWER).page("/workbench").partition("tasks-heading")[2]
    maker.send(where, typed | {"lot.BS-A": "yes", "reason": "quality"})  # the same page sent again


def test_lots_chosen_to_be_shipped_stand_in_the_form_of_the_shipment(
    clerk: Callable[[str], Desk], station: Station
) -> None:
    grower = clerk(GROWER)
    assert 'name="lots" value="BS-B" checked' in grower.page("/workbench/ship?lots=BS-B")
    form = grower.page(f"/workbench/steps/ship?lots=BS-B&counterparty={MAKER}")
    assert 'name="lots.0.lot" value="BS-B"' in form
    typed = {"id": hidden(form), "place": "PLOT", "time": "2025-10-08T10:00", "counterparty": MAKER}
    grower.send("/workbench/steps/ship", typed | {"lots.0.lot": "BS-B"})
    assert state(station, "BS-B").in_transit  # type: ignore[attr-defined]


def test_codes_are_ordered_once_printed_and_marked(clerk: Callable[[str], Desk]) -> None:
    grower = clerk(GROWER)
    order = {"id": hidden(grower.page("/workbench/labels")), "count": "30", "level": "pack", "lot": "BS-B"}
    batch = grower.send("/workbench/labels", order)
    assert batch == grower.send("/workbench/labels", order)
    page = grower.page(f"{batch}&grams=500克&first=3&lang=en")
    [picture] = re.findall(r'<img src="([^"]+)"', page)
    drawn = grower.client.get(picture.replace("&amp;", "&"), headers=grower.headers)
    assert (drawn.status_code, "500" in drawn.text) == (200, True)
    marks = batch.partition("?")[0] + "/marks"
    grower.send(marks, {"status": "printed", "first": "1", "last": "24"})
    grower.send(marks, {"status": "spoiled", "first": "24", "last": "25"})
    page = grower.page(batch.partition("?")[0] + "?lang=en")
    counted = dict(re.findall(r'badge none">(\w+) (\d+)<', page))
    assert counted == {"reserved": "5", "printed": "23", "spoiled": "2"}
    assert "30" in grower.send(marks, {"status": "printed", "first": "30", "last": "31"}, 422)
    grower.send("/workbench/labels", {"id": "x", "count": "0"}, 422)


def test_places_and_licences_are_registered_by_small_forms(
    clerk: Callable[[str], Desk], station: Station
) -> None:
    coop = clerk(COOP)
    place = {"place_id": "YARD", "name": "晾晒场", "division": "621126"}
    wrong = coop.send("/workbench/places/new", place | {"division": "62"}, 422)
    assert ('value="晾晒场"' in wrong, 'href="#division"' in wrong) == (True, True)
    assert "所在县区：格式不对，请照该项的说明填写" in wrong
    assert r"\d" not in wrong
    assert "字段说明见" not in wrong
    assert '<option value="621126">甘肃省定西市岷县</option>' in wrong
    for unclear in ("朝阳区", "无此县"):  # there is a 朝阳区 in more than one city
        coop.send("/workbench/places/new", place | {"division": unclear}, 422)
    coop.send("/workbench/places/new", place | {"division": "甘肃省 定西市岷县"})
    with station.database.read() as session:
        assert session.get_one(PlaceRow, "YARD").division == "621126"
    assert "晾晒场 · YARD" in coop.page("/workbench/steps/seed")
    licence = {"kind": "gap", "number": "G-1", "issuer": "药监局", "valid_from": "2025-01-01"}
    coop.send("/workbench/licences", licence | {"valid_until": "2025-11-01"})
    assert "2025年11月1日</td>" in coop.page("/workbench/licences")
    tasks = coop.page("/workbench").partition("tasks-heading")[2].partition("often")[0]
    assert 'href="/workbench/licences"' in tasks
    assert "有效期至2025年11月1日<" in tasks  # its last day, not the midnight after it


PAGES = tuple(
    f"/workbench{below}"
    for below in (
        "",
        "/steps",
        "/lots",
        "/receive",
        "/ship",
        "/labels",
        "/findings",
        "/notices",
        "/complaints",
        "/licences",
        "/places/new",
    )
)


def test_every_page_stands_empty_in_both_languages_and_asks_who_signs_in(
    clerk: Callable[[str], Desk],
) -> None:
    coop = clerk(COOP)
    for path in PAGES:
        for query in ("?lang=zh", "?lang=en&view=elder"):
            leave = f'action="/sign-out{query}"'.replace("&", "&amp;")
            assert leave in coop.page(path + query), path
        assert coop.client.get(path, follow_redirects=False).status_code in (303, 401), path

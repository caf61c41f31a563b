"""Abuse of the regulator's desk: a firm that reads it, markup in its lists, a recall other than was shown."""

from collections.abc import Iterator
from html import unescape
from re import search
from typing import Any

import pytest

from tests.api.desk_city import WORDS, DeskCity, desk_city
from tests.trace.season import MAKER
from trace.recalls.hold_listing import recalls

MARKUP = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskCity]:
    with desk_city(tmp_path_factory.mktemp("abused")) as made:
        yield made


@pytest.fixture(scope="module")
def regulator(city: DeskCity) -> dict[str, str]:
    return city.as_regulator()


def open_recalls(city: DeskCity) -> int:
    with city.station.database.read() as session:
        return len(recalls(session, only_open=True, after=None, limit=9))


def recall(city: DeskCity, headers: dict[str, str], **form: str) -> Any:
    told = {"lots": "YP-1", "class": "1", "reason": "超限", "act": "open", **form}
    return city.client.post("/desk/recall?lang=zh", data=told, headers=headers, follow_redirects=False)


@pytest.mark.parametrize(
    ("scopes", "party"),
    [(("steps:write",), MAKER), (("supervise",), MAKER), (("supervise",), None), (("quotes:decide",), None)],
)
def test_a_firm_reads_no_complaint_and_no_code_of_the_desk(
    city: DeskCity, scopes: tuple[str, ...], party: str | None
) -> None:
    headers = {"Authorization": f"Bearer {city.token('clerk', *scopes, party=party)}"}
    for path in (
        f"/desk/complaints/{city.complaint}",
        "/desk/scans",
        f"/desk/scans/{city.codes[0]}",
        "/desk",
    ):
        answer = city.client.get(path, headers=headers)
        assert answer.status_code == 403, path
        assert WORDS not in answer.text


def test_a_recall_whose_reach_nobody_saw_is_not_opened(city: DeskCity, regulator: dict[str, str]) -> None:
    for root in ("", "0" * 64, MARKUP):
        answer = recall(city, regulator, root=root)
        assert answer.status_code == 422
        assert MARKUP not in answer.text
    shown = city.client.post("/desk/recall", data={"lots": "YP-1", "act": "preview"}, headers=regulator).text
    found = search(r'name="root" value="([0-9a-f]{64})"', shown)
    assert found is not None
    other = recall(city, regulator, root=found[1], lots="YP-1\nBS-1-PLANT")
    assert other.status_code == 422
    assert open_recalls(city) == 0


@pytest.mark.parametrize(
    "path",
    [
        f"/desk?done={MARKUP}",
        f"/desk/recall?lots={MARKUP}",
        f"/desk/inspections/new?firm={MARKUP}&draw={MARKUP}",
        f"/desk/integrity?scores={MARKUP}&kind={MARKUP}",
        f"/desk/late?start={MARKUP}",
    ],
)
def test_markup_in_an_address_stays_text(city: DeskCity, regulator: dict[str, str], path: str) -> None:
    answer = city.client.get(path, headers=regulator)
    assert answer.status_code == 200
    assert MARKUP not in answer.text


def test_a_forged_link_makes_the_desk_say_only_its_own_sentences(
    city: DeskCity, regulator: dict[str, str]
) -> None:
    for done in ("wrong", "desk.wrong", "../desk_lead.desk", "x" * 5000):
        page = city.client.get(f"/desk/recalls?done={done}", headers=regulator).text
        assert 'class="said"' not in page


def test_a_list_cannot_be_turned_beyond_what_a_database_takes(
    city: DeskCity, regulator: dict[str, str]
) -> None:
    for start in ("9" * 30, "-1", "1e9", "٣"):
        for name in ("late", "scans", "integrity", "complaints", "inspections", "recalls"):
            assert city.client.get(f"/desk/{name}?start={start}", headers=regulator).status_code == 200


def test_a_form_of_thousands_of_boxes_is_refused(city: DeskCity, regulator: dict[str, str]) -> None:
    flood = {f"box{number}": "x" for number in range(2_000)}
    answer = city.client.post("/desk/inspections/new", data=flood, headers=regulator)
    assert answer.status_code in (400, 413, 422)


def test_a_decision_of_two_meanings_upholds_nothing(city: DeskCity, regulator: dict[str, str]) -> None:
    path = f"/desk/complaints/{city.complaint}?lang=zh"
    for form in ({"outcome": "both", "points": "3"}, {"points": "5"}, {"outcome": "upheld", "points": "99"}):
        answer = city.client.post(path, data={**form, "reason": "查实了"}, headers=regulator)
        assert answer.status_code == 422
    assert "还没有裁定" in unescape(city.client.get("/desk/complaints?lang=zh", headers=regulator).text)

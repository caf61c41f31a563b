"""Recording steps by the forms of the stages: what is typed is read as a spreadsheet row is."""

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from api.station import Station
from tests.trace.season import COOP, GROWER, register_all
from trace.projections import lots_named
from trace.stage_columns import columns_of
from trace.vocabulary import Stage

TYPED = {
    "party": GROWER,
    "place": "PLOT",
    "time": "2024-03-01T12:00",
    "outputs": "BS-1 50公斤",
    "herb": "白芍",
    "seed_source": "purchased",
    "variety": "线条",
}
Issue = Callable[..., str]


@pytest.fixture(autouse=True)
def registered(station: Station) -> None:
    station.writer.submit(lambda session: register_all(session, station.recorder))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_stage_has_a_form_with_a_box_for_all_it_asks(client: TestClient, language: str) -> None:
    for stage in Stage:
        answer = client.get(f"/stages/{stage.value}/form?lang={language}")
        assert answer.status_code == 200, stage
        labelled = set(re.findall(r'<label for="([^"]+)"', answer.text))
        assert labelled == set(re.findall(r' id="([^"]+)" name="', answer.text)), stage
        assert {each.column.key for each in columns_of(stage)} <= labelled, stage


def test_a_step_typed_into_its_form_is_recorded(
    client: TestClient, station: Station, token_with: Issue
) -> None:
    token = token_with("steps:write", party=GROWER)
    answer = client.post("/stages/seed/form?lang=en", data=TYPED | {"token": token})
    assert (answer.status_code, "Recorded" in answer.text) == (200, True)
    assert token not in answer.text
    with station.database.read() as session:
        lot = lots_named(session, ["BS-1"])["BS-1"]
    assert (lot.grams_in, lot.herb, lot.holder) == (50_000, "白芍", GROWER)


def test_what_is_wrong_is_said_and_nothing_typed_is_lost_but_the_token(
    client: TestClient, token_with: Issue
) -> None:
    token = token_with("steps:write", party=GROWER)
    typed = TYPED | {"outputs": "BS-1 fifty", "variety": "<b>线条</b>", "token": token}
    answer = client.post("/stages/seed/form", data=typed)
    assert answer.status_code == 422
    assert 'value="BS-1 fifty"' in answer.text
    assert "&lt;b&gt;线条&lt;/b&gt;" in answer.text
    assert token not in answer.text


@pytest.mark.parametrize(
    ("scopes", "party"), [((), None), (("quotes:write",), GROWER), (("steps:write",), COOP)]
)
def test_a_form_writes_nothing_for_who_may_not_speak_for_the_party(
    client: TestClient, station: Station, token_with: Issue, scopes: tuple[str, ...], party: str | None
) -> None:
    token = token_with(*scopes, party=party) if scopes else "daodi_nonsense"
    answer = client.post("/stages/seed/form", data=TYPED | {"token": token})
    assert answer.status_code == 422
    with station.database.read() as session:
        assert lots_named(session, ["BS-1"]) == {}


def test_a_stage_that_does_not_exist_has_no_form(client: TestClient) -> None:
    assert client.get("/stages/flying/form").status_code == 404
    assert client.post("/stages/flying/form", data=TYPED).status_code == 404

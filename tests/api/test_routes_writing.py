"""Who may write through the API, and what comes back."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from api.station import Station
from tests.api.conftest import ON_BOTH_DATABASES
from tests.journeys.small_city import load, quotes_csv
from tests.trace.season import GROWER, MAKER, register_all, white_peony

STEPS = [new.model_dump(mode="json", exclude_none=True) for new, _ in white_peony()]
Issue = Callable[..., str]


@pytest.fixture
def registered(station: Station) -> None:
    station.writer.submit(lambda session: register_all(session, station.recorder))


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@ON_BOTH_DATABASES
@pytest.mark.usefixtures("registered")
def test_a_step_is_accepted_then_proved(client: TestClient, station: Station, token_with: Issue) -> None:
    sent = client.post("/v1/steps", json=STEPS[0], headers=bearer(token_with("steps:write", party=GROWER)))
    assert sent.status_code == 202, sent.text
    assert sent.json()["index"] is None
    receipt = sent.headers["location"]
    waiting = client.get(receipt)
    assert (waiting.status_code, waiting.json()["state"]) == (202, "pending")
    assert waiting.headers["retry-after"] == "1"
    station.settle()
    assert client.get(receipt).json()["state"] == "integrated"


@pytest.mark.usefixtures("registered")
def test_the_same_step_sent_again_writes_nothing(
    client: TestClient, station: Station, token_with: Issue
) -> None:
    headers = bearer(token_with("steps:write"))
    step = {**STEPS[0], "id": "from-the-field-1"}
    first = client.post("/v1/steps", json=step, headers=headers)
    station.settle()
    again = client.post("/v1/steps", json=step, headers=headers)
    assert again.status_code == 201
    assert again.json()["replayed"] is True
    assert again.json()["statement_id"] == first.json()["statement_id"]


@pytest.mark.usefixtures("registered")
def test_nobody_speaks_for_another_party(client: TestClient, token_with: Issue) -> None:
    sent = client.post("/v1/steps", json=STEPS[0], headers=bearer(token_with("steps:write", party=MAKER)))
    assert sent.status_code == 403


def test_without_a_token_or_with_the_wrong_one_nothing_is_written(
    client: TestClient, token_with: Issue
) -> None:
    for path, body in (("/v1/steps", STEPS[0]), ("/v1/releases", {"family": "bozhou"})):
        assert client.post(path, json=body).status_code == 401
        assert client.post(path, json=body, headers=bearer("daodi_nonsense")).status_code == 401
        assert client.post(path, json=body, headers=bearer(token_with("quotes:write"))).status_code == 403


@pytest.mark.usefixtures("registered")
def test_a_step_on_a_lot_that_does_not_exist_is_refused_in_both_languages(
    client: TestClient, token_with: Issue
) -> None:
    headers = bearer(token_with("steps:write"))
    texts = {}
    for language in ("zh", "en"):
        refused = client.post(f"/v1/steps?lang={language}", json=STEPS[3], headers=headers)
        assert refused.headers["content-type"] == "application/problem+json"
        assert 400 <= refused.status_code < 500
        texts[language] = refused.json()["detail"] + refused.json()["remedy"]
    assert texts["zh"] != texts["en"]
    assert texts["en"].isascii() or "BS-PLANT" in texts["en"]


@pytest.mark.parametrize(
    "body", [{}, {"stage": "seed"}, {**STEPS[0], "stage": "flying"}, {**STEPS[0], "extra": 1}, [], None]
)
def test_a_body_of_the_wrong_form_names_its_fields(
    client: TestClient, token_with: Issue, body: object
) -> None:
    refused = client.post("/v1/steps", json=body, headers=bearer(token_with("steps:write")))
    assert refused.status_code == 422
    assert refused.json()["errors"]


def test_a_file_of_quotes_is_taken_in_once(client: TestClient, token_with: Issue) -> None:
    headers = bearer(token_with("quotes:write"))
    file = {"file": ("报价.csv", quotes_csv().encode(), "text/csv")}
    first = client.post("/v1/imports/quotes?source=fair", files=file, headers=headers)
    assert first.status_code == 201, first.text
    assert first.json()["accepted"] + first.json()["flagged"] == 362
    again = client.post("/v1/imports/quotes?source=fair", files=file, headers=headers).json()
    assert (again["accepted"], again["duplicates"]) == (0, 362)


@ON_BOTH_DATABASES
def test_a_bad_row_stops_the_file_unless_told_to_proceed(client: TestClient, token_with: Issue) -> None:
    headers = bearer(token_with("quotes:write"))
    bad = quotes_csv().replace("2025-01-03,40.0", "2025-01-03,forty", 1).encode()
    file = {"file": ("quotes.csv", bad, "text/csv")}
    refused = client.post("/v1/imports/quotes?source=fair&lang=en", files=file, headers=headers)
    assert refused.status_code == 422
    fault = refused.json()["errors"][0]
    assert (fault["row"], fault["value"]) == (6, "forty")
    assert client.get("/v1/quotes").json()["quotes"] == []
    taken = client.post(
        "/v1/imports/quotes?source=fair&proceed=true&lang=en", files=file, headers=headers
    ).json()
    assert (taken["accepted"] + taken["flagged"], taken["rejected"], len(taken["faults"])) == (361, 1, 1)
    assert taken["faults"][0]["row"] == 6


@ON_BOTH_DATABASES
def test_publishing_answers_with_the_release(client: TestClient, station: Station, token_with: Issue) -> None:
    load(station)
    headers = bearer(token_with("index:publish"))
    wish = {"family": "herbs", "until": "2025-05-31"}
    made = client.post("/v1/releases", json=wish, headers=headers)
    assert made.status_code == 201, made.text
    assert made.json()["value"] == "1000.00"
    assert client.get(made.headers["location"]).json()["id"] == made.json()["id"]
    again = client.post("/v1/releases", json=wish, headers=headers)
    assert again.status_code == 409
    unknown = client.post("/v1/releases", json={"family": "nowhere"}, headers=headers)
    assert unknown.status_code == 404

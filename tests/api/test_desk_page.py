"""The desk's page: nothing without a token, the token never in the page, decisions as over the interface."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from api.station import Station
from priceindex import book

Issue = Callable[..., str]
ROWS = [
    "品名,规格,产地,市场,日期,价格",
    "白芍,统,安徽,亳州,2024-03-01,85",
    "白芍,统,安徽,亳州,2024-03-02,170",
]
BOX = "白芍|统|安徽|亳州|2024-03-02|fair"


@pytest.fixture
def slipped(client: TestClient, token_with: Issue) -> str:
    """One quote set aside; returns its clerk's token."""
    clerk = token_with("quotes:write", "quotes:decide", name="王")
    client.post(
        "/v1/imports/quotes?source=fair&proceed=true",
        files={"file": ("a.csv", "\n".join(ROWS).encode(), "text/csv")},
        headers={"Authorization": f"Bearer {clerk}"},
    )
    return clerk


def status(station: Station) -> set[str]:
    with station.database.read() as session:
        return {one.status.value for one in book.quotes(session)}


@pytest.mark.usefixtures("slipped")
def test_the_page_shows_nothing_before_a_token_is_given(client: TestClient) -> None:
    asked = client.get("/desk/quarantine?lang=zh")
    assert asked.status_code == 200
    assert "170.00" not in asked.text
    refused = client.post("/desk/quarantine", data={"verdict": "look"})
    assert refused.status_code == 422
    assert "170.00" not in refused.text


@pytest.mark.usefixtures("slipped")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_verifier_sees_what_waits_and_the_token_stays_out_of_the_page(
    client: TestClient, token_with: Issue, language: str
) -> None:
    token = token_with("quotes:decide", name="李")
    shown = client.post(f"/desk/quarantine?lang={language}", data={"token": token, "verdict": "look"})
    assert shown.status_code == 200
    assert BOX in shown.text
    assert "170.00" in shown.text
    assert token not in shown.text


@pytest.mark.usefixtures("slipped")
def test_what_was_ticked_is_released_with_its_reason(
    client: TestClient, token_with: Issue, station: Station
) -> None:
    form = {"token": token_with("quotes:decide", name="李"), "verdict": "release", "quote": BOX}
    short = client.post("/desk/quarantine", data=form | {"reason": "好"})
    assert short.status_code == 422
    hidden = client.post("/desk/quarantine", data=form | {"reason": "电话核实\u200b过了"})
    assert hidden.status_code == 422
    assert status(station) == {"accepted", "quarantined"}
    done = client.post("/desk/quarantine", data=form | {"reason": "电话核实过"})
    assert done.status_code == 200
    assert "quote.decided/" in done.text
    assert status(station) == {"accepted"}


def test_who_handed_it_in_is_refused_on_the_page_too(
    client: TestClient, slipped: str, station: Station
) -> None:
    form = {"token": slipped, "verdict": "release", "quote": BOX, "reason": "电话核实过"}
    assert client.post("/desk/quarantine", data=form).status_code == 422
    assert status(station) == {"accepted", "quarantined"}


@pytest.mark.usefixtures("slipped")
@pytest.mark.parametrize("box", ["", "白芍", "a|b|c|d|e|f", "<b>|统|安徽|亳州|2024-03-02|fair"])
def test_a_box_our_page_never_made_decides_nothing(
    client: TestClient, token_with: Issue, station: Station, box: str
) -> None:
    form = {"token": token_with("quotes:decide", name="李"), "verdict": "reject", "reason": "电话核实过"}
    answer = client.post("/desk/quarantine", data=form | {"quote": box})
    assert answer.status_code == 422
    assert "<b>" not in answer.text
    assert status(station) == {"accepted", "quarantined"}

"""The price desk's page: nothing without a sign-in, decisions as over the interface, all of it or nothing."""

from collections.abc import Callable
from html import unescape
from typing import Any

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


@pytest.fixture
def verifier(token_with: Issue) -> dict[str, str]:
    return {"Authorization": f"Bearer {token_with('quotes:decide', name='李')}", "Accept": "text/html"}


def status(station: Station) -> set[str]:
    with station.database.read() as session:
        return {one.status.value for one in book.quotes(session)}


def sent(client: TestClient, headers: dict[str, str], **form: str) -> Any:
    return client.post("/desk/quarantine?lang=zh", data=form, headers=headers, follow_redirects=False)


@pytest.mark.usefixtures("slipped")
def test_the_page_shows_nothing_without_a_sign_in(client: TestClient) -> None:
    for asked in (
        client.get("/desk/quarantine", headers={"Accept": "text/html"}, follow_redirects=False),
        sent(client, {"Accept": "text/html"}, verdict="release", quote=BOX, reason="电话核实过"),
    ):
        assert (asked.status_code, asked.headers["location"].partition("?")[0]) == (303, "/sign-in")
        assert "170.00" not in asked.text


@pytest.mark.usefixtures("slipped")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_verifier_sees_what_waits(client: TestClient, verifier: dict[str, str], language: str) -> None:
    shown = client.get(f"/desk/quarantine?lang={language}", headers=verifier)
    assert shown.status_code == 200
    assert BOX in shown.text
    assert "170.00" in shown.text
    assert BOX not in client.get("/desk/quarantine?herb=当归", headers=verifier).text
    file = client.get("/desk/quarantine?as=csv&table=quarantine", headers=verifier)
    assert file.content.decode("utf-8-sig").splitlines()[1].startswith("白芍,统,安徽,亳州,2024-03-02,17000,")


@pytest.mark.usefixtures("slipped")
def test_what_was_ticked_is_released_with_its_reason(
    client: TestClient, verifier: dict[str, str], station: Station
) -> None:
    form = {"verdict": "release", "quote": BOX}
    short = sent(client, verifier, **form, reason="好")
    assert short.status_code == 422
    assert f'value="{BOX}" checked' in short.text
    assert sent(client, verifier, **form, reason="电话核实\u200b过了").status_code == 422
    assert status(station) == {"accepted", "quarantined"}
    done = sent(client, verifier, **form, reason="电话核实过")
    assert done.status_code == 303
    page = unescape(client.get(done.headers["location"], headers=verifier).text)
    assert "已放行所选报价" in page
    assert "没有隔离的报价" in page
    assert status(station) == {"accepted"}


def test_who_handed_it_in_is_refused_on_the_page_too(
    client: TestClient, slipped: str, station: Station
) -> None:
    own = {"Authorization": f"Bearer {slipped}"}
    assert sent(client, own, verdict="release", quote=BOX, reason="电话核实过").status_code == 422
    assert status(station) == {"accepted", "quarantined"}


@pytest.mark.usefixtures("slipped")
@pytest.mark.parametrize("box", ["", "白芍", "a|b|c|d|e|f", "<b>|统|安徽|亳州|2024-03-02|fair"])
@pytest.mark.parametrize("verdict", ["reject", "look"])
def test_a_box_or_a_verdict_our_page_never_made_decides_nothing(
    client: TestClient, verifier: dict[str, str], station: Station, box: str, verdict: str
) -> None:
    answer = sent(client, verifier, verdict=verdict, reason="电话核实过", quote=box)
    assert answer.status_code == 422
    assert "<b>" not in answer.text
    assert status(station) == {"accepted", "quarantined"}

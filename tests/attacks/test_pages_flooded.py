"""Who sends a page's forms without end, past the limits of the interface that does the same."""

from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.settings import Settings, load_settings
from api.station import Station
from tests.api.conftest import HOST
from tests.trace.season import GROWER, register_all


@pytest.fixture
def settings(tmp_path: Path, service_url: str) -> Settings:
    """A service that lets each caller write twice an hour."""
    return load_settings(
        folder=tmp_path / "service",
        database_url=service_url,
        origin=f"{HOST}/log",
        base_url=f"https://{HOST}",
        trusted_hosts=(HOST,),
        write_rate="2/hour",
    )


def test_a_form_sent_again_and_again_spends_what_its_sender_may_write(
    client: TestClient, station: Station, token_with: Callable[..., str]
) -> None:
    station.writer.submit(lambda session: register_all(session, station.recorder))
    headers = {"Authorization": f"Bearer {token_with('steps:write', party=GROWER)}", "Accept": "text/html"}
    sent = [
        client.post("/workbench/paste", data={"block": "x", "act": "check"}, headers=headers)
        for _ in range(3)
    ]
    assert [each.status_code for each in sent] == [422, 422, 429]
    assert int(sent[-1].headers["retry-after"]) > 0
    assert client.get("/workbench/paste", headers=headers).status_code == 200

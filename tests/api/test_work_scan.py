"""Codes read in the workbench: what they name, what can be done with them, and what a guess gains."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from api.tokens import issue_token, parse_scopes
from tests.journeys.small_city import Asked, small_city
from tests.trace.season import GROWER, PHARMACY
from trace.scanning.scan_tables import ScanRow


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    with small_city(Path(tmp_path_factory.mktemp("scanned"))) as opened:
        yield opened


def looked(city: Asked, codes: str, party: str = PHARMACY) -> str:
    token = city.station.writer.submit(
        lambda session: issue_token(
            session,
            name="clerk",
            scopes=parse_scopes(["steps:write"]),
            party=party,
            created_ms=city.station.clock(),
            expires_ms=None,
            randomness=city.station.randomness,
        )
    )
    client: TestClient = city.client
    answer = client.get(
        "/workbench/scan", params={"codes": codes, "lang": "en"}, headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 200, answer.text
    return answer.text


def test_an_address_a_bare_code_and_a_mistyped_hyphen_are_one_pack(city: Asked) -> None:
    code = city.city.codes[0]
    text = looked(city, f"https://city.example/s/{code}?lang=zh\n{code.lower()}\n{code[:5]}-{code[5:]}")
    assert ("1 codes" in text, "3 times" in text) == (True, True)
    assert 'data-label="Lot"><a class="mono" href="/workbench/lots/YP-1?lang=en">YP-1</a>' in text
    assert "500 g" in text


def test_who_has_the_packs_may_pass_them_on_and_nobody_else(city: Asked) -> None:
    code = city.city.codes[1]
    assert f"/workbench/steps/sale?lang=en&amp;codes={code}" in looked(city, code)
    others = looked(city, code, GROWER)
    assert "/workbench/steps/sale" not in others
    assert "You do not have these goods" in others


def test_a_guess_is_told_no_more_than_that_there_is_no_such_code(city: Asked) -> None:
    code = city.city.codes[2]
    forged = code[:-2] + ("0" if code[-2] != "0" else "1") + code[-1]
    text = looked(city, f"{forged}\n<script>x</script>")
    assert "Not found: 2" in text
    assert "<script>x" not in text


def test_a_look_from_the_workbench_is_no_consumers_scan(city: Asked) -> None:
    looked(city, city.city.codes[4])
    city.station.scans.flush()
    with city.station.database.read() as session:
        assert session.exec(select(ScanRow)).all() == []
    city.client.get(f"/s/{city.city.codes[4]}")
    city.station.scans.flush()
    with city.station.database.read() as session:
        assert len(session.exec(select(ScanRow)).all()) == 1


def test_more_than_a_pallet_is_said_to_be_left_out(city: Asked) -> None:
    assert "2 more were left out" in looked(city, "\n".join(f"x{n}" for n in range(302)))

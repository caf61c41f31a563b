"""Codes read in the workbench: what they name, what can be done with them, and what a guess gains."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.callers import Caller
from api.errors import TooManyRequests
from api.routes import work_scanned
from api.routes.work_scanned import look_through
from api.tokens import issue_token, parse_scopes
from tests.journeys.small_city import Asked, small_city
from tests.trace.season import GROWER, PHARMACY
from trace.links.link_reading import FoundLink
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


class _ThreeGuesses:
    """A limit of three unknown codes."""

    def __init__(self) -> None:
        self.left = 3

    def require(self, *_: str) -> None:
        """Something is left."""

    def count(self, *_: str) -> None:
        if not self.left:
            raise TooManyRequests(seconds=60)
        self.left -= 1


def test_nothing_is_looked_up_beyond_the_guesses_a_caller_has_left(
    city: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def nothing_found(_: Session, given: str) -> list[FoundLink]:
        asked.append(given)
        return []

    monkeypatch.setattr(work_scanned, "look_up_other", nothing_found)
    monkeypatch.setattr(city.station, "limiter", _ThreeGuesses())
    with pytest.raises(TooManyRequests):
        look_through(city.station, [(f"x{n}", 1) for n in range(9)], GROWER, Caller(address="192.0.2.1"))
    assert asked == ["x0", "x1", "x2", "x3"]


def test_a_code_that_is_an_address_leads_nowhere_but_to_a_scan_page(city: Asked) -> None:
    text = looked(city, "https://x.example/s/..%2F..%2Faccount")
    assert 'href="/s/..%2F..%2Faccount?lang=en"' in text

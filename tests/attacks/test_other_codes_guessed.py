"""Whoever guesses codes of other systems: they learn nothing that would help to copy one of ours."""

import pytest
from sqlalchemy import Engine, event
from starlette.testclient import TestClient

from api.station import Station
from tests.api.linked_lot import DRUG, GTIN, LOT_CPC, Issue, link_all, packed
from tests.trace.season import MAKER
from trace.coding.code_keys import CodeKeys
from trace.coding.trace_code import encode, grouped


@pytest.fixture
def codes(client: TestClient, station: Station, token_with: Issue) -> tuple[str, ...]:
    made = packed(station)
    link_all(client, token_with("steps:write", party=MAKER), made)
    return made


def test_no_answer_about_another_code_names_one_of_ours(client: TestClient, codes: tuple[str, ...]) -> None:
    asked = [
        f"/s/{DRUG}",
        f"/s/(01){GTIN}(21)S-1",
        f"/v1/links?code={DRUG}",
        f"/01/{GTIN}/21/S-1",
        f"/01/{GTIN}/21/S-1?linkType=linkset",
        "/00/006141411234567890?linkType=linkset",
        f"/s/{LOT_CPC}",
    ]
    for path in asked:
        answer = client.get(path)
        assert answer.status_code == 200, path
        for code in codes:
            assert code not in answer.text, path
            assert grouped(code) not in answer.text, path
            assert code not in str(answer.url), path


def test_a_guess_at_one_of_ours_asks_the_database_nothing(client: TestClient) -> None:
    forged = [encode(serial, CodeKeys.from_secrets([b"x" * 32])) for serial in range(5)]
    forged = [code for code in forged if not code.isdigit()]
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        for code in forged:
            assert client.get(f"/s/{code}").status_code == 404
        assert not any("trace_" in each for each in asked)
        client.get("/s/81234567890123456789")
        assert any("trace_other_code" in each for each in asked), "the test would see a query"
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.usefixtures("codes")
def test_guessing_codes_of_other_systems_has_a_limit(client: TestClient) -> None:
    seen = {client.get(f"/s/8123456789012345{number:04d}").status_code for number in range(40)}
    assert seen == {404, 429}


@pytest.mark.usefixtures("codes")
def test_no_text_breaks_the_look_up(client: TestClient) -> None:
    texts = ("(01)" + "1" * 5000, "https://" + "a/" * 3000, "(21)(01)(10)", "*CPC*ZYCZS", "𠮷" * 50, "%00")
    for text in texts:
        assert client.get("/v1/links", params={"code": text}).status_code in (200, 422), text[:20]
        assert client.get(f"/s/{text}").status_code in (400, 404, 414), text[:20]

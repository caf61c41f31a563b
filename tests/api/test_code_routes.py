"""Ordering codes over HTTP: issued, listed, written out and changed by their own party only."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from api.station import Station
from ledger import log
from tests.api.conftest import ON_BOTH_DATABASES
from tests.trace.season import COOP, GROWER, MAKER, register_all
from trace.coding.trace_code import decode, normalise

Issue = Callable[..., str]


@pytest.fixture
def registered(station: Station) -> None:
    station.writer.submit(lambda session: register_all(session, station.recorder))


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def maker(token_with: Issue) -> dict[str, str]:
    return bearer(token_with("steps:write", party=MAKER))


@pytest.fixture
def coop(token_with: Issue) -> dict[str, str]:
    return bearer(token_with("steps:write", party=COOP))


def order(client: TestClient, headers: dict[str, str], count: int = 300, **rest: object) -> dict:
    answer = client.post("/v1/codes", json={"party": MAKER, "count": count, **rest}, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


def lines(client: TestClient, batch: str, headers: dict[str, str], query: str = "") -> list[list[str]]:
    answer = client.get(f"/v1/code-batches/{batch}/codes{query}", headers=headers)
    assert answer.status_code == 200
    return [line.split(",") for line in answer.text.removeprefix("\ufeff").splitlines()]


@ON_BOTH_DATABASES
@pytest.mark.usefixtures("registered")
def test_a_batch_is_issued_stated_and_written_out(
    client: TestClient, station: Station, maker: dict[str, str]
) -> None:
    batch = order(client, maker, 300, level="box")
    assert (batch["level"], batch["counts"]) == ("box", {"reserved": 300})
    station.settle()
    with station.database.read() as session:
        assert log.find(session, batch["statement_id"]) is not None
    [head, *rows] = lines(client, batch["batch"], maker)
    assert head == ["code", "printed"]
    assert [decode(code, station.code_keys) for code, _ in rows] == list(range(300))
    assert all(normalise(printed) == code for code, printed in rows)
    assert (rows[0][1], rows[-1][1]) == (batch["first"], batch["last"])
    assert lines(client, batch["batch"], maker, "?first=298&count=9")[1:] == rows[298:]


@pytest.mark.usefixtures("registered")
def test_nobody_orders_reads_or_changes_codes_of_another(
    client: TestClient, maker: dict[str, str], coop: dict[str, str]
) -> None:
    batch = order(client, maker, 3)
    assert client.post("/v1/codes", json={"party": MAKER, "count": 1}, headers=coop).status_code == 403
    for path in ("", "/codes"):
        assert client.get(f"/v1/code-batches/{batch['batch']}{path}", headers=coop).status_code == 404
        assert client.get(f"/v1/code-batches/{batch['batch']}{path}").status_code == 401
    assert client.get(f"/v1/code-batches?party={MAKER}", headers=coop).status_code == 403
    for word in ("printed", "spoiled", "retired"):
        for party in (COOP, MAKER, None):
            body = {"party": party, "first": batch["first"]}
            assert client.post(f"/v1/codes/{word}", json=body, headers=coop).status_code == 403, party
    assert client.get(f"/v1/code-batches/{batch['batch']}", headers=maker).json()["counts"] == {"reserved": 3}


@pytest.mark.usefixtures("registered")
def test_a_token_bound_to_nobody_reads_no_codes(client: TestClient, token_with: Issue) -> None:
    free = bearer(token_with("steps:write"))
    batch = order(client, free, 3)
    assert client.get("/v1/code-batches", headers=free).status_code == 403
    assert client.get(f"/v1/code-batches/{batch['batch']}/codes", headers=free).status_code == 403


@pytest.mark.usefixtures("registered")
def test_codes_are_printed_spoiled_and_retired(client: TestClient, maker: dict[str, str]) -> None:
    batch = order(client, maker, 10)
    codes = [code for code, _ in lines(client, batch["batch"], maker)[1:]]
    for word, body, count in (
        ("printed", {"first": codes[0], "last": codes[9]}, 10),
        ("spoiled", {"codes": [codes[3], codes[7]], "reason": "misprint"}, 2),
        ("retired", {"first": codes[9]}, 1),
    ):
        answer = client.post(f"/v1/codes/{word}", json={"party": MAKER, **body}, headers=maker)
        assert (answer.status_code, answer.json()["count"]) == (201, count), answer.text
    state = client.get(f"/v1/code-batches/{batch['batch']}", headers=maker).json()
    assert state["counts"] == {"printed": 7, "spoiled": 2, "retired": 1}
    again = {"party": MAKER, "first": codes[3]}
    assert client.post("/v1/codes/printed", json=again, headers=maker).status_code == 409
    assert client.post("/v1/codes/printed", json={"party": MAKER}, headers=maker).status_code == 422


@pytest.mark.usefixtures("registered")
def test_a_code_without_a_way_is_neither_complete_nor_incomplete(
    client: TestClient, maker: dict[str, str]
) -> None:
    code = lines(client, order(client, maker)["batch"], maker)[1][0].replace("-", "")
    told = client.get(f"/v1/codes/{code}").json()
    assert (told["verdict"]["key"], told["steps"]) == ("not_activated", [])
    assert (told["completeness_per_mille"], told["groups_per_mille"]) == (None, None)


@pytest.mark.usefixtures("registered")
def test_the_operator_may_retire_any_code_in_its_own_name(
    client: TestClient, maker: dict[str, str], token_with: Issue
) -> None:
    batch = order(client, maker, 3)
    operator = bearer(token_with("operator"))
    body = {"first": batch["first"], "last": batch["last"], "reason": "stolen"}
    assert client.post("/v1/codes/retired", json=body, headers=operator).json()["count"] == 3


@pytest.mark.usefixtures("registered")
def test_batches_are_listed_page_by_page(
    client: TestClient, maker: dict[str, str], token_with: Issue
) -> None:
    ordered = [order(client, maker, count)["batch"] for count in (1, 2, 3)]
    client.post("/v1/codes", json={"party": GROWER, "count": 4}, headers=bearer(token_with("operator")))
    first = client.get("/v1/code-batches?limit=2", headers=maker).json()
    rest = client.get(f"/v1/code-batches?limit=2&next={first['next']}", headers=maker).json()
    listed = [each["batch"] for page in (first, rest) for each in page["batches"]]
    assert (listed, rest["next"]) == (ordered[::-1], None)
    assert len(client.get("/v1/code-batches", headers=bearer(token_with("operator"))).json()["batches"]) == 4


@pytest.mark.parametrize("count", [0, -1, 20_000_001, 1.5, "3"])
@pytest.mark.usefixtures("registered")
def test_a_count_that_is_none_is_refused(client: TestClient, maker: dict[str, str], count: object) -> None:
    answer = client.post("/v1/codes", json={"party": MAKER, "count": count}, headers=maker)
    assert answer.status_code == 422


@pytest.mark.usefixtures("registered")
def test_codes_for_a_party_nobody_registered_are_refused(client: TestClient, token_with: Issue) -> None:
    wanted = {"party": "91110000600037341L", "count": 3}
    answer = client.post("/v1/codes", json=wanted, headers=bearer(token_with("operator")))
    assert answer.status_code == 404


@pytest.mark.usefixtures("registered")
def test_others_write_while_a_large_batch_is_made(station: Station) -> None:
    """The codes are made outside any transaction: a write handed in meanwhile is done."""
    from api.code_issuing import issue_batch
    from trace.coding.code_orders import CodeOrder
    from trace.coding.code_words import Level

    written: list[int] = []

    def meanwhile(more: int) -> None:
        written.append(station.writer.submit(lambda _: more))

    issue_batch(station, CodeOrder(party=MAKER, count=70_000, level=Level.PACK), meanwhile)
    assert sum(written) == 70_000

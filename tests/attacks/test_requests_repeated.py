"""Somebody sends a request again: to be paid twice for one, or to read what another was answered."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI
from sqlmodel import Session, func, select
from starlette.testclient import TestClient

from api.one_transaction import answering_in
from api.repeats import repeatable
from api.repeats.repeat_tables import RequestKeyRow
from api.station import Station
from tests.api.conftest import ON_BOTH_DATABASES, ON_POSTGRESQL
from tests.api.open_party import members, reading, signed
from tests.api.test_governance_routes import DECLARED
from tests.trace.season import GROWER, MAKER, register_all, white_peony
from trace.tables import StepRow

KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"
DECLARATIONS = "/v1/governance/declarations"

Issue = Callable[..., str]


def keyed(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Idempotency-Key": KEY}


@pytest.fixture
def registered(station: Station) -> None:
    station.writer.submit(lambda session: register_all(session, station.recorder))


def _declared(client: TestClient) -> int:
    return len(client.get(DECLARATIONS).json()["declarations"])


@ON_BOTH_DATABASES
def test_thirty_two_repeats_at_once_write_once(client: TestClient, token_with: Issue) -> None:
    headers = keyed(token_with("operator"))
    with ThreadPoolExecutor(32) as pool:
        answers = list(
            pool.map(lambda _: client.post(DECLARATIONS, json=DECLARED, headers=headers), range(32))
        )
    done = [each for each in answers if each.status_code == 201]
    waiting = [each for each in answers if each.status_code == 409]
    assert len(done) + len(waiting) == 32
    assert {each.json()["type"] for each in waiting} <= {"/problems/request-under-way"}
    assert len({each.content for each in done}) == 1
    assert sum("idempotent-replayed" not in each.headers for each in done) == 1
    assert _declared(client) == 1


@ON_POSTGRESQL
def test_repeats_to_several_workers_write_once(app: FastAPI, client: TestClient, token_with: Issue) -> None:
    """Another worker does not know what is under way here: the transaction decides."""
    headers = keyed(token_with("operator"))

    class _Blind:
        def claim(self, _key: object) -> "_Blind":
            return self

        def __enter__(self) -> None: ...

        def __exit__(self, *_: object) -> None: ...

    app.state.under_way = _Blind()
    with ThreadPoolExecutor(16) as pool:
        answers = list(
            pool.map(lambda _: client.post(DECLARATIONS, json=DECLARED, headers=headers), range(16))
        )
    assert {each.status_code for each in answers} == {201}
    assert len({each.content for each in answers}) == 1
    assert _declared(client) == 1


@pytest.mark.usefixtures("registered")
def test_nobody_reads_anothers_answer_by_its_key(client: TestClient, token_with: Issue) -> None:
    mine = token_with("steps:write", party=MAKER)
    hold = {"kind": "party", "target": MAKER, "reason": "自查"}
    own = client.post("/v1/holds", json=hold, headers=keyed(mine))
    assert own.status_code == 201, own.text
    stranger = client.post("/v1/holds", json=hold, headers=keyed(token_with("steps:write", party=GROWER)))
    assert stranger.status_code == 403
    assert own.json()["hold"] not in stranger.text
    assert client.post("/v1/holds", json=hold, headers={"Idempotency-Key": KEY}).status_code == 401
    assert client.post("/v1/holds", json=hold, headers=keyed(token_with("quotes:write"))).status_code == 403
    assert client.post("/v1/holds", json=hold, headers=keyed(mine)).content == own.content


@ON_BOTH_DATABASES
def test_a_crash_before_the_answer_is_kept_leaves_nothing_written(
    client: TestClient, token_with: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = keyed(token_with("operator"))

    def dies(*_: object, **__: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as broken:
        broken.setattr(repeatable, "keep_answer", dies)
        assert client.post(DECLARATIONS, json=DECLARED, headers=headers).status_code == 500
    assert _declared(client) == 0
    assert client.post(DECLARATIONS, json=DECLARED, headers=headers).status_code == 201
    assert _declared(client) == 1


@pytest.mark.usefixtures("registered")
def test_a_crash_after_a_step_was_written_does_not_record_it_twice(
    client: TestClient, station: Station, token_with: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = keyed(token_with("steps:write", party=GROWER))
    step = white_peony()[0][0].model_dump(mode="json", exclude_none=True)

    def dies(*_: object, **__: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as broken:
        broken.setattr(repeatable, "keep_answer", dies)
        assert client.post("/v1/steps", json=step, headers=headers).status_code == 500
    again = client.post("/v1/steps", json=step, headers=headers)
    assert (again.status_code, again.json()["replayed"]) == (202, True)
    with station.database.read() as session:
        assert session.exec(select(func.count()).select_from(StepRow)).one() == 1


@ON_BOTH_DATABASES
def test_what_was_refused_leaves_neither_change_nor_key(
    client: TestClient, station: Station, token_with: Issue
) -> None:
    """Else a key could be filled with refusals, or a refusal be held against the repaired request."""
    headers = keyed(token_with("operator"))
    refused = client.post(DECLARATIONS, json={**DECLARED, "valid_until": "2020-01-01"}, headers=headers)
    assert 400 <= refused.status_code < 500
    with station.database.read() as session:
        assert session.exec(select(RequestKeyRow)).all() == []
    assert _declared(client) == 0
    assert client.post(DECLARATIONS, json=DECLARED, headers=headers).status_code == 201


def test_what_a_request_wrote_is_undone_with_it(station: Station, client: TestClient) -> None:
    """Works handed in while a request is answered in one transaction are parts of that transaction."""

    def refused(session: Session) -> None:
        with answering_in(session):
            station.writer.submit(lambda inner: inner.add(_row("a")))
            with station.database.read() as reading:
                assert reading.get(RequestKeyRow, ("x", "a")) is not None
            raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        station.writer.submit(refused)
    station.writer.submit(lambda session: session.add(_row("b")))
    with station.database.read() as session:
        assert [row.request_key for row in session.exec(select(RequestKeyRow))] == ["b"]
    assert _declared(client) == 0


def _row(key: str) -> RequestKeyRow:
    return RequestKeyRow(caller="x", request_key=key, digest=b"", done_ms=0, status=200, headers="[]")


def test_a_signed_statement_is_answered_to_its_bearer_alone(client: TestClient, token_with: Issue) -> None:
    """The busiest address is answered past all dependencies: a key must not open it without a token."""
    stated = members(signed(reading("a")))
    first = client.post("/v1/statements", json=stated, headers=keyed(token_with("operator")))
    assert client.post("/v1/statements", json=stated, headers={"Idempotency-Key": KEY}).status_code == 401
    forged = keyed(f"daodi_00000000_{'0' * 64}")
    assert client.post("/v1/statements", json=stated, headers=forged).status_code == 401
    assert first.status_code != 401

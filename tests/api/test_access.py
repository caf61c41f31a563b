"""Access is noted: each write in its own transaction, each private reading soon after, and for good."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select, update
from starlette.testclient import TestClient

from api.access.access_digests import verify_digests
from api.access.access_errors import AccessAltered, AccessNotNoted
from api.access.access_log import MOST_WAITING
from api.access.access_tables import AccessNoteRow
from api.asking import Asking
from api.callers import Caller
from api.settings import load_settings
from api.station import Station
from tests.api.accounts_of import somebody
from tests.api.conftest import ON_BOTH_DATABASES
from tests.trace.season import MAKER, register_all, white_peony

Issue = Callable[..., str]
STEP = next(new for new, _ in white_peony()).model_dump(mode="json", exclude_none=True)
DAY_MS = 86_400_000


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def registered(station: Station) -> None:
    station.writer.submit(lambda session: register_all(session, station.recorder))


def noted(station: Station) -> list[AccessNoteRow]:
    station.accesses.flush()
    with station.database.read() as session:
        return list(session.exec(select(AccessNoteRow).order_by(col(AccessNoteRow.number))))


@ON_BOTH_DATABASES
@pytest.mark.usefixtures("registered")
def test_a_write_is_noted_with_who_and_where(client: TestClient, station: Station, token_with: Issue) -> None:
    token = token_with("steps:write", party=STEP["party"])
    assert client.post("/v1/steps", json=STEP, headers=bearer(token)).status_code == 202
    (note,) = [each for each in noted(station) if each.kind == "write"]
    assert (note.who, note.party) == (token.split("_")[1], STEP["party"])
    assert (note.operation, note.status) == ("POST /v1/steps", None)


@pytest.mark.usefixtures("registered")
def test_a_write_that_fails_leaves_no_note_of_a_write_but_of_a_refusal(
    client: TestClient, station: Station, token_with: Issue
) -> None:
    token = token_with("steps:write", party=MAKER)
    answer = client.post("/v1/steps", json=STEP, headers=bearer(token))
    assert answer.status_code == 403
    (note,) = noted(station)
    assert (note.kind, note.status, note.party) == ("refused", 403, MAKER)


def test_a_private_reading_is_noted_and_a_public_one_is_not(
    client: TestClient, station: Station, token_with: Issue
) -> None:
    assert client.get("/v1/releases").status_code == 200
    assert client.get("/v1/drafts", headers=bearer(token_with("index:publish"))).status_code == 200
    (note,) = noted(station)
    assert (note.kind, note.operation, note.status) == ("read", "GET /v1/drafts", 200)


def test_neither_name_nor_network_address_stands_in_a_note(
    client: TestClient, station: Station, token_with: Issue
) -> None:
    token = token_with("index:publish", name="somebody")
    client.get("/v1/drafts", headers={**bearer(token), "User-Agent": "agent-canary"})
    said = " ".join(map(str, noted(station)[0].model_dump().values()))
    assert not any(word in said for word in ("somebody", "testclient", "agent-canary", token))


@ON_BOTH_DATABASES
@pytest.mark.parametrize("act", ["UPDATE api_access_note SET who = 'x'", "DELETE FROM api_access_note"])
def test_the_database_refuses_to_change_or_delete_a_note(
    client: TestClient, station: Station, token_with: Issue, act: str
) -> None:
    client.get("/v1/drafts", headers=bearer(token_with("index:publish")))
    before = [note.model_dump() for note in noted(station)]
    with pytest.raises(DBAPIError, match="only grows"):
        station.writer.submit(lambda session: session.execute(text(act)))
    assert [note.model_dump() for note in noted(station)] == before != []


@ON_BOTH_DATABASES
def test_whatever_is_changed_of_a_note_behind_the_triggers_is_found_by_its_digest(
    client: TestClient, station: Station, token_with: Issue
) -> None:
    for _ in range(3):
        client.get("/v1/drafts", headers=bearer(token_with("index:publish")))
    noted(station)
    station.state_access()
    station.settle()
    with station.database.read() as session:
        assert [(each.first, each.last, each.notes) for each in verify_digests(session)] == [(1, 3, 3)]
    station.writer.submit(lambda session: _drop_triggers(session, station))
    whole = noted(station)[1].model_dump()
    for column in whole.keys() - {"number"}:
        _alter(station, {column: "x" if isinstance(whole[column], str | None) else 7})
        with station.database.read() as session, pytest.raises(AccessAltered):
            list(verify_digests(session))
        _alter(station, {column: whole[column]})
    with station.database.read() as session:
        assert len(list(verify_digests(session))) == 1


def _drop_triggers(session: Session, station: Station) -> None:
    if station.database.is_sqlite:
        session.execute(text("DROP TRIGGER api_access_note_update"))
    else:
        session.execute(text("DROP TRIGGER api_access_note_only_grows ON api_access_note"))


def _alter(station: Station, values: dict[str, object]) -> None:
    altered = update(AccessNoteRow).where(col(AccessNoteRow.number) == 2).values(**values)
    station.writer.submit(lambda session: session.execute(altered))


@pytest.mark.usefixtures("registered")
def test_a_form_of_a_page_leaves_a_note_like_any_other_writing(client: TestClient, station: Station) -> None:
    clerk = somebody(station, "clerk", party=MAKER)
    typed = {"place_id": "NEW-1", "name": "新仓", "division": "341602"}
    sent = client.post("/workbench/places/new", data=typed, headers=clerk.headers, follow_redirects=False)
    assert sent.status_code == 303
    assert [
        (each.kind, each.who, each.party) for each in noted(station) if "places/new" in each.operation
    ] == [("write", clerk.account_id, MAKER)]


def test_a_command_leaves_a_note(told: Callable[..., str], tmp_path: Path) -> None:
    told("keys", "issue-token", "feed", "--scope", "quotes:write")
    settings = load_settings(folder=tmp_path / "service")
    with Station.open(settings, background=False) as opened:
        assert [(each.kind, each.who, each.operation) for each in noted(opened)] == [
            ("write", "command", "daodi keys")
        ]


def test_the_next_digest_goes_on_where_the_last_one_ended(
    client: TestClient, station: Station, token_with: Issue
) -> None:
    for _ in range(2):
        client.get("/v1/drafts", headers=bearer(token_with("index:publish")))
        noted(station)
        made = station.state_access()
        assert made is not None
    station.settle()
    assert station.state_access() is None
    with station.database.read() as session:
        assert [(each.first, each.last) for each in verify_digests(session)] == [(1, 1), (2, 2)]


def test_a_day_of_notes_taken_out_is_missed_by_the_digest_after_it(
    client: TestClient, station: Station, token_with: Issue
) -> None:
    for _ in range(2):
        client.get("/v1/drafts", headers=bearer(token_with("index:publish")))
        noted(station)
        station.state_access()
    station.settle()

    def take_out(session: Session) -> None:
        session.execute(text("DROP TRIGGER api_access_note_delete"))
        session.execute(text("DELETE FROM api_access_note WHERE number = 1"))
        session.execute(text("DELETE FROM api_access_digest WHERE last = 1"))

    station.writer.submit(take_out)
    with station.database.read() as session, pytest.raises(AccessAltered):
        list(verify_digests(session))


def test_a_party_sees_its_own_notes_and_no_others(
    client: TestClient, token_with: Issue, station: Station
) -> None:
    own = token_with("index:publish", party=MAKER)
    other, operator = token_with("index:publish"), token_with("operator")
    for token in (own, other):
        client.get("/v1/drafts", headers=bearer(token))
    station.accesses.flush()

    def seen(token: str) -> set[str]:
        answer = client.get("/v1/access", headers=bearer(token)).json()["notes"]
        return {note["who"] for note in answer if note["operation"] == "GET /v1/drafts"}

    own_prefix, other_prefix = own.split("_")[1], other.split("_")[1]
    assert seen(own) == {own_prefix}
    assert seen(other) == {other_prefix}
    assert seen(operator) == {own_prefix, other_prefix}


def test_notes_come_in_pages_and_as_csv(client: TestClient, token_with: Issue, station: Station) -> None:
    token = token_with("operator")
    for _ in range(3):
        client.get("/v1/drafts", headers=bearer(token))
    station.accesses.flush()
    first = client.get("/v1/access?limit=2&kind=read", headers=bearer(token)).json()
    rest = client.get(f"/v1/access?limit=2&kind=read&next={first['next']}", headers=bearer(token)).json()
    assert [note["number"] for note in first["notes"] + rest["notes"]] == [3, 2, 1]
    table = client.get("/v1/access?as=csv", headers=bearer(token))
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert table.text.count("GET /v1/drafts") == 3


def test_where_readings_cannot_be_noted_nothing_private_is_shown(
    client: TestClient, token_with: Issue, station: Station
) -> None:
    token = token_with("index:publish")
    asking = Asking("GET /x", "r", caller=Caller(address="", token="t"))
    for _ in range(MOST_WAITING):
        station.accesses.finished(asking, "GET", 200)
    with pytest.raises(AccessNotNoted):
        station.accesses.require_room()
    refused = client.get("/v1/drafts", headers=bearer(token))
    assert (refused.status_code, client.get("/v1/releases").status_code) == (503, 200)
    station.accesses.flush()
    assert client.get("/v1/drafts", headers=bearer(token)).status_code == 200


def test_the_secret_of_an_invitation_is_in_no_note(client: TestClient, station: Station) -> None:
    canary = "ab" * 32
    for answer in (
        client.get(f"/sign-in/invitation/{canary}"),
        client.post(f"/sign-in/invitation/{canary}", headers={"Sec-Fetch-Site": "same-origin"}),
    ):
        assert answer.status_code in {404, 410, 422}
    asking = Asking("POST /x", "r", {"method": "POST", "path_params": {"secret": canary, "lot": "A"}})
    assert asking.objects() == {"lot": "A"}
    assert canary not in repr(noted(station))

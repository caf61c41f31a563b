"""Private values through the service: who reads them, who erases them, and what is left on the disk."""

from pathlib import Path

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from api.erasing import erase_values, scrub
from api.settings import Settings
from api.station import Station
from api.tables import METADATA
from api.vault_keys import VaultKeys
from tests.api.conftest import ON_BOTH_DATABASES, ON_POSTGRESQL
from tests.api.private_station import PHONE, Issue, bearer, data_keys, openable, pieces, sealed_of, shown
from tests.trace.holding import hold, lifted
from tests.trace.season import GROWER, MAKER, at
from trace.coding.code_reading import code_text


@ON_BOTH_DATABASES
def test_the_party_reads_and_erases_what_it_stated(
    client: TestClient, planting: str, token_with: Issue
) -> None:
    own = token_with("steps:write", party=GROWER)
    assert shown(client, planting, own) == {"phone": PHONE, "responsible": "张三丰"}
    path = f"/v1/statements/{planting}/redactions"
    sent = client.post(path, json={"names": ["phone"], "reason": "subject-request"}, headers=bearer(own))
    assert sent.status_code == 201, sent.text
    assert sent.json()["names"] == ["phone"]
    assert shown(client, planting, own) == {"phone": None, "responsible": "张三丰"}
    again = client.post(path, json={"names": ["phone"], "reason": "subject-request"}, headers=bearer(own))
    assert again.status_code == 404


@pytest.mark.parametrize(("kind", "target"), [("lot", "BS-PLANT"), ("lot", "YP-1"), ("party", GROWER)])
def test_a_party_cannot_destroy_evidence_once_somebody_looks_into_it(
    client: TestClient, station: Station, planting: str, token_with: Issue, kind: str, target: str
) -> None:
    """A hold on the lot, on what was made from it, or on the party; the operator may be obliged to erase."""
    station.writer.submit(
        lambda session: hold(session, station.recorder, kind, target, "inspection", at(950))
    )
    own, path = token_with("steps:write", party=GROWER), f"/v1/statements/{planting}/redactions"
    refused = client.post(path, json={"reason": "subject-request"}, headers=bearer(own))
    assert (refused.status_code, refused.json()["type"].split("/")[-1]) == (409, "erasure-held")
    assert shown(client, planting, own)["phone"] == PHONE
    operator = bearer(token_with("operator"))
    assert client.post(path, json={"reason": "court-order"}, headers=operator).status_code == 201


def test_a_party_may_erase_again_once_the_hold_is_lifted(
    client: TestClient, station: Station, planting: str, token_with: Issue
) -> None:
    path, own = f"/v1/statements/{planting}/redactions", bearer(token_with("steps:write", party=GROWER))
    placed = station.writer.submit(
        lambda session: hold(session, station.recorder, "lot", "YP-1", "inspection", at(950))
    )
    assert client.post(path, json={"reason": "subject-request"}, headers=own).status_code == 409
    station.writer.submit(lambda session: lifted(session, station.recorder, placed, at(960)))
    assert client.post(path, json={"reason": "subject-request"}, headers=own).status_code == 201


def test_the_log_has_the_redaction_and_the_page_says_it(
    client: TestClient, station: Station, planting: str, token_with: Issue
) -> None:
    operator = token_with("operator")
    path = f"/v1/statements/{planting}/redactions"
    sent = client.post(path, json={"reason": "retention-over"}, headers=bearer(operator)).json()
    assert sent["names"] == ["phone", "responsible"]
    station.settle()
    receipt = client.get(f"/v1/receipts/{sent['redaction']}").json()
    assert receipt["state"] == "integrated"
    with station.database.read() as session:
        activated = text("SELECT min(first_serial) FROM trace_code_run WHERE status = 'activated'")
        code = code_text(session, session.execute(activated).scalar_one(), station.code_keys)
    page = client.get(f"/s/{code}?lang=en").text
    assert "telephone: erased for good on" in page
    assert "retention-over" in page
    [told] = [each for each in client.get(f"/v1/codes/{code}?lang=en").json()["steps"] if each["erased"]]
    assert [(each["label"], each["reason"]) for each in told["erased"]] == [
        ("person in charge", "retention-over"),
        ("telephone", "retention-over"),
    ]


@pytest.mark.parametrize(
    ("scopes", "party", "status"),
    [
        (("steps:write",), MAKER, 403),
        (("steps:write",), None, 403),
        (("quotes:write",), None, 403),
        ((), None, 401),
    ],
    ids=["another party", "a token of nobody", "a feed", "no token"],
)
def test_a_stranger_neither_reads_nor_erases(
    client: TestClient,
    planting: str,
    token_with: Issue,
    scopes: tuple[str, ...],
    party: str | None,
    status: int,
) -> None:
    headers = bearer(token_with(*scopes, party=party)) if scopes else {}
    base = f"/v1/statements/{planting}"
    assert client.get(f"{base}/disclosures", headers=headers).status_code == status
    body = {"reason": "subject-request"}
    assert client.post(f"{base}/redactions", json=body, headers=headers).status_code == status
    assert shown(client, planting, token_with("operator")) == {"phone": PHONE, "responsible": "张三丰"}


def test_what_is_malformed_or_unknown_is_refused(
    client: TestClient, planting: str, token_with: Issue
) -> None:
    headers = bearer(token_with("operator"))
    base = f"/v1/statements/{planting}/redactions"
    assert client.post(base, json={"reason": "Mr Zhang asked"}, headers=headers).status_code == 422
    assert client.post(base, json={"reason": "x", "name": "phone"}, headers=headers).status_code == 422
    assert client.post(base, json={"reason": "x", "names": ["nothing"]}, headers=headers).status_code == 404
    unknown = client.post("/v1/statements/unknown/redactions", json={"reason": "x"}, headers=headers)
    assert unknown.status_code == 404


# What is left on the disk, with the wrapping key in the attacker's hand.


def on_disk(settings: Settings) -> bytes:
    """The database file and everything SQLite keeps beside it."""
    path = Path(settings.database_address.removeprefix("sqlite:///"))
    found = sorted(path.parent.glob(path.name + "*"))
    assert path in found
    return b"".join(each.read_bytes() for each in found)


@pytest.mark.parametrize("names", [["phone"], []], ids=["one field", "all of them"])
def test_erased_bytes_are_nowhere_in_the_files_of_sqlite(
    station: Station, settings: Settings, planting: str, names: list[str]
) -> None:
    sealed, wrapped = sealed_of(station, planting, "phone")
    before = on_disk(settings)
    assert sealed in before, "the test looks in the wrong place"
    assert wrapped in before
    kept_keys = data_keys(station)
    wrapping = list(VaultKeys(settings.keys_folder)())
    assert openable(wrapping, kept_keys, sealed, planting), "the test's attacker is too weak"
    erase_values(station, planting, names, "subject-request", None)
    assert scrub(station.database)
    after = on_disk(settings)
    assert [piece for piece in pieces(sealed) | pieces(wrapped) if piece in after] == []
    assert PHONE.encode() not in after
    assert not openable(wrapping, data_keys(station), sealed, planting)


def test_many_erasures_leave_none_of_their_bytes(
    station: Station, settings: Settings, gatherings: list[str]
) -> None:
    """Pages are rebuilt and merged on the way; no copy of a cell may stay behind in one of them."""
    secrets = [sealed_of(station, statement, "permit") for statement in gatherings]
    for statement in gatherings[::2]:
        erase_values(station, statement, [], "subject-request", None)
    for statement in gatherings[1::2]:
        erase_values(station, statement, ["permit"], "subject-request", None)
    assert scrub(station.database)
    after = on_disk(settings)
    assert [1 for pair in secrets for secret in pair for piece in pieces(secret) if piece in after] == []


def test_without_emptying_the_journal_the_bytes_would_still_be_there(
    station: Station, settings: Settings, planting: str
) -> None:
    """The tests above can fail: a commit alone leaves the old page where it was."""
    sealed, _ = sealed_of(station, planting, "phone")
    scrub(station.database)
    erase_values(station, planting, [], "subject-request", None)
    assert sealed in on_disk(settings)
    scrub(station.database)
    assert sealed not in on_disk(settings)


def test_deleted_content_is_overwritten_with_zeros(station: Station) -> None:
    raw = station.database.write_engine.raw_connection()
    assert raw.cursor().execute("PRAGMA secure_delete").fetchall() == [(1,)]
    raw.close()


def test_a_reader_of_old_pages_keeps_the_journal_and_that_is_said(
    station: Station, planting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.erasing._PAUSE_SECONDS", 0)
    with station.database.read() as reader:
        reader.execute(text("SELECT count(*) FROM ledger_entry")).scalar()
        erase_values(station, planting, [], "subject-request", None)
        assert not scrub(station.database)
    assert scrub(station.database)


@ON_POSTGRESQL
def test_erased_bytes_are_in_no_dump_of_postgresql(
    station: Station, settings: Settings, planting: str
) -> None:
    sealed, wrapped = sealed_of(station, planting, "phone")
    assert sealed in dump_of(station)
    assert wrapped in dump_of(station)
    wrapping = list(VaultKeys(settings.keys_folder)())
    erase_values(station, planting, [], "subject-request", None)
    after = dump_of(station)
    assert [piece for piece in pieces(sealed) | pieces(wrapped) if piece in after] == []
    assert PHONE.encode() not in after
    assert not openable(wrapping, data_keys(station), sealed, planting)


def dump_of(station: Station) -> bytes:
    """Every cell of every table, as COPY would write it out."""
    cells: list[bytes] = []
    with station.database.read() as session:
        for table in METADATA.sorted_tables:
            for row in session.execute(table.select()):
                cells += [each if isinstance(each, bytes) else str(each).encode() for each in row]
    return b"\n".join(cells)

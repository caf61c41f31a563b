"""Private values through the service: who reads them, who erases them, and what is left on the disk."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text
from sqlmodel import Session
from starlette.testclient import TestClient

from api.erasing import erase_values, scrub
from api.settings import Settings
from api.station import Station
from api.tables import METADATA
from api.vault_keys import VAULT_KEYS, VaultKeys, open_vault
from api.vault_rotation import rotate_vault
from ledger.errors import DaodiError
from ledger.private.private_cipher import WrappingKey, open_value, unwrap
from ledger.private.private_errors import SealBroken, WrappingKeyMissing
from ledger.private.private_tables import PrivateKeyRow
from tests.api.conftest import ON_BOTH_DATABASES, ON_POSTGRESQL
from tests.trace.season import GROWER, MAKER, at, lot, register_all, step, white_peony
from trace.freezes import FreezeKind, freeze, lift
from trace.private_values import private_values
from trace.tables import DisclosureRow

Issue = Callable[..., str]
PHONE = "13800138000"


@pytest.fixture
def planting(station: Station) -> str:
    """The season, and forty other lots with values of their own; the statement with the phone number."""

    def work(session: Session) -> str:
        register_all(session, station.recorder)
        ids = [station.recorder.record_step(session, *each).statement_id for each in white_peony()]
        for number in range(40):
            other = step(
                "gathering",
                1,
                outputs=[lot(f"G{number}", 1_000, "白芍")],
                fields={"area_name": "山里", "identified_by": f"鉴定人{number}", "permit": f"P-{number}"},
            )
            station.recorder.record_step(session, other, at(1))
        return ids[1]

    statement_id = station.writer.submit(work)
    station.settle()
    return statement_id


@pytest.fixture
def gatherings(station: Station, planting: str) -> list[str]:  # noqa: ARG001  what was recorded
    """The statements of the other lots."""
    with station.database.read() as session:
        wanted = select(DisclosureRow.statement_id).where(DisclosureRow.name == "permit")  # type: ignore[arg-type]  # a column to SQLAlchemy
        return list(session.execute(wanted.order_by(DisclosureRow.statement_id)).scalars())[:40]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def shown(client: TestClient, statement: str, token: str) -> dict[str, object]:
    answer = client.get(f"/v1/statements/{statement}/disclosures", headers=bearer(token))
    assert answer.status_code == 200, answer.text
    return {each["name"]: each["value"] for each in answer.json()["fields"]}


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
    chosen = FreezeKind(kind)
    station.writer.submit(
        lambda session: freeze(session, chosen, target, "inspection", at(950), station.randomness)
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
    station.writer.submit(
        lambda session: freeze(session, FreezeKind.LOT, "YP-1", "inspection", at(950), station.randomness)
    )
    assert client.post(path, json={"reason": "subject-request"}, headers=own).status_code == 409
    station.writer.submit(lambda session: lift(session, FreezeKind.LOT, "YP-1", at(960)))
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
        code = (
            session.execute(text("SELECT code FROM trace_code WHERE status = 'activated'")).scalars().first()
        )
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


def sealed_of(station: Station, statement: str, name: str) -> tuple[bytes, bytes]:
    """The ciphertext of a value and its wrapped data key."""
    with station.database.read() as session:
        row = session.get(DisclosureRow, (statement, name))
        assert row is not None
        assert row.sealed is not None
        key = session.get(PrivateKeyRow, row.subject)
        assert key is not None
        return row.sealed, key.wrapped


def pieces(secret: bytes) -> set[bytes]:
    """Every run of twelve bytes: what is left of it could lie in pieces."""
    return {secret[place : place + 12] for place in range(len(secret) - 11)}


def on_disk(settings: Settings) -> bytes:
    """The database file and everything SQLite keeps beside it."""
    path = Path(settings.database_address.removeprefix("sqlite:///"))
    found = sorted(path.parent.glob(path.name + "*"))
    assert path in found
    return b"".join(each.read_bytes() for each in found)


def openable(
    wrapping: list[WrappingKey], dump: list[tuple[str, bytes]], sealed: bytes, statement: str
) -> bool:
    """Whether any data key in a dump opens a ciphertext that somebody kept."""
    for subject, wrapped in dump:
        for by in wrapping:
            try:
                open_value(unwrap(by, subject, wrapped), sealed, statement, "phone")
            except SealBroken:
                continue
            return True
    return False


def data_keys(station: Station) -> list[tuple[str, bytes]]:
    with station.database.read() as session:
        return [(row.subject, row.wrapped) for row in session.execute(select(PrivateKeyRow)).scalars()]


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


# Replacing the wrapping key: old backups.


def test_an_old_backup_opens_an_erased_value_until_the_wrapping_key_is_replaced(
    station: Station, settings: Settings, planting: str, tmp_path: Path
) -> None:
    scrub(station.database)
    path = Path(settings.database_address.removeprefix("sqlite:///"))
    backup = Path(shutil.copy(path, tmp_path / "backup.sqlite"))
    erase_values(station, planting, ["phone"], "subject-request", None)

    def from_backup() -> object:
        engine = create_engine(f"sqlite:///{backup}")
        vault = open_vault(settings.keys_folder, os.urandom)
        try:
            with Session(engine) as session:
                values = private_values(session, vault, planting)
                return next(each.disclosure for each in values if each.name == "phone")
        finally:
            engine.dispose()

    assert from_backup() is not None  # honest: a backup is a copy
    old_file = (settings.keys_folder / VAULT_KEYS).read_bytes()
    with_values = len(data_keys(station))
    assert rotate_vault(station, settings.keys_folder) == with_values > 40
    with pytest.raises(WrappingKeyMissing):
        from_backup()
    # The new key opens nothing of the backup, nor does any living data key.
    [new] = VaultKeys(settings.keys_folder)()
    engine = create_engine(f"sqlite:///{backup}")
    with Session(engine) as session:
        row = session.get(DisclosureRow, (planting, "phone"))
        assert row is not None
        assert row.sealed is not None
        assert not openable([new], data_keys(station), row.sealed, planting)
    engine.dispose()
    assert new.raw.hex().encode() not in old_file


@ON_BOTH_DATABASES
def test_a_rotation_loses_no_value_and_a_running_service_goes_on(
    station: Station, settings: Settings, client: TestClient, planting: str, token_with: Issue
) -> None:
    operator = token_with("operator")
    rotate_vault(station, settings.keys_folder)
    assert shown(client, planting, operator) == {"phone": PHONE, "responsible": "张三丰"}
    new = step("gathering", 2, outputs=[lot("LATER", 10, "白芍")], fields={"area_name": "x", "permit": "P"})
    recorded = station.writer.submit(lambda session: station.recorder.record_step(session, new, at(2)))
    assert shown(client, recorded.statement_id, operator) == {"permit": "P"}
    assert len(list(VaultKeys(settings.keys_folder)())) == 1


@pytest.mark.parametrize("broken", ["before wrapping", "before dropping"])
def test_a_rotation_interrupted_anywhere_is_finished_by_the_next(
    station: Station,
    settings: Settings,
    client: TestClient,
    planting: str,
    token_with: Issue,
    monkeypatch: pytest.MonkeyPatch,
    broken: str,
) -> None:
    class Killed(Exception):
        pass

    def killed(*_: object) -> int:
        raise Killed

    name = "_all_rewrapped" if broken == "before wrapping" else "drop_old_keys"
    with monkeypatch.context() as patched:
        patched.setattr(f"api.vault_rotation.{name}", killed)
        with pytest.raises(Killed):
            rotate_vault(station, settings.keys_folder)
    both = list(VaultKeys(settings.keys_folder)())
    assert len(both) == 2
    operator = token_with("operator")
    assert shown(client, planting, operator) == {"phone": PHONE, "responsible": "张三丰"}
    rotate_vault(station, settings.keys_folder)
    assert list(VaultKeys(settings.keys_folder)()) == both[1:]
    assert shown(client, planting, operator) == {"phone": PHONE, "responsible": "张三丰"}


@pytest.mark.usefixtures("station")
def test_a_key_file_others_may_read_or_that_is_damaged_is_refused(settings: Settings) -> None:
    path = settings.keys_folder / VAULT_KEYS
    path.chmod(0o644)
    with pytest.raises(DaodiError, match="644"):
        open_vault(settings.keys_folder, os.urandom)
    path.chmod(0o600)
    for content in (b"", b"{}", b'{"wrapping_keys": []}', b'{"wrapping_keys": ["00"]}'):
        path.write_bytes(content)
        with pytest.raises(DaodiError, match="vault"):
            open_vault(settings.keys_folder, os.urandom)

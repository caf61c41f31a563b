"""A station with the SM3 tree switched on: it follows by itself, is served, and never holds up the log."""

import base64
import hashlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api import sm_tree
from api.app import create_app
from api.cli.app import DONE, REFUSED, run
from api.clock import system_randomness
from api.founding import found
from api.settings import Settings, load_settings
from api.station import Station
from ledger import log, registry
from ledger.audits.log_source import StaticTree
from ledger.keyring.passphrases import Passphrase
from ledger.keys import SigningKey
from ledger.sm import receipts, store
from ledger.sm.audit import audit_tree
from ledger.sm.checkpoint import Sm2NoteKey, open_signed
from ledger.sm.errors import SmTreeFounded
from tests.api.conftest import HOST, NOW_MS, ON_BOTH_DATABASES
from tests.ledger import plain_tree

PATIENCE_SECONDS = 30.0


@pytest.fixture
def switched_on(settings: Settings) -> Settings:
    """A founded service whose settings ask for the tree."""
    found(settings, clock=lambda: NOW_MS)
    return settings.model_copy(update={"sm3_tree": True})


@pytest.fixture
def vkey(switched_on: Settings) -> str:
    """The key of its tree, founded."""
    return sm_tree.found(switched_on, system_randomness)


@pytest.fixture
def following(switched_on: Settings, vkey: str) -> Iterator[Station]:  # noqa: ARG001  founds the tree
    """A station whose clock stands still and whose threads do not run."""
    with Station.open(switched_on, clock=lambda: NOW_MS, background=False) as opened:
        yield opened


def register(station: Station, first: int, count: int) -> None:
    """Submit some registrations, each an entry of the log."""
    with station.database.write() as session:
        for number in range(first, first + count):
            key = SigningKey.from_seed(hashlib.sha256(str(number).encode()).digest())
            registry.register_key(session, key, station.settings.origin, 1, holder="某药农")


def served(station: Station) -> TestClient:
    """Somebody who asks it over HTTP."""
    return TestClient(create_app(station), base_url=f"http://{HOST}", raise_server_exceptions=False)


@ON_BOTH_DATABASES
def test_a_client_follows_the_sm3_tree_beside_the_log(following: Station, vkey: str) -> None:
    client = served(following)
    for count in (3, 250, 10):
        with following.database.read() as session:
            begun = log.size(session)
        register(following, begun, count)
        following.settle()
        head = client.get("/log-sm3/checkpoint")
        assert head.headers["cache-control"] == "no-store"
        signed = open_signed(head.text, Sm2NoteKey.from_vkey(vkey))
        origin, size, root = client.get("/log/checkpoint").text.split("\n")[:3]
        assert (signed.origin, signed.size) == (f"{origin}/sm3", int(size))
        assert signed.root != base64.b64decode(root)

        def fetch(path: str) -> bytes | None:
            answer = client.get(f"/log-sm3/{path}")
            return answer.content if answer.status_code == 200 else None

        report = audit_tree(StaticTree(fetch), Sm2NoteKey.from_vkey(vkey))
        assert (report.ok, report.entries) == (True, int(size))
    bundle = "tile/entries/000"
    assert client.get(f"/log-sm3/{bundle}").content == client.get(f"/log/{bundle}").content
    tile = client.get("/log-sm3/tile/0/000")
    assert tile.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert tile.content != client.get("/log/tile/0/000").content
    assert client.get("/log-sm3/tile/0/000.p/7").content == tile.content[: 7 * 32]
    for path in ("tile/0/002", "tile/0/0", "tile/0/000.p/256"):
        assert client.get(f"/log-sm3/{path}").status_code == 404


@ON_BOTH_DATABASES
def test_the_threads_of_a_station_follow_by_themselves(switched_on: Settings, vkey: str) -> None:
    with Station.open(switched_on, clock=lambda: NOW_MS) as station:
        register(station, 0, 40)
        station.sequencing.wake()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (size := _signed_size(station)) < 41:
            assert time.monotonic() < deadline, f"the tree stands at {size}"
            time.sleep(0.05)
        assert station.sm_following.failures == 0
    with Station.open(switched_on, background=False) as station, station.database.read() as session:
        own = log.entry_at(session, 0).entry.statement.id
        found_entry = receipts.verify_receipt(receipts.receipt(session, own), Sm2NoteKey.from_vkey(vkey))
        assert found_entry.index == 0


def _signed_size(station: Station) -> int:
    with station.database.read() as session:
        newest = store.newest_note(session)
    return 0 if newest is None else newest[0]


def test_switched_off_there_is_no_tree(station: Station, client: TestClient) -> None:
    station.settle()
    for path in ("checkpoint", "tile/0/000.p/1"):
        answer = client.get(f"/log-sm3/{path}")
        assert answer.status_code == 404
        assert answer.json()["type"].endswith("sm-tree-not-founded")
    with station.database.read() as session:
        assert store.vkey_of(session) is None


def test_switched_on_without_a_founding_the_log_goes_on(switched_on: Settings) -> None:
    with Station.open(switched_on, clock=lambda: NOW_MS, background=False) as station:
        register(station, 0, 3)
        assert station.settle() == 4
        assert station.sm_following.failures == 1
        assert served(station).get("/log-sm3/checkpoint").status_code == 404
        # Founded while it runs, it begins at once.
        key = sm_tree.create_key(sm_tree.folder_of(switched_on), None, system_randomness)
        with station.database.write() as session:
            store.found(session, Sm2NoteKey(f"{switched_on.origin}/sm3", key.public).to_vkey())
        station.settle()
        assert station.sm_following.failures == 0
        assert served(station).get("/log-sm3/checkpoint").status_code == 200


def test_a_broken_tree_stops_itself_and_nothing_else(following: Station) -> None:
    following.settle()
    with following.database.write() as session:
        session.connection().exec_driver_sql("UPDATE ledger_sm_state SET size = 1000")
    register(following, 0, 3)
    assert following.settle() == 3
    assert following.sm_following.failures == 1
    client = served(following)
    assert client.get("/log/checkpoint").text.split("\n")[1] == "4"
    assert client.get("/log-sm3/checkpoint").text.split("\n")[1] == "1"


def test_founding_twice_is_refused_and_after_a_crash_goes_on(switched_on: Settings, vkey: str) -> None:
    with pytest.raises(SmTreeFounded):
        sm_tree.found(switched_on, system_randomness)
    with Station.open(switched_on, background=False) as station, station.database.write() as session:
        session.connection().exec_driver_sql("DELETE FROM ledger_sm_state")  # the row never came
    assert sm_tree.found(switched_on, system_randomness) == vkey


def test_an_encrypted_key_is_opened_with_the_passphrase(settings: Settings) -> None:
    secret = Passphrase("correct horse")
    found(settings, clock=lambda: NOW_MS, passphrase=secret)
    chosen = settings.model_copy(update={"sm3_tree": True})
    sm_tree.found(chosen, system_randomness, secret)
    assert b"ENCRYPTED" in (chosen.keys_folder / "sm" / "sm3-tree.key").read_bytes()
    with Station.open(chosen, background=False, passphrase=secret) as station:
        station.settle()
        assert _signed_size(station) == 1


def test_the_setting_takes_plain_words() -> None:
    assert load_settings().sm3_tree is False
    assert load_settings(sm3_tree="on").sm3_tree is True


@pytest.fixture
def told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """Run a command that must succeed and return what it printed; the service is fresh and set up."""
    monkeypatch.setenv("DAODI_FOLDER", str(tmp_path / "service"))
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.setenv("COLUMNS", "200")

    def tell(*arguments: str, outcome: int = DONE) -> str:
        found_outcome = run(arguments)
        said = capsys.readouterr()
        assert found_outcome == outcome, said.err
        return said.out + said.err

    tell("init")
    return tell


def test_the_commands_found_show_prove_and_check(
    told: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "no SM3 tree" in told("sm", "show", outcome=REFUSED)
    said = told("sm", "init")
    assert "switched off" in said
    vkey = next(line for line in said.splitlines() if "/sm3+" in line)
    monkeypatch.setenv("DAODI_SM3_TREE", "on")
    assert "already" in told("sm", "init", outcome=REFUSED)
    told("log", "index-subjects")  # any command that writes lets it follow
    shown = told("sm", "show")
    assert vkey in shown
    assert "extended to 2 entries; the log has 2" in shown
    assert "OpenSSL" in shown
    assert "the SM3 tree is clean: 2 entries" in told("fsck", "--sm3")
    receipt = tmp_path / "own.tlog-proof"
    told("sm", "receipt", "subjects.indexed/1", str(receipt))
    for trust in ((), ("--trust", vkey)):
        assert "subjects.indexed/1" in told("sm", "verify", str(receipt), *trust)
    swapped = Sm2NoteKey("log.example/other/sm3", Sm2NoteKey.from_vkey(vkey).key).to_vkey()
    told("sm", "verify", str(receipt), "--trust", swapped, outcome=REFUSED)
    receipt.write_bytes(receipt.read_bytes().replace(b"\nindex 1\n", b"\nindex 0\n"))
    told("sm", "verify", str(receipt), outcome=REFUSED)
    receipt.write_bytes(b"no receipt")
    told("sm", "verify", str(receipt), outcome=REFUSED)


def test_fsck_names_a_changed_tile_and_a_database_that_was_set_back(
    told: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    monkeypatch.setenv("DAODI_SM3_TREE", "on")
    told("sm", "init")
    told("log", "index-subjects")
    with sqlite3.connect(tmp_path / "service" / "daodi.sqlite") as connection:
        connection.execute("UPDATE ledger_sm_tile SET hashes = zeroblob(64)")
    connection.close()
    assert "the SM3 tree has 1 faults" in told("fsck", "--sm3", outcome=REFUSED)
    with sqlite3.connect(tmp_path / "service" / "daodi.sqlite") as connection:
        connection.execute("DELETE FROM ledger_sm_checkpoint")
        connection.execute("DELETE FROM ledger_sm_tile")
    connection.close()
    # The checkpoint beside the keys still says how far the tree had come.
    assert "differs" in told("fsck", "--sm3", outcome=REFUSED)


def test_fsck_follows_an_exported_tree(
    told: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAODI_SM3_TREE", "on")
    vkey = next(line for line in told("sm", "init").splitlines() if "/sm3+" in line)
    told("log", "index-subjects")
    chosen = load_settings()
    with Station.open(chosen, background=False) as station, station.database.read() as session:
        note = store.published(session).text
        leaves = [log.entry_at(session, index).entry.leaf_bytes for index in range(2)]
    for path, content in (plain_tree.files(leaves, "sm3") | {"checkpoint": note.encode()}).items():
        file = tmp_path / "static" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    assert "clean: 2 entries" in told("fsck", str(tmp_path / "static"), "--sm3", "--trust", vkey)
    assert "trust" in told("fsck", str(tmp_path / "static"), "--sm3", outcome=REFUSED)
    assert "--trust" in told("fsck", "--sm3", "--trust", vkey, outcome=REFUSED)
    assert "--quick" in told("fsck", "--sm3", "--quick", outcome=REFUSED)

"""The station: founded once, opened, closed without a trace of a thread."""

import contextlib
import stat
import threading
import time
from pathlib import Path

import pytest

from api.errors import DatabaseHeld, DatabaseNotCurrent, NotInitialised, SecretExposed, SecretFileDamaged
from api.founding import found
from api.key_files import CODE_KEYS
from api.migrations import downgrade
from api.settings import Settings
from api.station import Station
from api.tokens import Scope, check_token
from ledger import log
from ledger.errors import NoCheckpointYet
from tests.api.conftest import NOW_MS, ON_BOTH_DATABASES
from trace.coding.trace_code import decode, encode
from trace.scanning.scan_marks import scan_state
from trace.scanning.scans import Scan


def _founded(settings: Settings) -> Settings:
    found(settings, clock=lambda: NOW_MS)
    return settings


@ON_BOTH_DATABASES
def test_a_closed_station_leaves_no_thread(settings: Settings) -> None:
    before = set(threading.enumerate())
    with Station.open(_founded(settings)) as station:
        assert {thread.name for thread in threading.enumerate()} >= {
            "daodi-writer",
            "daodi-sequencer",
            "daodi-scans",
        }
        station.limiter.count("scan", "192.0.2.1")
    assert set(threading.enumerate()) == before


def _size_within(station: Station, *, seconds: float) -> int:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(NoCheckpointYet), station.database.read() as session:
            return log.checkpoint(session).size
        time.sleep(0.02)
    return 0


@ON_BOTH_DATABASES
def test_what_is_acknowledged_enters_the_log_by_itself(settings: Settings) -> None:
    """`init` submitted one entry, the log's own key; the thread integrates it without being asked."""
    with Station.open(_founded(settings)) as station:
        assert _size_within(station, seconds=10) == 1


def test_closing_integrates_what_waits(settings: Settings) -> None:
    Station.open(_founded(settings), background=False).close()
    with Station.open(settings, background=False) as station, station.database.read() as session:
        assert log.checkpoint(session).size == 1


def test_founding_again_changes_no_key(settings: Settings) -> None:
    _founded(settings)
    before = {path: path.read_bytes() for path in settings.keys_folder.rglob("*") if path.is_file()}
    _founded(settings)
    assert {path: path.read_bytes() for path in settings.keys_folder.rglob("*") if path.is_file()} == before


def test_secrets_belong_to_their_owner_alone(settings: Settings) -> None:
    _founded(settings)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in settings.keys_folder.rglob("*") if path.is_file()}
    assert modes == {0o600}
    for folder in (settings.folder, settings.keys_folder, settings.party_keys_folder):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_before_init_the_station_asks_for_it(settings: Settings) -> None:
    with pytest.raises(NotInitialised) as caught:
        Station.open(settings)
    assert "daodi init" in caught.value.remedy("zh")


def test_tables_of_another_version_are_refused(settings: Settings) -> None:
    with Station.open(_founded(settings), background=False) as station:
        downgrade(station.database)
    with pytest.raises(DatabaseNotCurrent):
        Station.open(settings)


def test_a_failed_opening_leaves_the_database_free(settings: Settings) -> None:
    _founded(settings)
    (settings.keys_folder / CODE_KEYS).write_bytes(b"{}")
    with pytest.raises(SecretFileDamaged):
        Station.open(settings)
    (settings.keys_folder / CODE_KEYS).unlink()
    _founded(settings)
    Station.open(settings, background=False).close()


def test_a_second_station_on_one_sqlite_is_refused_while_the_first_serves(settings: Settings) -> None:
    with Station.open(_founded(settings)), pytest.raises(DatabaseHeld) as caught:
        Station.open(settings)
    assert settings.listening_url in caught.value.message("zh")


def test_code_secrets_others_may_read_are_refused(settings: Settings) -> None:
    _founded(settings)
    (settings.keys_folder / CODE_KEYS).chmod(0o644)
    with pytest.raises(SecretExposed):
        Station.open(settings)


def test_codes_survive_a_restart(settings: Settings) -> None:
    with Station.open(_founded(settings), background=False) as station:
        code = encode(7, station.code_keys)
    with Station.open(settings, background=False) as station:
        assert decode(code, station.code_keys) == 7


def test_a_party_keeps_its_key_over_a_restart_and_parties_do_not_share(settings: Settings) -> None:
    with Station.open(_founded(settings), background=False) as station:
        first = station.custody.signer_of("91110000100001234X").public.raw
        assert station.custody.signer_of("91340000000000000A").public.raw != first
    with Station.open(settings, background=False) as station:
        assert station.custody.signer_of("91110000100001234X").public.raw == first


@ON_BOTH_DATABASES
def test_scans_are_written_in_the_background_and_at_the_end(station: Station) -> None:
    station.scans.add(Scan(serial=7, at_ms=NOW_MS, city=None, device="d", network="n"))
    station.scans.flush()
    station.scans.add(Scan(serial=7, at_ms=NOW_MS + 5, city=None, device="d", network="n"))
    station.scans.close()
    with station.database.read() as session:
        state = scan_state(session, 7)
    assert (state.count, state.first_ms) == (2, NOW_MS)


def test_each_start_leaves_a_fresh_operator_token_and_ends_the_last(station: Station) -> None:
    path = station.settings.folder / "operator.token"
    station.renew_operator_token()
    first = path.read_text()
    station.renew_operator_token()
    second = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with station.database.read() as session:
        assert check_token(session, second, NOW_MS).scopes == {Scope.OPERATOR}
        with pytest.raises(Exception, match="not valid"):
            check_token(session, first, NOW_MS)


def test_nothing_is_left_beside_the_token(station: Station) -> None:
    station.renew_operator_token()
    assert list(station.settings.folder.glob(".operator*")) == []


def test_the_folder_may_hold_odd_characters(tmp_path: Path, settings: Settings) -> None:
    odd = settings.model_copy(update={"folder": tmp_path / "道地 %41?#", "database_url": None})
    with Station.open(_founded(odd), background=False) as station:
        assert (odd.folder / "daodi.sqlite").exists()
        assert station.settle() == 1


def test_identifiers_in_the_log_do_not_depend_on_where_the_service_is_reached(settings: Settings) -> None:
    moved = _founded(settings).model_copy(update={"base_url": "https://new-address.example"})
    with Station.open(moved, background=False) as station:
        assert station.recorder.base_url == f"https://{settings.origin}"

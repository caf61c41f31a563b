"""Replacing the wrapping key: erased values die with the old one, in old backups too; the living are kept."""

import os
import shutil
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlmodel import Session
from starlette.testclient import TestClient

from api.erasing import erase_values, scrub
from api.settings import Settings
from api.station import Station
from api.vault_keys import VAULT_KEYS, VaultKeys, open_vault
from api.vault_rotation import rotate_vault
from ledger.errors import DaodiError
from ledger.private.private_errors import WrappingKeyMissing
from tests.api.conftest import ON_BOTH_DATABASES
from tests.api.private_station import (
    PHONE,
    Issue,
    data_keys,
    openable,
    shown,
)
from tests.trace.season import at, lot, step
from trace.private_values import private_values
from trace.tables import DisclosureRow


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

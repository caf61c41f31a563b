"""The demo city's accounts: named by role, kept for their owner alone; each of them opens its first page."""

import contextlib
import sqlite3
import stat
from pathlib import Path

import pytest

from api.accounts.roles import AccountRole
from api.station import Station
from daodi_city.city import City
from daodi_city.folder import DemoFolder
from daodi_city.screen import Screen
from daodi_city.visitor_checks import look_at_visitors
from daodi_city.visitors import FILE, Visitor, visitors_of

NAMES = {
    "clerk.cooperative": "clerk",
    "clerk.slices": "clerk",
    "regulator": "regulator",
    "publisher": "publisher",
    "operator": "operator",
    "verifier": "verifier",
}


def _told(station: Station) -> dict[str, bool]:
    return {outcome.figures("en").partition(":")[0]: outcome.passed for outcome in look_at_visitors(station)}


def _alter(folder: Path, *statements: str) -> None:
    with contextlib.closing(sqlite3.connect(folder / "daodi.sqlite")) as connection, connection:
        for statement in statements:
            assert connection.execute(statement).rowcount != 0  # -1 for what changes no rows


def test_each_role_has_an_account_and_only_those_that_need_it_a_second_factor(loaded: Path) -> None:
    visitors = visitors_of(loaded)
    assert {each.name: each.role for each in visitors} == NAMES
    assert {each.role for each in visitors} <= {role.value for role in AccountRole}
    strong = {each.role for each in visitors if each.secret is not None}
    assert strong == {"regulator", "publisher", "operator"}
    assert all((len(each.recovery) == 10) is (each.secret is not None) for each in visitors)
    passwords = {each.password for each in visitors}
    assert len(passwords) == len(visitors)
    assert all(len(password) == 19 for password in passwords)


def test_what_signs_in_is_kept_for_its_owner_alone(loaded: Path) -> None:
    assert stat.S_IMODE((loaded / FILE).stat().st_mode) == 0o600


def test_a_city_without_its_accounts_is_not_taken_for_whole(city: City, copied: Path) -> None:
    (copied / FILE).unlink()
    assert not DemoFolder(copied).holds(city)


def test_every_account_signs_in_and_nothing_stays_and_a_lock_and_a_lost_note_fail_their_checks(
    station: Station,
) -> None:
    before = _rows(station.settings.folder)
    told = _told(station)
    assert set(told) == {*NAMES, "1 digests over 15 notes"}
    assert all(told.values())
    station.accesses.flush()
    assert _rows(station.settings.folder) == before
    _alter(station.settings.folder, "UPDATE api_account SET locked_ms = 1 WHERE name = 'verifier'")
    _alter(
        station.settings.folder,
        "DROP TRIGGER api_access_note_delete",
        "DELETE FROM api_access_note WHERE number = 1",
    )
    failed = {name for name, passed in _told(station).items() if not passed}
    assert failed == {"verifier", "the notes of access were altered"}


def _rows(folder: Path) -> list[int]:
    tables = ("api_account_session", "api_sign_in_failure", "api_access_note")
    with contextlib.closing(sqlite3.connect(folder / "daodi.sqlite")) as connection:
        return [connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables]  # noqa: S608  no input


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_screen_shows_what_to_type_in_whole(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    one = Visitor(name="regulator", role="regulator", page="/desk", password="a" * 19, secret="B" * 32)
    Screen("zh" if language == "zh" else "en").visitors([one], "http://127.0.0.1:8000/sign-in", Path("demo"))
    told = capsys.readouterr().out
    assert all(word in told for word in (one.name, one.password, "B" * 32, "/sign-in", "demo"))

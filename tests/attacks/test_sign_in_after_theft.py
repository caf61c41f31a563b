"""A thief of a session or password who would stay: by a key made meanwhile, or as the factor is changed."""

from dataclasses import replace

import pytest
from fastapi import APIRouter
from starlette.testclient import TestClient

from api.accounts import administering, second_factor, sessions
from api.accounts.account_errors import SessionEnded
from api.accounts.api_keys import KeyNew, make_key
from api.accounts.cookies import cookie_name
from api.app import create_app
from api.callers import Caller, Clerk
from api.routes import account_keys, account_pages, api_keys, sign_in
from api.station import Station
from tests.api.accounts_of import FAST, PASSWORD, browser_headers, somebody
from tests.api.conftest import HOST, NOW_MS, ON_BOTH_DATABASES
from tests.trace.season import MAKER

MINUTE_MS = 60_000
NEW = "another long password"


def _trial() -> APIRouter:
    router = APIRouter()

    @router.get("/v1/trial")
    def trial(caller: Clerk) -> str:
        return caller.name or ""

    return router


@pytest.fixture
def pages(station: Station) -> TestClient:
    station.people = replace(station.people, passwords=FAST)
    routers = [each.router for each in (sign_in, account_pages, account_keys, api_keys)]
    app = create_app(station, [_trial(), *routers])
    return TestClient(
        app, base_url=f"https://{HOST}", follow_redirects=False, headers={"Accept": "text/html"}
    )


def _at(station: Station, now_ms: int) -> None:
    station.clock = lambda: now_ms


def _key(pages: TestClient, headers: dict[str, str]) -> dict[str, str]:
    made = pages.post("/v1/api-keys", json={"name": "kept"}, headers=headers)
    return {"Authorization": f"Bearer {made.json()['key']}", "Accept": "application/json"}


def _opens(pages: TestClient, headers: dict[str, str]) -> int:
    return pages.get("/v1/trial", headers=headers).status_code


@ON_BOTH_DATABASES
def test_a_key_made_in_a_stolen_session_ends_with_the_reset(pages: TestClient, station: Station) -> None:
    clerk = somebody(station, "clerk", party=MAKER)
    other = somebody(station, "clerk", name="other.one", party=MAKER)
    stolen, others = _key(pages, clerk.headers), _key(pages, other.headers)
    assert (_opens(pages, stolen), _opens(pages, others)) == (200, 200)
    reset = administering.reset(station, clerk.account_id, factor=False)
    assert (_opens(pages, stolen), _opens(pages, others)) == (401, 200)
    path = (reset.link or "").removeprefix(f"https://{HOST}")
    assert "此前的会话和密钥" in pages.get(path).text


def test_a_key_asked_for_before_the_reset_and_written_after_it_is_not_made(station: Station) -> None:
    clerk = somebody(station, "clerk", party=MAKER)
    with station.database.read() as session:
        found = sessions.find(session, clerk.cookie, NOW_MS, station.people.lifetimes)
    assert found is not None
    thief = Caller("192.0.2.1", scopes=found.scopes, token=found.account_id, signed_in=found)
    administering.reset(station, clerk.account_id, factor=False)
    with pytest.raises(SessionEnded):
        make_key(station, thief, KeyNew("kept", None, None))


def test_a_key_made_in_a_stolen_session_ends_with_the_password_where_its_owner_says_so(
    pages: TestClient, station: Station
) -> None:
    clerk = somebody(station, "clerk", party=MAKER)
    key = _key(pages, clerk.headers)
    typed = {"present": PASSWORD, "password": NEW, "again": NEW}
    assert 'name="keys"' in pages.get("/account", headers=clerk.headers).text
    pages.post("/account/password", data=typed, headers=clerk.headers)
    assert _opens(pages, key) == 200
    typed = {"present": NEW, "password": PASSWORD, "again": PASSWORD, "keys": "end"}
    said = pages.post("/account/password", data=typed, headers=clerk.headers).headers["location"]
    assert _opens(pages, key) == 401
    assert "全部密钥均已结束" in pages.get(said, headers=clerk.headers).text


@ON_BOTH_DATABASES
def test_an_hour_old_session_goes_on_to_the_new_second_factor_and_the_old_cookie_opens_nothing(
    pages: TestClient, station: Station
) -> None:
    """Without a new session the old one waits too long already, and the password alone enrols a thief."""
    publisher = somebody(station, "publisher", name="pub.one")
    for minutes in (20, 40, 60):
        _at(station, NOW_MS + minutes * MINUTE_MS)
        assert pages.get("/account", headers=publisher.headers).status_code == 200
        station.writer.submit(lambda _: None, own=True)  # what was noted of the use is written now
    code = second_factor.code_at(publisher.secret or b"", station.clock())
    taken = pages.post("/account/factor/removal", data={"code": code}, headers=publisher.headers)
    fresh = taken.cookies[cookie_name(station.settings)]
    pages.cookies.clear()
    assert pages.get("/account/factor", headers=browser_headers(station, fresh)).status_code == 200
    assert pages.get("/account/factor", headers=publisher.headers).headers["location"].startswith("/sign-in")
    with station.database.read() as session:
        found = sessions.find(session, fresh, station.clock(), station.people.lifetimes)
    assert found is not None
    assert (found.stage, found.begun_ms) == (sessions.Stage.ENROLMENT, station.clock())


def test_a_key_has_no_scope_its_maker_did_not_tick(pages: TestClient, station: Station) -> None:
    clerk = somebody(station, "clerk", party=MAKER)
    page = pages.get("/account", headers=clerk.headers).text
    assert " checked" not in page
    assert '<option value="365">' in page
    refused = pages.post("/account/keys", data={"name": "x", "days": "30"}, headers=clerk.headers)
    assert refused.status_code == 422
    assert "请至少勾选一项权限" in refused.text

"""Sessions: what a cookie opens, until when, and where a person without one is led."""

from collections.abc import Callable

import pytest
from fastapi import APIRouter
from starlette.testclient import TestClient

from api.accounts import accounts, administering, sessions
from api.app import create_app
from api.callers import Clerk, Person, Publisher, Visitor
from api.station import Station
from api.tables import ApiTokenRow
from api.tokens import is_current, parse_token
from tests.api.accounts_of import somebody
from tests.api.conftest import HOST, NOW_MS, ON_BOTH_DATABASES
from tests.trace.season import MAKER


def _router() -> APIRouter:
    router = APIRouter()

    @router.get("/trial/clerk")
    @router.get("/v1/trial/clerk")
    @router.post("/v1/trial/clerk")
    def clerk(caller: Clerk) -> dict[str, str | None]:
        return {"party": caller.party, "name": caller.name, "token": caller.token}

    @router.get("/v1/trial/publisher")
    def publisher(caller: Publisher) -> str:
        return caller.name or ""

    @router.get("/v1/trial/person")
    def person(caller: Person) -> str:
        return caller.name or ""

    @router.get("/v1/trial/visitor")
    @router.post("/v1/trial/visitor")
    def visitor(caller: Visitor) -> str:
        return caller.token or "public"

    return router


@pytest.fixture
def trial(station: Station) -> TestClient:
    return TestClient(create_app(station, [_router()]), base_url=f"http://{HOST}")


@ON_BOTH_DATABASES
def test_a_session_opens_what_its_roles_allow_and_nothing_else(trial: TestClient, station: Station) -> None:
    clerk = somebody(station, "clerk", party=MAKER)
    answer = trial.get("/v1/trial/clerk", headers=clerk.headers)
    assert answer.json() == {"party": MAKER, "name": clerk.account_id, "token": clerk.account_id}
    assert trial.get("/v1/trial/publisher", headers=clerk.headers).status_code == 403
    assert trial.get("/v1/trial/person", headers=clerk.headers).json() == clerk.account_id


def test_a_person_without_a_session_is_led_to_sign_in_and_a_program_is_told(trial: TestClient) -> None:
    page = {"Accept": "text/html"}
    led = trial.get("/trial/clerk?lang=en&x=1", headers=page, follow_redirects=False)
    assert (led.status_code, led.headers["cache-control"]) == (303, "no-store")
    assert led.headers["location"] == "/sign-in?next=%2Ftrial%2Fclerk%3Flang%3Den%26x%3D1&lang=en"
    assert trial.get("/v1/trial/clerk", headers=page).status_code == 401
    assert trial.get("/trial/clerk", headers={**page, "Authorization": "Bearer x"}).status_code == 401


def test_an_ended_or_foreign_session_leaves_a_visitor_the_public(trial: TestClient, station: Station) -> None:
    clerk = somebody(station, "clerk", party=MAKER)
    cookie = {"Cookie": clerk.headers["Cookie"]}
    assert trial.get("/v1/trial/visitor", headers=clerk.headers).json() == clerk.account_id
    assert trial.post("/v1/trial/visitor", headers=cookie).json() == "public"
    station.writer.submit(lambda session: sessions.end_all(session, clerk.account_id, NOW_MS))
    assert trial.get("/v1/trial/visitor", headers=clerk.headers).json() == "public"


def test_a_key_is_no_person_at_a_browser(trial: TestClient, token_with: Callable[..., str]) -> None:
    headers = {"Authorization": f"Bearer {token_with('operator')}"}
    assert trial.get("/v1/trial/person", headers=headers).status_code == 401


@ON_BOTH_DATABASES
def test_the_last_day_of_a_key_and_the_last_minute_of_a_session_are_noted(
    trial: TestClient, station: Station, token_with: Callable[..., str]
) -> None:
    clerk = somebody(station, "clerk", party=MAKER)
    key = token_with("steps:write")
    later = NOW_MS + 5 * 60_000
    station.clock = lambda: later
    trial.get("/v1/trial/clerk", headers=clerk.headers)
    trial.get("/v1/trial/clerk", headers={"Authorization": f"Bearer {key}"})
    station.writer.submit(lambda _: None)  # what was noted before it is written by now
    with station.database.read() as session:
        found = sessions.find(session, clerk.cookie, later, station.people.lifetimes)
        row = session.get(ApiTokenRow, parse_token(key)[0])
    assert found is not None
    assert row is not None
    # 1,760,000,300 seconds after 1970-01-01 are 9 October 2025: 20,370 days.
    assert (found.seen_ms, row.used_day) == (later, 20_370)


def test_a_webhooks_owner_may_be_a_person(station: Station) -> None:
    clerk = somebody(station, "clerk", party=MAKER)
    with station.database.read() as session:
        assert is_current(session, clerk.account_id, NOW_MS)
    administering.end(station, clerk.account_id)
    with station.database.read() as session:
        assert not is_current(session, clerk.account_id, NOW_MS)
        ended = accounts.named(session, clerk.account_id)
    assert (ended.shown, ended.password, ended.factor) == ("", None, None)

"""Whoever would use another person's browser or an old session: fixation, foreign forms, ended sessions."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from fastapi import APIRouter
from httpx2 import Response
from starlette.testclient import TestClient

from api.accounts import account_work, accounts, administering, second_factor, sessions
from api.accounts.administering import Invited
from api.accounts.cookies import cookie_name
from api.accounts.roles import AccountRole
from api.accounts.sessions import Stage
from api.app import create_app
from api.callers import Clerk, Publisher
from api.routes import account_keys, account_pages, sign_in
from api.station import Station
from tests.api.accounts_of import FAST, PASSWORD, browser_headers, signed_in, somebody
from tests.api.conftest import HOST, NOW_MS, ON_BOTH_DATABASES
from tests.trace.season import MAKER

MINUTE_MS = 60_000
HTML = {"Accept": "text/html"}


def _trial() -> APIRouter:
    router = APIRouter()

    @router.get("/v1/trial")
    @router.post("/v1/trial")
    @router.get("/trial")
    def trial(caller: Clerk) -> str:
        return caller.name or ""

    @router.get("/v1/trial/publisher")
    def publisher(caller: Publisher) -> str:
        return caller.name or ""

    return router


@pytest.fixture
def pages(station: Station) -> TestClient:
    station.people = replace(station.people, passwords=FAST)
    routers = [_trial(), sign_in.router, account_pages.router, account_keys.router]
    return TestClient(create_app(station, routers), base_url=f"https://{HOST}", follow_redirects=False)


def _later(station: Station, ms: int) -> None:
    now = station.clock() + ms
    station.clock = lambda: now


def _send(pages: TestClient, path: str, **typed: str) -> Response:
    return pages.post(path, data=typed, headers={"Sec-Fetch-Site": "same-origin", **HTML})


def _path(invited: Invited) -> str:
    return (invited.link or "").removeprefix(f"https://{HOST}")


def test_a_cookie_planted_before_signing_in_is_worth_nothing_after(
    pages: TestClient, station: Station
) -> None:
    publisher = somebody(station, "publisher", name="pub.one")
    planted = signed_in(station, publisher.account_id)
    pages.cookies.set(cookie_name(station.settings), planted, domain=HOST)
    begun = _send(pages, "/sign-in", name="pub.one", password=PASSWORD)
    waiting = begun.cookies[cookie_name(station.settings)]
    code = second_factor.code_at(publisher.secret or b"", NOW_MS)
    whole = _send(pages, "/sign-in/factor", code=code).cookies[cookie_name(station.settings)]
    pages.cookies.clear()
    assert len({planted, waiting, whole}) == 3
    opened = [
        pages.get("/v1/trial/publisher", headers=browser_headers(station, cookie)).status_code
        for cookie in (planted, waiting, whole)
    ]
    assert opened == [403, 401, 200]


SENT: tuple[tuple[dict[str, str], int], ...] = (
    ({"Sec-Fetch-Site": "same-origin"}, 200),
    ({"Sec-Fetch-Site": "none", "Origin": f"https://{HOST}"}, 200),
    ({"Origin": f"https://{HOST}"}, 200),
    ({}, 403),
    ({"Sec-Fetch-Site": "none"}, 403),
    ({"Sec-Fetch-Site": "cross-site", "Origin": f"https://{HOST}"}, 403),
    ({"Sec-Fetch-Site": "same-site"}, 403),
    ({"Origin": "null"}, 403),
    ({"Origin": f"https://{HOST}.elsewhere.example"}, 403),
    ({"Origin": f"http://{HOST}:8080"}, 403),
    ({"Referer": f"https://{HOST}/account"}, 403),
)
"""What a browser, or who pretends to be one, sends along with a cookie, and the answer to a write."""


def test_no_page_of_another_site_writes_with_this_browsers_session(
    pages: TestClient, station: Station
) -> None:
    clerk = somebody(station, "clerk", party=MAKER)
    cookie = {"Cookie": clerk.headers["Cookie"]}
    for headers, status in SENT:
        assert pages.post("/v1/trial", headers={**cookie, **headers}).status_code == status, headers
        assert pages.get("/v1/trial", headers={**cookie, **headers}).status_code == 200
        signing = pages.post("/sign-in", data={"name": "x", "password": "y"}, headers=headers)
        assert signing.status_code == (401 if status == 200 else 403), headers


@ON_BOTH_DATABASES
def test_a_session_that_ended_opens_nothing_however_it_ended(pages: TestClient, station: Station) -> None:
    clerk = somebody(station, "clerk", party=MAKER)
    ways: dict[str, Callable[[str], object]] = {
        "signed out": lambda cookie: pages.post("/sign-out", headers=browser_headers(station, cookie)),
        "all ended": lambda _: station.writer.submit(
            lambda session: sessions.end_all(session, clerk.account_id, NOW_MS)
        ),
        "idle": lambda _: _later(station, 30 * MINUTE_MS),
        "reset": lambda _: administering.reset(station, clerk.account_id, factor=False),
        "locked": lambda _: administering.lock(station, clerk.account_id),
    }
    for way, end in ways.items():
        cookie = signed_in(station, clerk.account_id)
        shown = browser_headers(station, cookie)
        assert pages.get("/v1/trial", headers=shown).status_code == 200, way
        end(cookie)
        assert pages.get("/v1/trial", headers=shown).status_code == 401, way
    administering.unlock(station, clerk.account_id)
    assert pages.get("/v1/trial", headers=clerk.headers).status_code == 401


def test_no_session_outlives_its_longest_time_by_being_used(pages: TestClient, station: Station) -> None:
    clerk = somebody(station, "clerk", party=MAKER)
    answers = []
    for _ in range(12 * 3):
        answers.append(pages.get("/v1/trial", headers=clerk.headers).status_code)
        _later(station, 20 * MINUTE_MS)
        station.writer.submit(lambda _: None, own=True)  # what was noted of the use is written now
    assert set(answers) == {200}
    assert pages.get("/v1/trial", headers=clerk.headers).status_code == 401


@ON_BOTH_DATABASES
def test_a_role_taken_away_is_gone_with_the_next_request(pages: TestClient, station: Station) -> None:
    both = somebody(station, "clerk", "publisher", party=MAKER)
    assert pages.get("/v1/trial/publisher", headers=both.headers).status_code == 200
    station.writer.submit(lambda session: accounts.give_roles(session, both.account_id, [AccountRole.CLERK]))
    assert pages.get("/v1/trial/publisher", headers=both.headers).status_code == 403
    assert pages.get("/v1/trial", headers=both.headers).status_code == 200


def test_a_role_that_needs_a_second_factor_opens_nothing_without_one(
    pages: TestClient, station: Station
) -> None:
    clerk = somebody(station, "clerk", party=MAKER)
    roles = [AccountRole.CLERK, AccountRole.PUBLISHER]
    station.writer.submit(lambda session: accounts.give_roles(session, clerk.account_id, roles))
    assert pages.get("/v1/trial", headers=clerk.headers).status_code == 403
    led = pages.get("/trial?lang=en", headers={**clerk.headers, **HTML})
    assert (led.status_code, led.headers["location"]) == (
        303,
        "/account/factor?next=%2Ftrial%3Flang%3Den&lang=en",
    )


def test_nobody_ends_anothers_session(pages: TestClient, station: Station) -> None:
    one = somebody(station, "clerk", name="one.clerk", party=MAKER)
    other = somebody(station, "clerk", name="other.clerk", party=MAKER)
    with station.database.read() as session:
        found = sessions.find(session, other.cookie, NOW_MS, station.people.lifetimes)
    assert found is not None
    assert found.stage is Stage.FULL
    assert pages.post(f"/account/sessions/{found.session_id}/end", headers=one.headers).status_code == 404
    assert pages.get("/v1/trial", headers=other.headers).status_code == 200


def test_a_changed_password_ends_every_other_session(pages: TestClient, station: Station) -> None:
    clerk = somebody(station, "clerk", party=MAKER)
    thief = browser_headers(station, signed_in(station, clerk.account_id))
    with station.database.read() as session:
        found = sessions.find(session, clerk.cookie, NOW_MS, station.people.lifetimes)
    assert found is not None
    account_work.change_password(station, found, PASSWORD, "another long password", "192.0.2.1", keys=False)
    assert pages.get("/v1/trial", headers=clerk.headers).status_code == 200
    assert pages.get("/v1/trial", headers=thief).status_code == 401


ELSEWHERE = (
    "https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "\\/elsewhere.example",
    "javascript:alert(1)", "/\t/elsewhere.example", "elsewhere.example", "", "/a\r\nSet-Cookie: x=1",
    "/" + "a" * 700,
)  # fmt: skip


def test_the_sign_in_page_sends_nobody_to_another_site(pages: TestClient, station: Station) -> None:
    somebody(station, "viewer", name="view.er")
    for way in ELSEWHERE:
        answer = _send(pages, "/sign-in", name="view.er", password=PASSWORD, next=way)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/home"), way
    home = _send(pages, "/sign-in", name="view.er", password=PASSWORD, next="/index?family=x")
    assert home.headers["location"] == "/index?family=x"


def test_an_invitation_is_good_once_and_not_for_ever(pages: TestClient, station: Station) -> None:
    made = administering.add(
        station, accounts.AccountNew(name="new.one", shown="New One", roles=frozenset({AccountRole.VIEWER}))
    )
    path = _path(made)
    typed = {"password": "several plain words", "again": "several plain words"}
    assert _send(pages, path, **typed).headers["location"].startswith("/sign-in")
    assert _send(pages, path, **typed).status_code == 410
    late = administering.reset(station, made.account.account_id, factor=False)
    replaced = administering.reset(station, made.account.account_id, factor=False)
    assert _send(pages, _path(late), **typed).status_code == 410
    _later(station, 72 * 60 * MINUTE_MS)
    assert _send(pages, _path(replaced), **typed).status_code == 410


def test_the_cookie_is_for_no_script_no_other_host_and_no_plain_http(
    pages: TestClient, station: Station
) -> None:
    somebody(station, "viewer", name="view.er")
    answer = _send(pages, "/sign-in", name="view.er", password=PASSWORD)
    set_to, *attributes = answer.headers["set-cookie"].split("; ")
    assert set_to.startswith("__Host-daodi-session=")
    assert {each.lower() for each in attributes} == {"httponly", "path=/", "samesite=lax", "secure"}

"""An operator who would be two persons: by an account made, given a role, or reset for themselves."""

import re

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from api import operator_token
from api.accounts import administering
from api.accounts.accounts import AccountNew
from api.accounts.roles import parse_roles
from api.app import create_app
from api.routes import accounts as account_routes
from api.routes import api_keys, operator_accounts, sign_in
from api.station import Station
from tests.api.accounts_of import Somebody, browser_headers, signed_in, somebody
from tests.api.conftest import HOST, ON_BOTH_DATABASES
from tests.trace.season import MAKER

PASSWORD = "several plain words"
OURS = {"Sec-Fetch-Site": "same-origin"}
BINDING = ("regulator", "publisher", "operator")


@pytest.fixture
def served(station: Station) -> TestClient:
    routers = [each.router for each in (account_routes, api_keys, operator_accounts, sign_in)]
    return TestClient(create_app(station, routers), base_url=f"https://{HOST}", follow_redirects=False)


@pytest.fixture
def first(station: Station) -> Somebody:
    return somebody(station, "operator", name="op.one")


@pytest.fixture
def second(station: Station) -> Somebody:
    return somebody(station, "operator", name="op.two")


def _asked(served: TestClient, who: Somebody, role: str) -> Response:
    party = MAKER if role == "regulator" else None
    asked = {"name": "new.one", "shown": "New One", "roles": [role], "party": party}
    return served.post("/v1/accounts", json=asked, headers=who.headers)


def _unlocked(served: TestClient, who: Somebody, account: str = "new.one") -> Response:
    return served.post(f"/v1/accounts/{account}/unlocks", headers=who.headers)


def _sets_password(served: TestClient, link: str) -> int:
    typed = {"password": PASSWORD, "again": PASSWORD}
    return served.post(link.removeprefix(f"https://{HOST}"), data=typed, headers=OURS).status_code


@ON_BOTH_DATABASES
@pytest.mark.parametrize("role", BINDING)
def test_who_made_an_account_that_binds_others_never_holds_its_link(
    served: TestClient, first: Somebody, second: Somebody, role: str
) -> None:
    made = _asked(served, first, role)
    assert (made.status_code, made.json()["link"], made.json()["waits"]) == (201, None, True)
    refused = _unlocked(served, first)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/same-person-again")
    let_in = _unlocked(served, second).json()
    assert (let_in["locked_at"], let_in["waits"]) == (None, False)
    assert _sets_password(served, let_in["link"]) == 303


def test_a_role_that_binds_nobody_needs_no_second_operator(served: TestClient, first: Somebody) -> None:
    made = _asked(served, first, "viewer").json()
    assert (made["waits"], made["locked_at"]) == (False, None)
    assert _sets_password(served, made["link"]) == 303


def test_an_account_of_ones_own_making_is_lost_to_its_maker_with_the_role_it_is_given(
    served: TestClient, station: Station, first: Somebody, second: Somebody
) -> None:
    """The maker knows the password of a viewer, holds a session of it, and has not used a second link."""
    puppet = _asked(served, first, "viewer").json()
    _sets_password(served, puppet["link"])
    session = browser_headers(station, signed_in(station, puppet["account"]))
    kept = served.post("/v1/accounts/new.one/resets", json={}, headers=first.headers).json()["link"]
    given = served.post(
        "/v1/accounts/new.one/roles", json={"roles": ["operator", "viewer"]}, headers=first.headers
    ).json()
    assert (given["waits"], given["has_password"]) == (True, False)
    assert _unlocked(served, first).status_code == 403
    link = _unlocked(served, second).json()["link"]
    assert _sets_password(served, kept) == 410
    assert served.get("/v1/accounts", headers=session).status_code == 401
    typed = {"name": "new.one", "password": PASSWORD}
    assert served.post("/sign-in", data=typed, headers=OURS).status_code == 401
    assert re.fullmatch(rf"https://{HOST}/sign-in/invitation/[0-9a-f]{{64}}", link)


@ON_BOTH_DATABASES
def test_nobody_takes_another_operators_account_over_by_a_reset(
    served: TestClient, station: Station, first: Somebody, second: Somebody
) -> None:
    somebody(station, "operator", name="op.three")
    taken = served.post("/v1/accounts/op.three/resets", json={"factor": True}, headers=first.headers).json()
    assert (taken["link"], taken["waits"]) == (None, True)
    again = served.post("/v1/accounts/op.three/resets", json={}, headers=first.headers).json()
    locked = served.post("/v1/accounts/op.three/locks", headers=first.headers).json()
    assert (again["link"], locked["waits"]) == (None, True)
    assert _unlocked(served, first, "op.three").status_code == 403
    assert _unlocked(served, second, "op.three").json()["link"] is not None


def test_a_key_made_before_a_role_was_given_does_not_live_on_in_it(
    served: TestClient, station: Station, first: Somebody, second: Somebody
) -> None:
    puppet = somebody(station, "viewer", name="new.one")
    key = served.post("/v1/api-keys", json={"name": "kept"}, headers=puppet.headers).json()["key"]
    given = {"roles": ["operator", "viewer"]}
    served.post("/v1/accounts/new.one/roles", json=given, headers=first.headers)
    _unlocked(served, second)
    bearer = {"Authorization": f"Bearer {key}"}
    assert served.get("/v1/api-keys", headers=bearer).status_code == 401


def test_the_console_of_a_running_service_makes_the_first_colleague_alone(
    served: TestClient, station: Station
) -> None:
    station.renew_operator_token()
    token = operator_token.read(station.settings.folder)
    asked = {"name": "op.one", "shown": "New One", "roles": ["operator"]}
    made = served.post("/v1/accounts", json=asked, headers={"Authorization": f"Bearer {token}"}).json()
    assert (made["waits"], made["locked_at"]) == (False, None)
    assert _sets_password(served, made["link"]) == 303


def test_the_second_operator_sees_what_waits_and_lets_it_in_on_a_page(
    served: TestClient, first: Somebody, second: Somebody
) -> None:
    account = _asked(served, first, "operator").json()["account"]
    unlock = f"/operator/accounts/{account}/unlock"
    own, others = (served.get("/operator/accounts", headers=who.headers).text for who in (first, second))
    assert ("由您提出" in own, unlock in own) == (True, False)
    assert ("由 op.one 提出" in others, unlock in others) == (True, True)
    refused = served.post(unlock, headers=first.headers)
    assert (refused.status_code, "申请人与执行人不能是同一人" in refused.text) == (403, True)
    assert "/sign-in/invitation/" not in refused.text
    let_in = served.post(unlock, headers=second.headers).text
    link = re.search(rf"https://{HOST}/sign-in/invitation/[0-9a-f]{{64}}", let_in)
    assert link is not None
    assert _sets_password(served, link[0]) == 303
    assert "没有等待解锁的账号" in served.get("/operator/accounts", headers=second.headers).text


def test_the_machines_own_console_acts_alone(station: Station) -> None:
    new = AccountNew(name="new.one", shown="New One", roles=parse_roles(["operator"]))
    made = administering.add(station, new)
    assert made.link is not None
    assert made.account.locked_ms is None
    assert administering.reset(station, "new.one", factor=True).link is not None

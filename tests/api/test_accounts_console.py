"""Accounts from the operator's console, and the whole way of a person: invitation, sign-in, factor, keys."""

import re
from base64 import b32decode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from starlette.testclient import TestClient

from api.accounts import second_factor
from api.accounts.cookies import cookie_name
from api.app import create_app
from api.cli.app import run
from api.routes import account_keys, account_pages, accounts, api_keys, sign_in
from api.station import Station
from tests.api.accounts_of import somebody
from tests.api.conftest import HOST, NOW_MS
from tests.trace.season import MAKER

PASSWORD = "several plain words"
OURS = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}


def test_accounts_are_made_listed_changed_and_ended_at_the_console(told: Callable[..., str]) -> None:
    made = ("accounts", "add", "li.wei", "--role", "clerk", "--party", MAKER, "--shown", "Some Body")
    link = told(*made).strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/sign-in/invitation/[0-9a-f]{64}", link)
    listed = told("accounts", "list")
    assert all(word in listed for word in ("li.wei", "clerk", MAKER, "invited"))
    assert "Some Body" not in listed
    given = told("accounts", "roles", "LI.WEI", "--role", "viewer", "--role", "publisher")
    assert "publisher viewer" in given
    assert "locked" in told("accounts", "lock", "li.wei")
    assert "locked" in told("accounts", "list")
    assert "unlocked" in told("accounts", "unlock", "li.wei")
    assert told("accounts", "reset", "li.wei", "--factor").strip() not in {link, ""}
    assert "ended" in told("accounts", "end", "li.wei")
    assert "li.wei" not in told("accounts", "list")
    assert told("accounts", "rotate-token-key")


def test_the_end_of_a_link_is_told_to_the_minute_as_the_clock_in_china_shows_it(
    told: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    told("accounts", "list")
    before = datetime.now(UTC)
    run(("accounts", "add", "li.wei", "--role", "viewer", "--shown", "Some Body"))
    said = re.search(r"until (\d{1,2} \w+ \d{4}, \d\d:\d\d):\n", capsys.readouterr().err)
    assert said is not None
    until = datetime.strptime(said[1], "%d %b %Y, %H:%M").replace(tzinfo=timezone(timedelta(hours=8)))
    assert before - timedelta(minutes=1) <= until - timedelta(hours=72) <= datetime.now(UTC)


def test_what_an_account_may_not_be_is_said(refused: Callable[..., str]) -> None:
    assert "clerk" in refused("accounts", "add", "li.wei", "--role", "clerk", "--shown", "Some Body")
    assert "wizard" in refused("accounts", "add", "li.wei", "--role", "wizard", "--shown", "Some Body")
    assert "nobody" in refused("accounts", "lock", "nobody")


@pytest.mark.parametrize(
    ("role", "page"),
    [
        ("clerk", "/workbench"),
        ("verifier", "/desk/quarantine"),
        ("viewer", "/desk/warnings"),
        ("regulator", "/desk"),
        ("operator", "/desk"),
        ("publisher", "/account"),
        ("collector", "/account"),
    ],
)
def test_who_signs_in_on_the_way_to_nowhere_comes_to_the_first_page_of_their_role(
    station: Station, role: str, page: str
) -> None:
    client = TestClient(create_app(station, [sign_in.router]), base_url=f"https://{HOST}")
    person = somebody(station, role, party=MAKER if role in {"clerk", "regulator"} else None)
    asked = {**person.headers, "Accept": "text/html"}
    led = client.get("/sign-in/home?lang=en", headers=asked, follow_redirects=False)
    assert led.headers["location"] == f"{page}?lang=en"


def test_a_person_comes_from_the_invitation_to_a_key_without_any_script(station: Station) -> None:
    routers = [each.router for each in (sign_in, account_pages, account_keys, accounts, api_keys)]
    client = TestClient(create_app(station, routers), base_url=f"https://{HOST}", headers=OURS)
    operator = somebody(station, "operator", name="op.one")
    asked = {"name": "pub.one", "shown": "发布岗", "roles": ["publisher"]}
    client.post("/v1/accounts", json=asked, headers=operator.headers)
    second = somebody(station, "operator", name="op.two")
    let_in = client.post("/v1/accounts/pub.one/unlocks", headers=second.headers).json()
    path = let_in["link"].removeprefix(f"https://{HOST}")
    assert "pub.one" in client.get(path).text
    assert client.post(path, data={"password": PASSWORD, "again": "other"}).status_code == 422
    next_page = client.post(path, data={"password": PASSWORD, "again": PASSWORD})
    assert (next_page.url.path, 'value="pub.one"' in next_page.text) == ("/sign-in", True)
    entered = client.post("/sign-in", data={"name": "Pub.One", "password": PASSWORD, "next": "/account"})
    assert entered.url.path == "/account/factor"
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', entered.text)
    assert secret is not None
    code = second_factor.code_at(b32decode(secret[1].replace(" ", "")), NOW_MS)
    enrolled = client.post("/account/factor", data={"code": code, "next": "/account"})
    assert len(re.findall(r"<code>[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}</code>", enrolled.text)) == 10
    page = client.get("/account")
    assert "发布岗" in page.text
    shown = client.post("/account/keys", data={"name": "采集程序", "days": "30", "scope": "index:publish"})
    key = re.search(r"daodi_([0-9a-f]{8})_[0-9a-f]{64}", shown.text)
    assert key is not None
    assert key[0] not in client.get("/account").text
    (listed,) = client.get("/v1/api-keys").json()
    assert (listed["prefix"], listed["scopes"], listed["own"]) == (key[1], ["index:publish"], True)
    client.post(f"/account/keys/{key[1]}/end")
    assert client.get("/v1/api-keys", headers={"Authorization": f"Bearer {key[0]}"}).status_code == 401
    assert client.post("/sign-out").url.path == "/sign-in"
    assert "pub.one" not in client.get("/sign-in").text
    assert cookie_name(station.settings) not in client.cookies

"""A stranger asks every route for what is a firm's: it is refused, nothing changes, and nothing leaks.

docs/rights.md marks a route ◐ where a role may have its own alone. Each of them is tried here with an object
of another party, source or account, by a request that its owner is granted.
"""

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import select
from sqlmodel import SQLModel
from starlette.testclient import TestClient

from api.app import create_app
from api.founding import found
from api.rights import OWN, Right, rights
from api.settings import Settings, load_settings
from api.station import Station
from tests.api.conftest import HOST
from tests.attacks.foreign_pages import page_attempts
from tests.attacks.foreign_readings import makings, readings
from tests.attacks.foreign_requests import Attempt, api_attempts
from tests.attacks.foreign_world import LATER_MS, World, world
from tests.trace.label_fonts import font_file
from tests.trace.season import MAKER

NOTED = {"api_access_note", "api_access_digest"}
SEEN = {"used_day", "seen_ms"}
"""Tables and columns that are written of every asking, of refused ones too."""
Rows = dict[str, list[tuple[str, ...]]]


@contextmanager
def opened(settings: Settings) -> Iterator[tuple[Station, TestClient]]:
    """A station whose clock stands still after the season, and a browser."""
    with Station.open(settings, clock=lambda: LATER_MS, background=False) as station:
        app = create_app(station)
        with TestClient(app, base_url=f"http://{HOST}", raise_server_exceptions=False) as client:
            yield station, client


def settings_in(folder: Path, **more: Any) -> Settings:
    return load_settings(
        folder=folder / "service",
        origin=f"{HOST}/log",
        base_url=f"https://{HOST}",
        trusted_hosts=(HOST,),
        label_font=font_file(folder / "labels.ttf"),
        **more,
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    """The world on SQLite, built once and closed again."""
    folder = tmp_path_factory.mktemp("foreign")
    settings = settings_in(folder)
    found(settings, clock=lambda: LATER_MS)
    with opened(settings) as (station, client):
        return folder, world(station, client)


@pytest.fixture
def at(built: tuple[Path, World], tmp_path: Path) -> Iterator[World]:
    """The world in a copy of its own."""
    folder, known = built
    shutil.copytree(folder / "service", tmp_path / "service")
    with opened(settings_in(tmp_path)) as (station, client):
        yield replace(known, station=station, client=client)


def attempts(at: World) -> list[Attempt]:
    return api_attempts(at) + page_attempts(at)


def ask(at: World, method: str, path: str, headers: Mapping[str, str], sent: Mapping[str, Any]) -> Response:
    """Send a request, cookies of no earlier answer with it."""
    at.client.cookies.clear()
    accept = "application/json" if path.startswith("/v1") else "text/html"
    return at.client.request(
        method, path, headers={"Accept": accept, **headers}, follow_redirects=False, **sent
    )


def routes(at: World) -> Iterator[Right]:
    app = at.client.app
    assert isinstance(app, FastAPI)
    return rights(app.routes)


def ways(at: World, who: str, *, by_key: bool = True, by_session: bool = True) -> list[dict[str, str]]:
    """Return the headers somebody may come with."""
    return [at.people[who].headers] * by_session + [at.keys[who]] * by_key


def everything(station: Station) -> Rows:
    """Return all rows of the database but what is noted of every asking."""
    wanted = {
        table.name: select(*(each for each in table.columns if each.name not in SEEN))
        for table in SQLModel.metadata.sorted_tables
        if table.name not in NOTED
    }
    with station.database.read() as session:
        found = {name: session.connection().execute(asked) for name, asked in wanted.items()}
        return {name: sorted(tuple(map(str, row)) for row in rows) for name, rows in found.items()}


def of_the_firm(at: World) -> Rows:
    """Return the rows that speak of the firm or of its clerk's account."""
    marks = (MAKER, at.named["account"])
    return {
        name: [row for row in rows if any(mark in cell for cell in row for mark in marks)]
        for name, rows in everything(at.station).items()
    }


def betrayed(at: World, answer: Response, path: str, sent: Mapping[str, Any]) -> list[str]:
    """Return what of the firm an answer holds that the request did not say."""
    asked = f"{path} {sent}"
    return [each for each in at.canaries if each in answer.text and each not in asked]


def led_away(answer: Response) -> bool:
    """Say whether a page leads to the sign-in: nothing was done then."""
    return answer.headers.get("location", "").startswith("/sign-in")


def why(answer: Response) -> str:
    """Return the words of an answer that explain it: of a page what is marked as wrong."""
    marked = re.findall(r'role="alert".{0,400}', answer.text, re.DOTALL)
    return str(marked or answer.text)[:400]


def slug(answer: Response) -> str:
    is_problem = answer.headers.get("content-type") == "application/problem+json"
    return str(answer.json()["type"]).removeprefix("/problems/") if is_problem else ""


def test_every_route_that_is_open_for_one_s_own_alone_is_tried(at: World) -> None:
    table = {f"{each.method} {each.path}" for each in routes(at) if OWN in each.roles}
    tried = {each.right for each in attempts(at)}
    tried |= {each.right for each in readings(at)} | {each.right for each in makings(at)}
    assert tried == table


def test_what_is_another_s_is_refused_and_nothing_changes(at: World) -> None:
    assert_refused(at)


@pytest.mark.postgresql
def test_on_the_other_database_it_is_refused_alike(tmp_path: Path, postgresql_url: str) -> None:
    settings = settings_in(tmp_path, database_url=postgresql_url)
    found(settings, clock=lambda: LATER_MS)
    with opened(settings) as (station, client):
        assert_refused(world(station, client), closely=False)


def assert_refused(at: World, *, closely: bool = True) -> None:
    """Fail with every answer that is another than the table says, tells or changes something.

    `closely`: the rows are compared after each request, so that what changed them is named; else once.
    """
    wrong, before = [], everything(at.station)
    for each in attempts(at):
        for headers in ways(at, each.stranger, by_key=each.by_key, by_session=each.by_session):
            answer = ask(at, each.right.split()[0], each.path, headers, each.sent)
            if (answer.status_code, slug(answer)) != each.refused:
                wrong.append((each.right, each.path, answer.status_code, why(answer)))
            if told := betrayed(at, answer, each.path, each.sent):
                wrong.append((each.right, each.path, answer.status_code, f"told {told}"))
            after = everything(at.station) if closely else before
            if after != before:
                changed = [name for name in before if before[name] != after[name]]
                wrong.append((each.right, each.path, answer.status_code, f"changed {changed}"))
                before = after
    assert everything(at.station) == before
    assert not wrong, "\n".join(map(str, wrong))


def test_the_same_requests_are_granted_to_the_owner(at: World) -> None:
    wrong = []
    for each in attempts(at):
        if each.done is None:
            continue
        headers = ways(at, each.whose, by_session=each.by_session)[0]
        answer = ask(at, each.right.split()[0], each.path, headers, each.sent)
        if answer.status_code != each.done or led_away(answer):
            wrong.append((each.right, each.path, answer.status_code, why(answer)))
        at.station.settle()
    assert not wrong, "\n".join(map(str, wrong))


def test_a_list_holds_one_s_own_alone(at: World) -> None:
    wrong: list[tuple[str, int, str, list[str]]] = []
    for each in readings(at):
        for headers in ways(at, "coop", by_key=each.by_key):
            answer = ask(at, "GET", each.path, headers, {})
            told = [one for one in betrayed(at, answer, each.path, {}) if one != each.public]
            if answer.status_code != 200 or told:
                wrong.append((each.path, answer.status_code, why(answer), told))
        own = ask(at, "GET", each.path, at.people["maker"].headers, {})
        if own.status_code != 200 or each.shown not in own.text:
            wrong.append((each.path, own.status_code, why(own), ["not shown to its owner"]))
    assert not wrong, "\n".join(map(str, wrong))


def test_what_somebody_does_for_himself_touches_nobody_else(at: World) -> None:
    wrong, before = [], of_the_firm(at)
    for each in makings(at):
        answer = ask(at, each.right.split()[0], each.path, at.people["coop"].headers, each.sent)
        away = led_away(answer) and "/sign-" not in each.path
        if answer.status_code != each.answers or away or betrayed(at, answer, each.path, each.sent):
            wrong.append((each.right, answer.status_code, why(answer)))
        assert of_the_firm(at) == before, each.right
    assert not wrong, "\n".join(map(str, wrong))
    assert ask(at, "GET", "/account", at.people["maker"].headers, {}).status_code == 200


def test_what_is_public_is_the_same_for_a_stranger_as_for_anyone(at: World) -> None:
    wrong, asked = [], 0
    for right in routes(at):
        if not right.public or right.method != "GET" or right.path.startswith("/sign-in"):
            continue
        path = re.sub(r"{([^}:]+)(:path)?}", lambda part: public_name(at, part[1]), right.path)
        anyone, *others = (ask(at, "GET", path, headers, {}) for headers in ({}, *ways(at, "coop")))
        asked += anyone.status_code == 200
        if any((each.status_code, each.content) != (anyone.status_code, anyone.content) for each in others):
            wrong.append((path, anyone.text[:300], [each.text[:300] for each in others]))
    assert not wrong, "\n".join(map(str, wrong))
    assert asked > 60


def public_name(at: World, placeholder: str) -> str:
    """Return what fills a placeholder of an address: an object of the firm where it can be one."""
    said = {"lot": "YP-0", "uscc": MAKER, "place_id": "WORKS", "code": at.named["pack"], "feed": "fair"}
    said |= {"statement_id": at.named["statement"], "complaint_id": at.named["complaint"]}
    said |= {"recall": at.named["recall"], "step": at.named["step"], "key_id": at.named["key"]}
    return said.get(placeholder, "x")

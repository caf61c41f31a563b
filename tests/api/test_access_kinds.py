"""Each way of writing and each private reading leaves its note of access; what is refused does too."""

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlmodel import col, select
from starlette.testclient import TestClient

from api.access.access_log import AccessLog
from api.access.access_tables import AccessNoteRow
from api.asking import Asking
from api.callers import Caller
from api.rights import Right, rights
from api.routes.complaints import filed
from api.station import Station
from tests.api.accounts_of import FAST, PASSWORD, Somebody, somebody
from tests.api.open_party import COOP, body, reading, registered
from tests.api.test_governance_routes import DECLARED
from tests.api.test_work_steps import TYPED
from tests.trace.holding import REGULATOR, register_regulator
from tests.trace.season import GROWER, MAKER, at, register_all
from trace.integrity.complaints import ComplaintNew

Issue = Callable[..., str]
KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"
WRITTEN_BY_STATEMENT = {"/v1/statements", "/v1/statements/batch"}
"""They look at who sends what only once it is read: the claims about statements are below."""


def noted(station: Station) -> list[AccessNoteRow]:
    station.accesses.flush()
    with station.database.read() as session:
        return list(session.exec(select(AccessNoteRow).order_by(col(AccessNoteRow.number))))


@dataclass(frozen=True)
class Open:
    """A station with its parties, and people who are signed in."""

    station: Station
    client: TestClient
    token_with: Issue
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def by_key(self, *scopes: str, party: str | None = None) -> tuple[str, dict[str, str]]:
        """Who the notes name, and the headers of a key."""
        token = self.token_with(*scopes, party=party)
        return token.split("_")[1], {"Authorization": f"Bearer {token}"}

    def person(self, *roles: str, party: str | None = None) -> Somebody:
        """Somebody new who is signed in."""
        number = next(self.numbers)
        return somebody(self.station, *roles, name=f"some.body-{number}", party=party)

    def by_browser(self, *roles: str, party: str | None = None) -> tuple[str, dict[str, str]]:
        """Who the notes name, and the headers of a browser."""
        who = self.person(*roles, party=party)
        return who.account_id, who.headers


@pytest.fixture
def opened(station: Station, client: TestClient, token_with: Issue) -> Open:
    station.writer.submit(lambda session: register_all(session, station.recorder))
    station.writer.submit(lambda session: register_regulator(session, station.recorder, at(1)))
    station.people = replace(station.people, passwords=FAST)
    return Open(station, client, token_with)


Written = tuple[str, str, Response]
"""Who the note must name, the operation it must name, and the answer."""


def by_a_key(to: Open) -> Written:
    return _declared(to, *to.by_key("operator"))


def by_a_browser_at_the_api(to: Open) -> Written:
    return _declared(to, *to.by_browser("operator"))


def by_a_short_token(to: Open) -> Written:
    who, headers = to.by_browser("operator")
    token = to.client.post("/v1/tokens", json={}, headers=headers).json()["access_token"]
    return _declared(to, who, {"Authorization": f"Bearer {token}"})


def by_a_keyed_request(to: Open) -> Written:
    who, headers = to.by_key("operator")
    return _declared(to, who, {**headers, "Idempotency-Key": KEY})


def _declared(to: Open, who: str, headers: dict[str, str]) -> Written:
    path = "/v1/governance/declarations"
    return who, f"POST {path}", to.client.post(path, json=DECLARED, headers=headers)


def by_a_form_of_the_workbench(to: Open) -> Written:
    who, headers = to.by_browser("clerk", party=GROWER)
    return who, "POST /workbench/steps/{name}", _sent(to, "/workbench/steps/seed", TYPED, headers)


def by_a_form_of_the_desk(to: Open) -> Written:
    upset = ComplaintNew(category="quality", words="买到的有霉味", party=MAKER)
    complaint = filed(to.station, upset, "192.0.2.1")
    who, headers = to.by_browser("regulator", party=REGULATOR)
    typed = {"outcome": "rejected", "reason": "查无此事"}
    return (
        who,
        "POST /desk/complaints/{complaint_id}",
        _sent(to, f"/desk/complaints/{complaint}", typed, headers),
    )


def by_a_statement(to: Open) -> Written:
    registered(to.station)
    who, headers = to.by_key("steps:write", party=COOP)
    typed = {**headers, "Content-Type": "application/json"}
    return (
        who,
        "POST /v1/statements",
        to.client.post("/v1/statements", content=body(reading()), headers=typed),
    )


def by_signing_in(to: Open) -> Written:
    who = to.person("clerk", party=GROWER)
    return who.account_id, "POST /sign-in", _signed_in(to, who, PASSWORD)


def by_signing_out(to: Open) -> Written:
    who, headers = to.by_browser("clerk", party=GROWER)
    return who, "POST /sign-out", _sent(to, "/sign-out", {}, headers)


def _sent(to: Open, path: str, typed: dict[str, str], headers: dict[str, str]) -> Response:
    return to.client.post(path, data=typed, headers=headers, follow_redirects=False)


def _signed_in(to: Open, who: Somebody, password: str) -> Response:
    here = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
    return _sent(to, "/sign-in", {"name": who.name, "password": password}, here)


def test_each_way_of_writing_leaves_one_note_that_names_who_wrote(opened: Open) -> None:
    for way in (
        by_a_key,
        by_a_browser_at_the_api,
        by_a_short_token,
        by_a_keyed_request,
        by_a_form_of_the_workbench,
        by_a_form_of_the_desk,
        by_a_statement,
        by_signing_in,
        by_signing_out,
    ):
        who, operation, answer = way(opened)
        assert answer.status_code in {200, 201, 202, 303}, (way, answer.text)
        notes = [each for each in noted(opened.station) if (each.who, each.operation) == (who, operation)]
        kind = "sign-in" if way is by_signing_in else "write"
        assert [each.kind for each in notes] == [kind], way


def test_a_wrong_password_is_noted_under_the_account_it_was_tried_on(opened: Open) -> None:
    who = opened.person("clerk", party=GROWER)
    assert _signed_in(opened, who, "another password").status_code == 401
    assert ("sign-in", who.account_id, 401) in [
        (each.kind, each.who, each.status) for each in noted(opened.station)
    ]


def test_a_page_that_is_refused_is_noted_and_one_that_is_not_there_is_not(opened: Open) -> None:
    who, headers = opened.by_browser("clerk", party=GROWER)
    pages = ("/desk", "/desk/recalls", "/operator/accounts", "/v1/drafts")
    for path in (*pages, "/nowhere"):
        assert opened.client.get(path, headers=headers, follow_redirects=False).status_code in {403, 404}
    assert [(each.who, each.kind, each.status, each.operation) for each in noted(opened.station)] == [
        (who, "refused", 403, f"GET {path}") for path in pages
    ]


def _closed(app: FastAPI, *methods: str) -> Iterator[Right]:
    for each in rights(app.routes):
        if not each.public and each.method in methods and each.path not in WRITTEN_BY_STATEMENT:
            yield each


def _asked(to: Open, right: Right) -> tuple[str, int]:
    """Ask for objects nobody has, as somebody new who may ask; returns who, and the status."""
    who, headers = to.by_key("operator")
    if right.path.startswith(("/account", "/sign", "/operator")):
        who, headers = to.by_browser("operator")
    path = re.sub(r"{[^}]+}", "x", right.path)
    answer = to.client.request(right.method, path, headers=headers, follow_redirects=False)
    return who, answer.status_code


def test_every_private_reading_leaves_a_note(opened: Open, app: FastAPI) -> None:
    expected: Counter[tuple[str, str]] = Counter()
    for right in _closed(app, "GET"):
        who, status = _asked(opened, right)
        assert status < 500, right
        if status < 400 or status in {403, 404}:
            expected[who, f"GET {right.path}"] += 1
    assert len(expected) > 60
    found = Counter((each.who, each.operation) for each in noted(opened.station))
    assert {key: count for key, count in expected.items() if found[key] != count} == {}


def test_every_writing_leaves_a_note_though_it_be_refused(opened: Open, app: FastAPI) -> None:
    """Asked with nothing in the body, and by a browser of another site: most is refused, all is noted."""
    missing = []
    for right in _closed(app, "POST"):
        who, status = _asked(opened, right)
        notes = [each for each in noted(opened.station) if each.who == who]
        if status >= 500 or not notes:
            missing.append((right.method, right.path, status))
    assert missing == []


def test_where_nothing_could_be_noted_or_done_nothing_waits_to_be_noted() -> None:
    written: list[dict[str, object]] = []
    log = AccessLog(written.extend, lambda: 1)
    asking = Asking("POST /x", "r", caller=Caller(address="", token="t"))
    for status in (503, 422):
        log.finished(asking, "POST", status)
    log.flush()
    assert [each["status"] for each in written] == [422]

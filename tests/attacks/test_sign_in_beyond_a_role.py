"""Who would do another's work: what each role may not, written by hand and not read off the routes.

`tests/api/test_rights.py` holds every route against docs/rights.md, which is made from the routes: a caller
declared wrongly would stand in both. This list is what somebody wrote down who had the roles in mind.
"""

import pytest
from starlette.testclient import TestClient

from api.station import Station
from tests.api.accounts_of import Somebody, somebody
from tests.api.conftest import NOW_MS
from tests.trace.holding import REGULATOR, register_regulator
from tests.trace.season import MAKER, register_all

WARNING = f"warning-{'0' * 32}"
OPERATING = (
    "GET /v1/accounts",
    "POST /v1/accounts",
    "GET /v1/accounts/some.body",
    "POST /v1/accounts/some.body/roles",
    "POST /v1/accounts/some.body/resets",
    "POST /v1/accounts/some.body/unlocks",
    "GET /operator/accounts",
    "POST /operator/accounts/acct-0000000000/unlock",
    "POST /v1/key-requests",
    "POST /v1/log/keys",
    f"POST /v1/custody/{MAKER}/rotations",
    "POST /v1/families/bozhou/standing",
    "POST /v1/closed-days",
    "POST /v1/exchange-rates",
    "POST /v1/governance/declarations",
    "POST /v1/health-herbs",
)
SUPERVISING = (
    "GET /desk",
    "GET /desk/integrity",
    "GET /desk/recalls",
    "GET /desk/scans",
    "GET /desk/complaints",
    "POST /v1/inspections",
    "POST /v1/draws",
    "POST /v1/gates",
    f"POST /v1/parties/{MAKER}/suspensions",
    "POST /v1/places/WORKS/suspensions",
    f"POST /v1/complaints/complaint-{'0' * 32}/decision",
    "GET /v1/places/WORKS/outline",
)
RECORDING = (
    "GET /workbench",
    "GET /workbench/lots",
    "POST /v1/steps",
    "POST /v1/imports/steps",
    "POST /v1/codes",
    "POST /v1/documents",
    f"POST /v1/parties/{MAKER}/changes",
    "POST /v1/places/WORKS/changes",
    "POST /v1/keys",
    "POST /v1/links",
)
STOPPING = ("POST /v1/holds", "POST /v1/recalls", "POST /v1/drills")
DELIVERING = ("POST /v1/imports/quotes", "POST /v1/feeds")
DECIDING = ("GET /desk/quarantine", "POST /v1/quarantine/decisions", "POST /v1/names/decisions")
PUBLISHING = (
    "POST /v1/releases",
    "POST /v1/releases/bozhou-2025-06-30/approval",
    "POST /v1/weight-sets",
    "POST /v1/forecasts",
)
WARNED = ("GET /desk/warnings",)
ANSWERING_WARNINGS = (f"POST /v1/warnings/{WARNING}/decisions",)

MAY_NOT = {
    "clerk": OPERATING + SUPERVISING + DELIVERING + DECIDING + PUBLISHING + WARNED + ANSWERING_WARNINGS,
    "collector": OPERATING
    + SUPERVISING
    + RECORDING
    + STOPPING
    + DECIDING
    + PUBLISHING
    + WARNED
    + ANSWERING_WARNINGS,
    "verifier": OPERATING
    + SUPERVISING
    + RECORDING
    + STOPPING
    + DELIVERING
    + PUBLISHING
    + WARNED
    + ANSWERING_WARNINGS,
    "publisher": OPERATING
    + SUPERVISING
    + RECORDING
    + STOPPING
    + DELIVERING
    + DECIDING
    + WARNED
    + ANSWERING_WARNINGS,
    "regulator": OPERATING + RECORDING + DELIVERING + DECIDING + PUBLISHING,
    "viewer": OPERATING
    + SUPERVISING
    + RECORDING
    + STOPPING
    + DELIVERING
    + DECIDING
    + PUBLISHING
    + ANSWERING_WARNINGS,
}
MAY = {
    "clerk": "GET /workbench",
    "collector": "GET /account",
    "verifier": "GET /desk/quarantine",
    "publisher": "GET /account",
    "regulator": "GET /desk/complaints",
    "viewer": "GET /desk/warnings",
}
"""One thing each may, so that the refusals are the role's and not those of a session that is not whole."""
PARTY_OF = {"clerk": MAKER, "regulator": REGULATOR}


@pytest.fixture
def world(station: Station) -> Station:
    station.writer.submit(lambda session: register_all(session, station.recorder))
    station.writer.submit(lambda session: register_regulator(session, station.recorder, NOW_MS))
    return station


def _answer(client: TestClient, what: str, who: Somebody) -> tuple[int, str]:
    method, path = what.split(" ")
    headers = {**who.headers, "Accept": "application/json"}
    sent = client.request(method, path, headers=headers, follow_redirects=False)
    is_problem = sent.headers.get("content-type") == "application/problem+json"
    return sent.status_code, sent.json()["type"] if is_problem else ""


def test_no_role_does_the_work_of_another(client: TestClient, world: Station) -> None:
    wrong = []
    for role, forbidden in MAY_NOT.items():
        person = somebody(world, role, name=f"{role}.one", party=PARTY_OF.get(role))
        assert _answer(client, MAY[role], person)[0] == 200, role
        refused = {what: _answer(client, what, person) for what in forbidden}
        wrong += [
            (role, what, said) for what, said in refused.items() if said != (403, "/problems/scope-missing")
        ]
    assert wrong == []

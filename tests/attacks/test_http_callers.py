"""Callers who want what is not theirs: other parties' steps, other roles' routes, other people's codes."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.errors import TooManyRequests
from api.limits import Limiter
from api.station import Station
from api.tokens import parse_token, revoke_token
from tests.api.conftest import NOW_MS, ON_BOTH_DATABASES
from tests.api.open_party import members, reading, signed
from tests.trace.season import COOP, GROWER, MAKER, register_all, white_peony
from trace.coding.trace_code import encode

_PLACES = {"{key_id}": "0" * 32, "{party}": MAKER, "{statement_id}": "step:none"}
_PLACES |= {"{uscc}": MAKER, "{place_id}": "WORKS"}
_PLACES |= dict.fromkeys(("{hold}", "{recall}", "{notice}"), str(UUID(int=0)))
_PLACES |= {
    "{draw_id}": f"draw-{'0' * 32}",
    "{measure}": f"credit-{'0' * 32}",
    "{complaint_id}": f"complaint-{'0' * 32}",
    "{index_complaint}": f"index-complaint-{'0' * 32}",
    "{declaration_id}": f"declaration-{'0' * 32}",
    "{number}": "1",
    "{unit}": "U-1",
    "{release_id}": "bozhou-2025-06-30",
    "{family}": "bozhou",
    "{step}": str(UUID(int=0)),
    "{lot}": "BS-A",
    "{feed}": "yt1998",
    "{endpoint}": f"ep_{'0' * 24}",
    "{account}": "acct-0000000000",
    "{prefix}": "0" * 8,
    "{key_request}": f"key-request-{'0' * 24}",
    "{warning}": f"warning-{'0' * 32}",
}
STEPS = [new.model_dump(mode="json", exclude_none=True) for new, _ in white_peony()]
STATED = members(signed(reading("a")))
JSON_BODY = {
    "/v1/steps": STEPS[0],
    "/v1/releases": {"family": "bozhou"},
    "/v1/statements": STATED,
    "/v1/statements/batch": [STATED],
}
ANY_SCOPE = "steps:write quotes:write quotes:decide index:publish supervise warnings:read warnings:decide"
SCOPE_OF = {
    ("post", "/v1/steps"): "steps:write",
    ("post", "/v1/steps/{step}/corrections"): "steps:write supervise",
    ("post", "/v1/imports/steps"): "steps:write",
    ("post", "/v1/imports/mofcom"): "steps:write",
    ("post", "/v1/imports/quotes"): "quotes:write",
    ("post", "/v1/quarantine/decisions"): "quotes:decide",
    ("post", "/v1/names/decisions"): "quotes:decide",
    ("post", "/v1/names/aliases/{number}/end"): "quotes:decide",
    ("post", "/v1/feeds"): "quotes:write",
    ("post", "/v1/feeds/{feed}/switches"): "quotes:write",
    ("post", "/v1/feeds/{feed}/polls"): "quotes:write",
    ("post", "/v1/exchange-rates"): "operator",
    ("post", "/v1/accounts"): "operator",
    ("post", "/v1/accounts/{account}/roles"): "operator",
    ("post", "/v1/accounts/{account}/locks"): "operator",
    ("post", "/v1/accounts/{account}/unlocks"): "operator",
    ("post", "/v1/accounts/{account}/resets"): "operator",
    ("post", "/v1/accounts/{account}/end"): "operator",
    ("post", "/v1/api-keys"): ANY_SCOPE,
    ("post", "/v1/api-keys/{prefix}/revocation"): ANY_SCOPE,
    ("post", "/v1/tokens"): ANY_SCOPE,
    ("post", "/v1/webhooks"): ANY_SCOPE,
    ("post", "/v1/webhooks/{endpoint}/switches"): ANY_SCOPE,
    ("post", "/v1/webhooks/{endpoint}/rotations"): ANY_SCOPE,
    ("post", "/v1/webhooks/{endpoint}/replays"): ANY_SCOPE,
    ("post", "/v1/webhooks/{endpoint}/tests"): ANY_SCOPE,
    ("post", "/v1/quotes/from-trades"): "operator",
    ("post", "/v1/warnings/{warning}/decisions"): "warnings:decide",
    ("post", "/v1/warning-watches"): "operator",
    ("post", "/v1/health-herbs"): "operator",
    ("post", "/v1/grain-prices"): "operator",
    ("post", "/v1/codes"): "steps:write",
    ("post", "/v1/codes/printed"): "steps:write",
    ("post", "/v1/codes/spoiled"): "steps:write",
    ("post", "/v1/codes/retired"): "steps:write",
    ("post", "/v1/documents"): "steps:write",
    ("post", "/v1/documents/erasures"): "steps:write",
    ("post", "/v1/links"): "steps:write",
    ("post", "/v1/links/withdrawals"): "steps:write",
    ("post", "/v1/releases"): "index:publish",
    ("post", "/v1/forecasts"): "index:publish",
    ("post", "/v1/weight-sets"): "index:publish",
    ("post", "/v1/releases/{release_id}/approval"): "index:publish",
    ("post", "/v1/releases/{release_id}/refusal"): "index:publish",
    ("post", "/v1/releases/{release_id}/notices"): "index:publish",
    ("post", "/v1/families/{family}/standing"): "operator",
    ("post", "/v1/closed-days"): "operator",
    ("post", "/v1/statements"): "steps:write",
    ("post", "/v1/statements/batch"): "steps:write",
    ("post", "/v1/statements/{statement_id}/redactions"): "steps:write",
    ("post", "/v1/keys"): "steps:write",
    ("post", "/v1/keys/{key_id}/rotations"): "steps:write",
    ("post", "/v1/keys/{key_id}/revocations"): "steps:write",
    ("post", "/v1/custody/{party}/rotations"): "operator",
    ("post", "/v1/lots/{lot}/standings"): "steps:write",
    ("post", "/v1/key-requests"): "operator",
    ("post", "/v1/key-requests/{key_request}/approval"): "operator",
    ("post", "/v1/log/keys"): "operator",
    ("post", "/v1/log/keys/{key_id}/retirement"): "operator",
    ("post", "/v1/integrity/scores"): "operator",
    ("post", "/v1/inspections"): "supervise",
    ("post", "/v1/draws"): "supervise",
    ("post", "/v1/draws/{draw_id}/result"): "supervise",
    ("post", "/v1/credit-measures"): "supervise",
    ("post", "/v1/credit-measures/{measure}/repair-request"): "steps:write",
    ("post", "/v1/credit-measures/{measure}/repair-decision"): "supervise",
    ("post", "/v1/complaints/{complaint_id}/answer"): "steps:write",
    ("post", "/v1/governance/declarations"): "operator",
    ("post", "/v1/governance/declarations/{declaration_id}/end"): "operator",
    ("post", "/v1/governance/assessments"): "operator",
    ("post", "/v1/index-complaints/{index_complaint}/answer"): "operator",
    ("post", "/v1/complaints/{complaint_id}/decision"): "supervise",
    ("post", "/v1/supervision/units"): "supervise",
    ("post", "/v1/supervision/units/{unit}/departure"): "supervise",
    ("post", "/v1/supervision/register"): "supervise",
    ("post", "/v1/holds"): "steps:write supervise",
    ("post", "/v1/holds/{hold}/lift-requests"): "steps:write supervise",
    ("post", "/v1/holds/{hold}/lifts"): "steps:write supervise",
    ("post", "/v1/recalls"): "steps:write supervise",
    ("post", "/v1/recalls/{recall}/acknowledgements"): "steps:write supervise",
    ("post", "/v1/recalls/{recall}/reminders"): "steps:write supervise",
    ("post", "/v1/recalls/{recall}/closing-requests"): "steps:write supervise",
    ("post", "/v1/recalls/{recall}/closings"): "steps:write supervise",
    ("post", "/v1/notices/{notice}/readings"): "steps:write supervise",
    ("post", "/v1/drills"): "steps:write supervise",
    ("post", "/v1/parties"): "steps:write",
    ("post", "/v1/parties/{uscc}/changes"): "steps:write",
    ("post", "/v1/parties/{uscc}/licences"): "steps:write",
    ("post", "/v1/parties/{uscc}/licences/withdrawals"): "supervise",
    ("post", "/v1/parties/{uscc}/staff"): "steps:write",
    ("post", "/v1/parties/{uscc}/staff/departures"): "steps:write",
    ("post", "/v1/parties/{uscc}/suspensions"): "supervise",
    ("post", "/v1/parties/{uscc}/resumptions"): "supervise",
    ("post", "/v1/parties/{uscc}/closings"): "steps:write",
    ("post", "/v1/parties/{uscc}/transfers"): "steps:write",
    ("post", "/v1/gates"): "supervise",
    ("post", "/v1/places"): "steps:write",
    ("post", "/v1/places/{place_id}/outlines"): "steps:write",
    ("post", "/v1/places/{place_id}/changes"): "steps:write",
    ("post", "/v1/places/{place_id}/transfers"): "steps:write",
    ("post", "/v1/places/{place_id}/suspensions"): "supervise",
    ("post", "/v1/places/{place_id}/resumptions"): "supervise",
    ("post", "/v1/places/{place_id}/closings"): "steps:write",
}
"""Every operation that needs a token; a new one has to be entered here."""
OPEN = {("post", "/v1/complaints"), ("post", "/v1/index-complaints"), ("post", "/v1/codes/{code}/pin-checks")}
"""Open to anyone, within limits: who was sold a bad pack has no token."""

STEP_SHEET = (
    f"环节,主体,地点,时间,产出批次,药材\nseed,{COOP},PLOT-D,2024-03-01 12:00,DG-SEED 50 kg,当归\n"
).encode()
PARTY_SHEET = f"uscc,name,node_types,division\n{MAKER},改名厂,grower,341602\n".encode()
PLACE_SHEET = f"place,name,party,division\nNEW-1,别家的地,{MAKER},341602\n".encode()

Issue = Callable[..., str]


@pytest.fixture
def registered(station: Station) -> None:
    station.writer.submit(lambda session: register_all(session, station.recorder))


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _send(client: TestClient, path: str, headers: dict[str, str]) -> int:
    if not path.startswith("/v1/imports/"):
        address = re.sub(r"{\w+}", lambda part: _PLACES[part[0]], path)
        return client.post(address, json=JSON_BODY.get(path, {}), headers=headers).status_code
    file = {"file": ("a.csv", b"a,b\n1,2\n")}
    return client.post(f"{path}?source=fair", files=file, headers=headers).status_code


def test_every_operation_that_writes_is_in_the_table_of_scopes(app: FastAPI) -> None:
    writing = {
        (method, path)
        for path, methods in app.openapi()["paths"].items()
        for method in methods
        if method not in {"get", "head"}
    }
    assert writing == set(SCOPE_OF) | OPEN


@ON_BOTH_DATABASES
@pytest.mark.usefixtures("registered")
def test_no_wrong_token_opens_any_operation(client: TestClient, station: Station, token_with: Issue) -> None:
    revoked, expired = token_with("operator"), token_with("operator", expires_ms=NOW_MS)
    station.writer.submit(lambda session: revoke_token(session, parse_token(revoked)[0], NOW_MS))
    good = token_with("operator")
    refused = {
        "": None, "other scheme": f"Basic {good}", "revoked": f"Bearer {revoked}",
        "expired": f"Bearer {expired}", "cut short": f"Bearer {good[:-1]}",
        "another secret": f"Bearer {good[:-4]}0000", "upper case": f"Bearer {good.upper()}",
        "unknown": f"Bearer daodi_00000000_{'0' * 64}", "long": f"Bearer {'x' * 60_000}",
        "two": f"Bearer {good} {good}", "nothing": "Bearer ",
    }  # fmt: skip
    for (_, path), scope in SCOPE_OF.items():
        for words, value in refused.items():
            headers = {} if value is None else {"Authorization": value}
            assert _send(client, path, headers) == 401, (path, words)
        others = set(ANY_SCOPE.split()) - set(scope.split())
        assert _send(client, path, bearer(token_with(*others))) == 403


@pytest.mark.usefixtures("registered")
def test_a_refused_token_is_answered_alike_whatever_is_wrong_with_it(
    client: TestClient, token_with: Issue
) -> None:
    expired = token_with("operator", expires_ms=NOW_MS)
    answers = {
        client.post("/v1/steps", json=STEPS[0], headers=bearer(token)).text
        for token in ("daodi_nonsense", expired, expired[:-4] + "0000", f"daodi_00000000_{'0' * 64}")
    }
    assert len(answers) == 1


@pytest.mark.parametrize("sheet", [STEP_SHEET, PARTY_SHEET, PLACE_SHEET], ids=["steps", "parties", "places"])
@pytest.mark.parametrize("proceed", ["true", "false"])
@pytest.mark.usefixtures("registered")
def test_nobody_imports_what_is_another_partys(
    client: TestClient, token_with: Issue, sheet: bytes, proceed: str
) -> None:
    answer = client.post(
        f"/v1/imports/steps?proceed={proceed}",
        files={"file": ("a.csv", sheet)},
        headers=bearer(token_with("steps:write", party=GROWER)),
    )
    keys = [
        fault.get("key") or fault["type"] for fault in answer.json().get("faults") or answer.json()["errors"]
    ]
    assert keys == ["not-your-party"], answer.text
    assert answer.json().get("accepted", 0) == 0


@pytest.mark.usefixtures("registered")
def test_nobody_reads_anothers_step_by_sending_its_id(client: TestClient, token_with: Issue) -> None:
    """An id belongs to the party that gave it: a stranger's of the same id is no replay."""
    own = client.post(
        "/v1/steps",
        json={**STEPS[0], "id": "shared-id"},
        headers=bearer(token_with("steps:write", party=GROWER)),
    )
    other = {**STEPS[0], "id": "shared-id", "party": COOP, "place": "PLOT-D"}
    other["outputs"] = [{**STEPS[0]["outputs"][0], "lot": "DG-SEED"}]
    sent = client.post("/v1/steps", json=other, headers=bearer(token_with("steps:write", party=COOP)))
    assert (own.status_code, sent.status_code) == (202, 202), sent.text
    assert sent.json()["replayed"] is False
    assert sent.json()["statement_id"] != own.json()["statement_id"]


@pytest.mark.usefixtures("registered")
def test_nobody_uses_anothers_lot_or_place(client: TestClient, token_with: Issue) -> None:
    grower, coop = (bearer(token_with("steps:write", party=party)) for party in (GROWER, COOP))
    assert client.post("/v1/steps", json=STEPS[0], headers=grower).status_code == 202
    for stolen in ({"party": COOP, "place": "PLOT-D"}, {"party": COOP}):
        refused = client.post("/v1/steps", json={**STEPS[1], **stolen}, headers=coop)
        assert refused.status_code in {409, 422}, refused.text
        assert "rule-refused" in refused.text


def _unissued(station: Station) -> str:
    """A code with a right tag that was never issued: one guess in 33 million meets such."""
    return encode(2**40, station.code_keys)


def _forged(station: Station) -> str:
    from tests.attacks.test_codes_forged import _check_of

    code = _unissued(station)
    body = code[:6] + ("A" if code[6] != "A" else "B") + code[7:-1]
    return body + _check_of(body)


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
@pytest.mark.parametrize("path", ["/v1/codes", "/s"])
def test_a_guess_that_meets_the_tag_reads_like_one_that_does_not(
    client: TestClient, station: Station, path: str, accept: str
) -> None:
    met, missed = (
        client.get(f"{path}/{code}", headers={"Accept": accept})
        for code in (_unissued(station), _forged(station))
    )
    assert met.status_code == missed.status_code == 404
    assert met.text.replace(_unissued(station), "") == missed.text.replace(_forged(station), "")


@pytest.mark.parametrize("path", ["/v1/codes", "/s"])
def test_who_guesses_too_often_does_not_learn_that_a_guess_was_right(
    client: TestClient, station: Station, path: str
) -> None:
    station.writer.submit(lambda session: register_all(session, station.recorder))
    codes: list[str] = []
    for new, at_ms in white_peony()[:12]:
        codes += station.writer.submit(
            lambda session, new=new, at_ms=at_ms: station.recorder.record_step(session, new, at_ms)
        ).codes
    assert client.get(f"{path}/{codes[0]}").status_code == 200
    wrong = [client.get(f"{path}/{_forged(station)}").status_code for _ in range(25)]
    assert wrong == [404] * 20 + [429] * 5
    right = client.get(f"{path}/{codes[1]}")
    assert right.status_code == 429
    assert 1 <= int(right.headers["retry-after"]) <= 61


def test_nobody_multiplies_a_limit_by_the_addresses_of_one_network(station: Station) -> None:
    """A subscriber is given a /64 of IPv6 (RFC 6177): 2^64 addresses, one caller."""
    limiter: Limiter = station.limiter
    for host in range(20):
        limiter.count("unknown_code", f"2001:db8:1:2::{host:x}")
    with pytest.raises(TooManyRequests):
        limiter.count("unknown_code", "2001:db8:1:2:ffff::1")
    limiter.count("unknown_code", "2001:db8:1:3::1")
    for address in ("192.0.2.1", "::ffff:192.0.2.2", "unknown"):
        limiter.require("unknown_code", address)

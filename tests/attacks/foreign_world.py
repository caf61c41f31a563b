"""A firm that owns one object of every kind the service knows, and the strangers who would like to have them.

`MAKER` is the firm; `COOP` has nothing to do with it. What is secret of the firm is in `World.canaries`.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.testclient import TestClient

from api.code_issuing import issue_batch
from api.station import Station
from api.tokens import issue_token, parse_scopes
from api.webhooks.endpoints import EndpointNew, register
from ledger.entry import Statement, sign_statement
from ledger.keyring.registration import registration
from ledger.keys import SigningKey
from ledger.writing.submission import write_submission
from tests.api.accounts_of import Somebody, signed_in, somebody
from tests.api.conftest import HOST
from tests.trace.files import PDF
from tests.trace.holding import REGULATOR, register_regulator
from tests.trace.season import COOP, DAY, GROWER, MAKER, NOON, PHARMACY, lot, register_all, step, white_peony
from trace.coding.batch_reading import batch_state
from trace.coding.code_listing import codes_of_batch
from trace.coding.code_orders import CodeOrder
from trace.coding.code_words import Level
from trace.integrity.credit import Measure, PunishmentNew, punish
from trace.service import RecordedStep
from trace.steps import StepNew

LATER_MS = NOON + 930 * DAY
"""The station's clock: all of the season is over."""
SECRET = "CANARYVOGEL"
OWN, NEXT, THIRD = (SigningKey.from_seed(bytes([number]) * 32) for number in (0x6F, 0x6E, 0x74))
"""Keys of the firm outside the service."""
LOTS = ("0", "HOLD", "HELD", "ASKED", "RECALL", "CLOSE", "LINK", "WRONG")
ADDRESS = f"https://127.0.0.1:9/{SECRET.lower()}"
"""Of a webhook; the guard of addresses refuses it at each try, so that nothing is sent."""


@dataclass(frozen=True)
class World:
    """Who there is, and the names of what the firm has."""

    station: Station
    client: TestClient
    people: Mapping[str, Somebody]
    """Persons at browsers, by a word of our own."""
    keys: Mapping[str, dict[str, str]]
    """Headers of a key for each of them."""
    named: Mapping[str, str]
    """Ids of the firm's objects, by what they are; they fill in the requests."""
    codes: tuple[str, ...]
    """Of the firm's batch: ordered, on no pack yet."""
    canaries: tuple[str, ...]
    """What no answer to a stranger holds, unless the stranger said it."""


def world(station: Station, client: TestClient) -> World:
    """Build it: the season up to the packing, then an object of every kind."""
    steps = _season(station)
    people = _people(station)
    owner = people["maker"]
    named = steps | {"account": owner.account_id}
    codes = _codes(station, named)
    firm = _Firm(client, owner.headers, people["second"].headers)
    named |= _goods(firm) | _papers(firm, station) | _doors(firm, station, owner)
    _sources(client, people["fair"].headers)
    station.settle()
    keys = {name: _key(station, who) for name, who in people.items()}
    canaries = (SECRET, SECRET.lower(), "YP-", *codes, named["batch"], owner.cookie, named["hold"])
    return World(station, client, people, keys, named, codes, canaries)


def sent_by(key: SigningKey, made: Statement) -> dict[str, Any]:
    """Return a signed statement as it is handed in."""
    found: dict[str, Any] = json.loads(write_submission(sign_statement(made, f"{HOST}/log", key)))
    return found


@dataclass(frozen=True)
class _Firm:
    """The firm at work over HTTP: one clerk of it, and a second person."""

    client: TestClient
    first: dict[str, str]
    second: dict[str, str]

    def post(self, path: str, *, second: bool = False, **sent: Any) -> dict[str, Any]:
        answer = self.client.post(path, headers=self.second if second else self.first, **sent)
        assert answer.status_code in {200, 201, 202, 204}, (path, answer.text)
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found


def _record(station: Station, new: StepNew, at_ms: int) -> RecordedStep:
    return station.writer.submit(lambda session: station.recorder.record_step(session, new, at_ms))


def _season(station: Station) -> dict[str, str]:
    station.writer.submit(lambda session: register_all(session, station.recorder))
    station.writer.submit(lambda session: register_regulator(session, station.recorder, NOON))
    for new, at_ms in white_peony()[:12]:
        done = _record(station, new, at_ms)
    lots = [lot(f"YP-{each}", 50_000, "白芍") for each in LOTS]
    _record(station, step("opening", 920, "WORKS", outputs=lots), LATER_MS)
    fields = {"method": "切薄片", "standard": "中国药典2020年版", "technician": SECRET}
    flow = {"inputs": [lot("YP-WRONG", 1_000)], "outputs": [lot("YP-9", 900)]}
    made = _record(station, step("paozhi", 921, "WORKS", **flow, fields=fields), LATER_MS)
    _record(station, step("opening", 920, "PLOT", outputs=[lot("BS-X", 9_000, "白芍")]), LATER_MS)
    way = _record(station, step("ship", 922, lots=[lot("BS-X")], counterparty=MAKER), LATER_MS)
    _record(station, step("opening", 920, "PLOT-D", outputs=[lot("DG-1", 9_000, "当归")]), LATER_MS)
    return {
        "pack": done.codes[0],
        "step": made.step_id,
        "statement": made.statement_id,
        "shipped": way.step_id,
    }


def _people(station: Station) -> dict[str, Somebody]:
    parties = {
        "maker": MAKER, "second": MAKER, "grower": GROWER, "pharmacy": PHARMACY, "coop": COOP,
    }  # fmt: skip
    found = {
        name: somebody(station, "clerk", name=f"{name}.clerk", party=party) for name, party in parties.items()
    }
    for source in ("fair", "rival"):
        found[source] = somebody(station, "collector", name=f"{source}.collector", source=source)
    return found


def _key(station: Station, who: Somebody) -> dict[str, str]:
    """Issue a key of the same party or source, as the operator does."""
    party = {"maker": MAKER, "second": MAKER, "grower": GROWER, "pharmacy": PHARMACY, "coop": COOP}
    name = who.name.partition(".")[0]
    token = station.writer.submit(
        lambda session: issue_token(
            session,
            name=name,
            scopes=parse_scopes(("steps:write" if name in party else "quotes:write",)),
            party=party.get(name),
            source=None if name in party else name,
            created_ms=station.clock(),
            expires_ms=None,
            randomness=station.randomness,
        )
    )
    return {"Authorization": f"Bearer {token}"}


def _codes(station: Station, named: dict[str, str]) -> tuple[str, ...]:
    named["batch"] = issue_batch(station, CodeOrder(party=MAKER, count=9, level=Level.PACK))
    with station.database.read() as session:
        state = batch_state(session, named["batch"], MAKER)
    return tuple(codes_of_batch(state, station.code_keys, 0, 9))


def _goods(firm: _Firm) -> dict[str, str]:
    """Holds and recalls of the firm; of one each its second person asked for the end."""
    holds = {}
    for name, held in (("hold", "YP-HELD"), ("asked", "YP-ASKED")):
        new = {"kind": "lot", "target": held, "reason": "待复检"}
        holds[name] = firm.post("/v1/holds", json=new)["hold"]
    firm.post(f"/v1/holds/{holds['asked']}/lift-requests", second=True, json={"reason": "复检合格"})
    recalls = {}
    for name, back in (("recall", "YP-1"), ("closing", "YP-CLOSE")):
        new = {"lots": [back], "class": 2, "reason": "含量偏低"}
        recalls[name] = firm.post("/v1/recalls", json=new)["recall"]
    report = {"state": "completed", "report": "已全部收回"}
    firm.post(f"/v1/recalls/{recalls['closing']}/closing-requests", second=True, json=report)
    notices = firm.client.get("/v1/notices", headers=firm.first).json()["notices"]
    return holds | recalls | {"notice": notices[0]["notice"]}


def _papers(firm: _Firm, station: Station) -> dict[str, str]:
    """A document, a complaint, a measure, staff, places, links."""
    said = {"party": MAKER, "kind": "test_report", "title": SECRET, "visibility": "partner", "lots": "YP-0"}
    document = firm.post("/v1/documents", data=said, files={"file": ("a", PDF, "application/pdf")})
    complained = {"category": "quality", "words": f"{SECRET} 发霉", "party": MAKER}
    complaint, other = (firm.post("/v1/complaints", json=complained)["complaint"] for _ in range(2))
    member = {"staff": "QA-01", "role": "qa", "name": SECRET, "valid_from": "2024-01-01"}
    firm.post(f"/v1/parties/{MAKER}/staff", json=member)
    for place in ("WORKS-2", "WORKS-3"):
        new = {"place_id": place, "name": "新车间", "party": MAKER, "division": "341602", "address": SECRET}
        firm.post("/v1/places", json=new)
    link = {"scheme": "gs1", "code": "(01)09520123456788(10)YP-0", "lot": "YP-0"}
    firm.post("/v1/links", json={"party": MAKER, "links": [link]})
    punished = PunishmentNew(
        party=MAKER, measure=Measure.WARNING, reason="标签不全", from_ms=LATER_MS, until_ms=LATER_MS + DAY
    )
    measure = station.writer.submit(
        lambda session: punish(session, station.recorder.declarer, punished, REGULATOR, LATER_MS)
    )
    return {
        "document": document["statement_id"],
        "complaint": complaint,
        "complaint-2": other,
        "measure": measure,
    }


def _doors(firm: _Firm, station: Station, owner: Somebody) -> dict[str, str]:
    """Keys of the firm, an API key, a second session, a webhook endpoint."""
    for key in (OWN, NEXT):
        firm.post("/v1/keys", json=sent_by(key, registration(key.public, MAKER, LATER_MS)))
    prefix, other = (firm.post("/v1/api-keys", json={"name": SECRET, "days": 30})["prefix"] for _ in range(2))
    signed_in(station, owner.account_id)
    page = firm.client.get("/account", headers=firm.first).text
    [session_id] = re.findall(r"/account/sessions/([0-9a-f]{16})/end", page)
    new = EndpointNew.model_validate({"address": ADDRESS, "events": ["index.notice"]})
    made = station.writer.submit(
        lambda session: register(session, new, owner.account_id, LATER_MS, station.randomness)
    )
    return {
        "prefix": prefix,
        "prefix-2": other,
        "session": session_id,
        "endpoint": made.endpoint_id,
        "key": OWN.public.key_id,
    }


def _sources(client: TestClient, headers: dict[str, str]) -> None:
    new = {"name": "fair", "address": "https://127.0.0.1:9/a.csv", "every_minutes": 30}
    made = client.post("/v1/feeds", json=new, headers=headers)
    assert made.status_code == 201, made.text

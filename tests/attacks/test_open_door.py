"""What somebody with a token and a key of his own tries at the door for signed statements."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from api.statement_lane import TakenIn
from api.station import Station
from ledger.audits.audit import audit
from ledger.entry import GENESIS, MAX_LEAF_SIZE, Entry
from ledger.keyring.registration import registration
from tests.api.conftest import NOW_MS, ON_BOTH_DATABASES
from tests.api.open_party import (
    COOP,
    COOP_KEY,
    RIVAL,
    RIVAL_KEY,
    STRANGER_KEY,
    body,
    members,
    reading,
    registered,
    signed,
)

Issue = Callable[..., str]
Send = Callable[..., Any]


@pytest.fixture
def send(client: TestClient, station: Station, token_with: Issue) -> Send:
    """Hand in a body under a token of the cooperative, or of `party`."""
    registered(station)
    tokens = {party: token_with("steps:write", party=party) for party in (COOP, RIVAL)}

    def sent(content: bytes, party: str = COOP) -> Any:
        headers = {"Authorization": f"Bearer {tokens[party]}", "Content-Type": "application/json"}
        return client.post("/v1/statements", content=content, headers=headers)

    return sent


def _slug(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


def test_a_key_nobody_registered_signs_nothing(send: Send) -> None:
    assert _slug(send(body(reading(), STRANGER_KEY))) == (422, "unknown-key")


def test_a_token_speaks_for_its_own_party_only(send: Send) -> None:
    """The statement is sound and signed by its party; it is handed in by another."""
    assert _slug(send(body(reading()), RIVAL)) == (403, "not-your-party")


def test_without_a_token_nothing_is_read(client: TestClient) -> None:
    headers = {"Content-Type": "application/json"}
    for token in ({}, {"Authorization": "Basic daodi"}, {"Authorization": "Bearer"}):
        refused = client.post("/v1/statements", content=body(reading()), headers={**headers, **token})
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"].startswith("Bearer")


def test_what_was_signed_for_another_log_is_worth_nothing_here(send: Send) -> None:
    foreign = body(reading(), origin="elsewhere.example/log")
    assert _slug(send(foreign)) == (422, "wrong-log")
    renamed = json.loads(foreign) | {"log": "herbs.example.org/log"}
    assert _slug(send(json.dumps(renamed).encode())) == (422, "bad-signature")


@pytest.mark.parametrize("kind", ["step", "release", "codes.issued", "key.revoked", "redacted", "manifest"])
def test_no_kind_with_a_way_of_its_own_is_smuggled_in(send: Send, kind: str) -> None:
    """A step that no rule judged would make a lot out of nothing."""
    said = reading(id=f"{kind}/{COOP}/1", kind=kind, subject=f"{kind}/{COOP}/1")
    assert _slug(send(body(said))) == (403, "kind-not-open")


def test_a_stranger_cannot_register_himself_by_the_open_door(send: Send) -> None:
    said = registration(STRANGER_KEY.public, COOP, NOW_MS)
    assert _slug(send(body(said, STRANGER_KEY)))[0] in {403, 422}
    assert _slug(send(body(said, COOP_KEY))) == (403, "kind-not-open")


@pytest.mark.parametrize(
    "squatted",
    [
        "release:bozhou-2025-12-31",
        "urn:uuid:0",
        f"reading/{RIVAL}/1",
        f"reading/{COOP}/",
        f"document/{COOP}/1",
    ],
)
def test_nobody_takes_an_id_that_another_will_need(send: Send, squatted: str) -> None:
    """Ids are unique for ever: whoever took that of the next release would stop it."""
    assert _slug(send(body(reading(id=squatted)))) == (422, "not-your-name")


@pytest.mark.parametrize(
    "subject", ["lot/BS-24-0001", f"reading/{RIVAL}/cellar", "log/keys", f"reading/{COOP}/"]
)
def test_nobody_lengthens_a_chain_of_somebody_else(send: Send, subject: str) -> None:
    assert _slug(send(body(reading(subject=subject)))) == (422, "not-your-name")


def test_a_byte_changed_on_the_way_is_noticed(send: Send) -> None:
    told = members(signed(reading()))
    for change in (
        {"at_ms": NOW_MS + 1},
        {"refs": ["other"]},
        {"public": {**told["public"], "value": "4.6"}},
    ):
        assert _slug(send(json.dumps({**told, **change}).encode())) == (422, "bad-signature")


def test_a_repeated_member_cannot_say_two_things(send: Send) -> None:
    raw = body(reading())
    twice = raw.replace(b'"v":1}', b'"v":1,"id":"reading/x"}')
    assert twice != raw
    assert send(twice).status_code == 400


def test_a_place_in_a_manifest_is_no_signature(send: Send) -> None:
    told = members(signed(reading()))
    del told["sig"]
    told |= {"manifest": f"manifest/{COOP}", "place": 0}
    assert _slug(send(json.dumps(told).encode())) == (422, "malformed-leaf")


@pytest.mark.parametrize(("over", "status"), [(0, 202), (1, 422)])
def test_the_longest_leaf_enters_and_one_byte_more_does_not(send: Send, over: int, status: int) -> None:
    def long(filling: int) -> Any:
        public = {"sha256": "0" * 64, "title": "x" * filling}
        return signed(
            reading(id=f"document/{COOP}/1", kind="document", subject=f"document/{COOP}/1", public=public)
        )

    bare = len(Entry(signed=long(0), seq=0, prev=GENESIS).leaf_bytes)
    said = long(MAX_LEAF_SIZE - bare + over)
    sent = send(json.dumps(members(said)).encode())
    assert sent.status_code == status, sent.text
    if over:
        assert _slug(sent) == (422, "leaf-too-large")


@ON_BOTH_DATABASES
def test_ten_thousand_deliveries_in_small_leave_one_entry_each(station: Station, token_with: Issue) -> None:
    """Each of 150 statements is delivered 1 to 5 times, in any order and at once; half have a forged twin."""
    registered(station)
    chance = random.Random(20251231)
    token = token_with("steps:write")
    statements = [signed(reading(str(number)), COOP_KEY) for number in range(150)]
    deliveries = [each for each in statements for _ in range(chance.randint(1, 5))]
    twins = [signed(reading(str(number), value="0.1"), RIVAL_KEY) for number in range(0, 150, 2)]
    chance.shuffle(mixed := [*deliveries, *twins])

    async def deliver() -> list[Any]:
        works = (station.lane.take(token, each) for each in mixed)
        return await asyncio.gather(*works, return_exceptions=True)

    outcomes = asyncio.run(deliver())
    fresh = Counter(each.statement_id for each in outcomes if isinstance(each, TakenIn) and not each.replayed)
    assert fresh == Counter({each.statement.id: 1 for each in statements})
    assert sum(isinstance(each, TakenIn) for each in outcomes) == len(deliveries)
    station.settle()
    with station.database.read() as session:
        logged = session.connection().execute(
            text("SELECT count(*), count(DISTINCT statement_id) FROM ledger_entry WHERE subject = :subject"),
            {"subject": f"reading/{COOP}/cellar"},
        )
        assert tuple(logged.one()) == (150, 150)
        assert audit(session, station.vkey).ok

"""A party with a key of its own outside the service, and what it hands in."""

import base64
from typing import Any

from ledger.canonical import canonical
from ledger.entry import SignedStatement, Statement, sign_statement
from ledger.keys import SigningKey
from ledger.registry import register_key
from tests.api.conftest import HOST, NOW_MS

ORIGIN = f"{HOST}/log"
COOP = "91341600MA2MRYJ17X"
COOP_KEY = SigningKey.from_seed(bytes(range(32, 64)))
RIVAL = "91110000600037341L"
RIVAL_KEY = SigningKey.from_seed(bytes(range(96, 128)))
STRANGER_KEY = SigningKey.from_seed(bytes(range(64, 96)))


def registered(station: Any) -> None:
    """Register the keys of two parties."""

    def work(session: Any) -> None:
        for party, key in ((COOP, COOP_KEY), (RIVAL, RIVAL_KEY)):
            register_key(session, key, ORIGIN, NOW_MS, party)

    station.writer.submit(work)


def reading(name: str = "1", value: str = "4.5", **parts: Any) -> Statement:
    """A reading of the cooperative's cellar."""
    told: dict[str, Any] = {
        "id": f"reading/{COOP}/{name}",
        "kind": "reading",
        "subject": f"reading/{COOP}/cellar",
        "at_ms": NOW_MS,
        "public": {"quantity": "temperature", "value": value, "unit": "Cel"},
    }
    return Statement(**(told | parts))


def signed(said: Statement, key: SigningKey = COOP_KEY, origin: str = ORIGIN) -> SignedStatement:
    """The statement signed for the test's log."""
    return sign_statement(said, origin, key)


def members(statement: SignedStatement) -> dict[str, Any]:
    """What is sent of a signed statement."""
    assert isinstance(statement.signature, bytes)
    return {**statement.members(), "sig": base64.b64encode(statement.signature).decode()}


def body(said: Statement, key: SigningKey = COOP_KEY, origin: str = ORIGIN) -> bytes:
    """The same as canonical bytes."""
    return canonical(members(signed(said, key, origin)))

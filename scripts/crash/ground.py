"""The founded station every trial starts from: settings, keys, registered growers."""

import hashlib
from collections.abc import Mapping, MutableMapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import structlog
from sqlmodel import Session

from api.founding import found
from api.settings import Settings, load_settings
from api.station import Station
from ledger.entry import SignedStatement, Statement, sign_statement
from ledger.keys import SigningKey
from ledger.registry import register_key

ORIGIN = "log.example/crash"
AT_MS = 1_760_000_000_000
GROWERS = 8


def silence() -> None:
    """Have this process write no log lines: what a trial breaks would fill pages."""
    structlog.configure(processors=[_drop])


def _drop(_: object, __: str, ___: MutableMapping[str, Any]) -> Mapping[str, Any]:
    raise structlog.DropEvent


def settings_of(folder: Path, database_url: str | None = None) -> Settings:
    """Return the settings of a station under trial: the product's own, but for where it lives."""
    return load_settings(folder=folder, database_url=database_url, origin=ORIGIN, database_pool=4)


@cache
def grower_key(number: int) -> SigningKey:
    """Return the signing key of grower `number`, the same in every process."""
    return SigningKey.from_seed(hashlib.sha256(f"crash grower {number}".encode()).digest())


def prepare(settings: Settings) -> None:
    """Found the station and register the growers; done again it changes the operator's token only."""
    found(settings, clock=lambda: AT_MS)
    with Station.open(settings, clock=lambda: AT_MS, background=False) as station:
        for number in range(GROWERS):
            station.writer.submit(partial(_register, number=number))
        station.renew_operator_token()  # what documents are handed in under


def _register(session: Session, number: int) -> None:
    register_key(session, grower_key(number), ORIGIN, AT_MS, holder=holder_of(number))


def step_of(name: str, subject: str, grower: int, grams: int) -> SignedStatement:
    """Return a small statement of a kind the service makes itself."""
    said = Statement(id=name, kind="step", subject=subject, at_ms=AT_MS, public={"grams": grams})
    return sign_statement(said, ORIGIN, grower_key(grower % GROWERS))


def document_of(name: str, subject: str, grower: int, content: bytes) -> SignedStatement:
    """Return a small statement of a kind that parties hand in from outside."""
    own = f"document/{holder_of(grower % GROWERS)}"
    said = Statement(
        id=f"{own}/{name}",
        kind="document",
        subject=f"{own}/{subject}",
        at_ms=AT_MS,
        public={"sha256": hashlib.sha256(content).hexdigest()},
    )
    return sign_statement(said, ORIGIN, grower_key(grower % GROWERS))


def holder_of(grower: int) -> str:
    """Return whom the key of a grower is registered for."""
    return f"grower-{grower}"


def vkey_of_station(settings: Settings) -> str:
    """Return the vkey of a founded station, which nobody else has open."""
    with Station.open(settings, background=False) as station:
        return station.vkey

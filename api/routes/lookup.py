"""Looking a code up: what the scan page and the JSON answer do alike.

The keyed tag is checked before any I/O, so a guess costs one hash; only a code we issued reaches the
database. Guesses have a tighter rate of their own.
"""

from dataclasses import dataclass

from sqlmodel import Session
from starlette.requests import Request

from api.callers import Caller
from api.station import Station
from ledger import log
from ledger.errors import Location, NoCheckpointYet
from ledger.witnessing.publication import policy_in_force
from trace.coding.code_reading import CodeState, code_state
from trace.coding.trace_code import decode
from trace.errors import ForgedCode, MalformedCode, UnknownCode
from trace.story import Story, story

NOT_OURS = (MalformedCode, ForgedCode, UnknownCode)
"""Three ways not to know a code; a guesser learns at most that it was mistyped, which its check shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A story, where its statements stand in the log, and the log's head."""

    serial: int
    """Serial of the code asked about."""
    story: Story
    indices: dict[str, int]
    size: int
    """Entries the newest checkpoint covers; 0 while none is signed."""
    checkpoint: str
    policy: str
    """Whom this service says to trust, as a tlog-policy file; best had from elsewhere."""


def look_up(station: Station, given: str, caller: Caller) -> Found:
    """Return the story of a code; raises `MalformedCode`, `ForgedCode` or `TooManyRequests`."""
    try:
        serial = decode(given, station.code_keys)
        # Who has guessed too often is refused a right guess too: it would stand out among the refusals.
        station.limiter.require("unknown_code", caller.address)
        station.limiter.count("scan", caller.address)
        with station.database.read() as session:
            return found_in(session, station, given, serial)
    except NOT_OURS as fault:
        station.limiter.count("unknown_code", caller.address)
        if isinstance(fault, UnknownCode):  # said alike: that a guess met our tag is worth knowing
            raise ForgedCode(at=Location(field="code", value=given)) from fault
        raise


def found_in(session: Session, station: Station, given: str, serial: int) -> Found:
    """Return what is on record about the code `given` of `serial`; raises `UnknownCode`."""
    found = story(session, given, station.code_keys)
    indices = log.indices(session, found.statements)
    policy = policy_text(session, station)
    try:
        head = log.checkpoint(session)
    except NoCheckpointYet:
        return Found(serial=serial, story=found, indices=indices, size=0, checkpoint="", policy=policy)
    return Found(
        serial=serial, story=found, indices=indices, size=head.size, checkpoint=head.text, policy=policy
    )


def state_of_code(station: Station, given: str, caller: Caller) -> CodeState:
    """Return what is on record about a code alone, in one query; raises as `look_up` does."""
    try:
        decode(given, station.code_keys)
        station.limiter.require("unknown_code", caller.address)
        station.limiter.count("scan", caller.address)
        with station.database.read() as session:
            return code_state(session, given, station.code_keys)
    except NOT_OURS as fault:
        station.limiter.count("unknown_code", caller.address)
        raise ForgedCode(at=Location(field="code", value=given)) from fault


def policy_text(session: Session, station: Station) -> str:
    """Return the policy checkpoints are published under; without one, the log's key and no witness."""
    policy = policy_in_force(session)
    return f"log {station.vkey}\nquorum none\n" if policy is None else policy.to_text()


def note_scan(station: Station, serial: int, request: Request, caller: Caller) -> None:
    """Keep that somebody asked, off the reader's path: prefecture and salted hashes, and never an address."""
    seen = station.askers.seen(caller.address, request.headers.get("user-agent", ""))
    station.scans.add(seen.scan(serial, station.clock()))

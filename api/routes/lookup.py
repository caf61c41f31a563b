"""Looking a code up: what the scan page and the JSON answer do alike.

The keyed tag is checked before any I/O, so a guess costs one hash; only a code we issued reaches the
database. Guesses have a tighter rate of their own.
"""

import hashlib
from dataclasses import dataclass

from sqlmodel import Session
from starlette.requests import Request

from api.callers import Caller
from api.station import Station
from ledger import log
from ledger.errors import Location, NoCheckpointYet
from ledger.witnessing.publication import policy_in_force
from trace.codes import decode
from trace.errors import ForgedCode, MalformedCode, UnknownCode
from trace.scans import Scan
from trace.story import Story, story

NOT_OURS = (MalformedCode, ForgedCode, UnknownCode)
"""Three ways not to know a code; a guesser learns at most that it was mistyped, which its check shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A story, where its statements stand in the log, and the log's head."""

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
        decode(given, station.code_keys)
        # Who has guessed too often is refused a right guess too: it would stand out among the refusals.
        station.limiter.require("unknown_code", caller.address)
        station.limiter.count("scan", caller.address)
        with station.database.read() as session:
            found = story(session, given, station.code_keys)
            indices = log.indices(session, found.statements)
            policy = policy_text(session, station)
            try:
                head = log.checkpoint(session)
            except NoCheckpointYet:
                return Found(story=found, indices=indices, size=0, checkpoint="", policy=policy)
    except NOT_OURS as fault:
        station.limiter.count("unknown_code", caller.address)
        if isinstance(fault, UnknownCode):  # said alike: that a guess met our tag is worth knowing
            raise ForgedCode(at=Location(field="code", value=given)) from fault
        raise
    return Found(story=found, indices=indices, size=head.size, checkpoint=head.text, policy=policy)


def policy_text(session: Session, station: Station) -> str:
    """Return the policy checkpoints are published under; without one, the log's key and no witness."""
    policy = policy_in_force(session)
    return f"log {station.vkey}\nquorum none\n" if policy is None else policy.to_text()


def note_scan(station: Station, code: str, request: Request, caller: Caller) -> None:
    """Keep that somebody asked, off the reader's path: a device hash, and never an address."""
    seen = f"{caller.address}\n{request.headers.get('user-agent', '')[:400]}".encode()
    # Keyed with a secret of this service: nobody who reads the table can try addresses out.
    key = hashlib.sha256(b"daodi scan device\n" + station.key.seed).digest()
    device = hashlib.blake2b(seen, key=key, digest_size=12).hexdigest()
    station.scans.add(Scan(code=code, at_ms=station.clock(), city=None, device=device))

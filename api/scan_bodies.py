"""The drawn pages behind codes: kept in memory by what they were drawn from, else drawn from one snapshot.

A key holds the whole state of the code's run and the stamp of the record, so a kept page is never wrong,
only no longer asked for: after a freeze, a recall or a correction another key is asked for.
"""

import hashlib
from functools import lru_cache
from typing import NamedTuple

from sqlmodel import Session

from api.cache import BodyKey
from api.record_stamp import Stamp, stamp_of
from api.routes.lookup import found_in
from api.station import Station
from api.web.scan import LogState
from api.web.scan_body import DrawnFor, draw_scan
from trace.coding.code_words import Level
from trace.coding.codes_now import CodeNow, codes_now
from trace.coding.trace_code import Decoded
from trace.errors import UnknownCode
from trace.scanning.scans import ScanState
from trace.story_parts import Verdict


class Drawn(NamedTuple):
    """The drawn page of a code, and what is to be filled in."""

    body: bytes
    scans: ScanState
    alone: bool
    """Whether no other code can share it."""
    key: BodyKey
    """What it was drawn from, as `shared_key` names it: maybe a younger state than was asked for."""


def kept_body(station: Station, named: Decoded, now: CodeNow, stamp: Stamp, who: DrawnFor) -> Drawn | None:
    """Return the kept page of a code as it stands `now`; None where it has to be drawn."""
    shared = shared_key(now, stamp, who)
    own = station.cache.get(_of_one(shared, named.serial))
    if own is not None:
        return Drawn(own, now.scans, alone=True, key=shared)
    kept = None if _is_own(now) else station.cache.get(shared)
    return None if kept is None else Drawn(kept, now.scans, alone=False, key=shared)


def drawn_body(station: Station, named: Decoded, who: DrawnFor) -> Drawn:
    """Draw the page of a code and keep it, with the scans of the same snapshot.

    Raises `UnknownCode`.
    """
    with station.database.read() as session:
        stamp = stamp_of(session)
        now = _now(session, named)
        found = found_in(session, station, named.code, named.serial)
    if found.story.verdict in (None, Verdict.UNKNOWN):
        raise UnknownCode(code=named.code)
    state = LogState(size=found.size, checkpoint=found.checkpoint, policy=found.policy)
    body = draw_scan(found.story, found.indices, state, who, demo=bool(station.settings.demo))
    alone = found.story.apart or _is_own(now)
    key = shared_key(now, stamp, who)
    station.cache.put(_of_one(key, named.serial) if alone else key, body)
    return Drawn(body, now.scans, alone, key)


def _now(session: Session, named: Decoded) -> CodeNow:
    now = codes_now(session, [named.serial]).get(named.serial)
    if now is None or now.key_version != named.version:
        raise UnknownCode(code=named.code)
    return now


def _is_own(now: CodeNow) -> bool:
    """Whether no other code can share the page: what is on hold is named, what holds packs is looked into."""
    return now.frozen or now.level is not Level.PACK


def shared_key(now: CodeNow, stamp: Stamp, who: DrawnFor) -> BodyKey:
    """Name the page that all packs in one state share."""
    spread = (now.scans.cities, now.scans.devices) if now.scans.copied else None
    return BodyKey(now.lot or "", who.language, _revision(now.state, spread, stamp), who.view)


def _of_one(shared: BodyKey, serial: int) -> BodyKey:
    """Name the page of one code alone."""
    return BodyKey(shared.lot, shared.language, f"{shared.revision}-{serial}", shared.view)


@lru_cache(maxsize=4096)
def _revision(state: tuple[object, ...], spread: tuple[int, int] | None, stamp: Stamp) -> str:
    """Name all that a page is drawn from; packs that share a page share the work."""
    return hashlib.blake2b(repr((state, spread, stamp)).encode(), digest_size=16).hexdigest()

"""The scan page's own door: the busiest address, answered past all layers it has no use for.

A code exactly as it is printed on a label, asked for by one of our own links, is answered here; whatever
else comes (typed codes, codes of other systems, bodies, foreign queries) takes the common way, where the same
page is drawn. The keyed tag is checked before any I/O. What was read of a code is used again for at most
half a second, and not at all once this process has committed anything since.
"""

import asyncio
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import structlog
from starlette.types import Scope, Send

from api.cache import BodyKey
from api.code_lookups import FileLookups, Reading, ServerLookups
from api.errors import TooManyRequests
from api.hosts import Hosts
from api.languages import HTML_LANG
from api.ready_answers import Header, Ready, not_modified, ready, send_ready, spelt
from api.record_stamp import Stamp
from api.request_ids import fresh_id
from api.scan_asks import Asked, Manner, ScanAsks
from api.scan_bodies import drawn_body, kept_body, shared_key
from api.station import Station
from api.web.conditional import REVALIDATE, matches
from api.web.scan_body import draw_no_code, filled
from trace.coding.codes_now import CodeNow
from trace.coding.trace_code import Decoded, is_stored, read_stored
from trace.errors import ForgedCode, UnknownCode
from trace.scanning.scans import ScanState

_log = structlog.get_logger(__name__)

FRESH_SECONDS: Final = 0.5
"""For how long what was read of a code is used again: another worker's freeze shows within it."""
_READY_SHARE: Final = 4
"""Pages ready to send may take this part of what drawn ones may."""
_MOST_CODES: Final = 100_000
_DRAWING: Final = 2
"""Threads that draw: more would only take turns."""


@dataclass(slots=True)
class _Known:
    """A code that was read, and its answers as far as they were asked for."""

    named: Decoded
    commits: int
    until: float
    answers: dict[str, Ready] = field(default_factory=dict)


class ScanDoor:
    """Answers what `answered` says it did, from `open` to `close`."""

    def __init__(self, station: Station, always: Iterable[Header]) -> None:
        """Answer for `station`; `always` are headers of every answer."""
        self._station = station
        self._always = tuple(always)
        self._demo = bool(station.settings.demo)
        self._asks = ScanAsks(Hosts(station.settings.trusted_hosts))
        self._known: dict[str, _Known] = {}
        self._drawings: dict[BodyKey, asyncio.Future[tuple[bytes, ScanState]]] = {}
        self._ready_bytes = 0
        self._opened = False
        self._no_code = lru_cache(maxsize=64)(lambda who: draw_no_code(who, demo=self._demo))
        self._headers = lru_cache(maxsize=64)(self._headers_of)

    def open(self) -> None:
        """Begin to answer: until then, and after `close`, everything takes the common way."""
        database = self._station.database
        self._lookups = FileLookups(database) if database.is_sqlite else ServerLookups(database)
        self._drawing = ThreadPoolExecutor(_DRAWING, thread_name_prefix="daodi-pages")
        self._opened = True

    def close(self) -> None:
        """End the threads."""
        self._opened = False
        self._known.clear()
        self._lookups.close()
        self._drawing.shutdown()

    async def answered(self, scope: Scope, send: Send) -> bool:
        """Answer a request for a scan page; False, and nothing done, where it takes the common way."""
        asked = self._asks.read(scope) if self._opened else None
        if asked is None:
            return False
        try:
            answer = self._remembered(asked)
            if answer is None:
                if asked.code.isdigit() or not is_stored(asked.code):
                    return False
                answer = await self._read(asked)
        except TooManyRequests:  # said by the common way, in words or as a page
            return False
        except Exception as error:  # noqa: BLE001  whatever it is, the common way meets it too or does without
            _log.warning("scan_door_failed", error=type(error).__name__)
            return False
        if asked.none_match and answer.status == 200 and _has(asked, answer):
            answer = not_modified(answer)
        self._station.scan_counts.add(answer.status)
        await send_ready(answer, fresh_id(), send, body=asked.gets)
        return True

    def _remembered(self, asked: Asked) -> Ready | None:
        """Return the answer where the code was read a moment ago and nothing was committed since."""
        station, known = self._station, self._known.get(asked.code)
        if known is None or known.commits != station.database.commits or known.until < time.monotonic():
            return None
        answer = known.answers.get(asked.manner.name)
        if answer is None or station.limiter.waits:
            return None
        station.limiter.admit(asked.address)
        self._note(asked, known.named)
        return answer

    async def _read(self, asked: Asked) -> Ready:
        try:
            known = self._known.get(asked.code)
            named = known.named if known else read_stored(asked.code, self._station.code_keys)
            await self._counted(asked)
            answer = await self._drawn(asked, named)
        except (ForgedCode, UnknownCode):
            await self._guessed(asked)
            return self._refusal(asked)
        self._note(asked, named)
        return answer

    async def _drawn(self, asked: Asked, named: Decoded) -> Ready:
        serial, lookups = named.serial, self._lookups
        reading = lookups.read(serial) if isinstance(lookups, FileLookups) else await lookups.read(serial)
        if reading.now is None or reading.now.key_version != named.version:
            raise UnknownCode(code=named.code)
        body, scans = await self._body(asked, named, reading.now, reading.stamp)
        return self._kept(asked, named, reading, body, scans)

    async def _body(
        self, asked: Asked, named: Decoded, now: CodeNow, stamp: Stamp
    ) -> tuple[bytes, ScanState]:
        """Return the kept page, or draw it; who needs one that is being drawn waits for it."""
        who = asked.manner.who
        key = shared_key(now, stamp, who)
        while (kept := kept_body(self._station, named, now, stamp, who)) is None:
            drawing = self._drawings.get(key)
            if drawing is None:
                return await self._draw(key, named, asked)
            await asyncio.wait((drawing,))
        return kept, now.scans

    async def _draw(self, key: BodyKey, named: Decoded, asked: Asked) -> tuple[bytes, ScanState]:
        loop = asyncio.get_running_loop()
        who = asked.manner.who
        drawing = loop.run_in_executor(self._drawing, drawn_body, self._station, named, who)
        self._drawings[key] = drawing
        try:
            return await drawing
        finally:
            self._drawings.pop(key, None)

    def _kept(self, asked: Asked, named: Decoded, reading: Reading, body: bytes, scans: ScanState) -> Ready:
        answer = self._filled(200, body, asked, scans)
        known, until = self._known.get(asked.code), reading.read_at + FRESH_SECONDS
        if known is not None and known.until > until:
            return answer  # its reading is older than the kept one, and may be untrue by now
        if known is None or known.commits != reading.commits or known.until < until:
            self._make_room(len(answer.body))
            known = _Known(named, reading.commits, until)
            self._known[asked.code] = known
        known.answers[asked.manner.name] = answer
        self._ready_bytes += len(answer.body)
        return answer

    def _make_room(self, size: int) -> None:
        """Forget all ready pages where they pass their share: each lives half a second anyway."""
        limit = self._station.settings.cache_bytes // _READY_SHARE
        if self._ready_bytes + size > limit or len(self._known) >= _MOST_CODES:
            self._known.clear()
            self._ready_bytes = 0

    async def _counted(self, asked: Asked) -> None:
        limiter = self._station.limiter
        if not limiter.waits:
            limiter.admit(asked.address)
            return

        def count() -> None:
            # Who has guessed too often is refused a right guess too: it would stand out among the refusals.
            limiter.require("unknown_code", asked.address)
            limiter.count("scan", asked.address)

        await asyncio.get_running_loop().run_in_executor(None, count)

    async def _guessed(self, asked: Asked) -> None:
        limiter = self._station.limiter
        if limiter.waits:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(None, limiter.count, "unknown_code", asked.address)
        else:
            limiter.count("unknown_code", asked.address)

    def _refusal(self, asked: Asked) -> Ready:
        return self._filled(404, self._no_code(asked.manner.who), asked, None)

    def _filled(self, status: int, drawn: bytes, asked: Asked, scans: ScanState | None) -> Ready:
        manner = asked.manner
        page = filled(drawn, asked.code, scans, manner.who.language, gzipped=manner.gzipped)
        return ready(status, page.tag, *self._headers(manner), page.body)

    def _headers_of(self, manner: Manner) -> tuple[tuple[Header, ...], bytes]:
        headers = [
            (b"cache-control", REVALIDATE.encode()),
            (b"content-language", HTML_LANG[manner.who.language].encode()),
            (b"vary", b"Accept-Language, Accept-Encoding"),
            (b"content-type", b"text/html; charset=utf-8"),
            *self._always,
        ]
        if manner.gzipped:
            headers.append((b"content-encoding", b"gzip"))
        return tuple(headers), spelt(headers)

    def _note(self, asked: Asked, named: Decoded) -> None:
        if asked.gets:
            station = self._station
            seen = station.askers.seen(asked.address, asked.agent)
            station.scans.add(seen.scan(named.serial, station.clock()))


def _has(asked: Asked, answer: Ready) -> bool:
    return matches(asked.none_match.decode("latin-1"), answer.tag)

"""The scan page's own door: the busiest address, answered past all layers it has no use for.

A code exactly as it is printed on a label, asked for by one of our own links, is answered here; whatever
else comes (typed codes, codes of other systems, bodies, foreign queries) takes the common way, where the same
page is drawn. The keyed tag is checked before any I/O. What was read of a code is used again for at most
half a second, and not at all once this process has committed anything since.
"""

import asyncio
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, TypeAlias

from starlette.types import Scope, Send

from api.code_lookups import CodeLookups, Reading
from api.errors import HostUnknown, TooManyRequests
from api.hosts import Hosts
from api.languages import HTML_LANG, preferred
from api.request_ids import request_id
from api.scan_bodies import drawn_body, kept_body
from api.station import Station
from api.web.conditional import REVALIDATE, matches
from api.web.scan_body import DrawnFor, Filled, draw_no_code, filled
from ledger.errors import Language
from trace.coding.trace_code import Decoded, is_stored, read_code
from trace.errors import ForgedCode, UnknownCode
from trace.scanning.scans import ScanState

FRESH_SECONDS: Final = 0.5
"""For how long what was read of a code is used again: another worker's freeze shows within it."""
_PREFIX: Final = "/s/"
_ADDRESS: Final = len(_PREFIX) + 20
_READY_SHARE: Final = 4
"""Pages ready to send may take this part of what drawn ones may."""
_MOST_CODES: Final = 100_000
_DRAWING: Final = 2
"""Threads that draw: more would only take turns."""

Headers: TypeAlias = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request for a scan page says of itself."""

    code: str
    who: DrawnFor
    address: str
    agent: str
    none_match: bytes
    gets: bool


@dataclass(frozen=True, slots=True)
class Ready:
    """An answer as it is sent again and again."""

    status: int
    page: Filled
    headers: Headers


@dataclass(slots=True)
class _Known:
    """A code that was read, and its pages as far as they were asked for."""

    named: Decoded
    commits: int
    until: float
    pages: dict[DrawnFor, Ready] = field(default_factory=dict)


class ScanDoor:
    """Answers what `answered` says it did; `close` it with the application."""

    def __init__(self, station: Station, always: Iterable[tuple[bytes, bytes]]) -> None:
        """Answer for `station`; `always` are headers of every answer."""
        self._station = station
        self._always = tuple(always)
        self._demo = bool(station.settings.demo)
        self._hosts = Hosts(station.settings.trusted_hosts)
        self._lookups = CodeLookups(station.database)
        self._drawing = ThreadPoolExecutor(_DRAWING, thread_name_prefix="daodi-pages")
        self._known: dict[str, _Known] = {}
        self._ready_bytes = 0
        self._no_code = lru_cache(maxsize=64)(lambda who: draw_no_code(who, demo=self._demo))
        self._serves = lru_cache(maxsize=64)(self._serves_host)

    def close(self) -> None:
        """End the threads."""
        self._lookups.close()
        self._drawing.shutdown()

    async def answered(self, scope: Scope, send: Send) -> bool:
        """Answer a request for a scan page; False, and nothing done, where it takes the common way."""
        asked = self._asked(scope)
        if asked is None:
            return False
        try:
            ready = self._remembered(asked) or await self._read(asked)
        except TooManyRequests:  # said by the common way, in words or as a page
            return False
        await self._send(asked, ready, send)
        return True

    def _asked(self, scope: Scope) -> Asked | None:
        path: str = scope["path"]
        if len(path) != _ADDRESS or not path.startswith(_PREFIX) or scope["method"] not in ("GET", "HEAD"):
            return None
        found: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            if name in found:
                return None
            found[name] = value
        if b"content-length" in found or b"transfer-encoding" in found or b"x-request-id" in found:
            return None
        code = path[len(_PREFIX) :]
        who = DrawnFor.of(scope["query_string"], _liked(found.get(b"accept-language", b"")))
        if who is None or not self._serves(found.get(b"host", b"")):
            return None
        if code not in self._known and (code.isdigit() or not is_stored(code)):
            return None
        client = scope["client"]
        return Asked(
            code,
            who,
            client[0] if client else "unknown",
            found.get(b"user-agent", b"").decode("latin-1"),
            found.get(b"if-none-match", b""),
            scope["method"] == "GET",
        )

    def _serves_host(self, header: bytes) -> bool:
        try:
            self._hosts.require(header.decode("latin-1"))
        except HostUnknown:
            return False
        return True

    def _remembered(self, asked: Asked) -> Ready | None:
        """Return the answer where the code was read a moment ago and nothing was committed since."""
        known = self._known.get(asked.code)
        if known is None or self._station.limiter.waits:
            return None
        if known.commits != self._station.database.commits or known.until < _now():
            return None
        ready = known.pages.get(asked.who)
        if ready is None:
            return None
        self._station.limiter.require("unknown_code", asked.address)
        self._station.limiter.count("scan", asked.address)
        self._note(asked, known.named)
        return ready

    async def _read(self, asked: Asked) -> Ready:
        try:
            known = self._known.get(asked.code)
            named = known.named if known else read_code(asked.code, self._station.code_keys)
            await self._counted(asked)
            ready = await self._drawn(asked, named)
        except (ForgedCode, UnknownCode):
            await self._guessed(asked)
            return self._refusal(asked)
        self._note(asked, named)
        return ready

    async def _drawn(self, asked: Asked, named: Decoded) -> Ready:
        reading = await self._lookups.read(named.serial)
        if reading.now is None or reading.now.key_version != named.version:
            raise UnknownCode(code=named.code)
        kept = kept_body(self._station, named, reading.now, reading.stamp, asked.who)
        if kept is not None:
            return self._kept(asked, named, reading, kept, reading.now.scans)
        loop = asyncio.get_running_loop()
        drawn, scans = await loop.run_in_executor(self._drawing, drawn_body, self._station, named, asked.who)
        return self._kept(asked, named, reading, drawn, scans)

    def _kept(self, asked: Asked, named: Decoded, reading: Reading, body: bytes, scans: ScanState) -> Ready:
        page = filled(body, asked.code, scans, asked.who.language)
        ready = Ready(200, page, self._headers(page, asked.who.language))
        known = self._known.get(asked.code)
        if known is None or known.commits != reading.commits or known.until < reading.read_at + FRESH_SECONDS:
            self._make_room(len(page.body))
            known = _Known(named, reading.commits, reading.read_at + FRESH_SECONDS)
            self._known[asked.code] = known
        known.pages[asked.who] = ready
        self._ready_bytes += len(page.body)
        return ready

    def _make_room(self, size: int) -> None:
        """Forget all ready pages where they pass their share: each lives half a second anyway."""
        limit = self._station.settings.cache_bytes // _READY_SHARE
        if self._ready_bytes + size > limit or len(self._known) >= _MOST_CODES:
            self._known.clear()
            self._ready_bytes = 0

    async def _counted(self, asked: Asked) -> None:
        limiter = self._station.limiter

        def count() -> None:
            # Who has guessed too often is refused a right guess too: it would stand out among the refusals.
            limiter.require("unknown_code", asked.address)
            limiter.count("scan", asked.address)

        if limiter.waits:
            await asyncio.get_running_loop().run_in_executor(None, count)
        else:
            count()

    async def _guessed(self, asked: Asked) -> None:
        limiter = self._station.limiter
        if limiter.waits:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(None, limiter.count, "unknown_code", asked.address)
        else:
            limiter.count("unknown_code", asked.address)

    def _refusal(self, asked: Asked) -> Ready:
        page = filled(self._no_code(asked.who), asked.code, None, asked.who.language)
        return Ready(404, page, self._headers(page, asked.who.language))

    def _headers(self, page: Filled, language: Language) -> Headers:
        return (
            (b"etag", page.tag.encode()),
            (b"cache-control", REVALIDATE.encode()),
            (b"content-language", HTML_LANG[language].encode()),
            (b"vary", b"Accept-Language"),
            (b"content-length", str(len(page.body)).encode()),
            (b"content-type", b"text/html; charset=utf-8"),
            *self._always,
        )

    def _note(self, asked: Asked, named: Decoded) -> None:
        if asked.gets:
            station = self._station
            seen = station.askers.seen(asked.address, asked.agent)
            station.scans.add(seen.scan(named.serial, station.clock()))

    async def _send(self, asked: Asked, ready: Ready, send: Send) -> None:
        status, headers, body = ready.status, ready.headers, ready.page.body
        if asked.none_match and status == 200 and matches(asked.none_match.decode("latin-1"), ready.page.tag):
            status, body = 304, b""
            headers = tuple(each for each in headers if not each[0].startswith(b"content-t"))
            headers = tuple(each for each in headers if each[0] != b"content-length")
        self._station.scan_counts.add(status)
        started = [*headers, (b"x-request-id", request_id("").encode())]
        await send({"type": "http.response.start", "status": status, "headers": started})
        await send({"type": "http.response.body", "body": body})


@lru_cache(maxsize=256)
def _liked(accept_language: bytes) -> Language:
    return preferred(accept_language.decode("latin-1"))


def _now() -> float:
    return asyncio.get_running_loop().time()

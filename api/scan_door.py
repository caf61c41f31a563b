"""The scan page's own door: the busiest address, answered past all layers it has no use for.

A code exactly as it is printed on a label, asked for by one of our own links, is answered here; whatever
else comes (typed codes, codes of other systems, bodies, foreign queries) takes the common way, where the same
page is drawn. The keyed tag is checked before any I/O. What was read of a code is used again for at most
half a second, and not at all once this process has committed anything since.

What needs no waiting is answered at once, in the call that brought the request: a guess, a code asked for a
moment ago, and on a database file every code of a run whose page is at hand.
"""

import asyncio
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

import structlog
from starlette.types import Scope, Send

from api.cache import BodyKey
from api.code_lookups import FileLookups, ServerLookups
from api.errors import TooManyRequests
from api.hosts import Hosts
from api.known_codes import KnownCodes
from api.languages import HTML_LANG
from api.pages_of_runs import PagesOfRuns, RunPages
from api.ready_answers import Header, Ready, not_modified, send_ready, spelt
from api.record_stamp import Stamp
from api.request_ids import fresh_id
from api.scan_asks import Asked, Manner, ScanAsks
from api.scan_bodies import Drawn, drawn_body, kept_body, shared_key
from api.station import Station
from api.web.conditional import REVALIDATE, matches
from api.web.scan_body import DrawnFor, SharedPage, draw_no_code, shared_page
from trace.coding.codes_now import CodeNow
from trace.coding.trace_code import Decoded, is_stored, named_by
from trace.errors import UnknownCode
from trace.scanning.seen_scans import SeenScans

_log = structlog.get_logger(__name__)

FRESH_SECONDS: Final = 0.5
"""For how long what was read of a code is used again: another worker's freeze shows within it."""
_AHEAD_SECONDS: Final = 0.2
"""What is asked for so long before it ends is read anew meanwhile."""
_GATHER_SECONDS: Final = 0.05
"""What is to be read anew is gathered for so long, to be read together."""
_DRAWING: Final = 2
"""Threads that draw: more would only take turns."""
_BEGUN: Final = "daodi.scan"
"""Where a request carries what was read of it at once to where it is waited for."""


class _Begun(NamedTuple):
    """A request for the page of a stored code."""

    asked: Asked
    named: Decoded | None
    """None for a guess."""


class ScanDoor:
    """Answers what `at_once` or `answered` says it did, from `open` to `close`."""

    def __init__(self, station: Station, always: Iterable[Header]) -> None:
        """Answer for `station`; `always` are headers of every answer."""
        self._station = station
        self._always = tuple(always)
        self._demo = bool(station.settings.demo)
        self._asks = ScanAsks(Hosts(station.settings.trusted_hosts))
        self._known = KnownCodes()
        self._runs = PagesOfRuns()
        self._drawings: dict[BodyKey, asyncio.Future[Drawn]] = {}
        self._renewing: list[tuple[Asked, Decoded]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._opened = False
        self._no_codes: dict[str, SharedPage] = {}
        self._headers: dict[str, tuple[tuple[Header, ...], bytes]] = {}

    def open(self) -> None:
        """Begin to answer: until then, and after `close`, everything takes the common way."""
        database = self._station.database
        self._lookups = FileLookups(database) if database.is_sqlite else ServerLookups(database)
        self._drawing = ThreadPoolExecutor(_DRAWING, thread_name_prefix="daodi-pages")
        self._opened = True

    def close(self) -> None:
        """End the threads."""
        self._opened = False
        self._known = KnownCodes()
        self._runs = PagesOfRuns()
        self._lookups.close()
        self._drawing.shutdown()

    def at_once(self, scope: Scope) -> Ready | None:
        """Return the answer to a request for a scan page where nothing has to be waited for, else None."""
        begun = scope[_BEGUN] = self._begun(scope) if self._opened else None
        if begun is None or self._station.limiter.waits:
            return None
        try:
            answer = (
                self._refused(begun.asked) if begun.named is None else self._at_hand(begun.asked, begun.named)
            )
        except TooManyRequests:  # said by the common way, in words or as a page
            scope[_BEGUN] = None
            return None
        except Exception as error:  # noqa: BLE001  whatever it is, the common way meets it too or does without
            _log.warning("scan_door_failed", error=type(error).__name__)
            scope[_BEGUN] = None
            return None
        return None if answer is None else self._sent(begun.asked, answer)

    async def answered(self, scope: Scope, send: Send) -> bool:
        """Answer a request for a scan page; False, and nothing done, where it takes the common way."""
        answer = None if _BEGUN in scope else self.at_once(scope)
        begun: _Begun | None = scope[_BEGUN]
        if answer is None:
            if begun is None:
                return False
            answer = await self._waited_for(begun)
        if answer is None:
            return False
        await send_ready(answer, fresh_id(), send)
        return True

    def _begun(self, scope: Scope) -> _Begun | None:
        asked = self._asks.read(scope)
        if asked is None:
            return None
        named = self._known.named(asked.code)
        if named is None:
            if asked.code.isdigit() or not is_stored(asked.code):
                return None
            named = named_by(asked.code, self._station.code_keys)
        return _Begun(asked, named)

    def _at_hand(self, asked: Asked, named: Decoded) -> Ready | None:
        commits, now = self._station.database.commits, time.monotonic()
        answer = self._known.answer(asked.code, asked.manner.name, commits, now)
        if answer is None:
            answer = self._of_its_run(asked, named, commits, now)
        elif isinstance(self._lookups, ServerLookups) and self._known.ends(asked.code, now + _AHEAD_SECONDS):
            self._renew(asked, named)
        if answer is not None:
            self._station.limiter.admit(asked.address)
            self._note(asked, named)
        return answer

    def _renew(self, asked: Asked, named: Decoded) -> None:
        """Read a code anew before its answer ends: nobody who asks for it waits for a server then."""
        if not self._renewing:
            loop = asyncio.get_running_loop()
            loop.call_later(_GATHER_SECONDS, lambda: self._keep(loop.create_task(self._renewed())))
        self._renewing.append((asked, named))

    async def _renewed(self) -> None:
        renewing, self._renewing = self._renewing if self._opened else [], []
        reading = (self._read(asked, named) for asked, named in renewing)
        for told in await asyncio.gather(*reading, return_exceptions=True):
            if isinstance(told, Exception):
                _log.warning("scan_not_renewed", error=type(told).__name__)

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _of_its_run(self, asked: Asked, named: Decoded, commits: int, now: float) -> Ready | None:
        """Return the page that a run's packs share, filled in; None where that cannot be done at once."""
        lookups, run = self._lookups, self._run(named, commits, now)
        page = run and run.of_manner.get(asked.manner.name)
        if run is None or page is None or not isinstance(lookups, FileLookups):
            return None
        seen = lookups.scans(named.serial)
        return None if seen is None else self._filled(asked, named, page, seen, run)

    def _run(self, named: Decoded, commits: int, now: float) -> RunPages | None:
        run = self._runs.get(named.serial, commits, now)
        return run if run is not None and run.key_version == named.version else None

    def _refused(self, asked: Asked) -> Ready:
        self._station.limiter.admit_guess(asked.address)
        return self._refusal(asked)

    async def _waited_for(self, begun: _Begun) -> Ready | None:
        """Return the answer when it is there; None where the common way has to say it."""
        asked, named = begun
        try:
            await self._counted(asked)
            try:
                if named is None:
                    raise UnknownCode(code=asked.code)
                answer = await self._looked_up(asked, named)
                self._note(asked, named)
            except UnknownCode:
                await self._guessed(asked)
                answer = self._refusal(asked)
        except TooManyRequests:
            return None
        except Exception as error:  # noqa: BLE001  as above
            _log.warning("scan_door_failed", error=type(error).__name__)
            return None
        return self._sent(asked, answer)

    async def _looked_up(self, asked: Asked, named: Decoded) -> Ready:
        commits, now = self._station.database.commits, time.monotonic()
        answer = self._known.answer(asked.code, asked.manner.name, commits, now)
        if answer is not None:
            return answer
        run = self._run(named, commits, now)
        page = run and run.of_manner.get(asked.manner.name)
        if run is not None and page is not None:
            lookups, serial = self._lookups, named.serial
            seen = lookups.scans(serial) if isinstance(lookups, FileLookups) else await lookups.scans(serial)
            if seen is not None:
                return self._filled(asked, named, page, seen, run)
        return await self._read(asked, named)

    async def _read(self, asked: Asked, named: Decoded) -> Ready:
        serial, lookups = named.serial, self._lookups
        reading = lookups.read(serial) if isinstance(lookups, FileLookups) else await lookups.read(serial)
        now = reading.now
        if now is None or now.key_version != named.version:
            raise UnknownCode(code=named.code)
        key = shared_key(now, reading.stamp, asked.manner.who)
        drawn = await self._drawn(asked, named, now, reading.stamp, key)
        page = shared_page(drawn.body, asked.manner.who.language, gzipped=asked.manner.gzipped)
        until = reading.read_at + FRESH_SECONDS
        of_manner = {} if drawn.alone or drawn.key != key else {asked.manner.name: page}
        drawn_from = (now.state, reading.stamp)
        run = RunPages(now.serials, now.key_version, drawn_from, reading.commits, until, of_manner)
        if not drawn.scans.copied:  # what is said of a copied code is said of it alone
            self._runs.put(run)
        return self._filled(asked, named, page, SeenScans(drawn.scans.count, drawn.scans.first_ms), run)

    async def _drawn(self, asked: Asked, named: Decoded, now: CodeNow, stamp: Stamp, key: BodyKey) -> Drawn:
        """Return the kept page, or draw it; who needs one that is being drawn waits for it."""
        who = asked.manner.who
        while (kept := kept_body(self._station, named, now, stamp, who)) is None:
            drawing = self._drawings.get(key)
            if drawing is None:
                return await self._draw(key, named, who)
            await asyncio.wait((drawing,))
        return kept

    async def _draw(self, key: BodyKey, named: Decoded, who: DrawnFor) -> Drawn:
        loop = asyncio.get_running_loop()
        drawing = loop.run_in_executor(self._drawing, drawn_body, self._station, named, who)
        self._drawings[key] = drawing
        try:
            return await drawing
        finally:
            self._drawings.pop(key, None)

    def _filled(
        self, asked: Asked, named: Decoded, page: SharedPage, seen: SeenScans, run: RunPages
    ) -> Ready:
        """Fill in a page and remember it for as long as what was read of its run may be shown."""
        tag, pieces = page.filled(asked.code, *seen)
        answer = self._ready(200, tag, asked.manner, pieces)
        self._known.keep(named, asked.manner.name, answer, run.commits, run.until)
        return answer

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
        page = self._no_codes.get(asked.manner.name)
        if page is None:
            page = self._no_codes[asked.manner.name] = self._no_code(asked.manner)
        return self._ready(404, "", asked.manner, page.untagged(asked.code))

    def _no_code(self, manner: Manner) -> SharedPage:
        drawn = draw_no_code(manner.who, demo=self._demo)
        return shared_page(drawn, manner.who.language, gzipped=manner.gzipped)

    def _ready(self, status: int, tag: str, manner: Manner, pieces: list[bytes]) -> Ready:
        headers = self._headers.get(manner.name)
        if headers is None:
            headers = self._headers[manner.name] = self._headers_of(manner)
        return Ready(status, tag, *headers, pieces, sum(map(len, pieces)))

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

    def _sent(self, asked: Asked, answer: Ready) -> Ready:
        if (
            asked.none_match
            and answer.status == 200
            and matches(asked.none_match.decode("latin-1"), answer.tag)
        ):
            answer = not_modified(answer)
        self._station.scan_counts.add(answer.status)
        return answer if asked.gets else answer._replace(pieces=())

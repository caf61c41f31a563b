"""The quarantine desk 隔离报价核定台 as a page: what waits, why, a decision with a reason; no script needed.

Whoever opens it pastes a token for every look and every decision; nothing of it is kept.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from api.callers import Anyone, Caller, TheStation, address_of, caller_of, require_scope
from api.deciding import QuoteFilter, decide_quotes, desk_quotes
from api.errors import FieldWrong, TokenMissing
from api.languages import language_of
from api.routes.pages import PAGE
from api.routes.quarantine import DeskQuote
from api.station import Station
from api.tokens import Scope
from api.web.site import page
from api.web.step_form import wrongs
from ledger.errors import DaodiError, Location
from ledger.plain_text import all_visible
from priceindex.intake.desk import Decided, QuoteKey, Verdict
from priceindex.intake.desk_errors import NothingToDecide
from priceindex.quotes import Cell, StoredQuote

router = APIRouter(include_in_schema=False)

SHOWN: Final = 100
"""Quotes on the page at once."""
_MOST_FIELDS: Final = SHOWN + 20
_FILTERS: Final = ("source", "herb", "market", "rule")
_PARTS: Final = 6
_UNSEEN: Final = {
    "reason_zh": "理由含有看不见的字符",
    "reason_en": "the reason has characters that cannot be seen",
}


@dataclass(frozen=True, slots=True)
class _Sent:
    """What a browser sent."""

    token: str
    typed: dict[str, str]
    chosen: tuple[QuoteKey, ...]
    reason: str
    verdict: Verdict | None
    """None: only to look."""

    @property
    def filter(self) -> QuoteFilter:
        """What was to be seen."""
        return QuoteFilter(
            source=self.typed.get("source"),
            herb=self.typed.get("herb"),
            market=self.typed.get("market"),
            rule=self.typed.get("rule"),
        )


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the desk answers."""

    quotes: tuple[StoredQuote, ...]
    decided: Decided | None = None


@router.api_route("/desk/quarantine", methods=PAGE)
def quarantine_page(request: Request, caller: Anyone) -> Response:  # noqa: ARG001  declares who may call
    """Ask for a token and for what is to be seen."""
    return _shown(request, {}, None, ())


@router.post("/desk/quarantine")
async def quarantine_sent(request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  the token is in the form
    """Show what waits, or decide about what was ticked; what is wrong stands above it."""
    async with request.form(max_fields=_MOST_FIELDS, max_files=0) as form:
        sent = _sent(form)
    try:
        with station.backlog.room():
            seen = await run_in_threadpool(_done, sent, request, station)
    except DaodiError as fault:
        return _shown(request, sent.typed, None, (fault,))
    return _shown(request, sent.typed, seen, ())


def _done(sent: _Sent, request: Request, station: Station) -> _Seen:
    who = _bearer(sent, request, station)
    decided = None
    if sent.verdict is not None:
        if not sent.chosen:
            raise NothingToDecide(at=Location(field="quote"))
        if not all_visible(sent.reason):
            raise FieldWrong(at=Location(field="reason"), **_UNSEEN)
        decided = decide_quotes(station, sent.chosen, sent.verdict, sent.reason, who.person)
    with station.database.read() as session:
        return _Seen(tuple(desk_quotes(session, sent.filter, SHOWN)), decided)


def _bearer(sent: _Sent, request: Request, station: Station) -> Caller:
    if not sent.token:
        raise TokenMissing
    with station.database.read() as session:
        caller = caller_of(session, sent.token, station.clock(), address_of(request))
    require_scope(caller, {Scope.QUOTES_DECIDE})
    return caller


def _sent(form: FormData) -> _Sent:
    def text(name: str) -> str:
        value = form.get(name)
        return value.strip() if isinstance(value, str) else ""

    keys = (_key(value) for value in form.getlist("quote") if isinstance(value, str))
    verdict = text("verdict")
    return _Sent(
        token=text("token"),
        typed={name: text(name)[:60] for name in _FILTERS if text(name)},
        chosen=tuple(key for key in keys if key is not None),
        reason=text("reason")[:500],
        verdict=Verdict(verdict) if verdict in set(Verdict) else None,
    )


def _key(value: str) -> QuoteKey | None:
    """Read the name of a quote from a box; None for one our page never made."""
    parts = value.split("|")
    if len(parts) != _PARTS:
        return None
    try:
        day = date.fromisoformat(parts[4])
    except ValueError:
        return None
    return QuoteKey(Cell(*parts[:4]), day, parts[5])


def key_text(quote: StoredQuote) -> str:
    """Name a quote in a box of the page: no part of it may hold a bar."""
    return "|".join((*quote.cell, quote.day.isoformat(), quote.source))


def _shown(
    request: Request, typed: dict[str, str], seen: _Seen | None, faults: tuple[DaodiError, ...]
) -> Response:
    language = language_of(request)
    quotes = () if seen is None else seen.quotes
    parts = {
        "typed": {name: typed.get(name, "") for name in _FILTERS},
        "looked": seen is not None,
        "rows": [(key_text(quote), DeskQuote.of(quote, language)) for quote in quotes],
        "decided": None if seen is None else seen.decided,
        "wrongs": wrongs(faults, language),
    }
    return page(request, "desk_quarantine.html", status=422 if faults else 200, parts=parts)

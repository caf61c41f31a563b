"""The quarantine desk 隔离报价核定台 as a page: what waits, why, and a decision with a reason."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.datastructures import QueryParams

from api.callers import Caller, TheStation, Verifier
from api.deciding import QuoteFilter, decide_quotes, desk_quotes
from api.errors import FieldWrong
from api.languages import language_of
from api.routes.desk_sending import led_on, sent
from api.routes.pages import PAGE
from api.routes.quarantine import DeskQuote
from api.station import Station
from api.web.desk_asked import IN_FILE, SHOWN, asked_of
from api.web.desk_frame import desk_page
from api.web.desk_table import Cells, DeskTable, Shown, rows_of, turned
from api.web.desk_typed import Typed, faults_in, said_of
from api.web.words import Words, words_in
from api.web.work_frame import reader_of
from ledger.errors import DaodiError, Location
from ledger.plain_text import all_visible
from priceindex.intake.desk import QuoteKey, Verdict
from priceindex.intake.desk_errors import NothingToDecide
from priceindex.quotes import Cell, StoredQuote

router = APIRouter(include_in_schema=False)

_FILTERS: Final = ("source", "herb", "market", "rule")
_PARTS: Final = 6
_LONGEST_FILTER: Final = 60
_UNSEEN: Final = {
    "reason_zh": "理由含有看不见的字符",
    "reason_en": "the reason has characters that cannot be seen",
}
_NO_VERDICT: Final = {"reason_zh": "选放行或剔除", "reason_en": "choose to release or to reject"}


@router.api_route("/desk/quarantine", methods=PAGE)
def quarantine_page(request: Request, caller: Verifier, station: TheStation) -> Response:
    """Show the quotes that wait, with the rules they met and who handed them in."""
    return _shown(request, caller, station, Typed({}))


@router.post("/desk/quarantine")
async def quarantine_sent(request: Request, caller: Verifier, station: TheStation) -> Response:
    """Decide about what was ticked, all of it or none; what is wrong stands above the list."""

    def answer(typed: Typed) -> Response:
        try:
            verdict = _decide(typed, caller, station)
        except DaodiError as fault:
            return _shown(request, caller, station, typed, fault)
        kept = _asked_for(request.query_params)
        return led_on(request, caller, "/desk/quarantine", f"quotes_{verdict.value}", **kept)

    return await sent(request, station, answer)


def _decide(typed: Typed, caller: Caller, station: Station) -> Verdict:
    """Decide; raises `FieldWrong`, `NothingToDecide` and what `decide_quotes` raises."""
    if typed["verdict"] not in set(Verdict):
        raise FieldWrong(at=Location(field="verdict"), **_NO_VERDICT)
    found = (_key(text) for text in typed.boxes.get("quote", ()))
    chosen = [key for key in found if key is not None]
    if not chosen:
        raise NothingToDecide(at=Location(field="quote"))
    if not all_visible(typed["reason"]):
        raise FieldWrong(at=Location(field="reason"), **_UNSEEN)
    return decide_quotes(station, chosen, Verdict(typed["verdict"]), typed["reason"], caller.person).verdict


def _key(text: str) -> QuoteKey | None:
    """Read the name of a quote from a box; None for one our page never made."""
    parts = text.split("|")
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


def _asked_for(query: QueryParams) -> dict[str, str]:
    return {name: query[name].strip()[:_LONGEST_FILTER] for name in _FILTERS if query.get(name, "").strip()}


def _filter(asked: Mapping[str, str]) -> QuoteFilter:
    source, herb, market, rule = (asked.get(name) for name in _FILTERS)
    return QuoteFilter(source=source, herb=herb, market=market, rule=rule)


def _shown(
    request: Request, caller: Caller, station: Station, typed: Typed, fault: DaodiError | None = None
) -> Response:
    asked, words = asked_of(request, station.clock()), words_in(language_of(request))
    filters, reader = _asked_for(request.query_params), reader_of(request, caller)
    most = IN_FILE if asked.file else SHOWN
    with station.database.read() as session:
        found: Sequence[StoredQuote] = desk_quotes(session, _filter(filters), most + 1, asked.start)
    rows = [DeskQuote.of(quote, words.language) for quote in found[:most]]
    table = turned(_table(rows, words), len(found), asked, reader)
    parts = {
        "filters": {name: filters.get(name, "") for name in _FILTERS},
        "kept": filters,
        "rows": [(key_text(quote), row) for quote, row in zip(found, rows, strict=False)],
        "ticked": set(typed.boxes.get("quote", ())),
        "typed": typed,
    }
    return desk_page(
        request,
        caller,
        asked,
        "quarantine",
        template="desk_quarantine.html",
        tables=(table,),
        faults=() if fault is None else faults_in(fault),
        parts=parts,
        said=said_of(request, words),
    )


def _table(found: Sequence[DeskQuote], words: Words) -> DeskTable:
    """Lay out quotes for the file, prices in fen per kilogram; the page shows the same with boxes to tick."""
    cells = Cells.of(words)
    return DeskTable(
        name="quarantine",
        title=words("quarantine.waiting"),
        columns=cells.columns(
            "herb", "grade", "origin", "market", "day", "#fen_per_kg", "rules", "source", "submitter"
        ),
        rows=rows_of(
            found,
            lambda each: (
                Shown(each.quote.herb, each.quote.herb, chinese=True),
                Shown(each.quote.grade, each.quote.grade, chinese=True),
                Shown(each.quote.origin, each.quote.origin, chinese=True),
                Shown(each.quote.market, each.quote.market, chinese=True),
                Shown(each.quote.day.isoformat(), cells.formats.day(each.quote.day)),
                Shown(each.quote.fen_per_kg, cells.formats.yuan(each.quote.fen_per_kg)),
                Shown(" ".join(rule.code for rule in each.met), ", ".join(rule.words for rule in each.met)),
                Shown(each.quote.source, each.quote.source),
                Shown(each.submitter, each.submitter or ""),
            ),
        ),
        empty=words("quarantine.none"),
    )

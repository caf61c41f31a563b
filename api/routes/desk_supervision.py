"""Supervision on the desk: coverage, oversold goods, late steps, the use of codes, suspicious scans."""

from fastapi import APIRouter, Request, Response

from api.callers import Supervisor, TheStation
from api.languages import language_of
from api.routes.pages import PAGE
from api.web.desk_asked import asked_of
from api.web.desk_coverage import area_pictures, area_table, node_table, rates_table, usage_table
from api.web.desk_frame import desk_page
from api.web.desk_lists import by_explanation, code_table, late_table, oversell_table
from api.web.desk_scans import scans_table
from api.web.desk_table import leafed, paged, turned
from api.web.words import words_in
from api.web.work_frame import reader_of
from trace.supervision.code_use import code_use, scan_counts
from trace.supervision.coverage import coverage
from trace.supervision.key_figures import oversold_in
from trace.supervision.late_steps import late_or_missing
from trace.supervision.rates import rates
from trace.supervision.suspicious_scans import suspicious_scans
from trace.supervision.usage import usage

router = APIRouter(include_in_schema=False)


@router.api_route("/desk/coverage", methods=PAGE)
def coverage_page(request: Request, caller: Supervisor, station: TheStation) -> Response:
    """Show coverage by area and node type, the use of stages and the rates of a quarter."""
    asked, words = asked_of(request, station.clock(), whole=True), words_in(language_of(request))
    with station.database.read() as session:
        cells = coverage(session, asked.quarter, digits=asked.digits, area=asked.area)
        used = usage(session, asked.quarter, area=asked.area)
        found = rates(session, asked.quarter, area=asked.area)
    reader = reader_of(request, caller)
    tables = (
        leafed(area_table(cells, asked, reader, words), asked, reader),
        node_table(cells, words),
        usage_table(used, words),
        rates_table(found, words),
    )
    pictures = area_pictures(cells, words)
    return desk_page(request, caller, asked, "coverage", tables=tables, pictures=pictures)


@router.api_route("/desk/oversell", methods=PAGE)
def oversell_page(request: Request, caller: Supervisor, station: TheStation) -> Response:
    """Show firms and goods of which more went out than came in, what nothing explains first."""
    asked, words = asked_of(request, station.clock()), words_in(language_of(request))
    with station.database.read() as session:
        found = sorted(oversold_in(session, asked.quarter, area=asked.area), key=by_explanation)
    some, reader = found[asked.start : asked.start + asked.limit], reader_of(request, caller)
    table = turned(oversell_table(paged(some, asked), reader, words), len(some), asked, reader)
    return desk_page(request, caller, asked, "oversell", tables=(table,))


@router.api_route("/desk/late", methods=PAGE)
def late_page(request: Request, caller: Supervisor, station: TheStation) -> Response:
    """Show steps recorded late and goods whose way lacks stages."""
    asked, words = asked_of(request, station.clock()), words_in(language_of(request))
    with station.database.read() as session:
        found = late_or_missing(
            session, asked.quarter, area=asked.area, offset=asked.start, limit=asked.limit
        )
    reader = reader_of(request, caller)
    table = turned(late_table(paged(found, asked), reader, words), len(found), asked, reader)
    return desk_page(request, caller, asked, "late", tables=(table,))


@router.api_route("/desk/codes", methods=PAGE)
def codes_page(request: Request, caller: Supervisor, station: TheStation) -> Response:
    """Show the use of codes of each firm."""
    asked, words = asked_of(request, station.clock()), words_in(language_of(request))
    with station.database.read() as session:
        used = code_use(session, area=asked.area)
        scanned = scan_counts(session, asked.quarter.since_ms, asked.quarter.until_ms)
    some, reader = used[asked.start : asked.start + asked.limit], reader_of(request, caller)
    table = code_table(paged(some, asked), scanned, reader, words)
    return desk_page(request, caller, asked, "codes", tables=(turned(table, len(some), asked, reader),))


@router.api_route("/desk/scans", methods=PAGE)
def scans_page(request: Request, caller: Supervisor, station: TheStation) -> Response:
    """Show codes with suspicious scans: which code, why, where it should be, whose it is."""
    asked, words = asked_of(request, station.clock()), words_in(language_of(request))
    with station.database.read() as session:
        found = suspicious_scans(
            session,
            station.code_keys,
            asked.quarter.since_ms,
            asked.quarter.until_ms,
            area=asked.area,
            offset=asked.start,
            limit=asked.limit,
        )
    reader = reader_of(request, caller)
    table = turned(scans_table(paged(found, asked), reader, words), len(found), asked, reader)
    return desk_page(request, caller, asked, "scans", tables=(table,))

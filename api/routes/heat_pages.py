"""The heat map of a family: classes by month and classes by market, as a page and as CSV."""

from datetime import date
from typing import Final

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from api.callers import Anyone, TheStation
from api.languages import language_of
from api.publication.moves import PERIODS, Period
from api.publication.overview import comparison_days, index_name, run_of
from api.routes.index_pages import Name, release_named
from api.routes.pages import PAGE
from api.station import Station
from api.web.conditional import conditional
from api.web.csv_body import MEDIA_TYPE
from api.web.index_heat import MonthGrid, drawn_markets, drawn_months, markets_csv, month_grid, months_csv
from api.web.index_page import last_period
from api.web.kept import Kept
from api.web.kept_reading import kept_or_read
from api.web.site import page
from api.web.turns import Turns
from api.web.words import words_in
from priceindex.calendar import day_number, day_of
from priceindex.classification import Level
from priceindex.engine.class_by_market import ClassInMarket, class_by_market
from priceindex.releases.cross_section import Section, cross_section
from priceindex.releases.release import Release

router = APIRouter(include_in_schema=False)

_LEVELS: Final = (Level.COMPOSITE, Level.CLASS)
_months: Kept[tuple[str, str], MonthGrid] = Kept(limit=32)
_markets: Kept[tuple[str, str, Period], tuple[date, date, tuple[ClassInMarket, ...]]] = Kept(limit=32)
"""By release, the digest of its inputs and the period: the two days and what moved between them."""
_turns = Turns()


@router.api_route("/index/{named}/heat", methods=PAGE)
def heat_page(named: Name, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Show how every class moved by month and by market."""
    found = _release(named, station)
    if found is None:
        return page(request, "no_index.html", status=404)
    release, grid = found
    words, period = words_in(language_of(request)), _period(request)
    first, last, moved = _by_market(station, release, period)
    name = index_name(release, words.language)
    return page(
        request,
        "heat.html",
        wide=True,
        parts={
            "name": name,
            "release": release,
            "period": period,
            "periods": PERIODS,
            "months": drawn_months(grid, name, words),
            "markets": drawn_markets(moved, first, last, name, words),
        },
    )


@router.api_route("/index/{named}/heat-months.csv", methods=PAGE)
def heat_months_file(named: Name, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Return the map by month as CSV."""
    found = _release(named, station)
    if found is None:
        return page(request, "no_index.html", status=404)
    release, grid = found
    return _file(
        request, months_csv(grid, words_in(language_of(request))), f"{release.release_id}-months.csv"
    )


@router.api_route("/index/{named}/heat-markets.csv", methods=PAGE)
def heat_markets_file(named: Name, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Return the map by market as CSV."""
    found = _release(named, station)
    if found is None:
        return page(request, "no_index.html", status=404)
    release = found[0]
    first, last, moved = _by_market(station, release, _period(request))
    body = markets_csv(moved, first, last, words_in(language_of(request)))
    return _file(request, body, f"{release.release_id}-markets.csv")


def _file(request: Request, body: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Vary": "Accept-Language"}
    return conditional(request, body, MEDIA_TYPE, headers=headers)


def _period(request: Request) -> Period:
    asked = request.query_params.get("period")
    return next((each for each in PERIODS if each == asked), "month")


def _release(named: str, station: Station) -> tuple[Release, MonthGrid] | None:
    with station.database.read() as session:
        release = release_named(session, named, station.clock())
        if release is None:
            return None
        key = (release.release_id, release.values_sha256)
        return release, _months.get(key, lambda: _month_values(session, release))


def _month_values(session: Session, release: Release) -> MonthGrid:
    section = Section(
        family=release.family,
        ordinal=release.ordinal,
        frequency="month",
        levels=_LEVELS,
        last=last_period(release),
    )
    return month_grid(cross_section(session, section, as_of_ms=release.published_ms))


def _by_market(
    station: Station, release: Release, period: Period
) -> tuple[date, date, tuple[ClassInMarket, ...]]:
    key = (release.release_id, release.bundle_sha256, period)
    return kept_or_read(_markets, _turns, station, key, lambda session: _moved(session, release, period))


def _moved(
    session: Session, release: Release, period: Period
) -> tuple[date, date, tuple[ClassInMarket, ...]]:
    """Return both days and what moved; nothing where the index is younger than the period."""
    run = run_of(session, release)
    days = comparison_days([day_number(day) for day in run.days])
    last = day_of(days["last"])
    if period not in days:
        return last, last, ()
    first = day_of(days[period])
    return first, last, class_by_market(run, first, last)

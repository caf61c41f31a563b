"""The forecast of an index as a page: the fan, its skill, the chances, every number and its evidence."""

from datetime import date
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response
from sqlmodel import Session

from api.callers import Anyone, TheStation
from api.languages import language_of
from api.publication.forecast_views import AskedForecast, chosen_forecast, view_of
from api.publication.overview import family_of, overview_of
from api.routes.index_pages import release_named
from api.routes.pages import PAGE
from api.station import Station
from api.web.chart_tables import earlier_csv
from api.web.conditional import conditional
from api.web.csv_body import MEDIA_TYPE
from api.web.forecast_csv import forecast_csv
from api.web.forecast_page import ForecastView
from api.web.index_page import way_to
from api.web.scan import receipt_path
from api.web.site import page
from api.web.words import words_in
from ledger import log
from ledger.errors import Language
from priceindex.classification import COMPOSITE, Level
from priceindex.forecast.method import FREQUENCIES, ForecastFrequency
from priceindex.forecast.track import reading
from priceindex.forecast.track.forecast_head import Forecast
from priceindex.forecast.track.shown_runs import faults_of_shown
from priceindex.forecast.track.track_errors import ForecastUnreadable, NoForecastYet
from priceindex.releases.release import Release

router = APIRouter(include_in_schema=False)

RUNS: Final = 20
"""Forecasts listed below the newest."""
_LONGEST: Final = 100

Name = Annotated[str, Path(max_length=10_000)]


@router.api_route("/index/{named}/forecast", methods=PAGE)
def forecast_page(named: Name, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Show the newest forecast of a node, or the one that `forecast` names."""
    with station.database.read() as session:
        release = release_named(session, named, station.clock())
        asked = asked_of(request)
        if release is None or asked is None:
            return page(request, "no_index.html", status=404)
        parts = _parts(session, station, release, asked, language_of(request))
    waits = parts["known"] and not parts["runs"]  # nothing was forecast yet: a page that says so
    status = 409 if parts["unreadable"] else 200 if parts["view"] or waits else 404
    view, files = parts["view"], {}
    if isinstance(view, ForecastView) and view.earlier is not None:
        files["earlier"] = partial(earlier_csv, view.earlier)
    return page(request, "forecast.html", status=status, wide=True, parts=parts, files=files)


@router.api_route("/index/{named}/forecast.csv", methods=PAGE)
def forecast_file(named: Name, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Return every number of a node's forecast as CSV."""
    with station.database.read() as session:
        release = release_named(session, named, station.clock())
        asked = asked_of(request)
        if release is None or asked is None:
            return page(request, "no_index.html", status=404)
        try:
            found = chosen_forecast(session, release.family, asked, as_of_ms=station.clock())
            faulty = bool(faults_of_shown(session, found.forecast))
        except NoForecastYet:
            return page(request, "no_index.html", status=404)
        except ForecastUnreadable:
            faulty = True
        if faulty:  # a file cannot say so beside its numbers: the page does
            parts = _parts(session, station, release, asked, language_of(request))
            return page(request, "forecast.html", status=409, wide=True, parts=parts)
    headers = {"Content-Disposition": f'attachment; filename="{found.forecast.forecast_id}.csv"'}
    return conditional(request, forecast_csv(found), MEDIA_TYPE, headers=headers)


def asked_of(request: Request) -> AskedForecast | None:
    """Read which forecast a reader looks at; None where there is no such level."""
    asked = request.query_params
    levels = {str(level): level for level in Level}
    level = levels.get(asked.get("level", Level.COMPOSITE))
    frequency: ForecastFrequency = next(
        (each for each in FREQUENCIES if each == asked.get("frequency")), "week"
    )
    if level is None:
        return None
    return AskedForecast(
        level=level,
        node=asked.get("node", COMPOSITE)[:_LONGEST],
        frequency=frequency,
        forecast_id=asked.get("forecast", "")[:_LONGEST] or None,
        target=_day(asked.get("target", "")),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _parts(
    session: Session, station: Station, release: Release, asked: AskedForecast, language: Language
) -> dict[str, object]:
    now_ms, words = station.clock(), words_in(language)
    unreadable: ForecastUnreadable | None = None
    try:
        view = view_of(session, release, asked, words, as_of_ms=now_ms)
    except NoForecastYet:
        view = None
    except ForecastUnreadable as fault:
        view, unreadable = None, fault
    overview = overview_of(session, release)
    state = overview.find(asked.level, asked.node)
    return {
        "view": view,
        "unreadable": unreadable,
        "known": state is not None,
        "asked": asked,
        "release": release,
        "index_name": family_of(release).words(language),
        "way": () if state is None else way_to(overview, state, language),
        "frequencies": FREQUENCIES,
        "runs": _runs(session, release, asked, now_ms),
        "entry": None if view is None else _entry(session, view.forecast),
        "receipt": "" if view is None else receipt_path(view.forecast.statement_id),
    }


def _runs(session: Session, release: Release, asked: AskedForecast, now_ms: int) -> list[Forecast]:
    return reading.runs(
        session, as_of_ms=now_ms, family=release.family, frequency=asked.frequency, limit=RUNS
    )


def _entry(session: Session, forecast: Forecast) -> int | None:
    return log.indices(session, [forecast.statement_id]).get(forecast.statement_id)

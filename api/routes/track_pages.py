"""The track record of forecasts as a page: what was forecast, what came, and what that allows to say."""

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from api.callers import Anyone, TheStation
from api.kept_tracks import kept_track
from api.languages import language_of
from api.publication.overview import index_name
from api.publication.reading import newest_releases
from api.routes.index_pages import newest_release
from api.routes.pages import PAGE
from api.station import Station
from api.web.formats import Formats
from api.web.index_page import newest_of_families
from api.web.site import page
from api.web.track_record_page import TrackView, track_view
from api.web.words import Words, words_in
from priceindex.classification import Level
from priceindex.forecast.method import FREQUENCIES, ForecastFrequency
from priceindex.forecast.track import reading
from priceindex.forecast.track.actuals import ACTUALS, Actuals
from priceindex.forecast.track.forecast_head import Forecast
from priceindex.releases.release import Release

router = APIRouter(include_in_schema=False)


@router.api_route("/track-record", methods=PAGE)
def track_record_page(request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Show how the forecasts of a family did, by grid and level; an empty record says what it waits for."""
    asked = request.query_params
    frequency: ForecastFrequency = next(
        (each for each in FREQUENCIES if each == asked.get("frequency")), "week"
    )
    actuals: Actuals = next((each for each in ACTUALS if each == asked.get("actuals")), "newest")
    level = {str(each): each for each in Level}.get(asked.get("level", ""))
    words = words_in(language_of(request))
    with station.database.read() as session:
        release = newest_release(session, asked.get("family"), station.clock())
        if release is None:
            unknown = asked.get("family") is not None
            return page(request, "no_track_record.html", status=404 if unknown else 200)
        parts = _parts(session, station, release, frequency, words)
    view = _view(station, release, (frequency, actuals, level), words)
    return page(request, "track_record.html", wide=True, parts={**parts, "view": view})


def _view(
    station: Station,
    release: Release,
    asked: tuple[ForecastFrequency, Actuals, Level | None],
    words: Words,
) -> TrackView | None:
    """Return the record; None while no target has come."""
    frequency, actuals, level = asked
    track = kept_track(station, release.family, frequency, actuals, station.clock())
    if not track.targets and not track.faults:
        return None
    return track_view(track, level, index_name(release, words.language), words)


def _parts(
    session: Session, station: Station, release: Release, frequency: ForecastFrequency, words: Words
) -> dict[str, object]:
    now_ms = station.clock()
    runs = [each for each in reading.all_runs(session, release.family, frequency) if each.made_ms <= now_ms]
    newest = newest_of_families(list(newest_releases(session, now_ms)), words.language)
    return {
        "name": index_name(release, words.language),
        "family": release.family,
        "families": [(each.family, label) for label, each in newest],
        "frequencies": FREQUENCIES,
        "frequency": frequency,
        "runs": len(runs),
        "waiting": _waiting(runs, words),
    }


def _waiting(runs: list[Forecast], words: Words) -> str:
    """Say what an empty record waits for."""
    if not runs:
        return words("track_record.none_runs")
    formats = Formats(words.language)
    first = min(each.first_target for each in runs)
    return words("track_record.none_come", runs=formats.number(len(runs)), day=formats.day(first))

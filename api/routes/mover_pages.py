"""The page of movers 涨跌榜 of a family, and all of them as CSV."""

from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.datastructures import QueryParams

from api.callers import Anyone, TheStation
from api.languages import language_of
from api.publication.moves import PERIODS, Moves, MovesAsked, Parts, Period, Way, moves_of, parts_between
from api.publication.overview import index_name, overview_of
from api.routes.index_pages import Name, release_named
from api.routes.pages import PAGE
from api.station import Station
from api.web.conditional import conditional
from api.web.csv_body import MEDIA_TYPE
from api.web.index_movers import HISTORIES, LEVELS, class_names, movers_csv, movers_view
from api.web.kept import Kept
from api.web.kept_reading import kept_or_read
from api.web.site import page
from api.web.turns import Turns
from api.web.words import words_in
from priceindex.classification import CLASSES, Level
from priceindex.releases.release import Release

router = APIRouter(include_in_schema=False)

_WAYS: Final[tuple[Way, ...]] = ("both", "up", "down")
_moves: Kept[tuple[str, str, MovesAsked], Moves] = Kept(limit=64)
"""Movements by release, the digest of its values and what was asked."""
_parts: Kept[tuple[str, str, str], Parts] = Kept(limit=16)
"""Contributions by release, the digest of its inputs and the period."""
_turns = Turns()


@router.api_route("/index/{named}/movers", methods=PAGE)
def movers_page(named: Name, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Show what rose and fell most over a day, week, month or year, with what it gave the composite."""
    found = _found(named, request.query_params, station)
    if found is None:
        return page(request, "no_index.html", status=404)
    release, moves, levels = found
    asked, way, words = (
        _asked(request.query_params),
        _way(request.query_params),
        words_in(language_of(request)),
    )
    parts = _contributions(station, release, moves, asked)
    return page(
        request,
        "movers.html",
        wide=True,
        parts={
            "view": movers_view(moves, parts, asked, way, words),
            "asked": asked,
            "way": way,
            "ways": _WAYS,
            "periods": PERIODS,
            "levels": levels,
            "histories": HISTORIES,
            "classes": class_names(words),
            "release": release,
            "name": index_name(release, words.language),
        },
    )


@router.api_route("/index/{named}/movers.csv", methods=PAGE)
def movers_file(named: Name, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Return everything that moved as CSV, the largest move first."""
    found = _found(named, request.query_params, station)
    if found is None:
        return page(request, "no_index.html", status=404)
    release, moves, _ = found
    asked, way = _asked(request.query_params), _way(request.query_params)
    parts = _contributions(station, release, moves, asked)
    body = movers_csv(release, moves, parts, asked, way, words_in(language_of(request)))
    name = f"{release.release_id}-movers-{asked.period}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Vary": "Accept-Language"}
    return conditional(request, body, MEDIA_TYPE, headers=headers)


def _found(named: str, query: QueryParams, station: Station) -> tuple[Release, Moves, list[Level]] | None:
    asked = _asked(query)
    with station.database.read() as session:
        release = release_named(session, named, station.clock())
        if release is None:
            return None
        levels = [level for level in LEVELS if level in overview_of(session, release).levels]
        key = (release.release_id, release.values_sha256, asked)
        return release, _moves.get(key, lambda: moves_of(session, release, asked)), levels


def _contributions(station: Station, release: Release, moves: Moves, asked: MovesAsked) -> Parts:
    before = moves.before
    if before is None or not moves.moves or asked.level not in (Level.CLASS, Level.HERB, Level.GRADE):
        return {}
    key = (release.release_id, release.bundle_sha256, asked.period)
    return kept_or_read(
        _parts, _turns, station, key, lambda session: parts_between(session, release, before, moves.day)
    )


def _asked(query: QueryParams) -> MovesAsked:
    """Read what is ranked; what is not known is as if it were not said."""
    level = next((each for each in LEVELS if each.value == query.get("level")), Level.HERB)
    period: Period = next((each for each in PERIODS if each == query.get("period")), "month")
    history = next((each for each in HISTORIES if str(each) == query.get("history")), 0)
    part_class = query.get("part", "")
    return MovesAsked(
        level=level,
        period=period,
        part_class=part_class if part_class in CLASSES and level in (Level.HERB, Level.GRADE) else "",
        history_months=history,
    )


def _way(query: QueryParams) -> Way:
    return next((each for each in _WAYS if each == query.get("way")), "both")

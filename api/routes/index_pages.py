"""The index pages: the newest release, a family's newest, a named release, each down to its grades."""

from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request, Response
from sqlmodel import Session

from api.callers import Anyone, TheStation
from api.languages import language_of
from api.publication.cell_prices import cell_prices
from api.publication.forecast_views import forecast_beside
from api.publication.index_events import events_of
from api.publication.overview import family_of, finest, index_name, overview_of, run_of
from api.publication.reading import newest_releases
from api.routes.pages import PAGE
from api.station import Station
from api.web.chart_tables import parts_csv
from api.web.event_words import EventLine, event_lines
from api.web.index_page import CUTS, Chosen, NodeView, last_period, newest_of_families, node_view
from api.web.kept import Kept
from api.web.notice_words import notice_words
from api.web.scan import receipt_path
from api.web.site import page
from api.web.words import Words, words_in
from ledger import log
from priceindex import service
from priceindex.classification import COMPOSITE, Level
from priceindex.errors import UnknownRelease
from priceindex.families import all_families
from priceindex.releases.cross_section import Section, cross_section
from priceindex.releases.notices import notices
from priceindex.releases.release import Release
from priceindex.releases.series import FREQUENCIES, Frequency
from priceindex.releases.standing import Standing, standing_of

router = APIRouter(include_in_schema=False)

_views: Kept[tuple[str, str, Chosen, str, tuple[EventLine, ...]], NodeView] = Kept(limit=64)
"""Views of nodes, by release, the digest of its values, what was chosen, the language, and the events."""
NOTICES: Final = 5
RELEASES: Final = 20
"""Releases listed below the chart."""

Name = Annotated[str, Path(max_length=10_000)]
Asked = Annotated[str | None, Query(max_length=10_000)]


@router.api_route("/index", methods=PAGE)
def newest_index(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    family: Asked = None,
) -> Response:
    """Show the newest release, of the family named or of all."""
    with station.database.read() as session:
        return _shown(request, session, station, newest_release(session, family, station.clock()))


@router.api_route("/index/{named}", methods=PAGE)
def named_index(named: Name, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Show the newest release of a family, or one release as it was published."""
    with station.database.read() as session:
        found = release_named(session, named, station.clock())
        return _shown(request, session, station, found)


def release_named(session: Session, named: str, now_ms: int) -> Release | None:
    """Return the newest release of a family, or the release of that id; None where there is neither."""
    if named in {each.id for each in all_families()}:
        return newest_release(session, named, now_ms)
    try:
        return service.release(session, named, public_at_ms=now_ms)
    except UnknownRelease:
        return None


def newest_release(session: Session, family: str | None, now_ms: int) -> Release | None:
    """Return the newest release of a family; without one, of the composite published last.

    A composite that still stands goes before one that was suspended or terminated.
    """
    found = [each for each in newest_releases(session, now_ms) if family in (None, each.family)]
    composites = [each for each in found if family_of(each).kind == "composite"] or found
    standing = [
        each for each in composites if standing_of(session, each.family, now_ms).standing not in _HALTED
    ]
    return max(standing or composites, key=lambda each: (each.last_day, each.published_ms), default=None)


_HALTED: Final = (Standing.SUSPENDED, Standing.TERMINATED)


def _shown(request: Request, session: Session, station: Station, release: Release | None) -> Response:
    chosen = None if release is None else chosen_of(request, release)
    if release is None or chosen is None:
        return _not_there(request, session, station)
    words = words_in(language_of(request))
    events = _events(session, station, release, chosen, words)
    key = (release.release_id, release.values_sha256, chosen, words.language, events)
    try:
        view = _views.get(key, lambda: _view(session, release, chosen, words, events))
    except LookupError:
        return _not_there(request, session, station)
    parts = _parts(session, station, release, words)
    forecast = forecast_beside(session, release, chosen, words, as_of_ms=station.clock())
    seen = {"view": view, "chosen": chosen, "forecast": forecast}
    drawn = {"parts": view.parts, "herb-parts": view.herb_parts}
    files = {
        name: partial(parts_csv, each, release.release_id, release.last_day)
        for name, each in drawn.items()
        if each is not None
    }
    return page(request, "index.html", wide=True, parts={**parts, **seen}, files=files)


def _not_there(request: Request, session: Session, station: Station) -> Response:
    """Say that there is no such index, with those there are."""
    newest = list(newest_releases(session, station.clock()))
    families = newest_of_families(newest, language_of(request))
    return page(request, "no_index.html", status=404, parts={"families": families})


def chosen_of(request: Request, release: Release) -> Chosen | None:
    """Read what a reader looks at; None where there is no such level."""
    asked = request.query_params
    levels = {str(level): level for level in Level}
    level = levels.get(asked.get("level", Level.COMPOSITE))
    cut = levels.get(asked.get("cut", Level.CLASS))
    frequencies = family_of(release).values.frequencies
    frequency: Frequency = next(
        (each for each in frequencies if each == asked.get("frequency")), finest(family_of(release))
    )
    if level is None or cut not in CUTS:
        return None
    return Chosen(level=level, node=asked.get("node", COMPOSITE)[:100], frequency=frequency, cut=cut)


def _events(
    session: Session, station: Station, release: Release, chosen: Chosen, words: Words
) -> tuple[EventLine, ...]:
    """Return what happened to a node: up to now for the newest release, up to its own moment for others."""
    now_ms = station.clock()
    newest = service.latest(session, release.family, public_at_ms=now_ms)
    is_newest = newest is not None and newest.release_id == release.release_id
    as_of_ms = now_ms if is_newest else release.published_ms
    found = events_of(session, release, chosen.level, chosen.node, as_of_ms=as_of_ms)
    return event_lines(found, release, words)


def _view(
    session: Session, release: Release, chosen: Chosen, words: Words, events: tuple[EventLine, ...]
) -> NodeView:
    """Make the view of a node; raises LookupError when the release does not have it."""
    overview = overview_of(session, release)
    state = overview.find(chosen.level, chosen.node)
    if state is None:
        raise LookupError(chosen.node)
    section = Section(
        family=release.family,
        ordinal=release.ordinal,
        frequency=chosen.frequency,
        levels=(chosen.level,),
        node=chosen.node,
        last=last_period(release),
    )
    told = [each.observation for each in cross_section(session, section, as_of_ms=release.published_ms)]
    if not any(each.point.value is not None for each in told):
        raise LookupError(chosen.node)
    cells = cell_prices(run_of(session, release), chosen.node) if chosen.level is Level.GRADE else ()
    return node_view(overview, state, told, cells, chosen, words, events)


def _parts(session: Session, station: Station, release: Release, words: Words) -> dict[str, object]:
    """Return what the page shows beside the node: families, standing, notices, releases, proof."""
    now_ms, language = station.clock(), words.language
    family = family_of(release)
    standing = standing_of(session, release.family, now_ms)
    newest = list(newest_releases(session, now_ms))
    scope = family.scope_zh if language == "zh" else family.scope_en
    levels = overview_of(session, release).levels
    return {
        "name": index_name(release, language),
        "scope": scope[:1].upper() + scope[1:],
        "status": words(f"index.status_{release.status}"),
        "standing": standing,
        "halted": standing.standing in _HALTED,
        "standing_words": standing.standing.words(language),
        "notices": [
            (each, notice_words(each, words))
            for each in notices(session, release.family, as_of_ms=now_ms, limit=NOTICES)
        ],
        "families": newest_of_families(newest, language),
        "cuts": [level for level in CUTS if level in levels],
        "frequencies": [each for each in FREQUENCIES if each in family.values.frequencies],
        "weights": words(f"index.weights_{family.weights.rule}"),
        "release": release,
        "is_newest": any(each.release_id == release.release_id for each in newest),
        "releases": service.releases(session, release.family, limit=RELEASES, public_at_ms=now_ms),
        "entry": log.indices(session, [release.statement_id]).get(release.statement_id),
        "receipt": receipt_path(release.statement_id),
        "vkey": station.vkey,
    }

"""The vintages of an index: what an earlier release said beside today's values, with every revision."""

from functools import partial
from typing import Final

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from api.callers import Anyone, TheStation
from api.languages import language_of
from api.publication.overview import family_of, index_name, overview_of
from api.routes.index_pages import Name, chosen_of, newest_release, release_named
from api.routes.pages import PAGE
from api.station import Station
from api.web.chart_tables import vintages_csv
from api.web.conditional import conditional
from api.web.csv_body import MEDIA_TYPE
from api.web.index_page import Chosen, base_words, last_period, way_to
from api.web.index_vintages import VintageView, revisions_csv, vintage_view
from api.web.kept import Kept
from api.web.node_names import node_name
from api.web.notice_words import notice_words
from api.web.site import page
from api.web.words import Words, words_in
from priceindex import service
from priceindex.classification import Level
from priceindex.releases.cross_section import Section, cross_section
from priceindex.releases.notices import notices
from priceindex.releases.observations import Observation
from priceindex.releases.release import Release

router = APIRouter(include_in_schema=False)

VINTAGES: Final = 100
"""Releases a reader may choose from."""
NOTICES: Final = 50
_views: Kept[tuple[str, str, str, Chosen, str], VintageView] = Kept(limit=32)
"""By both releases, the digest of the newer one's values, what was chosen, and the language."""


@router.api_route("/index/{named}/vintages", methods=PAGE)
def vintages_page(named: Name, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Show a node as of the release that `as_of` names, or the one before the newest, and as of today."""
    words = words_in(language_of(request))
    with station.database.read() as session:
        parts = _parts(session, station, named, request, words)
    if parts is None:
        return page(request, "no_index.html", status=404)
    view, then, now = parts["view"], parts["earlier"], parts["release"]
    files = {}
    if isinstance(view, VintageView) and isinstance(then, Release) and isinstance(now, Release):
        files["vintages"] = partial(vintages_csv, view.rows, then.release_id, now.release_id)
    return page(request, "vintages.html", wide=True, parts=parts, files=files)


@router.api_route("/index/{named}/revisions.csv", methods=PAGE)
def revisions_file(named: Name, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Return every value of a node that is another today than it was at a release."""
    words = words_in(language_of(request))
    with station.database.read() as session:
        parts = _parts(session, station, named, request, words)
    if parts is None or not isinstance(view := parts["view"], VintageView):
        return page(request, "no_index.html", status=404)
    earlier = parts["earlier"]
    if not isinstance(earlier, Release):
        return page(request, "no_index.html", status=404)
    headers = {"Content-Disposition": f'attachment; filename="{earlier.release_id}-revisions.csv"'}
    return conditional(request, revisions_csv(view.revisions, earlier), MEDIA_TYPE, headers=headers)


def _parts(
    session: Session, station: Station, named: str, request: Request, words: Words
) -> dict[str, object] | None:
    now_ms, language = station.clock(), words.language
    found = release_named(session, named, now_ms)
    newest = None if found is None else newest_release(session, found.family, now_ms)
    chosen = None if newest is None else chosen_of(request, newest)
    if newest is None or chosen is None:
        return None
    known = service.releases(session, newest.family, limit=VINTAGES, public_at_ms=now_ms)
    asked = request.query_params.get("as_of", "")
    earlier = next((each for each in known if each.release_id == asked), known[min(1, len(known) - 1)])
    overview = overview_of(session, newest)
    state = overview.find(chosen.level, chosen.node)
    if state is None:
        return None
    family, name = family_of(newest), node_name(chosen.level, chosen.node, language)
    if chosen.level is Level.COMPOSITE:
        name = index_name(newest, language)
    key = (earlier.release_id, newest.release_id, newest.values_sha256, chosen, language)
    return {
        "view": _views.get(key, lambda: _view(session, earlier, newest, chosen, name, words)),
        "name": name,
        "index_name": index_name(newest, language),
        "way": way_to(overview, state, language),
        "chosen": chosen,
        "release": newest,
        "earlier": earlier,
        "releases": known,
        "frequencies": family.values.frequencies,
        "notices": [
            (each, notice_words(each, words))
            for each in notices(session, newest.family, as_of_ms=now_ms, limit=NOTICES)
        ],
    }


def _view(
    session: Session, earlier: Release, newest: Release, chosen: Chosen, name: str, words: Words
) -> VintageView:
    then, now = (_told(session, each, chosen) for each in (earlier, newest))
    family = family_of(newest)
    said = (name, base_words(family, now, words), earlier.release_id)
    return vintage_view(then, now, family, said, words, chosen.frequency)


def _told(session: Session, release: Release, chosen: Chosen) -> list[Observation]:
    section = Section(
        family=release.family,
        ordinal=release.ordinal,
        frequency=chosen.frequency,
        levels=(chosen.level,),
        node=chosen.node,
        last=last_period(release),
    )
    return [each.observation for each in cross_section(session, section, as_of_ms=release.published_ms)]

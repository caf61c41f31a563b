"""The index page of the newest or of a named release, and its values as CSV."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from sqlmodel import Session

from api.callers import Anyone, TheStation
from api.languages import language_of
from api.routes.pages import PAGE
from api.web.conditional import IMMUTABLE, conditional
from api.web.csv_body import MEDIA_TYPE, csv_body
from api.web.index_page import ReleaseView, index_parts, release_view
from api.web.kept import Kept
from api.web.site import page
from api.web.words import words_in
from ledger import log
from priceindex import service
from priceindex.classification import Level
from priceindex.errors import UnknownRelease
from priceindex.releases.series import Series
from priceindex.service import Release

router = APIRouter(include_in_schema=False)

_views: Kept[tuple[str, str, str], ReleaseView] = Kept(limit=32)
"""Views of releases, by the digest of their values and the language: reading two years of series takes
most of a second, and a release never changes."""

ReleaseName = Annotated[str, Path(max_length=10_000)]


@router.api_route("/index", methods=PAGE)
def newest_index(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    family: Annotated[str | None, Query(max_length=10_000)] = None,
) -> Response:
    """Show the newest release, of the family named or of all."""
    with station.database.read() as session:
        found = service.releases(session, family) if family is None or family.isascii() else []
        if not found:
            return page(request, "no_index.html", status=404)
        newest = max(found, key=lambda release: (release.last_day, release.published_ms))
        return _shown(request, session, newest, station.vkey)


@router.api_route("/index/{release_id}.csv", methods=PAGE)
def index_csv(release_id: ReleaseName, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Return every published value of the composite, the classes and the herbs as CSV (RFC 4180)."""
    with station.database.read() as session:
        try:
            found = service.release(session, release_id)
        except UnknownRelease:
            return page(request, "no_index.html", status=404)
        written = _csv(found, _series(session, found.release_id))
    named = {"Content-Disposition": f'attachment; filename="{found.release_id}.csv"'}
    return conditional(request, written, MEDIA_TYPE, cache=IMMUTABLE, headers=named)


@router.api_route("/index/{release_id}", methods=PAGE)
def release_index(release_id: ReleaseName, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Show one release as it was published."""
    with station.database.read() as session:
        try:
            found = service.release(session, release_id)
        except UnknownRelease:
            return page(request, "no_index.html", status=404)
        return _shown(request, session, found, station.vkey)


def _shown(request: Request, session: Session, release: Release, vkey: str) -> Response:
    words = words_in(language_of(request))
    key = (release.release_id, release.values_sha256, words.language)
    view = _views.get(key, lambda: release_view(release, _series(session, release.release_id), words))
    entry = log.indices(session, [release.statement_id]).get(release.statement_id)
    parts = {**index_parts(release, view, service.releases(session), entry, words), "vkey": vkey}
    return page(request, "index.html", wide=True, parts=parts)


def _series(session: Session, release_id: str) -> dict[Level, list[Series]]:
    """Return the series of a release by level, down to the herbs."""
    levels = (Level.COMPOSITE, Level.CLASS, Level.HERB)
    return {
        level: [
            service.values(session, release_id, level, line.node)
            for line in service.nodes(session, release_id, level)
        ]
        for level in levels
    }


def _csv(release: Release, series: dict[Level, list[Series]]) -> bytes:
    named = (release.release_id,)
    rows = (
        (*named, level.value, each.node, point.day.isoformat(), point.shown(), point.value,
         point.imputed_bp, point.stale_bp)
        for level, found in series.items()
        for each in found
        for point in each.points
    )  # fmt: skip
    return csv_body(
        ["release", "level", "node", "day", "value", "value_unrounded", "imputed_bp", "stale_bp"], rows
    )

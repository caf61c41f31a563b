"""Comparing up to five published series on one scale, chosen by a form that needs no script."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from api.callers import Anyone, TheStation
from api.languages import language_of
from api.publication.compared import MOST, Rebased, SeriesKey, common_base, keys_of, read, rebased, written
from api.publication.family_names import family_names
from api.publication.node_search import search
from api.publication.overview import NodeState, index_name, overview_of
from api.routes.index_pages import newest_release
from api.routes.pages import PAGE
from api.station import Station
from api.web.conditional import conditional
from api.web.csv_body import MEDIA_TYPE
from api.web.index_compare import compared_csv, compared_view
from api.web.node_names import node_name
from api.web.site import page
from api.web.words import words_in
from priceindex.classification import COMPOSITE, Level
from priceindex.families import all_families
from priceindex.releases.release import Release

router = APIRouter(include_in_schema=False)

CANDIDATES: Final = 12
"""Matches offered where what was typed names several series."""
_LONGEST: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What a reader wants to compare."""

    family: Release
    """The newest release of the family that names are looked up in."""
    keys: tuple[SeriesKey, ...]
    found: tuple[Rebased, ...]
    base: date | None
    candidates: tuple[NodeState, ...]
    typed: str


@router.api_route("/index/compare", methods=PAGE)
def compare_page(request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Show the series chosen, and what can be added to them."""
    words = words_in(language_of(request))
    asked = _read(request, station)
    if asked is None:
        return page(request, "no_index.html", status=404)
    chosen = [each.told.key for each in asked.found]
    return page(
        request,
        "compare.html",
        wide=True,
        parts={
            "view": compared_view(asked.found, asked.base, words) if asked.base else None,
            "family": asked.family.family,
            "name": index_name(asked.family, words.language),
            "families": _families(station, words.language),
            "series": written(chosen),
            "full": len(chosen) >= MOST,
            "most": MOST,
            "typed": asked.typed,
            "unknown": bool(asked.typed) and not asked.candidates and len(chosen) == len(asked.keys),
            "lost": len(asked.keys) - len(chosen),
            "candidates": [
                (
                    node_name(each.level, each.node, words.language),
                    each.level,
                    written([*chosen, SeriesKey(asked.family.family, each.level, each.node)]),
                )
                for each in asked.candidates
            ],
        },
    )


@router.api_route("/index/compare.csv", methods=PAGE)
def compare_file(request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Return every day of the series chosen, as published and rebased."""
    asked = _read(request, station)
    if asked is None or asked.base is None:
        return page(request, "no_index.html", status=404)
    body = compared_csv(asked.found, asked.base)
    headers = {"Content-Disposition": 'attachment; filename="compared.csv"'}
    return conditional(request, body, MEDIA_TYPE, headers=headers)


def _read(request: Request, station: Station) -> _Asked | None:
    """Read and look up what is asked for; None before anything was published."""
    query, now_ms = request.query_params, station.clock()
    family = query.get("family", "")
    with station.database.read() as session:
        release = newest_release(session, family if family in _known() else None, now_ms)
        if release is None:
            return None
        keys = keys_of(query.get("series", "")) or [SeriesKey(release.family, Level.COMPOSITE, COMPOSITE)]
        typed = query.get("asked", "").strip()[:_LONGEST]
        candidates = _candidates(session, release, typed)
        if len(candidates) == 1 and len(keys) < MOST:
            keys = list(
                dict.fromkeys([*keys, SeriesKey(release.family, candidates[0].level, candidates[0].node)])
            )
            candidates, typed = [], ""
        told = [each for key in keys if (each := read(session, key, now_ms)) is not None]
    base = common_base(told, _day(query.get("base", ""))) if told else None
    return _Asked(
        family=release,
        keys=tuple(keys),
        found=tuple(rebased(each, base) for each in told) if base else (),
        base=base,
        candidates=tuple(candidates[:CANDIDATES]),
        typed=typed,
    )


def _candidates(session: Session, release: Release, typed: str) -> list[NodeState]:
    """Return what a typed name may mean: the node called so, the only herb among them, or all that match."""
    found = search(overview_of(session, release), typed)
    named = [each for each in found if each.node == typed]
    herbs = [each for each in found if each.level is Level.HERB]
    return named or (herbs if len(herbs) == 1 else found)


def _known() -> set[str]:
    return {each.id for each in all_families()}


def _families(station: Station, language: str) -> list[tuple[str, str]]:
    with station.database.read() as session:
        names = family_names(session, language, station.clock())
    return sorted(names.items(), key=lambda each: each[1])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

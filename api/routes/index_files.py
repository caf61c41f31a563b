"""A release's values as a file, and its bulletin: what is published under these addresses never changes."""

from functools import partial
from typing import Annotated

import orjson
from fastapi import APIRouter, Path, Request, Response
from sqlmodel import Session

from api.callers import Anyone, TheStation
from api.languages import language_of
from api.publication.answer_format import MEDIA_TYPES, SUFFIXES, AnswerFormat
from api.publication.bulletins import bulletin_sheet, read_bulletin
from api.publication.overview import family_of, finest
from api.publication.reading import lines_of
from api.publication.value_columns import NAMES
from api.publication.value_table import ValueLine, values_csv, values_parquet
from api.routes.pages import PAGE
from api.sdmx.data_message import REPLACE, data_csv
from api.station import Station
from api.web.bulletin import Bulletin
from api.web.bulletin_pdf import MEDIA_TYPE as PDF
from api.web.chart_tables import parts_csv
from api.web.conditional import IMMUTABLE, conditional
from api.web.index_page import last_period
from api.web.site import page
from api.web.words import words_in
from priceindex import service
from priceindex.classification import Level
from priceindex.errors import UnknownRelease
from priceindex.releases.cross_section import Section, cross_section
from priceindex.releases.release import Release
from trace.labels.label_font import find_font

router = APIRouter(include_in_schema=False)

ReleaseName = Annotated[str, Path(max_length=10_000)]
LEVELS = tuple(level for level in Level if level is not Level.GRADE)
"""What a release's file holds: grades are read one by one, or all of them by the bundle."""


# The lowest is registered first: `.csv` alone would take `.sdmx.csv` too.
@router.api_route("/index/{release_id}.parquet", methods=PAGE)
@router.api_route("/index/{release_id}.json", methods=PAGE)
@router.api_route("/index/{release_id}.csv", methods=PAGE)
@router.api_route("/index/{release_id}.sdmx.csv", methods=PAGE)
def release_file(release_id: ReleaseName, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Return every value of the composite, the classes, the herbs and the cuts as one file."""
    chosen = next(each for each, suffix in _LONGEST_FIRST if request.url.path.endswith(f".{suffix}"))
    with station.database.read() as session:
        try:
            found = service.release(session, release_id, public_at_ms=station.clock())
        except UnknownRelease:
            return page(request, "no_index.html", status=404)
        lines = _lines(session, found)
    body = _written(chosen, found, lines)
    name = f"{found.release_id}.{SUFFIXES[chosen]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return conditional(request, body, MEDIA_TYPES[chosen], cache=IMMUTABLE, headers=headers)


@router.api_route("/index/{release_id}/bulletin", methods=PAGE)
def bulletin_page(release_id: ReleaseName, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Show the bulletin 公报 of a release."""
    try:
        told = _bulletin(request, station, release_id)
    except UnknownRelease:
        return page(request, "no_index.html", status=404)
    files = {}
    if told.drawing is not None:
        files["parts"] = partial(parts_csv, told.drawing, told.release_id, told.last_day)
    return page(request, "bulletin.html", wide=True, parts={"bulletin": told}, files=files)


@router.api_route("/index/{release_id}/bulletin.pdf", methods=PAGE)
def bulletin_file(release_id: ReleaseName, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Return the bulletin of a release to print; raises `FontMissing`."""
    try:
        told = _bulletin(request, station, release_id)
    except UnknownRelease:
        return page(request, "no_index.html", status=404)
    body = bulletin_sheet(told, find_font(station.settings.label_font))
    headers = {
        "Content-Disposition": f'inline; filename="{told.release_id}.pdf"',
        "Vary": "Accept-Language",
    }
    return conditional(request, body, PDF, headers=headers)


_LONGEST_FIRST = sorted(SUFFIXES.items(), key=lambda each: -len(each[1]))


def _bulletin(request: Request, station: Station, release_id: str) -> Bulletin:
    now_ms = station.clock()
    with station.database.read() as session:
        found = service.release(session, release_id, public_at_ms=now_ms)
        return read_bulletin(
            session,
            found,
            station.settings.base_url,
            station.vkey,
            words_in(language_of(request)),
            as_of_ms=now_ms,
        )


def _lines(session: Session, release: Release) -> list[ValueLine]:
    section = Section(
        family=release.family,
        ordinal=release.ordinal,
        frequency=finest(family_of(release)),
        levels=LEVELS,
        last=last_period(release),
    )
    return lines_of(release.family, cross_section(session, section, as_of_ms=release.published_ms))


def _written(chosen: AnswerFormat, release: Release, lines: list[ValueLine]) -> bytes:
    if chosen is AnswerFormat.CSV:
        return values_csv(lines)
    if chosen is AnswerFormat.SDMX_CSV:
        return data_csv(lines, REPLACE)
    facts = {
        "release": release.release_id,
        "method": release.method_id,
        "method_sha256": release.method_sha256,
        "input_digest": release.bundle_sha256,
        "values_digest": release.values_sha256,
        "statement_id": release.statement_id,
    }
    if chosen is AnswerFormat.PARQUET:
        return values_parquet(lines, facts)
    rows = [[None if cell is None else _plain(cell) for cell in line.cells()] for line in lines]
    return orjson.dumps({**facts, "columns": NAMES, "rows": rows})


def _plain(cell: object) -> str | int:
    return cell if isinstance(cell, int) else str(cell)

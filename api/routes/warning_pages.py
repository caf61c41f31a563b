"""Warnings as public pages: what is open, and the evidence of one; of public rules alone."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response
from sqlmodel import Session, col, func, select

from api.callers import Anyone, TheStation
from api.evidence_scores import scores_of
from api.kept_warnings import DRAWING, kept_open, kept_rules, kept_scores
from api.languages import language_of
from api.publication.family_names import family_names
from api.routes.pages import PAGE
from api.station import Station
from api.web.chart_tables import window_csv
from api.web.scan import receipt_path
from api.web.site import page
from api.web.warning_course import course_of, published_index
from api.web.warning_evidence import WarningView, warning_view
from api.web.warning_page import WarningsView, warnings_view
from api.web.warning_today import today_of
from api.web.warning_words import band_rows
from api.web.words import Words, words_in
from ledger import log
from priceindex.warning.alerts.happenings import CLASS_FORM
from priceindex.warning.alerts.warning_store import Asking, history, warning, warnings
from priceindex.warning.alerts.warning_tables import WarningWatchRow
from priceindex.warning.rule_text import rule_book
from priceindex.warning.warning_errors import UnknownWarning

router = APIRouter(include_in_schema=False)

ENDED: Final = 50
"""Warnings looked through for those that ended last."""
Named = Annotated[str, Path(max_length=10_000)]


@router.api_route("/warnings", methods=PAGE)
def warnings_page(request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Show the open warnings of public rules, the worst first; nothing open is a good state that says so."""
    words = words_in(language_of(request))
    with DRAWING.turn():
        view = _listed(station, station.clock(), words)
        with station.database.read() as session:
            watched_ms = _watched_ms(session)
        parts = {
            "view": view,
            "bands": band_rows(words.language),
            "watched_ms": watched_ms,
            "book": rule_book(),
        }
        return page(request, "warnings.html", wide=True, parts=parts)


@router.api_route("/warnings/{named}", methods=PAGE)
def warning_page(named: Named, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Show the evidence of one warning of a public rule; of any other there is no page."""
    words = words_in(language_of(request))
    try:
        parts = evidence_parts(station, named[:100], station.clock(), words, regulator=False)
    except UnknownWarning:
        return page(request, "no_warning.html", status=404)
    return page(request, "warning.html", wide=True, parts=parts, files=window_files(parts))


def window_files(parts: Mapping[str, object]) -> dict[str, Callable[[], bytes]]:
    """Return the file of what a page of evidence draws, by name; none where it draws nothing."""
    view = parts["view"]
    if not isinstance(view, WarningView) or not view.window:
        return {}
    return {"window": partial(window_csv, view.line.warning_id, view.window, view.divisor)}


def _listed(station: Station, now_ms: int, words: Words) -> WarningsView:
    asking = Asking(regulator=False)
    standing, told = kept_open(station, asking), kept_rules(station, regulator=False)
    scores = kept_scores(station, standing, regulator=False)
    with station.database.read() as session:
        newest = warnings(session, asking, before=None, limit=ENDED)
        ended = [one for one in newest if not one.open]
        past = scores_of(session, [one.warning_id for one in ended])
        names = family_names(session, words.language, now_ms)
    return warnings_view(standing, ended, told, {**scores, **past}, names, now_ms, words)


def evidence_parts(
    station: Station, named: str, now_ms: int, words: Words, *, regulator: bool
) -> dict[str, object]:
    """Return what a page of evidence needs; with `regulator` what only regulators may see is in it.

    Raises `UnknownWarning`.
    """
    told = kept_rules(station, regulator=regulator)
    with station.database.read() as session:
        found = warning(session, named, regulator=regulator)
        record = next((each for each in told if each.rule.id == found.key.rule), None)
        happened = history(session, found.warning_id)
        shown = found.open or found.key.form == CLASS_FORM
        published = published_index(session, found, now_ms) if shown else None
        view = warning_view(
            found,
            happened,
            record,
            family_names(session, words.language, now_ms),
            now_ms,
            words,
            regulator=regulator,
            today=today_of(session, found, published),
            course=course_of(found, published),
        )
        stated = [line.statement_id for line in view.history if line.statement_id is not None]
        entries = log.indices(session, stated)
    receipts = {named: (entries.get(named), receipt_path(named)) for named in stated}
    return {"view": view, "receipts": receipts}


def _watched_ms(session: Session) -> int | None:
    """Return when the rules last looked at anything."""
    return session.exec(select(func.max(col(WarningWatchRow.watched_ms)))).one()

"""Warnings as pages: what is open, the evidence of one, and a desk where regulators decide without a script.

The public sees public rules alone. Whoever opens the desk pastes a token for every look and every decision;
nothing of it is kept.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response
from pydantic import ValidationError
from sqlmodel import Session, col, func, select
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from api import warning_work
from api.callers import Anyone, Caller, TheStation, address_of, caller_of, require_scope
from api.errors import FieldWrong, TokenMissing
from api.evidence_scores import scores_of
from api.kept_warnings import DRAWING, kept_open, kept_rules, kept_scores
from api.languages import language_of
from api.routes.pages import PAGE
from api.station import Station
from api.tokens import Scope
from api.web.formats import CHINA_MINUTES
from api.web.scan import receipt_path
from api.web.site import page
from api.web.step_form import wrongs
from api.web.warning_evidence import warning_view
from api.web.warning_page import WarningsView, warnings_view
from api.web.warning_today import today_of
from api.web.warning_words import band_rows
from api.web.words import Words, words_in
from ledger import log
from ledger.errors import DaodiError, Location
from priceindex.warning.alerts.deciding import LONGEST_SNOOZE_DAYS, Decision
from priceindex.warning.alerts.happenings import Reason, Warned
from priceindex.warning.alerts.warning_store import Asking, history, warning, warnings
from priceindex.warning.alerts.warning_tables import WarningWatchRow
from priceindex.warning.rule_text import rule_book
from priceindex.warning.warning_errors import UnknownWarning

router = APIRouter(include_in_schema=False)

ENDED: Final = 50
"""Warnings looked through for those that ended last."""
ACTS: Final = ("acknowledge", "snooze", "explain", "close", "reopen")
_MOST_FIELDS: Final = 20
_CHINA: Final = timezone(timedelta(minutes=CHINA_MINUTES))
_READS: Final = frozenset({Scope.WARNINGS_READ, Scope.WARNINGS_DECIDE})
_UNFIT: Final = {
    "reason_zh": "关闭要选原因；说明、关闭、撤销要写理由（至少两个字）；暂缓要填日期",
    "reason_en": "to close, choose a reason; to explain, close or reopen, write why; to snooze, give a day",
}
_UNCHOSEN: Final = {"reason_zh": "先选一条预警", "reason_en": "choose a warning first"}

Named = Annotated[str, Path(max_length=10_000)]


@dataclass(frozen=True, slots=True)
class _Sent:
    """What a browser sent."""

    token: str
    act: str
    """A key of `ACTS`, or `look`."""
    chosen: str
    words: str
    reason: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What whoever sent a form gets to see; without a good token nothing but what was wrong."""

    view: WarningsView | None = None
    shown: dict[str, object] | None = None
    """The evidence of the warning chosen."""
    decided: Warned | None = None
    faults: tuple[DaodiError, ...] = ()


@router.api_route("/warnings", methods=PAGE)
def warnings_page(request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Show the open warnings of public rules, the worst first; nothing open is a good state that says so."""
    words = words_in(language_of(request))
    with DRAWING.turn():
        view = _listed(station, station.clock(), words, regulator=False)
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
        parts = _evidence(station, named[:100], station.clock(), words, regulator=False)
    except UnknownWarning:
        return page(request, "no_warning.html", status=404)
    return page(request, "warning.html", wide=True, parts=parts)


@router.api_route("/desk/warnings", methods=PAGE)
def desk_page(request: Request, caller: Anyone) -> Response:  # noqa: ARG001  declares who may call
    """Ask for a token."""
    return _desk(request, None, _Seen())


@router.post("/desk/warnings")
async def desk_sent(request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  the token is in the form
    """Show every open warning, or decide about the one chosen; what is wrong stands above it."""
    async with request.form(max_fields=_MOST_FIELDS, max_files=0) as form:
        sent = _sent(form)
    try:
        with station.backlog.room():
            seen = await run_in_threadpool(_done, sent, request, station)
    except DaodiError as fault:
        seen = _Seen(faults=(fault,))
    return _desk(request, sent, seen)


def _done(sent: _Sent, request: Request, station: Station) -> _Seen:
    """Do what was asked and look; where it is refused, whoever holds the token still sees the list."""
    who, words = _bearer(sent, request, station), words_in(language_of(request))
    decided, shown, faults = None, None, []
    try:
        decided = None if sent.act == "look" else _decided(sent, who, station)
    except DaodiError as fault:
        faults.append(fault)
    now_ms = station.clock()
    view = _listed(station, now_ms, words, regulator=True)
    try:
        shown = _evidence(station, sent.chosen, now_ms, words, regulator=True) if sent.chosen else None
    except UnknownWarning as fault:
        faults = faults or [fault]
    return _Seen(view=view, shown=shown, decided=decided, faults=tuple(faults))


def _decided(sent: _Sent, who: Caller, station: Station) -> Warned:
    """Decide about the warning chosen; raises `ScopeMissing`, `FieldWrong`, and what deciding refuses."""
    require_scope(who, {Scope.WARNINGS_DECIDE})
    if not sent.chosen:
        raise FieldWrong(at=Location(field="warning"), **_UNCHOSEN)
    return warning_work.decide(station, sent.chosen, _decision(sent), who)


def _bearer(sent: _Sent, request: Request, station: Station) -> Caller:
    if not sent.token:
        raise TokenMissing
    with station.database.read() as session:
        caller = caller_of(session, sent.token, station.clock(), address_of(request))
    require_scope(caller, _READS)
    return caller


def _decision(sent: _Sent) -> Decision:
    """Read a decision; raises `FieldWrong` where a member is missing or does not belong."""
    told: dict[str, Any] = {"act": sent.act, "words": sent.words or None}
    if sent.act == "close":
        told["reason"] = sent.reason or None
    if sent.act == "snooze":
        told["until"] = _until(sent.until)
    try:
        return Decision(**told)
    except ValidationError as fault:
        raise FieldWrong(at=Location(field="words"), **_UNFIT) from fault


def _until(text: str) -> datetime | None:
    """The end of a day in China; None for what is no day."""
    try:
        return datetime.combine(date.fromisoformat(text), time(23, 59), _CHINA)
    except ValueError:
        return None


def _sent(form: FormData) -> _Sent:
    def text(name: str, most: int) -> str:
        value = form.get(name)
        return value.strip()[:most] if isinstance(value, str) else ""

    act = text("act", 20)
    return _Sent(
        token=text("token", 400),
        act=act if act in ACTS else "look",
        chosen=text("warning", 100),
        words=text("words", 2000),
        reason=text("reason", 20),
        until=text("until", 20),
    )


def _listed(station: Station, now_ms: int, words: Words, *, regulator: bool) -> WarningsView:
    asking = Asking(regulator=regulator)
    standing, told = kept_open(station, asking), kept_rules(station, regulator=regulator)
    scores = kept_scores(station, standing, regulator=regulator)
    with station.database.read() as session:
        newest = warnings(session, asking, before=None, limit=ENDED)
        ended = [one for one in newest if not one.open]
        past = scores_of(session, [one.warning_id for one in ended])
    return warnings_view(standing, ended, told, {**scores, **past}, now_ms, words)


def _evidence(
    station: Station, named: str, now_ms: int, words: Words, *, regulator: bool
) -> dict[str, object]:
    """Return what the evidence page needs; raises `UnknownWarning`."""
    told = kept_rules(station, regulator=regulator)
    with station.database.read() as session:
        found = warning(session, named, regulator=regulator)
        record = next((each for each in told if each.rule.id == found.key.rule), None)
        happened = history(session, found.warning_id)
        view = warning_view(
            found,
            happened,
            record,
            now_ms,
            words,
            regulator=regulator,
            today=today_of(session, found, now_ms),
        )
        stated = [line.statement_id for line in view.history if line.statement_id is not None]
        entries = log.indices(session, stated)
    receipts = {named: (entries.get(named), receipt_path(named)) for named in stated}
    return {"view": view, "receipts": receipts}


def _watched_ms(session: Session) -> int | None:
    """Return when the rules last looked at anything."""
    return session.exec(select(func.max(col(WarningWatchRow.watched_ms)))).one()


def _desk(request: Request, sent: _Sent | None, seen: _Seen) -> Response:
    language = language_of(request)
    parts = {
        "view": seen.view,
        "shown": seen.shown,
        "decided": seen.decided,
        "chosen": "" if sent is None else sent.chosen,
        "typed": sent if seen.decided is None else None,
        "acts": ACTS,
        "reasons": [(str(each), each.words(language)) for each in Reason],
        "longest_days": LONGEST_SNOOZE_DAYS,
        "wrongs": wrongs(seen.faults, language),
    }
    return page(request, "desk_warnings.html", status=422 if seen.faults else 200, wide=True, parts=parts)

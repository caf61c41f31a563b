"""The warnings desk 监管预警台: open warnings in pages, the evidence of one, and what is decided about it.

Regulators' rules are seen here too. Deciding needs the scope to decide; reading does with that to read.
"""

from datetime import date, datetime, time, timedelta, timezone
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response
from pydantic import ValidationError

from api import warning_work
from api.callers import Caller, TheStation, WarningDecider, WarningReader
from api.errors import FieldWrong
from api.kept_warnings import kept_open, kept_scores
from api.languages import language_of
from api.publication.family_names import family_names
from api.routes.desk_sending import led_on, sent
from api.routes.pages import PAGE
from api.routes.warning_pages import evidence_parts, window_files
from api.station import Station
from api.tokens import Scope
from api.web.desk_asked import Asked, asked_of
from api.web.desk_frame import desk_page
from api.web.desk_table import paged, turned
from api.web.desk_typed import Typed, faults_in, said_of
from api.web.desk_warnings import ended_table, open_table
from api.web.formats import CHINA_MINUTES
from api.web.words import words_in
from api.web.work_frame import reader_of
from ledger.errors import DaodiError, Location
from priceindex.warning.alerts.deciding import LONGEST_SNOOZE_DAYS, Decision
from priceindex.warning.alerts.happenings import Reason
from priceindex.warning.alerts.warning_store import Asking, warning, warnings

router = APIRouter(include_in_schema=False)

ACTS: Final = ("acknowledge", "snooze", "explain", "close", "reopen")
_ENDED: Final = 50
_CHINA: Final = timezone(timedelta(minutes=CHINA_MINUTES))
_UNFIT: Final = {
    "reason_zh": "关闭要选原因；说明、关闭、撤销要写理由（至少两个字）；暂缓要填日期",
    "reason_en": "to close, choose a reason; to explain, close or reopen, write why; to snooze, give a day",
}
_ALL: Final = Asking(regulator=True)

Named = Annotated[str, Path(max_length=100)]


@router.api_route("/desk/warnings", methods=PAGE)
def warnings_desk(request: Request, caller: WarningReader, station: TheStation) -> Response:
    """Show every open warning, the worst first, and those that ended last."""
    asked, words = asked_of(request, station.clock()), words_in(language_of(request))
    reader, now_ms = reader_of(request, caller), station.clock()
    standing = kept_open(station, _ALL)
    scores = kept_scores(station, standing, regulator=True)
    some = standing[asked.start : asked.start + asked.limit]
    with station.database.read() as session:
        newest = warnings(session, _ALL, before=None, limit=_ENDED)
        names = family_names(session, words.language, now_ms)
    ended = [each for each in newest if not each.open]
    listed = open_table(paged(some, asked), scores, names, now_ms, reader, words)
    tables = (
        turned(listed, len(some), asked, reader),
        ended_table(ended, names, now_ms, reader, words),
    )
    parts = {"total": len(standing)}
    return desk_page(
        request, caller, asked, "warnings", template="desk_warnings.html", tables=tables, parts=parts
    )


@router.api_route("/desk/warnings/{named}", methods=PAGE)
def warning_desk(named: Named, request: Request, caller: WarningReader, station: TheStation) -> Response:
    """Show the evidence of one warning and what can be decided; raises `UnknownWarning`."""
    return _shown(named, request, caller, station, Typed({}))


@router.post("/desk/warnings/{named}")
async def warning_decided(
    named: Named, request: Request, caller: WarningDecider, station: TheStation
) -> Response:
    """Carry out a decision; who acknowledges what somebody acknowledged already is told so."""

    def answer(typed: Typed) -> Response:
        try:
            with station.database.read() as session:
                before = warning(session, named, regulator=True)
            if typed["act"] == "acknowledge" and before.open and before.acknowledged_ms is not None:
                return led_on(request, caller, f"/desk/warnings/{named}", "acknowledged_before")
            warning_work.decide(station, named, _decision(typed), caller)
        except DaodiError as fault:
            return _shown(named, request, caller, station, typed, fault)
        return led_on(request, caller, f"/desk/warnings/{named}", f"warning_{typed['act']}")

    return await sent(request, station, answer)


def _decision(typed: Typed) -> Decision:
    """Read a decision; raises `FieldWrong` where a part is missing or does not belong."""
    act = typed["act"]
    told: dict[str, Any] = {"act": act, "words": typed["words"] or None}
    if act == "close":
        told["reason"] = typed["reason"] or None
    if act == "snooze":
        told["until"] = _until(typed["until"])
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


def _shown(
    named: str,
    request: Request,
    caller: Caller,
    station: Station,
    typed: Typed,
    fault: DaodiError | None = None,
) -> Response:
    asked: Asked = asked_of(request, station.clock())
    words = words_in(language_of(request))
    evidence = evidence_parts(station, named, station.clock(), words, regulator=True)
    with station.database.read() as session:
        stands = warning(session, named, regulator=True)
    parts = {
        **evidence,
        "stands": stands,
        "decides": bool(caller.scopes & {Scope.WARNINGS_DECIDE, Scope.OPERATOR}),
        "acts": [
            act for act in ACTS if _possible(act, is_open=stands.open, closed=stands.reason is not None)
        ],
        "typed": typed,
        "reasons": [(str(each), each.words(words.language)) for each in Reason],
        "longest_days": LONGEST_SNOOZE_DAYS,
    }
    return desk_page(
        request,
        caller,
        asked,
        "warnings",
        template="desk_warning.html",
        faults=() if fault is None else faults_in(fault),
        parts=parts,
        said=said_of(request, words),
        files=window_files(evidence),
    )


def _possible(act: str, *, is_open: bool, closed: bool) -> bool:
    """Whether an act fits where a warning stands; what ended by itself can only be explained."""
    if act == "explain":
        return True
    return (not is_open and closed) if act == "reopen" else is_open

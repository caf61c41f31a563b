"""Warnings over HTTP: public rules for anyone, the others and all decisions by scope."""

from datetime import date, timedelta
from http import HTTPStatus
from typing import Annotated, Literal, cast

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel
from sqlmodel import Session

from api import warning_work
from api.callers import Caller, TheStation, Visitor, WarningDecider
from api.errors import FieldWrong, ScopeMissing, TokenMissing, TokenRefused, TooManyRequests, WriterClosed
from api.kept_warnings import DRAWING, kept_open, kept_rules
from api.languages import language_of
from api.problems import problems
from api.routes.paging import Limit, Next, read_cursor, split
from api.routes.warning_answers import (
    DigestAnswer,
    RulesAnswer,
    RuleTallyAnswer,
    WarningAnswer,
    WarningPage,
    WarningWhole,
)
from api.station import Station
from api.web.conditional import REVALIDATE, conditional_model
from ledger.errors import Location
from priceindex.calendar import china_day
from priceindex.errors import UnknownFamily
from priceindex.families import family as family_named
from priceindex.releases import release_store
from priceindex.warning.alerts.deciding import Decision
from priceindex.warning.alerts.digests import digest_of
from priceindex.warning.alerts.happenings import Warned
from priceindex.warning.alerts.warning_store import (
    Asking,
    history,
    row_of,
    stand,
    warnings,
)
from priceindex.warning.rule_text import rule_book
from priceindex.warning.sightings import RuleOutcome
from priceindex.warning.warning_errors import (
    SnoozePast,
    UnknownRule,
    UnknownWarning,
    WarningEnded,
    WarningNotClosed,
    WarningTaken,
)

router = APIRouter(prefix="/v1", tags=["warnings"])

WarningId = Annotated[str, Path(pattern=r"^warning-[0-9a-f]{32}$", description="Its id.")]
_TOKEN = (TokenRefused,)


@router.get(
    "/warnings",
    summary="List warnings",
    response_model=WarningPage,
    responses=problems(*_TOKEN, FieldWrong, UnknownFamily, UnknownRule, TooManyRequests),
)
def list_warnings(
    request: Request,
    caller: Visitor,
    station: TheStation,
    which: Annotated[
        Literal["open", "all"], Query(description="open ones, the worst first; or all.")
    ] = "open",
    family: Annotated[str | None, Query(max_length=40)] = None,
    rule: Annotated[str | None, Query(max_length=40)] = None,
    level: Annotated[str | None, Query(max_length=12)] = None,
    node: Annotated[str | None, Query(max_length=100)] = None,
    limit: Limit = 50,
    next: Next = None,  # noqa: A002  the parameter's public name
) -> Response:
    """Return warnings of public rules; with a token of scope `warnings:read` those of regulators' too."""
    language = language_of(request)
    known = None if family is None else family_named(family).id
    asking = Asking(warning_work.sees_all(caller), known, rule, level, node)
    _require_rule(station, asking)
    if which == "open":
        found = _open_after(kept_open(station, asking), next)
        shown, following = split(found, limit, _open_key)
    else:
        before = None if next is None else cast("tuple[int, str]", read_cursor(next, (int, str)))
        with station.database.read() as session:
            found = warnings(session, asking, before=before, limit=limit + 1)
        shown, following = split(found, limit, lambda one: (one.opened_ms, one.warning_id))
    page = WarningPage(warnings=[WarningAnswer.of(one, language) for one in shown], next=following)
    return _answer(request, page, caller)


@router.get(
    "/warnings/digest",
    summary="Read the digest of a day",
    response_model=DigestAnswer,
    responses=problems(*_TOKEN, TooManyRequests),
)
def read_digest(
    request: Request,
    caller: Visitor,
    station: TheStation,
    day: Annotated[date | None, Query(description="A day in China; yesterday when left out.")] = None,
) -> Response:
    """Return what a day brought; for the public, of regulators' rules only how many are open."""
    wanted = day or china_day(station.clock()) - timedelta(days=1)
    with DRAWING.turn(), station.database.read() as session:
        found = digest_of(session, wanted, regulator=warning_work.sees_all(caller))
    return _answer(request, DigestAnswer.of(found, language_of(request)), caller)


@router.get(
    "/warnings/{warning}",
    summary="Read a warning with its evidence",
    response_model=WarningWhole,
    responses=problems(*_TOKEN, UnknownWarning),
)
def read_warning(warning: WarningId, request: Request, caller: Visitor, station: TheStation) -> Response:
    """Return all there is behind a warning; one that the caller may not see is not found."""
    regulator = warning_work.sees_all(caller)
    with station.database.read() as session:
        one = stand(session, [row_of(session, warning, regulator=regulator)])[0]
        events = history(session, warning)
    whole = WarningWhole.whole(one, events, language_of(request), regulator=regulator)
    return _answer(request, whole, caller)


@router.post(
    "/warnings/{warning}/decisions",
    summary="Decide about a warning",
    status_code=HTTPStatus.CREATED,
    response_model=WarningAnswer,
    responses=problems(
        TokenMissing,
        TokenRefused,
        ScopeMissing,
        UnknownWarning,
        WarningEnded,
        WarningNotClosed,
        WarningTaken,
        SnoozePast,
        WriterClosed,
    ),
)
def decide_warning(
    warning: WarningId, decision: Decision, request: Request, caller: WarningDecider, station: TheStation
) -> WarningAnswer:
    """Acknowledge, snooze, explain or close it with a reason, or undo a close; the log keeps it."""
    done = warning_work.decide(station, warning, decision, caller)
    return WarningAnswer.of(done, language_of(request))


@router.get(
    "/warning-rules",
    summary="Read the rules of early warning and their record",
    response_model=RulesAnswer,
    responses=problems(*_TOKEN, UnknownFamily, TooManyRequests),
)
def read_rules(
    request: Request,
    caller: Visitor,
    station: TheStation,
    family: Annotated[
        str | None, Query(max_length=40, description="Tell how far each could judge it.")
    ] = None,
) -> Response:
    """Return every rule the caller may see: bounds, tuning, and the precision people's reasons give it."""
    book, language = rule_book(), language_of(request)
    found = kept_rules(station, regulator=warning_work.sees_all(caller))
    with station.database.read() as session:
        judged = {} if family is None else _judged(session, family_named(family).id)
    answer = RulesAnswer(
        rules_id=book.name,
        digest=book.sha256,
        told_per_week=book.life.told_per_week,
        cool_down_weeks=book.life.cool_down_weeks,
        escalate_hours=book.life.escalate_hours,
        rules=[RuleTallyAnswer.told(each, judged.get(each.rule.id), language) for each in found],
    )
    return _answer(request, answer, caller)


def _require_rule(station: Station, asking: Asking) -> None:
    """Raise `UnknownRule` for what no text of the rules has: no rule in force, nor of any warning opened.

    The text is public, so regulators' rules are known to all; their warnings are not.
    """
    if asking.rule is None or rule_book().named(asking.rule) is not None:
        return
    with station.database.read() as session:
        opened = warnings(session, Asking(asking.regulator, rule=asking.rule), before=None, limit=1)
    if not opened:
        known = ", ".join(
            each.id for each in rule_book().rules if asking.regulator or each.visible == "public"
        )
        raise UnknownRule(at=Location(field="rule", value=asking.rule), rule=asking.rule, known=known)


def _judged(session: Session, family: str) -> dict[str, RuleOutcome]:
    newest = release_store.latest(session, family)
    found = [] if newest is None else warning_work.outcomes_of(session, newest.release_id)
    return {one.rule: one for one in found}


def _open_key(one: Warned) -> tuple[int, int, str]:
    return (-one.state, one.opened_ms, one.warning_id)


def _open_after(found: list[Warned], given: str | None) -> list[Warned]:
    """The open warnings after the last one shown; they are in the order of their key."""
    if given is None:
        return found
    last = cast("tuple[int, int, str]", read_cursor(given, (int, int, str)))
    return [one for one in found if _open_key(one) > last]


def _answer(request: Request, model: BaseModel, caller: Caller) -> Response:
    """Answer; what a token shows is kept by nobody on the way."""
    cache = "private, no-store" if warning_work.sees_all(caller) else REVALIDATE
    return conditional_model(request, model, cache=cache, headers={"Vary": "Accept-Language, Authorization"})

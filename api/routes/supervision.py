"""Supervision 监管: coverage, usage, rates, oversell, late steps and use of codes, as JSON or CSV."""

from datetime import date
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response, UploadFile
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.callers import Supervisor, TheStation
from api.errors import RequestTooLarge, ScopeMissing, TokenMissing, TokenRefused, WriterClosed
from api.problems import problems
from api.routes.inspections import Stated, acting_as
from api.routes.paging import Limit, Next, read_cursor, split
from api.routes.parameters import known_parameters
from api.supervising import (
    Table,
    code_table,
    coverage_table,
    late_table,
    oversell_table,
    scans_table,
    usage_table,
)
from api.web.conditional import conditional
from api.web.csv_body import MEDIA_TYPE, csv_body
from ledger.errors import ManyFaults
from ledger.plain_text import PlainText
from trace.errors import BadCell, BadIdentifier, MissingColumn, UnknownColumn, UnreadableFile
from trace.integrity.integrity_errors import BadPeriod, NotByRegulator
from trace.integrity.periods import Period, period, quarter_of
from trace.steps import event_ms
from trace.supervision.code_use import code_use, scan_counts
from trace.supervision.coverage import DIGITS, coverage
from trace.supervision.late_steps import late_or_missing
from trace.supervision.overselling import oversold
from trace.supervision.rates import Rate, rates
from trace.supervision.supervision_errors import BadUnit, UnitKnown, UnitUnknown
from trace.supervision.suspicious_scans import suspicious_scans
from trace.supervision.trade_register import TradeUnitNew, enter, enter_all, leave
from trace.supervision.trade_sheet import read_register
from trace.supervision.usage import usage

router = APIRouter(prefix="/v1/supervision", tags=["supervision"], dependencies=[Depends(known_parameters)])

PeriodOf = Annotated[
    str | None,
    Query(
        alias="period",
        max_length=6,
        examples=["2026Q3"],
        description="A quarter or year; else the present quarter.",
    ),
]
Area = Annotated[
    str, Query(pattern=r"^(\d{2}|\d{4}|\d{6})?$", description="Digits a GB/T 2260 code begins with.")
]
As = Annotated[Literal["json", "csv"] | None, Query(alias="as", description="json or csv.")]
Level = Annotated[Literal["province", "prefecture", "county"], Query(description="How fine the areas are.")]
Party = Annotated[str | None, Query(min_length=18, max_length=18, description="USCC of a party.")]
Moment = Annotated[AwareDatetime, Query(description="RFC 3339 with offset.")]
UnitId = Annotated[str, Path(max_length=64, pattern=r"^[0-9A-Za-z._-]+$", description="Id in the register.")]

_MOST_FILE = 16 * 1024 * 1024
_ALLOWED = problems(TokenMissing, TokenRefused, ScopeMissing, BadPeriod)
_WRITING = (TokenMissing, TokenRefused, ScopeMissing, NotByRegulator, WriterClosed)


class TableAnswer(BaseModel):
    """A table of supervision; null is what nobody knows."""

    rows: list[dict[str, str | int | None]]
    next: str | None = None


class RateAnswer(BaseModel):
    """So many of so many."""

    part: int
    whole: int
    per_mille: int | None = Field(description="Null of nothing.")

    @classmethod
    def of(cls, rate: Rate) -> "RateAnswer":
        """Return a rate."""
        return cls(part=rate.part, whole=rate.whole, per_mille=rate.per_mille)


class RatesAnswer(BaseModel):
    """The rates of a quarter."""

    period: str
    inspected: RateAnswer = Field(description="Parties of the register that were inspected.")
    inspections_passed: RateAnswer
    tested: RateAnswer = Field(description="Lots packed or sold that a test had settled.")
    tests_passed: RateAnswer


class Departure(BaseModel):
    """When and why a unit left the trade."""

    model_config = ConfigDict(extra="forbid")

    until: date = Field(description="First day it no longer belongs to it.")
    reason: PlainText = Field(min_length=1, max_length=200)


class RegisterTaken(BaseModel):
    """What became of a file."""

    units: int = Field(description="Units in the file.")
    entered: int = Field(description="Those that were new.")


@router.get("/coverage", summary="Coverage of the trade", response_model=TableAnswer, responses=_ALLOWED)
def read_coverage(
    request: Request,
    caller: Supervisor,  # noqa: ARG001  declares who may call
    station: TheStation,
    named: PeriodOf = None,
    area: Area = "",
    level: Level = "prefecture",
    form: As = None,
) -> Response:
    """Return registered, ever and active units by area and node type; the target is 1000 per mille.

    The denominator is the register of the trade on the quarter's last day. `per_mille` is null where the
    register has no entry: that coverage is unknown.
    """
    chosen = _period(named, station.clock())
    with station.database.read() as session:
        found = coverage(session, chosen, digits=DIGITS[level], area=area)
    return _answer(request, coverage_table(found), form)


@router.get("/usage", summary="Use of stages", response_model=TableAnswer, responses=_ALLOWED)
def read_usage(
    request: Request,
    caller: Supervisor,  # noqa: ARG001  declares who may call
    station: TheStation,
    named: PeriodOf = None,
    area: Area = "",
    form: As = None,
) -> Response:
    """Return how many units of each node type recorded each stage, of how many registered."""
    chosen = _period(named, station.clock())
    with station.database.read() as session:
        found = usage(session, chosen, area=area)
    return _answer(request, usage_table(found), form)


@router.get(
    "/rates", summary="Rates of inspections and tests", response_model=RatesAnswer, responses=_ALLOWED
)
def read_rates(
    caller: Supervisor,  # noqa: ARG001  declares who may call
    station: TheStation,
    named: PeriodOf = None,
    area: Area = "",
) -> RatesAnswer:
    """Return how many were inspected and tested, and how many passed."""
    chosen = _period(named, station.clock())
    with station.database.read() as session:
        found = rates(session, chosen, area=area)
    return RatesAnswer(
        period=chosen.name,
        inspected=RateAnswer.of(found.inspected),
        inspections_passed=RateAnswer.of(found.inspections_passed),
        tested=RateAnswer.of(found.tested),
        tests_passed=RateAnswer.of(found.tests_passed),
    )


@router.get("/oversell", summary="Firms that oversold", response_model=TableAnswer, responses=_ALLOWED)
def read_oversell(
    request: Request,
    caller: Supervisor,  # noqa: ARG001  declares who may call
    station: TheStation,
    since: Moment,
    until: Moment,
    party: Party = None,
    herb: Annotated[str | None, Query(max_length=40, description="Chinese name of a herb.")] = None,
    form: As = None,
) -> Response:
    """Return, by firm, herb and form, where more went out than came in within the window (超售)."""
    with station.database.read() as session:
        found = oversold(session, event_ms(since), event_ms(until), party=party, herb=herb)
    return _answer(request, oversell_table(found), form)


@router.get("/late", summary="Late steps and missing stages", response_model=TableAnswer, responses=_ALLOWED)
def read_late(
    request: Request,
    caller: Supervisor,  # noqa: ARG001  declares who may call
    station: TheStation,
    named: PeriodOf = None,
    area: Area = "",
    party: Party = None,
    limit: Limit = 100,
    after: Annotated[Next, Query(alias="next")] = None,
    form: As = None,
) -> Response:
    """Return steps recorded late and goods whose way lacks stages, the newest first."""
    chosen = _period(named, station.clock())
    mark = None if after is None else read_cursor(after, (int, str))
    with station.database.read() as session:
        found = late_or_missing(
            session,
            chosen,
            area=area,
            party=party,
            after=None if mark is None else (int(str(mark[0])), str(mark[1])),
            limit=limit + 1,
        )
    shown, onward = split(found, limit, lambda each: (each.found_ms, each.finding_id))
    return _answer(request, late_table(shown), form, onward)


@router.get("/codes", summary="Use of codes by firm", response_model=TableAnswer, responses=_ALLOWED)
def read_codes(
    request: Request,
    caller: Supervisor,  # noqa: ARG001  declares who may call
    station: TheStation,
    named: PeriodOf = None,
    area: Area = "",
    form: As = None,
) -> Response:
    """Return codes issued, activated, sold and spoiled of each firm, and its scans in the quarter."""
    chosen = _period(named, station.clock())
    with station.database.read() as session:
        used = code_use(session, area=area)
        scanned = scan_counts(session, chosen.since_ms, chosen.until_ms)
    return _answer(request, code_table(used, scanned), form)


@router.get("/scans", summary="Suspicious scans", response_model=TableAnswer, responses=_ALLOWED)
def read_scans(
    request: Request,
    caller: Supervisor,  # noqa: ARG001  declares who may call
    station: TheStation,
    named: PeriodOf = None,
    party: Party = None,
    limit: Limit = 100,
    after: Annotated[Next, Query(alias="next")] = None,
    form: As = None,
) -> Response:
    """Return codes that look copied, or were scanned unused, spoiled, retired or destroyed; with lot, firm.

    The codes stand in the clear: they are for whoever looks into them, not for publication.
    """
    chosen = _period(named, station.clock())
    mark = None if after is None else int(str(read_cursor(after, (int,))[0]))
    with station.database.read() as session:
        found = suspicious_scans(
            session,
            station.code_keys,
            chosen.since_ms,
            chosen.until_ms,
            party=party,
            after=mark,
            limit=limit + 1,
        )
    shown, onward = split(found, limit, lambda each: [each.serial])
    return _answer(request, scans_table(shown), form, onward)


@router.post(
    "/units",
    summary="Enter a unit into the register of the trade",
    status_code=HTTPStatus.CREATED,
    response_model=Stated,
    responses=problems(*_WRITING, UnitKnown, BadUnit, BadIdentifier),
)
def enter_unit(new: TradeUnitNew, caller: Supervisor, station: TheStation) -> Stated:
    """State that a base, market or firm belongs to the trade from a day on."""
    by = acting_as(caller)
    return Stated(
        statement_id=station.writer.submit(
            lambda session: enter(session, station.recorder.declarer, new, by, station.clock())
        )
    )


@router.post(
    "/units/{unit}/departure",
    summary="Let a unit leave the register of the trade",
    status_code=HTTPStatus.CREATED,
    response_model=Stated,
    responses=problems(*_WRITING, UnitUnknown, BadUnit),
)
def unit_leaves(unit: UnitId, departure: Departure, caller: Supervisor, station: TheStation) -> Stated:
    """State from which day on a unit no longer belongs to the trade."""
    by, until = acting_as(caller), departure.until
    return Stated(
        statement_id=station.writer.submit(
            lambda session: leave(
                session, station.recorder.declarer, unit, until, departure.reason, by, station.clock()
            )
        )
    )


@router.post(
    "/register",
    summary="Enter a file of units",
    status_code=HTTPStatus.CREATED,
    response_model=RegisterTaken,
    responses=problems(
        *_WRITING,
        UnreadableFile,
        MissingColumn,
        UnknownColumn,
        BadCell,
        ManyFaults,
        UnitKnown,
        BadUnit,
        BadIdentifier,
        RequestTooLarge,
    ),
)
def take_register(file: UploadFile, caller: Supervisor, station: TheStation) -> RegisterTaken:
    """Enter every unit of a CSV file, or none; units already there with these particulars are passed over."""
    by, body = acting_as(caller), file.file.read(_MOST_FILE + 1)
    if len(body) > _MOST_FILE:
        raise RequestTooLarge(limit=_MOST_FILE)
    units = read_register(body, file.filename or "register.csv")
    entered = station.writer.submit(
        lambda session: enter_all(session, station.recorder.declarer, units, by, station.clock())
    )
    return RegisterTaken(units=len(units), entered=entered)


def _period(named: str | None, now_ms: int) -> Period:
    return quarter_of(now_ms) if named is None else period(named)


def _answer(request: Request, table: Table, form: str | None, onward: str | None = None) -> Response:
    """Answer as CSV where it is asked for, by `?as=` or by `Accept`; else as JSON."""
    accepted = request.headers.get("accept", "")
    headers = {"Vary": "Accept"}
    if form == "csv" or (form is None and "text/csv" in accepted):
        return conditional(request, csv_body(table.heads, table.rows), MEDIA_TYPE, headers=headers)
    body = TableAnswer(rows=table.members, next=onward).model_dump_json().encode()
    return conditional(request, body, "application/json", headers=headers)

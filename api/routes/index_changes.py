"""What moved an index between two days: contributions that add up, and what moved most 涨跌榜."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlmodel import Session

from api.callers import Anyone, TheStation
from api.errors import FieldWrong
from api.languages import language_of
from api.problems import problems
from api.publication.overview import change, comparison_days, run_of
from api.publication.publication_errors import TooManyValues
from api.publication.reading import Asked, moment_ms, read_values
from api.routes.index_answers import (
    ContributionAnswer,
    ContributionsAnswer,
    MoverAnswer,
    MoversAnswer,
    percent,
)
from api.routes.indices import AsOf, FamilyId
from api.routes.paging import Limit
from api.routes.parameters import known_parameters
from api.web.conditional import conditional_model
from ledger.errors import Language
from priceindex import service
from priceindex.calendar import day_number, day_of
from priceindex.classification import Level, node_words
from priceindex.engine.engine_errors import DaysInWrongOrder, NotAnIndexDay, ValueNotPublished
from priceindex.engine.movers import Mover, Span, between
from priceindex.errors import NothingQuoted, UnknownFamily
from priceindex.families import family as family_named
from priceindex.releases.release import Release

router = APIRouter(prefix="/v1/indices", tags=["prices"], dependencies=[Depends(known_parameters)])

Before = Annotated[
    date | None, Query(description="Index day to compare with; the one before `day` when left out.")
]
OnDay = Annotated[date | None, Query(description="Index day; the newest when left out.")]
Direction = Annotated[Literal["up", "down", "both"], Query(description="up, down, or both by size.")]
Over = Annotated[
    Literal["week", "month", "year"] | None,
    Query(description="Compare with a week, month or year before `day`; `before` then says nothing."),
]
_REFUSED: Final = (
    FieldWrong,
    UnknownFamily,
    NothingQuoted,
    NotAnIndexDay,
    DaysInWrongOrder,
    ValueNotPublished,
)


@router.get(
    "/{family}/contributions",
    summary="Take a change apart",
    response_model=ContributionsAnswer,
    responses=problems(*_REFUSED),
)
def read_contributions(
    family: FamilyId,
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    before: Before = None,
    day: OnDay = None,
    level: Annotated[Literal["class", "herb", "grade"], Query(description="Level of the tree.")] = "class",
    as_of: AsOf = None,
) -> Response:
    """Return how many index points each node gave to the composite's change between two index days.

    The parts of a level add up to the change exactly, along the chain where it was linked in between.
    """
    language = language_of(request)
    with station.database.read() as session:
        release, span = _span(session, family, before, day, moment_ms(station.clock(), as_of))
    parts = [each for each in span.contributions if each.level == level]
    return conditional_model(
        request,
        ContributionsAnswer(
            family=family,
            release=release.release_id,
            before=_known(span),
            day=span.day,
            change_points=format(span.change_points, "f"),
            contributions=[
                ContributionAnswer.of(each.level, each.node, each.points, language)
                for each in sorted(parts, key=lambda each: (-abs(each.points), each.node))
            ],
        ),
    )


@router.get(
    "/{family}/movers",
    summary="List what moved most",
    response_model=MoversAnswer,
    responses=problems(*_REFUSED, TooManyValues),
)
def read_movers(
    family: FamilyId,
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    before: Before = None,
    day: OnDay = None,
    level: Annotated[
        Literal["cell", "class", "herb", "grade", "market", "origin", "theme"],
        Query(description="cell for prices, or a level for index values."),
    ] = "cell",
    direction: Direction = "both",
    period: Over = None,
    as_of: AsOf = None,
    limit: Limit = 20,
) -> Response:
    """Return what rose or fell most between two index days: prices of cells, or values of nodes.

    `period` names the earlier day by how far back it lies and stands in for `before`.
    """
    at_ms = moment_ms(station.clock(), as_of)
    with station.database.read() as session:
        release, span = _span(session, family, before, day, at_ms, period)
        if level == "cell":
            found = [_cell(each) for each in span.movers]
        else:
            found = _nodes(session, release, span, Level(level), at_ms, language_of(request))
    wanted = {"up": 1, "down": -1}.get(direction)
    chosen = [each for each in found if wanted is None or each[0] * wanted > 0]
    chosen.sort(key=lambda each: (-abs(each[0]), each[1].node))
    answer = MoversAnswer(
        family=family,
        release=release.release_id,
        before=_known(span),
        day=span.day,
        movers=[each for _, each in chosen[:limit]],
    )
    return conditional_model(request, answer)


def _span(
    session: Session,
    family: str,
    before: date | None,
    day: date | None,
    as_of_ms: int,
    period: Literal["week", "month", "year"] | None = None,
) -> tuple[Release, Span]:
    """Return the family's newest release and what moved; raises `NothingQuoted` before the first."""
    family_named(family)
    release = service.latest(session, family, public_at_ms=as_of_ms)
    if release is None:
        raise NothingQuoted(family=family)
    run = run_of(session, release)
    days = run.days
    until = days[-1] if day is None else day
    earlier = [each for each in days if each < until]
    since = before if before is not None else (earlier[-1] if earlier else until)
    if period is not None:
        compared = comparison_days([day_number(each) for each in (*earlier, until)])
        since = day_of(compared[period]) if period in compared else until
    return release, between(run, since, until)


def _known(span: Span) -> date:
    return span.day if span.before is None else span.before


def _cell(mover: Mover) -> tuple[Decimal, MoverAnswer]:
    before, now = Decimal(mover.before_fen_per_kg) / 100, Decimal(mover.now_fen_per_kg) / 100
    moved = change(now, before) or Decimal(0)
    return moved, MoverAnswer(
        level="cell",
        node="|".join(mover.cell),
        name=" ".join(part for part in mover.cell if part),
        before=f"{before:.2f}",
        now=f"{now:.2f}",
        change=percent(moved) or "0.00",
    )


def _nodes(
    session: Session, release: Release, span: Span, level: Level, as_of_ms: int, language: Language
) -> list[tuple[Decimal, MoverAnswer]]:
    ends = (_known(span), span.day)
    asked = Asked(family=release.family, frequency="day", levels=(level,), as_of_ms=as_of_ms, days=ends)
    values: dict[str, dict[date, Decimal | None]] = {}
    for each in read_values(session, asked):
        point = each.observation.point
        values.setdefault(each.node, {})[point.day] = point.value
    gave = {(each.level, each.node): each.points for each in span.contributions}
    found = []
    for node, told in values.items():
        before, now = told.get(ends[0]), told.get(ends[1])
        moved = change(now, before)
        if moved and before is not None and now is not None:
            answer = MoverAnswer(
                level=level.value,
                node=node,
                name=node_words(level, node, language),
                before=format(before, "f"),
                now=format(now, "f"),
                change=percent(moved) or "0.00",
                contribution=format(gave[level, node], "f") if (level, node) in gave else None,
            )
            found.append((moved, answer))
    return found

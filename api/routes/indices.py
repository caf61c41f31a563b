"""Indices 指数: every one with its newest value, and the values of one as a series or a file."""

from datetime import date
from typing import Annotated, Final, cast

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import AwareDatetime

from api.callers import Anyone, TheStation
from api.errors import FieldWrong
from api.languages import language_of
from api.problems import problems
from api.publication.answer_format import MEDIA_TYPES, SUFFIXES, AnswerFormat, answer_format
from api.publication.overview import overview_of
from api.publication.publication_errors import TooManyValues, UnknownFormat
from api.publication.reading import (
    Asked,
    lines_of,
    moment_ms,
    newest_releases,
    read_values,
    require_series,
)
from api.publication.value_table import values_csv, values_parquet
from api.routes.index_answers import IndexAnswer, IndexPage, ValueAnswer, ValuesAnswer
from api.routes.paging import Limit, Next, read_cursor, split
from api.routes.parameters import known_parameters
from api.routes.release_answer import ReleaseAnswer, ReleasePage
from api.sdmx.data_message import MERGE, REPLACE, data_csv
from api.web.conditional import conditional, conditional_model
from ledger import log
from ledger.errors import Location
from priceindex import service
from priceindex.calendar import day_number, day_of
from priceindex.classification import COMPOSITE, Level, node_words
from priceindex.errors import UnknownFamily, UnknownNode
from priceindex.families import family as family_named
from priceindex.releases.cross_section import NodeObservation
from priceindex.releases.series import Frequency
from priceindex.releases.standing import standing_of

router = APIRouter(prefix="/v1/indices", tags=["prices"], dependencies=[Depends(known_parameters)])

FamilyId = Annotated[
    str,
    Path(max_length=40, pattern=r"^[a-z][a-z0-9-]*$", description="Family 指数系列.", examples=["bozhou"]),
]
AsOf = Annotated[
    AwareDatetime | None,
    Query(description="What was public at this moment (RFC 3339 with an offset); now when left out."),
]
Format = Annotated[
    str | None,
    Query(max_length=40, description="json, csv, parquet or sdmx-csv; else what `Accept` likes best."),
]
_NODE: Final = "Class key, herb, herb|grade, market, origin or theme; `all` for the composite."
_FILES: Final = {
    "description": "JSON in pages; CSV, Parquet and SDMX-CSV whole.",
    "content": {name.partition(";")[0]: {} for name in MEDIA_TYPES.values() if "json" not in name},
}


@router.get(
    "", summary="List indices", response_model=IndexPage, responses=problems(FieldWrong, UnknownFamily)
)
def list_indices(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    family: Annotated[str | None, Query(max_length=40, description="Only this family.")] = None,
    level: Annotated[Level | None, Query(description="Only this level or cut.")] = None,
    as_of: AsOf = None,
    limit: Limit = 50,
    next: Next = None,  # noqa: A002  the parameter's public name
) -> Response:
    """Return the newest value of every node of every family, with its movements and its counts."""
    language, at_ms = language_of(request), moment_ms(station.clock(), as_of)
    after = None if next is None else read_cursor(next, (str, int, str))
    found: list[IndexAnswer] = []
    with station.database.read() as session:
        for release in newest_releases(session, at_ms, family):
            overview = overview_of(session, release)
            standing = str(standing_of(session, release.family, at_ms).standing)
            found += [
                IndexAnswer.of(state, overview, standing, language)
                for state in overview.nodes
                if level in (None, state.level)
            ]
    left = [each for each in found if after is None or _index_key(each) > after]
    shown, following = split(left[: limit + 1], limit, _index_key)
    return conditional_model(request, IndexPage(indices=shown, next=following))


def _index_key(each: IndexAnswer) -> tuple[str, int, str]:
    return each.family, list(Level).index(Level(each.level)), each.node


@router.get(
    "/{family}/values",
    summary="Read an index",
    response_model=ValuesAnswer,
    responses={200: _FILES, **problems(FieldWrong, UnknownFamily, UnknownNode, UnknownFormat, TooManyValues)},
)
def read_index(
    family: FamilyId,
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    level: Annotated[Level, Query(description="Level of the tree, or cut.")] = Level.COMPOSITE,
    node: Annotated[str, Query(max_length=100, description=_NODE)] = COMPOSITE,
    frequency: Annotated[Frequency, Query(description="day, week or month.")] = "day",
    first: Annotated[date | None, Query(description="First day of the first period.")] = None,
    last: Annotated[date | None, Query(description="First day of the last period.")] = None,
    as_of: AsOf = None,
    since: Annotated[
        AwareDatetime | None, Query(description="Only values published after this moment.")
    ] = None,
    history: Annotated[bool, Query(description="Every vintage of each value.")] = False,
    format: Format = None,  # noqa: A002  the parameter's public name
    limit: Limit = 200,
    next: Next = None,  # noqa: A002  the parameter's public name
) -> Response:
    """Return the values of one node, oldest first, each with what it rests on and who said it when.

    `as_of` shows what was public then, `since` only what changed after it, `history` all that was ever
    said. JSON comes in pages of `limit`; files come whole and take no notice of `limit` and `next`.
    """
    chosen = answer_format(format, request.headers.get("accept", ""))
    after = None if next is None or chosen is not AnswerFormat.JSON else read_cursor(next, (int, int))
    asked = Asked(
        family=family,
        frequency=frequency,
        levels=(level,),
        node=node,
        first=_start(first, after),
        last=last,
        as_of_ms=moment_ms(station.clock(), as_of),
        since_ms=None if since is None else moment_ms(station.clock(), since),
        history=history,
    )
    with station.database.read() as session:
        require_series(session, asked)
        found = read_values(session, asked)
    if chosen is not AnswerFormat.JSON:
        return _file(request, chosen, asked, found)
    left = [each for each in found if after is None or _place(each) > after]
    shown, following = split(left[: limit + 1], limit, _place)
    answer = ValuesAnswer(
        family=family,
        level=level.value,
        node=node,
        name=node_words(level, node, language_of(request)),
        frequency=frequency,
        values=[ValueAnswer.of(each.observation) for each in shown],
        next=following,
    )
    return conditional_model(request, answer, headers={"Vary": "Accept, Accept-Language"})


@router.get(
    "/{family}/releases",
    summary="List the releases of a family",
    response_model=ReleasePage,
    responses=problems(FieldWrong, UnknownFamily),
)
def list_family_releases(
    family: FamilyId,
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    as_of: AsOf = None,
    limit: Limit = 50,
    next: Next = None,  # noqa: A002  the parameter's public name
) -> Response:
    """Return the releases of a family that were public at a moment, newest first."""
    known, language = family_named(family).id, language_of(request)
    before = None if next is None else cast("tuple[int, str]", read_cursor(next, (int, str)))
    with station.database.read() as session:
        found = service.releases(
            session,
            known,
            before=before,
            limit=limit + 1,
            public_at_ms=moment_ms(station.clock(), as_of),
        )
        shown, following = split(found, limit, lambda each: (each.published_ms, each.release_id))
        entries = log.indices(session, [each.statement_id for each in shown])
    answers = [ReleaseAnswer.of(each, entries.get(each.statement_id), language) for each in shown]
    return conditional_model(request, ReleasePage(releases=answers, next=following))


def _start(first: date | None, after: tuple[object, ...] | None) -> date | None:
    """Return the first day to read: the one asked for, or that of the page before's last value."""
    if after is None or not isinstance(after[0], int):
        return first
    if not 0 <= after[0] <= _LAST_DAY:
        raise FieldWrong(
            at=Location(field="next"),
            reason_zh="next 不是本服务给出的翻页标记",
            reason_en="next is not a page mark this service gave",
        )
    reached = day_of(after[0])
    return reached if first is None else max(first, reached)


_LAST_DAY: Final = day_number(date(9999, 12, 31))


def _place(each: NodeObservation) -> tuple[int, int]:
    return day_number(each.observation.point.day), each.observation.vintage


def _file(request: Request, chosen: AnswerFormat, asked: Asked, found: list[NodeObservation]) -> Response:
    lines = lines_of(asked.family, found)
    if chosen is AnswerFormat.CSV:
        body = values_csv(lines)
    elif chosen is AnswerFormat.PARQUET:
        body = values_parquet(lines, {"family": asked.family, "frequency": asked.frequency})
    else:
        body = data_csv(lines, REPLACE if asked.since_ms is None else MERGE)
    name = f"{asked.family}-{asked.frequency}.{SUFFIXES[chosen]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Vary": "Accept"}
    return conditional(request, body, MEDIA_TYPES[chosen], headers=headers)

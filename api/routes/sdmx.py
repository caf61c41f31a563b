"""The price index by SDMX REST: structures as SDMX-JSON, values as SDMX-CSV."""

from dataclasses import replace
from typing import Annotated, Final, Literal

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import AwareDatetime

from api.callers import Anyone, TheStation
from api.errors import FieldWrong
from api.problems import problems
from api.publication.publication_errors import TooManyValues, UnknownStructure
from api.publication.reading import Asked, moment_ms, newest_releases, read_together
from api.routes.parameters import known_parameters
from api.sdmx import data_message, structure_message
from api.sdmx.data_query import series_key, time_bounds
from api.sdmx.structure import AGENCY, FLOW, VERSION
from api.web.conditional import conditional
from ledger.canonical import JsonValue
from priceindex.errors import UnknownFamily
from priceindex.releases.series import FREQUENCIES

router = APIRouter(prefix="/v1/sdmx", tags=["prices"], dependencies=[Depends(known_parameters)])

_NAME: Final = r"^[A-Za-z][A-Za-z0-9_-]*$"
Agency = Annotated[str, Path(max_length=40, pattern=_NAME, examples=[AGENCY])]
StructureId = Annotated[str, Path(max_length=60, pattern=_NAME, examples=[FLOW])]
Version = Annotated[str, Path(max_length=20, pattern=r"^[0-9.+~*]+$|^latest$", examples=[VERSION])]
Kind = Annotated[Literal["dataflow", "datastructure", "codelist", "conceptscheme"], Path()]
TimePeriod = Annotated[
    str | None,
    Query(alias="c[TIME_PERIOD]", max_length=100, description="Such as ge:2025-01+le:2025-06 (+ as %2B)."),
]
UpdatedAfter = Annotated[
    AwareDatetime | None,
    Query(alias="updatedAfter", description="Only what was published after this moment, deletions too."),
]
AsOf = Annotated[AwareDatetime | None, Query(alias="asOf", description="What was public at this moment.")]
History = Annotated[bool, Query(alias="includeHistory", description="Every vintage of each value.")]
_THIS_VERSION: Final = (VERSION, "1.0.0", "latest", "~", "+", "*")
"""What names the only version there is."""


@router.get(
    "/structure/{kind}/{agency}/{structure_id}/{version}",
    summary="Read an SDMX structure",
    response_class=Response,
    responses={
        200: {
            "description": "SDMX-JSON 2.0.0 structure message.",
            "content": {"application/vnd.sdmx.structure+json": {}},
        },
        **problems(FieldWrong, UnknownStructure),
    },
)
def read_structure(
    kind: Kind,
    agency: Agency,
    structure_id: StructureId,
    version: Version,
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    references: Annotated[
        Literal["none", "children", "descendants", "all"], Query(description="none for the structure alone.")
    ] = "none",
) -> Response:
    """Return a structure of the price index; with `references` other than none, all it stands on too."""
    known = structure_message.structures()
    found = known[kind].get(structure_id)
    if found is None or agency != AGENCY or version not in _THIS_VERSION:
        raise UnknownStructure(structure=f"{agency}:{structure_id}({version})"[:100])
    chosen: list[tuple[str, dict[str, JsonValue]]] = [(kind, found)]
    if references != "none":
        chosen = [(each, one) for each, listed in known.items() for one in listed.values()]
    body = orjson.dumps(structure_message.message(chosen))
    return conditional(request, body, structure_message.MEDIA_TYPE)


@router.get(
    "/data/dataflow/{agency}/{structure_id}/{version}/{key}",
    summary="Read values by SDMX",
    response_class=Response,
    responses={
        200: {
            "description": "SDMX-CSV 2.1 data message.",
            "content": {"application/vnd.sdmx.data+csv": {}},
        },
        **problems(FieldWrong, UnknownStructure, UnknownFamily, TooManyValues),
    },
)
def read_sdmx_values(
    agency: Agency,
    structure_id: StructureId,
    version: Version,
    key: Annotated[
        str,
        Path(
            max_length=200,
            description="FREQ.FAMILY.LEVEL.NODE; * for any part, or for all.",
            examples=["D.bozhou.composite.all"],
        ),
    ],
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    time_period: TimePeriod = None,
    updated_after: UpdatedAfter = None,
    as_of: AsOf = None,
    include_history: History = False,
) -> Response:
    """Return the values of the series a key names; the whole past is kept, so `asOf` is answered exactly."""
    if (agency, structure_id) != (AGENCY, FLOW) or version not in _THIS_VERSION:
        raise UnknownStructure(structure=f"{agency}:{structure_id}({version})"[:100])
    wanted, (first, last) = series_key(key), time_bounds(time_period)
    as_of_ms = moment_ms(station.clock(), as_of)
    section = Asked(
        family="",
        frequency="day",
        levels=None if wanted.level is None else (wanted.level,),
        node=wanted.node,
        first=first,
        last=last,
        as_of_ms=as_of_ms,
        since_ms=None if updated_after is None else moment_ms(station.clock(), updated_after),
        history=include_history,
    )
    frequencies = FREQUENCIES if wanted.frequency is None else (wanted.frequency,)
    with station.database.read() as session:
        sections = [
            replace(section, family=release.family, frequency=frequency)
            for release in newest_releases(session, as_of_ms, wanted.family)
            for frequency in frequencies
        ]
        found = read_together(session, sections)
    action = data_message.REPLACE if updated_after is None else data_message.MERGE
    return conditional(request, data_message.data_csv(found, action), data_message.MEDIA_TYPE)

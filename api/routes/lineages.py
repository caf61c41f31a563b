"""Lineage 谱系: the whole way of a lot, back to seed and forward to whoever holds what was made from it."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from api.callers import Anyone, TheStation
from api.languages import language_of
from api.problems import problems
from api.routes.codes import LotNumber
from api.routes.vocabulary import Named
from api.web.conditional import conditional, conditional_model
from api.web.csv_body import MEDIA_TYPE
from api.web.formats import local
from api.web.lineage_csv import holders_csv, lineage_csv
from ledger.errors import Language
from trace.errors import UnknownLot
from trace.lineages.lineage_graph import Direction, LineageGraph, LineageLot, LineageStep
from trace.lineages.placements import Placement
from trace.lineages.whereabouts import Whereabouts, whereabouts

router = APIRouter(prefix="/v1", tags=["trace"])


class LineageLotAnswer(BaseModel):
    """One lot of the way."""

    lot: str = Field(examples=["BS-24-0001"])
    level: int = Field(description="Steps from the lot asked about, by the longest way; 0 is that lot.")
    herb: str = Field(examples=["白芍"])
    form: Named
    grade: str | None
    holder: str = Field(description="USCC of who holds it now.")
    holder_name: str
    grams_in: int | None = Field(description="All that ever came in; null for what has no weight.")
    grams_loose: int | None = Field(description="Loose grams with its holder now.")
    grams_packed: int = Field(description="Grams in packs that are still with the lot.")
    per_million: int = Field(
        description="Back: share of the lot asked about that stems from this one. Forward: share of this "
        "one that stems from the lot asked about. In millionths."
    )
    grams: int | None = Field(description="That share in grams; those of all sources sum up exactly.")
    assumed: bool = Field(description="The share rests on sources without weight, counted alike.")
    source: bool = Field(description="Nothing on record was it made from.")
    excipient: bool = Field(
        description="Back: it is in the lot asked about as an excipient only, so its share is none of the "
        "herb's. Forward: that lot is so in this one."
    )
    in_transit: bool
    frozen: bool
    quality: str = Field(description="untested, passed or failed.")
    origin: str | None = Field(description="GB/T 2260 division that all its sources share.")

    @classmethod
    def of(cls, each: LineageLot, graph: LineageGraph, language: Language) -> "LineageLotAnswer":
        """Return a lot in the answer's language."""
        state = each.state
        return cls(
            lot=each.lot,
            level=each.level,
            herb=state.herb,
            form=Named.of(state.form, language),
            grade=state.grade,
            holder=state.holder,
            holder_name=graph.names[state.holder],
            grams_in=state.grams_in,
            grams_loose=state.grams,
            grams_packed=state.packed_grams,
            per_million=each.per_million,
            grams=each.grams,
            assumed=each.assumed,
            source=each.source,
            excipient=each.excipient,
            in_transit=state.in_transit,
            frozen=state.frozen,
            quality=state.quality.value,
            origin=state.origin,
        )


class LineageEdgeAnswer(BaseModel):
    """One lot went into another."""

    source: str
    target: str
    step: str
    grams_in: int | None = Field(description="What the whole step drew from the source.")
    grams_out: int | None = Field(description="What the whole step made of the target.")
    excipient: bool = Field(description="The source went in as an excipient.")


class LineageStepAnswer(BaseModel):
    """A step by which lots were made."""

    step: str
    stage: Named
    time: datetime
    party: str
    party_name: str
    statement_id: str

    @classmethod
    def of(cls, step: LineageStep, graph: LineageGraph, language: Language) -> "LineageStepAnswer":
        """Return a step in the answer's language."""
        return cls(
            step=step.step_id,
            stage=Named.of(step.stage, language),
            time=local(step.event_ms, step.offset_minutes),
            party=step.party,
            party_name=graph.names[step.party],
            statement_id=step.statement_id,
        )


class PlacementAnswer(BaseModel):
    """Goods of one lot with one holder in one state."""

    lot: str
    holder: str | None = Field(description="USCC of who has them; null for end users.")
    holder_name: str
    status: Named | None = Field(
        description="What became of the packs, and `sold` for loose goods sold by mass; null for loose "
        "goods at hand."
    )
    in_transit_to: str | None = Field(description="USCC of the receiver, while they are on the road.")
    packs: int = Field(description="0 for loose goods.")
    grams: int
    grams_attributed: int = Field(description="What of it stems from the lot asked about.")

    @classmethod
    def of(cls, placed: Placement, way: Whereabouts, language: Language) -> "PlacementAnswer":
        """Return a placement in the answer's language."""
        return cls(
            lot=placed.lot,
            holder=placed.holder or None,
            holder_name=way.holder_name(placed.holder, language),
            status=None if placed.status is None else Named.of(placed.status, language),
            in_transit_to=placed.in_transit_to,
            packs=placed.packs,
            grams=placed.grams,
            grams_attributed=placed.attributed_grams,
        )


class LineageAnswer(BaseModel):
    """The way of a lot as a graph: lots are its nodes, edges lead from what went in to what came out."""

    lot: str
    direction: Direction
    lots: list[LineageLotAnswer] = Field(description="The lot asked about first, then by level.")
    edges: list[LineageEdgeAnswer] = Field(description="Oldest first.")
    steps: list[LineageStepAnswer]
    placements: list[PlacementAnswer] = Field(
        description="Where the goods are now, by lot, holder and state; empty when looking back."
    )

    @classmethod
    def of(cls, way: Whereabouts, language: Language) -> "LineageAnswer":
        """Return a way in the answer's language."""
        graph = way.graph
        return cls(
            lot=graph.lot,
            direction=graph.direction,
            lots=[LineageLotAnswer.of(each, graph, language) for each in graph.lots],
            edges=[
                LineageEdgeAnswer(
                    source=edge.source,
                    target=edge.target,
                    step=edge.step_id,
                    grams_in=edge.grams_in,
                    grams_out=edge.grams_out,
                    excipient=edge.excipient,
                )
                for edge in graph.edges
            ],
            steps=[LineageStepAnswer.of(step, graph, language) for step in graph.steps.values()],
            placements=[PlacementAnswer.of(each, way, language) for each in way.placements],
        )


@router.get(
    "/lots/{lot}/lineage",
    summary="Follow a lot back or forward",
    response_model=LineageAnswer,
    responses={
        200: {
            "content": {"text/csv": {}},
            "description": "The graph; a table with `as=csv` or `as=holders`.",
        },
        **problems(UnknownLot),
    },
)
def read_lineage(
    lot: LotNumber,
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    direction: Annotated[Direction, Query(description="Back to seed, or forward to its products.")] = (
        Direction.BACK
    ),
    wanted: Annotated[
        Literal["json", "csv", "holders"],
        Query(
            alias="as",
            description="A graph; its lots as a table for spreadsheets; or where the goods are, as a table.",
        ),
    ] = "json",
) -> Response:
    """Return every lot on the way, at any depth, with what share and how many grams stem from where.

    What a step makes consists of what went in, in proportion to its mass. Shares are public as the log
    is; prices and people are in no part of it.
    """
    language = language_of(request)
    with station.database.read() as session:
        way = whereabouts(session, lot, direction)
    if wanted == "json":
        return conditional_model(request, LineageAnswer.of(way, language))
    table = lineage_csv(way, language) if wanted == "csv" else holders_csv(way, language)
    name = f'attachment; filename="{wanted}-{direction.value}-{lot}.csv"'
    headers = {"Content-Disposition": name, "Vary": "Accept-Language"}
    return conditional(request, table, MEDIA_TYPE, headers=headers)

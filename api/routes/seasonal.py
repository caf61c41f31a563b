"""Seasonal analysis 季节分析: a published index year over year and over rolling years."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from api.callers import Anyone, TheStation
from api.errors import FieldWrong
from api.languages import language_of
from api.problems import problems
from api.publication.reading import moment_ms
from api.routes.indices import AsOf
from api.routes.parameters import known_parameters
from api.web.conditional import conditional_model
from priceindex.classification import COMPOSITE, Level, node_words
from priceindex.errors import UnknownFamily, UnknownNode
from priceindex.seasonal.analysis import SeasonalMonth
from priceindex.seasonal.published_months import seasonal_analysis

router = APIRouter(prefix="/v1", tags=["prices"], dependencies=[Depends(known_parameters)])

_RATIO = "1.0523 is 5.23 per cent dearer; null where there is nothing to compare with."


class SeasonalMonthAnswer(BaseModel):
    """One month of one node."""

    month: date = Field(description="First day of the month.")
    value: str | None = Field(description="The published monthly value.", examples=["1012.3412"])
    year_over_year: str | None = Field(
        description=f"The value over that of the same month a year before: {_RATIO}", examples=["1.0523"]
    )
    rolling_year: str | None = Field(
        description="The last twelve months over the first twelve published, each against its own month, "
        "one twelfth each: a trend without the season, standing for the middle of its year.",
        examples=["1.0310"],
    )
    matched_year_over_year: str | None = Field(
        description="Year over year from the prices of the cells quoted in both months, geometric mean "
        "within a herb, every herb alike: knows nothing of the chain, so its distance from "
        "`year_over_year` shows what chaining, imputation and weights add.",
        examples=["1.0498"],
    )
    matched_cells: int = Field(description="Cells that rests on.")

    @classmethod
    def of(cls, month: SeasonalMonth) -> "SeasonalMonthAnswer":
        """Return a month; ratios with four decimals."""
        return cls(
            month=month.month,
            value=None if month.value is None else format(month.value, "f"),
            year_over_year=ratio(month.year_over_year),
            rolling_year=ratio(month.rolling_year),
            matched_year_over_year=ratio(month.matched_year_over_year),
            matched_cells=month.matched_cells,
        )


class SeasonalAnswer(BaseModel):
    """The months of one node. Analysis of what was published, no publication of its own: four decimals."""

    family: str = Field(examples=["bozhou"])
    level: str = Field(examples=["herb"])
    node: str = Field(examples=["白芍"])
    name: str
    release: str = Field(description="The release whose inputs the prices are.")
    method: str
    months: list[SeasonalMonthAnswer] = Field(description="Oldest first.")


def ratio(value: float | None) -> str | None:
    """Write a ratio with four decimals.

    >>> ratio(1.05234)
    '1.0523'
    """
    return None if value is None else f"{value:.4f}"


@router.get(
    "/seasonal",
    summary="Analyse an index by season",
    response_model=SeasonalAnswer,
    responses=problems(FieldWrong, UnknownFamily, UnknownNode),
)
def read_seasonal(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    family: Annotated[str, Query(max_length=40, description="Index family.", examples=["bozhou"])],
    level: Annotated[Level, Query(description="Level of the tree, or cut.")] = Level.COMPOSITE,
    node: Annotated[
        str, Query(max_length=100, description="Class key, herb, herb|grade, market, origin or theme.")
    ] = COMPOSITE,
    as_of: AsOf = None,
) -> Response:
    """Return the published months of one node with their change over a year and the rolling year."""
    with station.database.read() as session:
        found = seasonal_analysis(session, family, level, node, as_of_ms=moment_ms(station.clock(), as_of))
    answer = SeasonalAnswer(
        family=family,
        level=level.value,
        node=node,
        name=node_words(level, node, language_of(request)),
        release=found.release_id,
        method=found.method_id,
        months=[SeasonalMonthAnswer.of(month) for month in found.months],
    )
    return conditional_model(request, answer)

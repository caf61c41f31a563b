"""Seasonal indices of recorded trades 成交季节指数: with real quantities."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from api.callers import Anyone, TheStation
from api.errors import FieldWrong, TooManyRequests
from api.index_seasons import SeasonsOfRelease, seasons
from api.problems import problems
from api.routes.parameters import known_parameters
from api.routes.seasonal import ratio
from api.web.conditional import conditional_model
from api.web.formats import local
from priceindex.analysis.analysis_errors import NoHeadline
from priceindex.calendar import month_start
from priceindex.errors import UnknownFamily
from priceindex.seasonal.seasonal_errors import TooShortForSeasons
from priceindex.seasonal.traded_seasons import TradedSeason

router = APIRouter(prefix="/v1", tags=["prices"], dependencies=[Depends(known_parameters)])


class TradedSeasonAnswer(BaseModel):
    """One month; ratios with four decimals, null where there is nothing to compare."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    month: date
    """Its first day."""
    year_over_year: str | None
    """Over the same month of the base year (Fisher)."""
    rolling_year: str | None
    """The last twelve months over the base year, month by matching month (Fisher)."""
    rothwell: str | None
    """The base year's basket of this month at prices now, over that basket at the year's mean prices."""
    seasonal_basket: str | None
    """The base year's quantities all year round; what is out of season moves as what is in season."""
    cells: int
    """Cells traded in the month whose sums may be used."""

    @classmethod
    def of(cls, told: TradedSeason) -> "TradedSeasonAnswer":
        """Return one month."""
        return cls(
            month=month_start(told.month),
            year_over_year=ratio(told.year_over_year),
            rolling_year=ratio(told.rolling_year),
            rothwell=ratio(told.rothwell),
            seasonal_basket=ratio(told.seasonal_basket),
            cells=told.cells,
        )


class TradedSeasonsAnswer(BaseModel):
    """The recorded trades of a family by season; the base year is the first twelve months traded."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    family: str
    release: str
    """The newest public release, through whose last whole month this goes."""
    computed: datetime
    months: list[TradedSeasonAnswer]
    """Oldest first."""
    ungraded: int
    """Cells of a month left out because their trades name no grade."""
    withheld: int
    """Cells of a month left out because too few trades or sellers stand behind them."""
    withheld_percent: int
    """Their share of the value traded, in whole percent."""

    @classmethod
    def of(cls, found: SeasonsOfRelease) -> "TradedSeasonsAnswer":
        """Return the seasons of a release."""
        return cls(
            family=found.release.family,
            release=found.release.release_id,
            computed=local(found.computed_ms),
            months=[TradedSeasonAnswer.of(month) for month in found.months],
            ungraded=found.ungraded,
            withheld=found.withheld,
            withheld_percent=found.withheld_percent,
        )


@router.get(
    "/seasonal/trades",
    summary="Analyse recorded trades by season",
    response_model=TradedSeasonsAnswer,
    responses=problems(FieldWrong, UnknownFamily, TooManyRequests, NoHeadline, TooShortForSeasons),
)
def read_seasonal_trades(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    family: Annotated[str, Query(max_length=40, description="Index family.", examples=["bozhou"])],
) -> Response:
    """Return year over year, rolling year, Rothwell's index and the seasonal basket of recorded trades.

    Only sums of a cell and month that enough trades by enough sellers stand behind are looked at, so no
    deal can be worked out.
    """
    return conditional_model(request, TradedSeasonsAnswer.of(seasons(station, family)))

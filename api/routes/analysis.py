"""The analysis 交叉核对 of an index: multilateral indices of its trades beside what it published."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from api.callers import Anyone, TheStation
from api.errors import FieldWrong, TooManyRequests
from api.index_analysis import AnalysedRelease, analysed
from api.problems import problems
from api.web.conditional import conditional_model
from api.web.formats import local
from priceindex.analysis.analysis import AnalysedMonth
from priceindex.analysis.analysis_errors import NoHeadline, TooFewMonthsTraded
from priceindex.analysis.drift import Drift
from priceindex.analysis.settings import Window
from priceindex.calendar import month_start
from priceindex.errors import UnknownFamily
from priceindex.multilateral.multilateral_errors import NotConverged, NotLinked

router = APIRouter(prefix="/v1", tags=["prices"])


class MonthAnswer(BaseModel):
    """One month; index points with four decimals, on the headline's scale."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    month: date
    """Its first day."""
    headline: str | None
    """As published; null where no value of this month is."""
    ccdi: str
    """GEKS over Törnqvist."""
    gk: str
    """Geary-Khamis."""
    wtpd: str
    """Weighted time product dummy."""
    gap_percent: str | None
    """CCDI over the headline, less one."""
    cells: int
    """Cells whose trades gave a usable price."""

    @classmethod
    def of(cls, month: AnalysedMonth) -> "MonthAnswer":
        """Return one month of an analysis."""
        gap = month.gap_percent
        return cls(
            month=month_start(month.month),
            headline=None if month.headline is None else str(month.headline),
            ccdi=f"{month.ccdi:.4f}",
            gk=f"{month.gk:.4f}",
            wtpd=f"{month.wtpd:.4f}",
            gap_percent=None if gap is None else f"{gap:.4f}",
            cells=month.cells,
        )


class DriftAnswer(BaseModel):
    """One year's movement of traded prices three ways; 1 is no change."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    base: date
    month: date
    chained: str
    """Fisher linked month by month."""
    direct: str
    """Fisher between the two months."""
    geks: str
    """GEKS over the months between, which cannot drift."""
    drift_percent: str
    """Chained over direct, less one."""

    @classmethod
    def of(cls, drift: Drift) -> "DriftAnswer":
        """Return the check of one year."""
        return cls(
            base=month_start(drift.base),
            month=month_start(drift.month),
            chained=f"{drift.chained:.6f}",
            direct=f"{drift.direct:.6f}",
            geks=f"{drift.geks:.6f}",
            drift_percent=f"{100 * drift.drift:.4f}",
        )


class AnalysisAnswer(BaseModel):
    """The trades of a family held against its index."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    family: str
    release: str
    """The newest public release, through whose last whole month this goes."""
    computed: datetime
    window: int
    """Months of a window that were used: fewer than asked while the history is shorter."""
    scaled_in: date
    """The month in which the three indices are set equal to the headline."""
    months: list[MonthAnswer]
    drift: list[DriftAnswer]
    unlinked: list[tuple[date, date]]
    """Pairs of months without a cell in common; the mean was taken over the others."""
    ungraded: int
    """Cells of a month left out because no grade is known of them."""
    withheld: int
    """Cells of a month left out because too few trades or sellers stand behind them."""
    withheld_percent: int
    """Their share of the value traded, in whole percent."""
    settings: dict[str, str]
    """Every choice that changes a number."""
    input_sha256: str
    """Digest of the traded sums, the headline and the settings."""

    @classmethod
    def of(cls, found: AnalysedRelease) -> "AnalysisAnswer":
        """Return an analysis as an answer."""
        told = found.analysis
        return cls(
            family=told.family,
            release=found.release.release_id,
            computed=local(found.computed_ms),
            window=told.window,
            scaled_in=month_start(told.scaled_in),
            months=[MonthAnswer.of(each) for each in told.months],
            drift=[DriftAnswer.of(each) for each in told.drifts],
            unlinked=[(month_start(one), month_start(two)) for one, two in told.unlinked],
            ungraded=told.ungraded,
            withheld=told.withheld,
            withheld_percent=told.withheld_percent,
            settings=told.settings.described(),
            input_sha256=told.input_sha256,
        )


@router.get(
    "/analysis",
    summary="Hold an index against its trades",
    response_model=AnalysisAnswer,
    responses=problems(
        FieldWrong, UnknownFamily, TooManyRequests, NoHeadline, TooFewMonthsTraded, NotLinked, NotConverged
    ),
)
def read_analysis(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    family: Annotated[str, Query(max_length=40, description="Index family.", examples=["bozhou"])],
    window: Annotated[Window, Query(description="Months of a window: 25, or 13.")] = Window.TWO_YEARS,
) -> Response:
    """Return CCDI, Geary-Khamis and time product dummy of recorded trades beside the published index.

    Only cells that enough sellers traded often enough take part, and no price of a cell is shown. Computed
    once for each release; `input_sha256` says from what.
    """
    return conditional_model(request, AnalysisAnswer.of(analysed(station, family, window)))

"""Every choice that changes a number of the analysis, with its default; recorded with each result."""

from dataclasses import asdict, dataclass
from enum import IntEnum

from priceindex.multilateral.conventions import (
    Formula,
    HalfPosition,
    LinkWeights,
    Sample,
    Shares,
    Splice,
    SplicedOn,
    Weighting,
)
from priceindex.multilateral.geary_khamis import TOLERANCE


class Window(IntEnum):
    """Months of a window: as many years and one month, so that each season is in it."""

    ONE_YEAR = 13
    TWO_YEARS = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisSettings:
    """The conventions of docs/methodology.md, by name."""

    window: Window = Window.TWO_YEARS
    formula: Formula = "tornqvist"
    shares: Shares = "matched"
    link_weights: LinkWeights = "equal"
    splice: Splice = "mean"
    spliced_on: SplicedOn = "published"
    half: HalfPosition = "middle"
    gk_sample: Sample = "all"
    gk_tolerance: float = TOLERANCE
    wtpd_sample: Sample = "all"
    wtpd_weighting: Weighting = "share"
    drift_formula: Formula = "fisher"
    drift_months: int = 12
    """Over how many months the chained index is held against the direct one."""
    least_trades: int = 3
    least_sellers: int = 2
    """A cell's price of a month counts only when so many trades by so many sellers stand behind it."""

    def described(self) -> dict[str, str]:
        """Every setting by name, as words that can be digested and shown.

        >>> AnalysisSettings().described()["gk_tolerance"]
        '1e-12'
        """
        return {
            name: f"{value:g}" if isinstance(value, float) else str(value)
            for name, value in asdict(self).items()
        }

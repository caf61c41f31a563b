"""The cross-check of a family: what its recorded trades say beside the index it publishes.

Pure and computed on demand: the same sums, headline and settings give the same answer, and the digest of
these inputs stands in it. Values are of the analytical tier: four decimals, not reproduced to the last bit
on every machine as releases are.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ledger.canonical import canonical
from priceindex.analysis.analysis_errors import NoHeadline, TooFewMonthsTraded
from priceindex.analysis.cross_checks import CrossChecks, cross_checks
from priceindex.analysis.drift import Drift, drifts
from priceindex.analysis.settings import AnalysisSettings
from priceindex.analysis.traded_months import Admitted, TradedMonths, admit
from priceindex.multilateral.pairwise import links


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysedMonth:
    """One month: the headline and the three checks on its scale."""

    month: int
    """Months since January 1970."""
    headline: Decimal | None
    """As published; None where no value of this month is."""
    ccdi: float
    """Index points: equal to the headline in the first month that has both."""
    gk: float
    wtpd: float
    cells: int
    """Cells that the month's trades gave a usable price."""

    @property
    def gap_percent(self) -> float | None:
        """CCDI over the headline, less one, in percent; None without a headline."""
        return None if self.headline is None else 100.0 * (self.ccdi / float(self.headline) - 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """All months, oldest first, the drift check, and what both rest on."""

    family: str
    months: tuple[AnalysedMonth, ...]
    drifts: tuple[Drift, ...]
    settings: AnalysisSettings
    window: int
    """Months of a window that were used: fewer than asked while the history is shorter."""
    scaled_in: int
    """The month in which the checks are set equal to the headline."""
    unlinked: tuple[tuple[int, int], ...]
    """Pairs of months without a cell in common."""
    ungraded: int
    """Cells of a month left out because no grade is known of them."""
    withheld: int
    withheld_percent: int
    input_sha256: str


def analyse(
    family: str, traded: TradedMonths, headline: Mapping[int, Decimal], settings: AnalysisSettings
) -> Analysis:
    """Hold the trades of a family against its headline, given by month.

    Raises `TooFewMonthsTraded`, `NoHeadline`, `NotLinked` and `NotConverged`.
    """
    admitted = admit(traded, settings.least_trades, settings.least_sellers)
    traded_in = sorted(set(admitted.kept.month.tolist()))
    if len(traded_in) < 2:
        raise TooFewMonthsTraded(
            family=family,
            months=len(traded_in),
            trades=settings.least_trades,
            sellers=settings.least_sellers,
        )
    common = [month for month in traded_in if month in headline]
    if not common:
        raise NoHeadline(family=family)
    panel = admitted.panel()
    compared = links(panel, settings.drift_formula)
    return Analysis(
        family=family,
        months=_months(admitted, cross_checks(panel, settings), traded_in, headline, common[0]),
        drifts=tuple(drifts(compared, traded_in, settings.drift_months)),
        settings=settings,
        window=min(settings.window, len(traded_in)),
        scaled_in=common[0],
        unlinked=tuple((traded_in[one], traded_in[two]) for one, two in compared.unlinked),
        ungraded=admitted.ungraded,
        withheld=admitted.withheld,
        withheld_percent=admitted.withheld_percent,
        input_sha256=_digest(family, traded, headline, settings),
    )


def _months(
    admitted: Admitted,
    checks: CrossChecks,
    traded_in: list[int],
    headline: Mapping[int, Decimal],
    scaled_in: int,
) -> tuple[AnalysedMonth, ...]:
    at = traded_in.index(scaled_in)
    level = float(headline[scaled_in])
    ccdi, gk, wtpd = (
        (level * series / series[at]).tolist() for series in (checks.ccdi, checks.gk, checks.wtpd)
    )
    cells = admitted.kept.month.tolist()
    return tuple(
        AnalysedMonth(
            month=month,
            headline=headline.get(month),
            ccdi=ccdi[place],
            gk=gk[place],
            wtpd=wtpd[place],
            cells=cells.count(month),
        )
        for place, month in enumerate(traded_in)
    )


def _digest(
    family: str, traded: TradedMonths, headline: Mapping[int, Decimal], settings: AnalysisSettings
) -> str:
    """SHA-256 over everything that went in, as canonical JSON (docs/ledger-format.md, section 1)."""
    columns = (traded.month, traded.grams, traded.fen, traded.trades, traded.sellers)
    rows = sorted(zip(traded.cell, *(column.tolist() for column in columns), strict=True))
    return hashlib.sha256(
        canonical(
            {
                "family": family,
                "headline": [[month, str(value)] for month, value in sorted(headline.items())],
                "settings": settings.described(),
                "traded": [list(row) for row in rows],
            }
        )
    ).hexdigest()

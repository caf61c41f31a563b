"""The analysis of an index: hands what was traded, month by month, from the trace to `priceindex.analysis`.

Opening the sealed price of every sale is dear, so an analysis is computed once for each release and window
and kept in memory: it is public, and nobody can make the service compute it again and again.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final, TypeAlias

import numpy as np
from sqlmodel import Session

from api.station import Station
from api.trade_quotes import traded_cells
from api.web.kept import Kept
from api.web.turns import Turns
from ledger.private.private_vault import Vault
from priceindex.analysis.analysis import Analysis, analyse
from priceindex.analysis.analysis_errors import NoHeadline, TooFewMonthsTraded
from priceindex.analysis.headline import mean_of_days
from priceindex.analysis.settings import AnalysisSettings, Window
from priceindex.analysis.traded_months import TradedMonths
from priceindex.calendar import month_of, month_start
from priceindex.classification import COMPOSITE, Level
from priceindex.errors import PriceIndexError, UnknownNode
from priceindex.families import Family, family
from priceindex.feeds.traced_trades import TradedCell, gathered
from priceindex.formulas.relatives import Places
from priceindex.multilateral.multilateral_errors import NotConverged, NotLinked
from priceindex.quotes import Cell
from priceindex.releases import release_store
from priceindex.releases.release import Release
from trace.markets import market

MOST_MONTHS: Final = 61
"""Five years and one month: the longest history looked at."""
_Refusal: TypeAlias = NoHeadline | TooFewMonthsTraded | NotLinked | NotConverged


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysedRelease:
    """An analysis, the release it belongs to and when it was computed."""

    release: Release
    analysis: Analysis
    computed_ms: int


_KEPT: Final[Kept[tuple[str, Window], AnalysedRelease | _Refusal]] = Kept(limit=32)
_TURNS: Final = Turns()


def analysed(station: Station, family_id: str, window: Window) -> AnalysedRelease:
    """Return the analysis of a family's newest public release, computed at the first time of asking.

    Raises `UnknownFamily`, `NoHeadline`, `TooFewMonthsTraded`, `NotLinked`, `NotConverged`, and
    `TooManyRequests` where many wait.
    """
    now_ms = station.clock()
    with station.database.read() as session:
        release = newest(session, family_id, now_ms)
    found = _KEPT.known((release.statement_id, window))
    if found is None:
        with _TURNS.turn():
            found = _KEPT.get(
                (release.statement_id, window), lambda: _found(station, release, window, now_ms)
            )
    if isinstance(found, PriceIndexError):
        raise type(found)(at=found.at, **found.parts)
    return found


def _found(station: Station, release: Release, window: Window, now_ms: int) -> AnalysedRelease | _Refusal:
    """Return the analysis, or why there is none: to find that out takes as long."""
    try:
        with station.database.read() as session:
            analysis = analyse_release(session, station.vault, release, window, now_ms)
    except (NoHeadline, TooFewMonthsTraded, NotLinked, NotConverged) as refused:
        return refused.with_traceback(None)
    return AnalysedRelease(release=release, analysis=analysis, computed_ms=now_ms)


def newest(session: Session, family_id: str, now_ms: int) -> Release:
    """Return the newest public release of a family; raises `UnknownFamily`, `NoHeadline`."""
    chosen = family(family_id)
    release = release_store.latest(session, chosen.id, public_at_ms=now_ms)
    if release is None:
        raise NoHeadline(family=chosen.id)
    return release


def analyse_release(
    session: Session, vault: Vault, release: Release, window: Window, now_ms: int
) -> Analysis:
    """Compute the analysis through the last whole month of a release; nothing is written or kept."""
    chosen = family(release.family, release.until)
    settings = AnalysisSettings(
        window=window, least_trades=chosen.trades.trades, least_sellers=chosen.trades.sellers
    )
    headline = monthly_headline(session, release, now_ms)
    if not headline:
        raise NoHeadline(family=release.family)
    sold = sold_months(session, vault, release, headline, now_ms)
    return analyse(release.family, sold, headline, settings)


def sold_months(
    session: Session, vault: Vault, release: Release, headline: Collection[int], now_ms: int
) -> TradedMonths:
    """Return what was sold of a release's herbs by cell, in the months its headline covers."""
    chosen = family(release.family, release.until)
    last = max(headline)
    first = max(min(headline), last - MOST_MONTHS + 1)
    herbs = {line.node for line in release_store.nodes(session, release.release_id, Level.HERB)}
    return _columns(
        [
            (month, each)
            for month in range(first, last + 1)
            for each in _sold(session, vault, month, now_ms)
            if _belongs(each.cell, chosen, herbs)
        ]
    )


def monthly_headline(session: Session, release: Release, now_ms: int) -> Mapping[int, Decimal]:
    """Return the composite of each month that was over on the release's last day, as published."""
    over = month_of(release.last_day)
    if month_start(over + 1).toordinal() - 1 > release.last_day.toordinal():
        over -= 1
    try:
        months = release_store.observations(
            session, release.family, Level.COMPOSITE, COMPOSITE, "month", as_of_ms=now_ms
        )
        told = {month_of(each.point.day): each.point.value for each in months}
    except UnknownNode:
        days = release_store.observations(
            session, release.family, Level.COMPOSITE, COMPOSITE, "day", as_of_ms=now_ms
        )
        told = dict(
            mean_of_days((each.point.day, each.point.value) for each in days if each.point.value is not None)
        )
    return {month: value for month, value in told.items() if value is not None and month <= over}


def _sold(session: Session, vault: Vault, month: int, now_ms: int) -> Sequence[TradedCell]:
    """Return what trusted parties sold in a month, one line a cell."""
    last_day = month_start(month + 1) - timedelta(days=1)
    return gathered(traded_cells(session, vault, month_start(month), last_day, now_ms))


def _belongs(cell: Cell, chosen: Family, herbs: Collection[str]) -> bool:
    """Whether a cell is of the basket: its herbs as released, its markets and origins."""
    basket = chosen.basket
    return (
        cell.herb in herbs
        and (not basket.markets or _market(cell) in basket.markets)
        and (not basket.origins or cell.origin in basket.origins)
    )


def _market(cell: Cell) -> str:
    """Return the short name of the market; nothing for sales outside the seventeen."""
    return market(cell.market).short_name if cell.market else ""


def _columns(lines: Sequence[tuple[int, TradedCell]]) -> TradedMonths:
    def column(name: str) -> Places:
        return np.array([getattr(each, name) for _, each in lines], dtype=np.int64)

    return TradedMonths(
        month=np.array([month for month, _ in lines], dtype=np.int64),
        cell=tuple(_label(each.cell) for _, each in lines),
        grams=column("grams"),
        fen=column("fen"),
        trades=column("trades"),
        sellers=column("sellers"),
    )


def _label(cell: Cell) -> str:
    return "|".join((cell.herb, cell.grade, cell.origin, _market(cell)))

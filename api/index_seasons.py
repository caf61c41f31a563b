"""Seasonal indices of recorded trades: hands what was traded from the trace to `priceindex.seasonal`.

Computed once for each release and kept in memory, as the analysis is, because opening sealed prices is dear.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

from sqlmodel import Session

from api.index_analysis import monthly_headline, newest, sold_months
from api.station import Station
from api.web.kept import Kept
from api.web.turns import Turns
from ledger.private.private_vault import Vault
from priceindex.analysis.analysis_errors import NoHeadline
from priceindex.analysis.traded_months import admit
from priceindex.errors import PriceIndexError
from priceindex.families import family
from priceindex.releases.release import Release
from priceindex.seasonal.seasonal_errors import TooShortForSeasons
from priceindex.seasonal.traded_seasons import TradedSeason, traded_seasons


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonsOfRelease:
    """The seasonal indices of a family's trades through the last whole month of a release."""

    release: Release
    months: tuple[TradedSeason, ...]
    ungraded: int
    """Cells of a month without a grade: their mean price is no price of one thing."""
    withheld: int
    """Cells of a month that rest on too few trades or sellers."""
    withheld_percent: int
    computed_ms: int


_Refusal: TypeAlias = NoHeadline | TooShortForSeasons
_KEPT: Final[Kept[tuple[str, str], SeasonsOfRelease | _Refusal]] = Kept(limit=16)
_TURNS: Final = Turns()


def seasons(station: Station, family_id: str) -> SeasonsOfRelease:
    """Return the seasonal indices of the trades behind a family's newest public release.

    Raises `UnknownFamily`, `NoHeadline`, `TooShortForSeasons`, and `TooManyRequests` where many wait.
    """
    now_ms = station.clock()
    with station.database.read() as session:
        release = newest(session, family_id, now_ms)
    key = str(station.settings.folder), release.statement_id
    found = _KEPT.known(key)
    if found is None:
        # Outside the session: who waits here must not hold a connection others need.
        with _TURNS.turn():
            found = _KEPT.get(key, lambda: _found(station, release, now_ms))
    if isinstance(found, PriceIndexError):
        raise type(found)(at=found.at, **found.parts)
    return found


def _found(station: Station, release: Release, now_ms: int) -> SeasonsOfRelease | _Refusal:
    """Return the seasons, or why there are none: to find that out opens every price as well."""
    try:
        with station.database.read() as session:
            return _computed(session, station.vault, release, now_ms)
    except (NoHeadline, TooShortForSeasons) as refused:
        return refused.with_traceback(None)


def _computed(session: Session, vault: Vault, release: Release, now_ms: int) -> SeasonsOfRelease:
    chosen = family(release.family, release.until)
    headline = monthly_headline(session, release, now_ms)
    if not headline:
        raise NoHeadline(family=release.family)
    sold = sold_months(session, vault, release, headline, now_ms)
    admitted = admit(sold, chosen.trades.trades, chosen.trades.sellers)
    return SeasonsOfRelease(
        release=release,
        months=traded_seasons(admitted.kept, release.family),
        ungraded=admitted.ungraded,
        withheld=admitted.withheld,
        withheld_percent=admitted.withheld_percent,
        computed_ms=now_ms,
    )

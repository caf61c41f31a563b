"""A release's quotes beside the trades recorded here: two indices, and what share of the trade is quoted.

The inputs are those of the release's own bundle, so the comparison is as fixed as the release; the trade
it is held against is read from the ledger for the year that ends with the release's last day. Opening the
sealed price of every sale is dear, so both are worked out once for each release and kept in memory: they
are public, and nobody can make the service work them out again and again.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from sqlmodel import Session

from api.station import Station
from api.trade_quotes import traded_cells
from api.web.kept import Kept
from api.web.turns import Turns
from ledger.private.private_vault import Vault
from priceindex import service
from priceindex.calendar import day_number
from priceindex.comparison.coverage import Coverage, Traded, coverage
from priceindex.comparison.two_indices import Comparison, compare
from priceindex.engine.inputs import Inputs
from priceindex.errors import NothingQuoted, WeightsWrong
from priceindex.feeds.traced_trades import gathered
from priceindex.quotes import Cell
from priceindex.releases import bundle as bundles
from priceindex.service import Release
from trace.markets import market

YEAR_DAYS: Final = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What a release is compared with."""

    release: Release
    indices: Comparison | None
    """None where no cell of the basket has both quotes and trades."""
    coverage: Coverage | None
    """None where too little trade was recorded in the year to be told."""
    first: date
    last: date
    """The year of trade the coverage is of."""
    computed_ms: int
    """When: trades recorded later are not in it."""


_KEPT: Final[Kept[str, Beside]] = Kept(limit=16)
_TURNS: Final = Turns()


def beside(station: Station, release: Release) -> Beside:
    """Return what a published release is compared with, worked out at the first time of asking.

    Raises `TooManyRequests` where many wait.
    """
    found = _KEPT.known(release.statement_id)
    if found is None:
        with _TURNS.turn():
            found = _KEPT.get(release.statement_id, lambda: _found(station, release))
    return found


def _found(station: Station, release: Release) -> Beside:
    with station.database.read() as session:
        return compare_release(session, station.vault, release, station.clock())


def compare_release(session: Session, vault: Vault, release: Release, now_ms: int) -> Beside:
    """Work the comparison of a release out; nothing is written or kept."""
    inputs = bundles.decode(service.bundle(session, release.release_id))
    first, last = release.last_day - timedelta(days=YEAR_DAYS - 1), release.last_day
    traded = [
        Traded(
            herb=each.cell.herb,
            grade=each.cell.grade,
            market=market(each.cell.market).short_name if each.cell.market else "",
            fen=each.fen,
            sales=each.trades,
            sellers=each.sellers,
        )
        for each in gathered(traded_cells(session, vault, first, last, now_ms))
    ]
    return Beside(
        release=release,
        indices=_compared(inputs),
        coverage=coverage(sample(inputs, first), traded, inputs.family.trades),
        first=first,
        last=last,
        computed_ms=now_ms,
    )


def sample(inputs: Inputs, first: date) -> list[Cell]:
    """Return the cells somebody quoted on that day or later: those quoted long ago speak for no trade now."""
    used = np.unique(inputs.quotes.cell[inputs.quotes.day >= day_number(first)])
    return [inputs.cells[place] for place in used.tolist()]


def _compared(inputs: Inputs) -> Comparison | None:
    """Return both indices; None where one has nothing to rest on, or no weight within what both have."""
    try:
        return compare(inputs)
    except (NothingQuoted, WeightsWrong):
        return None

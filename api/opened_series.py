"""Fitting one node that somebody opens: on demand, one at a time, within a time limit, kept by its release.

A fit at every past origin takes some twenty seconds of a core. It is computed once for each release and node,
and whoever asks next gets what is kept.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from sqlmodel import Session

from api.station import Station
from api.warm_fits import WarmFits
from api.web.kept import Kept
from api.web.turns import Turns
from ledger.errors import Location
from priceindex.calendar import day_number
from priceindex.classification import Level
from priceindex.errors import UnknownNode
from priceindex.families import family
from priceindex.forecast.choosing import with_fitted
from priceindex.forecast.fitted.joined import Joined
from priceindex.forecast.forecast_errors import FitTakesTooLong, NodeNotFitted
from priceindex.forecast.forecasts import PublishedSeries
from priceindex.forecast.method import ForecastFrequency, forecast_method
from priceindex.forecast.opened_series import OpenedSeries, open_series
from priceindex.forecast.panel import Floats, SeriesPanel
from priceindex.forecast.track.making import newest_release, published_series
from priceindex.releases.release import Release

MOST_SECONDS: Final = 120.0
"""A fit that takes longer is given up: others wait."""
_LEVELS: Final = (Level.COMPOSITE, Level.CLASS, Level.HERB, Level.GRADE)
_Key: TypeAlias = tuple[str, str, Level, str, ForecastFrequency]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which node of which family, on which grid."""

    family: str
    level: Level
    node: str
    frequency: ForecastFrequency


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedOfRelease:
    """An analysis, the release it is of, and how many fits gave nothing, by model and reason."""

    release: Release
    opened: OpenedSeries
    dropped: tuple[tuple[str, str, int], ...]


_KEPT: Final[Kept[_Key, OpenedOfRelease | NodeNotFitted]] = Kept(limit=64)
_TURNS: Final = Turns()


def opened(station: Station, asked: Asked) -> OpenedOfRelease:
    """Return the analysis of a node of a family's newest public release.

    Raises `UnknownFamily`, `NoReleaseYet`, `UnknownNode`, `NodeNotFitted`, `FitsSwitchedOff`,
    `FitTakesTooLong`, `FitsEnded`, and `TooManyRequests` where many wait.
    """
    with station.database.read() as session:
        release = newest_release(session, family(asked.family).id, station.clock())
    key = (release.statement_id, forecast_method().sha256, asked.level, asked.node, asked.frequency)
    found = _KEPT.known(key)
    if found is None:
        with _TURNS.turn():
            found = _KEPT.get(key, lambda: _found(station, release, asked))
    if isinstance(found, NodeNotFitted):
        raise NodeNotFitted(at=found.at, **found.parts)
    return found


def _found(station: Station, release: Release, asked: Asked) -> OpenedOfRelease | NodeNotFitted:
    with station.database.read() as session:
        series = published_series(session, release)
    try:
        return opened_of(series, release, asked, station.fits)
    except NodeNotFitted as refused:
        return refused.with_traceback(None)


def opened_here(session: Session, asked: Asked, fits: WarmFits, at_ms: int) -> OpenedOfRelease:
    """The same in a process of one's own, kept nowhere; raises what `opened` does."""
    release = newest_release(session, family(asked.family).id, at_ms)
    return opened_of(published_series(session, release), release, asked, fits)


def opened_of(
    series: Sequence[PublishedSeries], release: Release, asked: Asked, fits: WarmFits
) -> OpenedOfRelease:
    """Fit every model to one node of a release at each of its past origins."""
    found = [each for each in series if (each.level, each.node) == (asked.level, asked.node)]
    if not found or asked.level not in _LEVELS:
        at = Location(field="node", value=asked.node[:100])
        raise UnknownNode(at=at, release=release.release_id, level=asked.level, node=asked.node)
    method, joined = forecast_method(), fits.wanted()
    timed = _Timed(joined, asked.node)
    tried = with_fitted(method.text.models, timed, regressors=False)
    opened = open_series(found[0], asked.frequency, day_number(release.last_day), method, tried)
    if opened is None:
        raise NodeNotFitted(
            release=release.release_id, level=asked.level, node=asked.node, frequency=asked.frequency
        )
    dropped = sorted((name, str(reason), count) for (name, reason), count in joined.dropped.items())
    return OpenedOfRelease(release=release, opened=opened, dropped=tuple(dropped))


class _Timed:
    """A forecaster that gives up when its time has passed, between one origin and the next."""

    def __init__(self, by: Joined, node: str) -> None:
        self._by = by
        self._node = node
        self._ends = time.monotonic() + MOST_SECONDS

    def __call__(self, panel: SeriesPanel, horizon: int, models: Sequence[str]) -> dict[str, Floats]:
        if time.monotonic() >= self._ends:
            raise FitTakesTooLong(node=self._node, seconds=int(MOST_SECONDS))
        return self._by(panel, horizon, models)

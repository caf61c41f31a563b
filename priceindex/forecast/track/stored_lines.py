"""Reading the lines of a stored run: of the one format this program writes, or told as unreadable.

A run stays as it was committed, whatever later programs write. Who reads many runs meets `ForecastUnreadable`
for each of those that are of another format, and goes on with the others.
"""

import json
from collections.abc import Callable, Iterable
from typing import TypeVar

from ledger.errors import NotCanonical
from priceindex.forecast.track.canonical_rows import FORMAT, StoredSeries, Told, series_of, told_of
from priceindex.forecast.track.track_errors import ForecastUnreadable

_Read = TypeVar("_Read")
_MISFITS = (KeyError, TypeError, ValueError, AttributeError, NotCanonical)
"""What lines of another shape raise where they are read as ours."""


def told_in(forecast_id: str, first: str) -> Told:
    """What the first line of a run tells; raises `ForecastUnreadable`."""
    _check_format(forecast_id, first)
    return _read(forecast_id, lambda: told_of(first))


def series_in(forecast_id: str, first: str, lines: Iterable[str]) -> list[StoredSeries]:
    """What lines of a run say of their nodes, by its first line's format; raises `ForecastUnreadable`."""
    _check_format(forecast_id, first)
    return _read(forecast_id, lambda: [series_of(line) for line in lines])


def _check_format(forecast_id: str, first: str) -> None:
    def stated() -> object:
        return json.loads(first).get("format")

    found = _read(forecast_id, stated)
    if type(found) is not int or found != FORMAT:
        raise _unreadable(forecast_id)


def _read(forecast_id: str, read: Callable[[], _Read]) -> _Read:
    try:
        return read()
    except _MISFITS as misfit:
        raise _unreadable(forecast_id) from misfit


def _unreadable(forecast_id: str) -> ForecastUnreadable:
    return ForecastUnreadable(forecast=forecast_id, format=FORMAT)

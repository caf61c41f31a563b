"""Track records computed one at a time and kept: anybody may ask, and every run ever made is read for one.

A record is kept under what it is made of: the runs and releases that were public at the moment asked for, and
their places in the log. Whatever was changed beside the log meanwhile shows after ten minutes at the latest.
"""

from collections.abc import Callable
from typing import Final, TypeAlias, TypeVar

from sqlmodel import Session, col, func, select

from api.routes.track_answers import track_csv
from api.station import Station
from api.web.kept import Kept
from api.web.kept_reading import kept_or_read
from api.web.turns import Turns
from ledger import log
from priceindex.forecast.method import ForecastFrequency, forecast_method
from priceindex.forecast.track import reading
from priceindex.forecast.track.actuals import Actuals
from priceindex.forecast.track.track_record import Track, track_record
from priceindex.forecast.track.track_steps import track_steps
from priceindex.forecast.track.track_tables import ForecastRow
from priceindex.releases import release_store

FRESH_MS: Final = 600_000
"""How long a record stands while nothing was added."""
_Key: TypeAlias = tuple[object, ...]
_Made = TypeVar("_Made")
_TRACKS: Final[Kept[_Key, Track]] = Kept(limit=32)
_ROWS: Final[Kept[_Key, bytes]] = Kept(limit=4)
_TURNS: Final = Turns()


def kept_track(
    station: Station, family: str, frequency: ForecastFrequency, actuals: Actuals, as_of_ms: int
) -> Track:
    """Return a family's track record as it stood at a moment; raises `TooManyRequests` where many wait."""

    def make(session: Session) -> Track:
        return track_record(session, family, frequency, forecast_method(), as_of_ms=as_of_ms, actuals=actuals)

    return _kept(_TRACKS, station, (family, frequency, actuals, as_of_ms), make)


def kept_rows(
    station: Station, family: str, frequency: ForecastFrequency, actuals: Actuals, as_of_ms: int
) -> bytes:
    """Return every forecast beside what came, as CSV; raises `TooManyRequests` where many wait."""

    def make(session: Session) -> bytes:
        return track_csv(track_steps(session, family, frequency, as_of_ms=as_of_ms, actuals=actuals))

    return _kept(_ROWS, station, (family, frequency, actuals, as_of_ms), make)


def _kept(
    kept: Kept[_Key, _Made],
    station: Station,
    asked: tuple[str, ForecastFrequency, Actuals, int],
    make: Callable[[Session], _Made],
) -> _Made:
    with station.database.read() as session:
        key = (*_rests_on(session, asked), str(station.settings.folder), station.clock() // FRESH_MS)
    return kept_or_read(kept, _TURNS, station, key, make)


def _rests_on(session: Session, asked: tuple[str, ForecastFrequency, Actuals, int]) -> _Key:
    """What a record is made of, by its newest parts."""
    family, frequency, actuals, as_of_ms = asked
    newest = reading.runs(session, as_of_ms=as_of_ms, family=family, frequency=frequency, limit=1)
    release = release_store.latest(session, family, public_at_ms=as_of_ms)
    counted = select(func.count()).where(
        ForecastRow.family == family,
        ForecastRow.frequency == frequency,
        col(ForecastRow.made_ms) <= as_of_ms,
    )
    stated = [*(each.statement_id for each in newest), *([] if release is None else [release.statement_id])]
    places = log.indices(session, stated)
    return (
        family,
        frequency,
        actuals,
        int(session.exec(counted).one()),
        tuple(each.rows_sha256 for each in newest),
        None if release is None else release.statement_id,
        tuple(places.get(each) for each in stated),
    )

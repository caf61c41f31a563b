"""Reading stored forecasts: runs, and what they said of a node or of one target over time."""

import datetime
from dataclasses import dataclass

from sqlmodel import Session, col, or_, select

from ledger.errors import Location
from priceindex.calendar import day_number
from priceindex.classification import Level
from priceindex.forecast.track.canonical_rows import StoredSeries, Told
from priceindex.forecast.track.forecast_head import Forecast, forecast_of
from priceindex.forecast.track.lateness import is_late
from priceindex.forecast.track.stored_lines import series_in, told_in
from priceindex.forecast.track.track_errors import ForecastUnreadable, NoForecastYet, UnknownForecast
from priceindex.forecast.track.track_tables import ForecastRow, ForecastSeriesRow


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeForecast:
    """What one run said of one node."""

    forecast: Forecast
    series: StoredSeries

    def late(self, step: int) -> bool:
        """Whether the target of a step (from 0) had begun when this was made: it is never scored."""
        return is_late(self.series.targets[step], self.forecast.made_ms)


def runs(
    session: Session,
    *,
    as_of_ms: int,
    family: str | None = None,
    frequency: str | None = None,
    before: tuple[int, str] | None = None,
    limit: int = 100,
) -> list[Forecast]:
    """Runs made until a moment, the newest first; of one family or grid where it is named.

    `before` is `(made_ms, forecast_id)` of the last run of the page before.
    """
    asked = select(ForecastRow).where(ForecastRow.made_ms <= as_of_ms)
    if family is not None:
        asked = asked.where(ForecastRow.family == family)
    if frequency is not None:
        asked = asked.where(ForecastRow.frequency == frequency)
    if before is not None:
        at_ms, named = before
        same = (col(ForecastRow.made_ms) == at_ms) & (col(ForecastRow.forecast_id) < named)
        asked = asked.where(or_(col(ForecastRow.made_ms) < at_ms, same))
    newest = asked.order_by(col(ForecastRow.made_ms).desc(), col(ForecastRow.forecast_id).desc())
    return [forecast_of(row) for row in session.exec(newest.limit(limit))]


def runs_of_release(session: Session, release_id: str) -> list[Forecast]:
    """The runs made from a release, by grid."""
    asked = select(ForecastRow).where(ForecastRow.release_id == release_id)
    return [forecast_of(row) for row in session.exec(asked.order_by(col(ForecastRow.frequency)))]


def all_runs(session: Session, family: str, frequency: str) -> list[Forecast]:
    """Every stored run of a family on one grid, in order."""
    asked = select(ForecastRow).where(ForecastRow.family == family, ForecastRow.frequency == frequency)
    return [forecast_of(row) for row in session.exec(asked.order_by(col(ForecastRow.ordinal)))]


def run(session: Session, forecast_id: str) -> Forecast:
    """One run; raises `UnknownForecast`."""
    return forecast_of(_row(session, forecast_id))


def told(session: Session, forecast_id: str) -> Told:
    """What a run says of its gate, its directions and who was left out.

    Raises `UnknownForecast`, `ForecastUnreadable`.
    """
    return told_in(forecast_id, _row(session, forecast_id).told)


def lines(session: Session, forecast_id: str) -> list[str]:
    """The lines of a run in the order they are digested; raises `UnknownForecast`."""
    first = _row(session, forecast_id).told
    rows = session.exec(select(ForecastSeriesRow).where(ForecastSeriesRow.forecast_id == forecast_id)).all()
    order = {str(level): place for place, level in enumerate(Level)}
    ordered = sorted(rows, key=lambda row: (order.get(row.level, len(order)), row.node))
    return [first, *(row.told for row in ordered)]


def nodes(session: Session, forecast_id: str) -> list[tuple[Level, str]]:
    """Which nodes a run forecast, from the top level down; raises `UnknownForecast`."""
    _row(session, forecast_id)
    asked = select(ForecastSeriesRow.level, ForecastSeriesRow.node)
    rows = session.exec(asked.where(ForecastSeriesRow.forecast_id == forecast_id)).all()
    order = {level: place for place, level in enumerate(Level)}
    return sorted(((Level(level), node) for level, node in rows), key=lambda each: (order[each[0]], each[1]))


def series(session: Session, forecast_id: str, level: Level | str | None = None) -> list[StoredSeries]:
    """What a run said of every node, or of those of one level.

    Raises `UnknownForecast`, `ForecastUnreadable`.
    """
    first = _row(session, forecast_id).told
    asked = select(ForecastSeriesRow).where(ForecastSeriesRow.forecast_id == forecast_id)
    if level is not None:
        asked = asked.where(ForecastSeriesRow.level == str(level))
    found = series_in(forecast_id, first, (row.told for row in session.exec(asked)))
    order = {each: place for place, each in enumerate(Level)}
    return sorted(found, key=lambda each: (order[each.level], each.node))


def newest(
    session: Session, family: str, level: Level | str, node: str, frequency: str, *, as_of_ms: int
) -> NodeForecast:
    """The newest forecast of a node made until a moment; raises `NoForecastYet`, `ForecastUnreadable`."""
    found = _of_node(session, family, level, node, frequency, as_of_ms, newest_only=True)
    if not found:
        raise NoForecastYet.of(family, str(level), node, frequency)
    return _node_forecast(*found[0])


def of_run(session: Session, forecast_id: str, level: Level | str, node: str) -> NodeForecast | None:
    """What one run said of one node; None where it said nothing of it.

    Raises `UnknownForecast`, `ForecastUnreadable`.
    """
    row = _row(session, forecast_id)
    line = session.get(ForecastSeriesRow, (forecast_id, str(level), node))
    return None if line is None else _node_forecast(row, line.told)


def vintages(
    session: Session,
    family: str,
    level: Level | str,
    node: str,
    frequency: str,
    *,
    as_of_ms: int,
    target: datetime.date | None = None,
) -> list[NodeForecast]:
    """Every forecast of a node made until a moment, the oldest first; with `target` those that name that day.

    Runs that cannot be read are left out here (`unreadable` names them). Raises `NoForecastYet` for a node
    that was never forecast by then.
    """
    stored = _of_node(session, family, level, node, frequency, as_of_ms)
    if not stored:
        raise NoForecastYet.of(family, str(level), node, frequency)
    found = [each for each in map(_readable, stored) if isinstance(each, NodeForecast)]
    if target is None:
        return found
    return [each for each in found if day_number(target) in each.series.targets]


def unreadable(
    session: Session, family: str, level: Level | str, node: str, frequency: str, *, as_of_ms: int
) -> list[ForecastUnreadable]:
    """One fault for each run about a node that cannot be read, the oldest first."""
    stored = _of_node(session, family, level, node, frequency, as_of_ms)
    return [each for each in map(_readable, stored) if isinstance(each, ForecastUnreadable)]


def _readable(stored: tuple[ForecastRow, str]) -> NodeForecast | ForecastUnreadable:
    try:
        return _node_forecast(*stored)
    except ForecastUnreadable as fault:
        return fault.with_traceback(None)


def _node_forecast(row: ForecastRow, line: str) -> NodeForecast:
    [one] = series_in(row.forecast_id, row.told, [line])
    return NodeForecast(forecast=forecast_of(row), series=one)


def _of_node(
    session: Session,
    family: str,
    level: Level | str,
    node: str,
    frequency: str,
    as_of_ms: int,
    *,
    newest_only: bool = False,
) -> list[tuple[ForecastRow, str]]:
    asked = (
        select(ForecastRow, ForecastSeriesRow.told)
        .join(ForecastSeriesRow, col(ForecastSeriesRow.forecast_id) == col(ForecastRow.forecast_id))
        .where(
            ForecastRow.family == family,
            ForecastRow.frequency == frequency,
            ForecastRow.made_ms <= as_of_ms,
            ForecastSeriesRow.level == str(level),
            ForecastSeriesRow.node == node,
        )
    )
    ordered = (
        asked.order_by(col(ForecastRow.ordinal).desc()).limit(1)
        if newest_only
        else asked.order_by(col(ForecastRow.ordinal))
    )
    return [(row, line) for row, line in session.exec(ordered).all()]


def _row(session: Session, forecast_id: str) -> ForecastRow:
    row = session.get(ForecastRow, forecast_id)
    if row is None:
        at = Location(field="forecast", value=forecast_id[:100])
        raise UnknownForecast(at=at, forecast=forecast_id[:100])
    return row

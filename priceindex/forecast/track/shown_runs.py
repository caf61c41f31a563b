"""Whether a run that is shown is what the log holds: looked at every time, and not only when verified."""

from sqlmodel import Session

from ledger import log
from ledger.errors import DaodiError
from priceindex.forecast.track import reading
from priceindex.forecast.track.forecast_head import Forecast, statement_id
from priceindex.forecast.track.logged_runs import LoggedRun, faults_against_log


def faults_of_shown(session: Session, forecast: Forecast) -> list[DaodiError]:
    """Where the stored head and lines of a run are not what its statement in the log says.

    None for a run that waits to enter the log: there is nothing yet that could vouch for it.
    """
    logged = log.find(session, statement_id(forecast.forecast_id))
    if logged is None:
        return []
    said = logged.entry.statement
    own = LoggedRun(index=logged.index, made_ms=said.at_ms, not_before_ms=0, public=said.public)
    return faults_against_log(forecast, reading.lines(session, forecast.forecast_id), own)

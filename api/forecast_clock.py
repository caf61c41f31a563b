"""The thread that forecasts: after a release that completed a week or a month, before the next one ends."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final, TypeAlias

import structlog
from sqlmodel import Session

from api.looking import Looking
from ledger.clock import Clock
from ledger.errors import DaodiError
from priceindex.families import all_families
from priceindex.forecast.method import ForecastFrequency, forecast_method
from priceindex.forecast.track.making import DueForecast, due_forecasts
from priceindex.forecast.track.storing import Stored
from priceindex.forecast.track.track_errors import ForecastTooLate, NothingToForecast

RETRY_MS: Final = 600_000
"""How long a release is left alone after a failure that may pass: a full outbox, a database away."""
CLOSE_SECONDS: Final = 10.0
"""How long an ending service waits for a forecast; one that is given up is made after the next start."""
MakeForecast: TypeAlias = Callable[[str, ForecastFrequency], Stored]
_log = structlog.get_logger(__name__)


class ForecastClock:
    """Looks every minute whether a release waits to be forecast from.

    One of which no forecast can come waits no more; any other failure is followed by another try.
    """

    def __init__(
        self,
        read: Callable[[], AbstractContextManager[Session]],
        make: MakeForecast,
        clock: Clock,
    ) -> None:
        """Prepare; `make` computes a family's forecasts on a grid and stores them through the one writer."""
        self._read = read
        self._make = make
        self._clock = clock
        self._refused: set[DueForecast] = set()
        self._again_ms: dict[DueForecast, int] = {}
        self._looking = Looking(self.look, "daodi-forecasts")

    def start(self) -> None:
        """Begin to look in a thread of its own."""
        self._looking.start()

    def close(self) -> None:
        """End the thread; what is stored just now is finished first, what is only computed is not."""
        self._looking.close(CLOSE_SECONDS)

    def look(self) -> None:
        """Forecast what is due; a failure is logged, and tried again after `RETRY_MS` where it may pass."""
        try:
            for due in self._due():
                self._forecast(due)
        except Exception:  # noqa: BLE001  the thread must outlive any one failure; the fault is logged
            _log.exception("forecasts_due_failed")

    def _due(self) -> list[DueForecast]:
        families = sorted({each.id for each in all_families()})
        with self._read() as session:
            due = due_forecasts(session, families, forecast_method(), self._clock())
        self._again_ms = {each: at_ms for each, at_ms in self._again_ms.items() if each in due}
        return [each for each in due if each not in self._refused and self._waited(each)]

    def _waited(self, due: DueForecast) -> bool:
        return self._clock() >= self._again_ms.get(due, 0)

    def _forecast(self, due: DueForecast) -> None:
        try:
            stored = self._make(due.family, due.frequency)
        except (NothingToForecast, ForecastTooLate) as fault:
            self._refused.add(due)
            _log.warning("forecast_refused", release=due.release_id, reason=fault.message("en"))
        except DaodiError as fault:
            self._again_ms[due] = self._clock() + RETRY_MS
            _log.warning("forecast_put_off", release=due.release_id, reason=fault.message("en"))
        except Exception:  # noqa: BLE001  one family's failure must not keep the others from their forecasts
            self._again_ms[due] = self._clock() + RETRY_MS
            _log.exception("forecast_failed", release=due.release_id, frequency=due.frequency)
        else:
            _log.info("forecast_made", forecast=stored.forecast.forecast_id, release=due.release_id)

"""The processes that fit models, as a station holds them: started by the first fit, ended when idle.

They take a second or more to load their libraries and some 150 MB each, so they are shared by everything
that fits (the clock, commands, requests), and none is kept while nobody fits.
"""

import threading
from types import TracebackType
from typing import Final, Self

from api.looking import Looking
from api.settings import Settings
from priceindex.forecast.fitted.joined import GridRegressors, Joined
from priceindex.forecast.fitted.workers import FittedPool
from priceindex.forecast.forecast_errors import FitsSwitchedOff

_MINUTE: Final = 60.0


class WarmFits:
    """Fits for a whole process of the service; `close` ends them, and nothing can be fitted after it."""

    def __init__(self, processes: int = 1, *, idle_seconds: float = 10 * _MINUTE) -> None:
        """Prepare; with 0 `processes` there are no fitted models."""
        self._pool = FittedPool(processes) if processes else None
        self._idle = idle_seconds
        self._guard = threading.Lock()
        self._looking: Looking | None = None
        self._closed = False

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return what the settings ask for."""
        processes = settings.forecast_processes if settings.forecast_fit else 0
        return cls(processes, idle_seconds=settings.forecast_idle_minutes * _MINUTE)

    @property
    def offered(self) -> bool:
        """Whether there are fitted models."""
        return self._pool is not None

    def forecaster(self, regressors: GridRegressors | None = None) -> Joined | None:
        """Return a forecaster that knows the fitted models too; None where they are switched off."""
        if self._pool is None:
            return None
        self._watch()
        return Joined(pool=self._pool, regressors=regressors)

    def wanted(self, regressors: GridRegressors | None = None) -> Joined:
        """Return the same where nothing else will do; raises `FitsSwitchedOff`."""
        found = self.forecaster(regressors)
        if found is None:
            raise FitsSwitchedOff
        return found

    @property
    def pids(self) -> tuple[int, ...]:
        """The ids of the processes that live just now."""
        return () if self._pool is None else self._pool.pids

    def rest(self) -> None:
        """End the processes if nothing was fitted for long; the next fit starts them again."""
        if self._pool is not None:
            self._pool.rest(self._idle)

    def close(self) -> None:
        """End the processes; a fit under way raises `FitsEnded` to whoever asked for it."""
        with self._guard:
            self._closed, looking = True, self._looking
        if looking is not None:
            looking.close()
        if self._pool is not None:
            self._pool.close()

    def _watch(self) -> None:
        """Look now and then whether the processes are idle, from the first use on."""
        with self._guard:
            if self._looking is None and not self._closed:
                self._looking = Looking(self.rest, "daodi-fits", seconds=min(self._idle, _MINUTE))
                self._looking.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

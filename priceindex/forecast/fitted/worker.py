"""The process that fits: it loads statsmodels once, then fits what comes through its pipe."""

import signal
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Literal, TypeAlias

from priceindex.forecast.fitted.fit_input import FitInput
from priceindex.forecast.fitted.models import Outcome, fit

READY: Literal["ready"] = "ready"
"""Said once, when the libraries are loaded."""
DONE: Literal["done"] = "done"
"""Said after the last fit of a chunk."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Task:
    """One series and the models to fit to it."""

    row: int
    given: FitInput
    models: tuple[str, ...]


Chunk: TypeAlias = tuple[Task, ...]
Answer: TypeAlias = tuple[int, str, Outcome]
"""Row, model and what the fit gave: sent as soon as it is made, so that what is done is never lost."""


def serve(connection: Connection) -> None:
    """Fit chunk after chunk; ends when the other end of the pipe closes, however that process ended.

    The interrupt of a terminal goes to the process that owns the pool, which then closes the pipe.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _load()
    try:
        connection.send(READY)
        while True:
            chunk: Chunk = connection.recv()
            for task in chunk:
                for name in task.models:
                    connection.send((task.row, name, fit(name, task.given)))
            connection.send(DONE)
    except (EOFError, OSError):
        return  # the pool is closed, or gone


def _load() -> None:
    """Import what the fits need, so that no chunk pays for it."""
    import statsmodels.tsa.exponential_smoothing.ets
    import statsmodels.tsa.forecasting.theta
    import statsmodels.tsa.statespace.sarimax
    import statsmodels.tsa.statespace.structural  # noqa: F401  all four for their effect

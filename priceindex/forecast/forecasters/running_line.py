"""The least-squares line through all values so far, brought up to date with each new one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from priceindex.forecast.panel import Floats


@dataclass(frozen=True, slots=True, eq=False)
class RunningLine:
    """The lines of n series after the same or different numbers of values, (n,) each."""

    mean: Floats
    intercept: Floats
    """The line's value at place 0; the first value has place 1."""
    slope: Floats
    """0 after a single value."""

    def with_value(self, value: Floats, place: Floats | int) -> "RunningLine":
        """The lines with one more value each, at `place`.

        Fiorucci et al. (2016), equations 12-14.
        """
        mean = ((place - 1) * self.mean + value) / place
        slope = ((place - 2) * self.slope + 6.0 * (value - self.mean) / place) / (place + 1)
        slope = np.where(np.greater(place, 1), slope, 0.0)
        return RunningLine(mean, mean - slope * (place + 1) / 2.0, slope)

    def after(self, counts: NDArray[np.int64]) -> "RunningLine":
        """Of lines after every row, (T, n) each, those after `counts` values, (n,) each."""
        at = np.maximum(counts - 1, 0), np.arange(len(counts))
        return RunningLine(self.mean[at], self.intercept[at], self.slope[at])


def running_lines(values: Floats) -> RunningLine:
    """The lines after each row of (T, n) values, every field (T, n).

    >>> running_lines(np.array([[1.0], [3.0], [5.0]])).slope.ravel().tolist()
    [0.0, 2.0, 2.0]
    """
    line = RunningLine(*(np.zeros(values.shape[1]) for _ in range(3)))
    after = [line := line.with_value(row, place) for place, row in enumerate(values, start=1)]
    return RunningLine(
        np.stack([each.mean for each in after]),
        np.stack([each.intercept for each in after]),
        np.stack([each.slope for each in after]),
    )

"""How a panel of quotes behaves: the figures by which herb prices are told from other prices."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from daodi_city.almanac import reopens
from daodi_city.prices import PricePanel


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """The stylised facts of one panel; shares between 0 and 1."""

    series: int
    quotes: int
    flat_days: float
    """Share of day pairs without a change."""
    step_median: float
    step_p90: float
    """Size of a change: absolute log relative."""
    same_sign: float
    """Share of consecutive steps of one series that go the same way."""
    whole_yuan: float
    half_yuan: float
    """Share of quotes on multiples of one yuan, and of half a yuan."""
    longest_flat_median: float
    longest_flat_p95: float
    """Longest unchanged run per series, days."""
    holiday_lift: float
    """Change rate on the first day after a holiday, as a multiple of the other days' rate."""
    spread_median: float
    spread_p90: float
    """Dearest over cheapest market minus one, same grade, on the last day."""


def measure(panel: PricePanel) -> Behaviour:
    """Measure `panel`; every figure is over all its series."""
    board = panel.fen_per_kg
    relatives = np.diff(np.log(board), axis=1)
    moved = relatives != 0
    steps = np.abs(relatives[moved])
    after_holiday = np.array([reopens(day) for day in panel.days[1:]])
    runs = np.array([_longest_run(row) for row in moved])
    spreads = _spreads(panel)
    return Behaviour(
        series=board.shape[0],
        quotes=board.size,
        flat_days=float(1 - moved.mean()),
        step_median=float(np.median(steps)),
        step_p90=float(np.quantile(steps, 0.9)),
        same_sign=_same_sign(relatives),
        whole_yuan=float((board % 100 == 0).mean()),
        half_yuan=float((board % 50 == 0).mean()),
        longest_flat_median=float(np.median(runs)),
        longest_flat_p95=float(np.quantile(runs, 0.95)),
        holiday_lift=float(moved[:, after_holiday].mean() / moved[:, ~after_holiday].mean()),
        spread_median=float(np.median(spreads)),
        spread_p90=float(np.quantile(spreads, 0.9)),
    )


def _longest_run(moved: NDArray[np.bool_]) -> int:
    """Return the longest run of equal quotes, in days quoted."""
    edges = np.concatenate(([-1], np.flatnonzero(moved), [moved.size]))
    return int(np.diff(edges).max())


def _same_sign(relatives: NDArray[np.float64]) -> float:
    signs = [np.sign(row[row != 0]) for row in relatives]
    pairs = [a == b for row in signs for a, b in pairwise(row.tolist())]
    return float(np.mean(pairs))


def _spreads(panel: PricePanel) -> NDArray[np.float64]:
    last: dict[object, list[int]] = {}
    for grade, fen in zip(panel.grades, panel.fen_per_kg[:, -1].tolist(), strict=True):
        last.setdefault(grade, []).append(fen)
    return np.array([max(asked) / min(asked) - 1 for asked in last.values()])

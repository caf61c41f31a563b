"""How good a rule was: alarms against surges, over the periods that are judged.

An alarm is the period in which a series rises to alert or worse. It is true if it falls within the six months
after the onset of a surge, else false; a surge is found if an alarm falls into its six months, and found
early if that is before the crossing. A rule that is always in alert raises one alarm, so it finds next to
nothing: being in alert when a surge begins does not count.

    recall = found / surges        early recall = found early / surges
    precision = true / alarms      F1 = 2 · precision · recall / (precision + recall)
    false alarms a series-year = false / (judged periods / periods a year)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from priceindex.warning.backtest.events import WITHIN, Surge
from priceindex.warning.hysteresis import Counts, State
from priceindex.warning.indicators.indication import Floats, Mask, Places


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What was counted, and the measures made of it; a measure of nothing is 0."""

    surges: int
    found: int
    found_early: int
    alarms: int
    true_alarms: int
    series_years: float
    years_in_alert: float
    leads_to_crossing: tuple[int, ...]
    """Periods from the first alarm to the crossing of each surge found; positive is early."""
    leads_to_peak: tuple[int, ...]

    @property
    def recall(self) -> float:
        """Share of surges that were found."""
        return self.found / self.surges if self.surges else 0.0

    @property
    def early_recall(self) -> float:
        """Share of surges found before they had crossed +30 %."""
        return self.found_early / self.surges if self.surges else 0.0

    @property
    def precision(self) -> float:
        """Share of alarms that were true."""
        return self.true_alarms / self.alarms if self.alarms else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2.0 * self.precision * self.recall / both if both else 0.0

    @property
    def false_a_year(self) -> float:
        """False alarms a series-year."""
        return (self.alarms - self.true_alarms) / self.series_years if self.series_years else 0.0

    @property
    def time_in_alert(self) -> float:
        """Share of the judged time in alert or worse."""
        return self.years_in_alert / self.series_years if self.series_years else 0.0

    @property
    def lead_to_crossing(self) -> float:
        """Median periods from the first alarm to the crossing; NaN when no surge was found."""
        return float(median(self.leads_to_crossing)) if self.leads_to_crossing else float("nan")

    @property
    def lead_to_peak(self) -> float:
        """The same to the peak."""
        return float(median(self.leads_to_peak)) if self.leads_to_peak else float("nan")

    def __add__(self, other: "Judgement") -> "Judgement":
        """Both counted together: the reported parts of a split."""
        return Judgement(
            surges=self.surges + other.surges,
            found=self.found + other.found,
            found_early=self.found_early + other.found_early,
            alarms=self.alarms + other.alarms,
            true_alarms=self.true_alarms + other.true_alarms,
            series_years=self.series_years + other.series_years,
            years_in_alert=self.years_in_alert + other.years_in_alert,
            leads_to_crossing=self.leads_to_crossing + other.leads_to_crossing,
            leads_to_peak=self.leads_to_peak + other.leads_to_peak,
        )


def alarms_of(states: Counts) -> Mask:
    """Where a series rises to alert or worse: states (n, T) to (n, T).

    >>> alarms_of(np.array([[0, 1, 2, 3, 1, 2]])).tolist()
    [[False, False, True, False, False, True]]
    """
    alert = states >= State.ALERT
    before = np.zeros_like(alert)
    before[:, 1:] = alert[:, :-1]
    return np.asarray(alert & ~before)


def judged_periods(prices: Floats, *, warm_up: int = 72, within: int = WITHIN) -> Mask:
    """The periods in which alarms and onsets count: (n, T).

    From `warm_up` periods after a series' first price, when every indicator is eligible, to `within` before
    its last, because later ones have no outcome yet.
    """
    known = np.isfinite(prices)
    place = np.arange(prices.shape[1])
    first = np.where(known.any(axis=1), known.argmax(axis=1), prices.shape[1])
    last = np.where(known.any(axis=1), prices.shape[1] - 1 - known[:, ::-1].argmax(axis=1), -1)
    return np.asarray((place >= (first + warm_up)[:, None]) & (place <= (last - within)[:, None]))


def judge(
    states: Counts,
    events: Sequence[Sequence[Surge]],
    judged: Mask,
    *,
    periods_a_year: int = 12,
    within: int = WITHIN,
) -> Judgement:
    """Hold the states (n, T) of a rule against each series' surges, where `judged` (n, T) says so.

    A surge counts if its onset is judged, an alarm if it is itself; an alarm within a surge whose onset is
    not judged is true and finds nothing.
    """
    alarms = alarms_of(states)
    parts = [
        _judged_row(np.flatnonzero(alarms[row]), events[row], judged[row], within)
        for row in range(states.shape[0])
    ]
    finds = [find for part in parts for find in part[0]]
    return Judgement(
        surges=sum(part[1] for part in parts),
        found=len(finds),
        found_early=sum(alarm < surge.crossing for alarm, surge in finds),
        alarms=int((alarms & judged).sum()),
        true_alarms=sum(part[2] for part in parts),
        series_years=float(judged.sum()) / periods_a_year,
        years_in_alert=float(((states >= State.ALERT) & judged).sum()) / periods_a_year,
        leads_to_crossing=tuple(surge.crossing - alarm for alarm, surge in finds),
        leads_to_peak=tuple(surge.peak - alarm for alarm, surge in finds),
    )


def _judged_row(
    alarms: Places, events: Sequence[Surge], judged: Mask, within: int
) -> tuple[list[tuple[int, Surge]], int, int]:
    """Of one series: the first alarm of each surge found, the surges that count, and the true alarms."""
    finds = []
    true = np.zeros(len(alarms), dtype=np.bool_)
    counting = [surge for surge in events if judged[surge.onset]]
    for surge in events:
        inside = (alarms > surge.onset) & (alarms <= surge.onset + within)
        true |= inside
        if judged[surge.onset] and inside.any():
            finds.append((int(alarms[inside][0]), surge))
    return finds, len(counting), int((true & judged[alarms]).sum())

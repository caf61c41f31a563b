"""Which changes of published values may not be silent (Decree 22 of 2024, article 16; IOSCO principle 10).

A final value that changes needs a correction notice, and so does a provisional composite that moves by
more than the family's text lets pass. Values of a trial are provisional and may be revised without one,
but for those of an index that suddenly begins earlier: quotes of old days that set another base change
every value there is.
"""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from sqlalchemy import func, select
from sqlmodel import Session, col

from priceindex.calendar import china_day, day_number
from priceindex.classification import Level
from priceindex.families import Family
from priceindex.formulas.relatives import Places
from priceindex.releases.observations import heads
from priceindex.releases.point_planning import Marks, Plan
from priceindex.releases.point_reading import WITHDRAWN
from priceindex.releases.release import ReleaseStatus
from priceindex.releases.release_tables import PointRow, ReleaseRow
from priceindex.releases.series import FREQUENCIES, in_points, last_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """The changes of one release that may not be silent."""

    values: int
    """How many."""
    level: str
    node: str
    """The highest of the series they are in."""
    first_day: int
    last_day: int
    """Day numbers between which they all lie."""
    wrong: Decimal | None
    corrected: Decimal | None
    """The last of them in that series, before and after; None where no value is published."""


def correction(session: Session, family: Family, plan: Plan, kept: int, at_ms: int) -> Correction | None:
    """Sum up the changes of a plan that may not be silent; None where there are none.

    `kept` are the digits of the new values.
    """
    change = plan.change
    if not len(change):
        return None
    newest = heads(session, family.id, col(ReleaseRow.ordinal) == plan.ordinal - 1)[plan.ordinal - 1]
    if newest.status == ReleaseStatus.OFFICIAL:
        old = day_number(china_day(at_ms)) - _ends(plan) >= newest.final_after_days
        loud = old | _material(family, plan, kept)
    else:
        loud = _rebased(session, plan)
    return _summed_up(plan, np.flatnonzero(loud), kept) if loud.any() else None


def _ends(plan: Plan) -> Places:
    """The last day of each changed value's period."""
    frequencies = np.array([plan.names[series][2] for series in plan.change.series.tolist()])
    ends = plan.change.days.copy()
    for frequency in FREQUENCIES:
        chosen = frequencies == frequency
        ends[chosen] = last_days(frequency, plan.change.days[chosen])
    return ends


def every_change(plan: Plan, kept: int) -> Correction:
    """Sum up every change of a plan that has any, also those that no rule asks to be told."""
    return _summed_up(plan, np.arange(len(plan.change)), kept)


def _summed_up(plan: Plan, places: Places, kept: int) -> Correction:
    change = plan.change
    top = min(places.tolist(), key=lambda place: _rank(plan, place))
    level, node, _ = plan.names[int(change.series[top])]
    return Correction(
        values=len(places),
        level=level,
        node=node,
        first_day=int(change.days[places].min()),
        last_day=int(change.days[places].max()),
        wrong=in_points(int(change.before[top]), plan.kept_before),
        corrected=in_points(int(change.after[top]), kept),
    )


def _rank(plan: Plan, place: int) -> tuple[int, int, str, int]:
    """The order in which changes are told: the highest level, the finest frequency, the newest day first."""
    level, node, frequency = plan.names[int(plan.change.series[place])]
    order = list(Level).index(Level(level))
    return order, [str(each) for each in FREQUENCIES].index(frequency), node, -int(plan.change.days[place])


def _material(family: Family, plan: Plan, kept: int) -> Marks:
    """Which changes move a composite by more than the text lets pass, or make or unmake its value."""
    change = plan.change
    over = Decimal(family.publication.notice_over_points)
    told = np.isin(change.series, _composites(plan))
    for place in np.flatnonzero(told).tolist():
        before = in_points(int(change.before[place]), plan.kept_before)
        after = in_points(int(change.after[place]), kept)
        told[place] = before is None or after is None or abs(after - before) > over
    return told


def _rebased(session: Session, plan: Plan) -> Marks:
    """The changes of composites that now begin on an earlier day than was published."""
    asked = (
        select(col(PointRow.series_id), func.min(PointRow.day))
        .where(col(PointRow.series_id).in_(_composites(plan)), col(PointRow.units) != WITHDRAWN)
        .group_by(col(PointRow.series_id))
    )
    first = {int(series): int(day) for series, day in session.connection().execute(asked)}
    told = plan.points.units != WITHDRAWN
    begins = {
        number: int(plan.points.days[told & (plan.points.series == number)].min(initial=day))
        for number, day in first.items()
    }
    earlier = [number for number, day in begins.items() if day < first[number]]
    return np.isin(plan.change.series, earlier)


def _composites(plan: Plan) -> list[int]:
    return [number for number, key in plan.names.items() if key[0] == Level.COMPOSITE]

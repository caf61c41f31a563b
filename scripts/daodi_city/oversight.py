"""A chapter without steps: scores, a draw and its inspections, a complaint."""

from datetime import date, timedelta

from daodi_city.acts_watching import AnnounceDraw, Complain, Inspect, Judged, MakeDraw, Replied, ScorePeriod
from daodi_city.almanac import at_ms
from daodi_city.parties import Citizens
from daodi_city.pen import Picked
from daodi_city.town import Act

YEAR, QUARTER = "2025", "2025Q4"
"""What is scored."""
COVERED = "2026Q1"
"""The quarter that coverage is looked at for."""
_SCORED = date(2026, 1, 5)
_DRAWN = date(2026, 2, 10)
_INSPECTED = date(2026, 2, 24)
_COMPLAINED = date(2025, 12, 3)


def watch_over(citizens: Citizens, sold: Picked) -> tuple[Act, ...]:
    """Return the acts of those who watch over the trade; the complaint is about the pack `sold`."""
    regulator = citizens.regulator.uscc
    return (
        _complaint(citizens, sold),
        ScorePeriod(at_ms=at_ms(_SCORED, 9), period=YEAR),
        AnnounceDraw(
            at_ms=at_ms(_SCORED, 10),
            by=regulator,
            period=YEAR,
            parties=3,
            inspectors=tuple(f"DEM-I{number}" for number in range(1, 7)),
        ),
        MakeDraw(at_ms=at_ms(_DRAWN, 9), by=regulator),
        *_inspections(regulator),
        ScorePeriod(at_ms=at_ms(_SCORED, 16), period=QUARTER),
    )


def _inspections(regulator: str) -> tuple[Act, ...]:
    """The first passes, the second has something to put right and does, the third is still looked at."""
    due = at_ms(_INSPECTED + timedelta(days=30), 17)
    return (
        Inspect(
            at_ms=at_ms(_INSPECTED, 10),
            by=regulator,
            drawn=0,
            outcomes=(("quality", "passed"), ("hygiene", "passed")),
        ),
        Inspect(
            at_ms=at_ms(_INSPECTED, 14),
            by=regulator,
            drawn=1,
            outcomes=(("quality", "passed"), ("hygiene", "failed")),
            points=3,
            due_ms=due,
        ),
        Inspect(at_ms=at_ms(_INSPECTED, 16), by=regulator, drawn=2, outcomes=(("price", "pending"),)),
        Inspect(
            at_ms=at_ms(_INSPECTED + timedelta(days=21), 10),
            by=regulator,
            drawn=1,
            outcomes=(("hygiene", "passed"),),
            follows=1,
        ),
    )


def _complaint(citizens: Citizens, sold: Picked) -> Act:
    return Complain(
        at_ms=at_ms(_COMPLAINED, 20),
        pack=sold,
        category="weight",
        words="示例：标示 500 克，家里称只有 462 克。",
        by=citizens.slice_makers[0].uscc,
        replied=Replied(at_ms(_COMPLAINED + timedelta(days=3), 10), "示例：已换货，并检修包装秤。"),
        judged=Judged(
            at_ms=at_ms(_COMPLAINED + timedelta(days=12), 10),
            regulator=citizens.regulator.uscc,
            points=2,
            reason="抽查同批十包，三包短少超过允差",
        ),
    )

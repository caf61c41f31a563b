"""The numbers a chart of a page shows, as CSV: the same rows as the table beside the drawing, unrounded.

Pure. A page hands these to `api.web.site.page`, which answers them under its own address with ``?table=``.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from api.web.csv_body import csv_body
from api.web.earlier_forecasts import Earlier
from api.web.index_drawing import PartsDrawing
from api.web.warning_drawing import Window

VintageRow = tuple[date, Decimal | None, Decimal | None]
"""A day, what was published for it then, and what is published for it now; index points."""


def parts_csv(drawn: PartsDrawing, release_id: str, day: date) -> bytes:
    """Return what each part gave the composite's change of a day, in index points."""
    return csv_body(
        ("release", "day", "name", "contribution_points"),
        ([release_id, day.isoformat(), each.name, each.points] for each in drawn.parts),
    )


def earlier_csv(found: Earlier) -> bytes:
    """Return what was forecast of one day, one forecast after another, in index points."""
    return csv_body(
        ("forecast", "origin_day", "step", "target_day", "low_95", "low_80", "median", "high_80", "high_95",
         "skill", "late", "actual"),
        (
            [line.forecast_id, line.origin.isoformat(), line.step, found.target.isoformat(), *line.quantiles,
             line.skill, int(line.late), found.actual]
            for line in found.lines
        ),
    )  # fmt: skip


def window_csv(warning_id: str, window: Window, divisor: int) -> bytes:
    """Return what a warning watched and its rule's score, a row for each period.

    Values are in the unit of the drawing: `divisor` is what stored values are divided by.
    """
    return csv_body(
        ("warning", "day", "value", "score"),
        (
            [
                warning_id,
                each.day.isoformat(),
                None if each.value is None else each.value / divisor,
                each.score,
            ]
            for each in window
        ),
    )


def vintages_csv(rows: Sequence[VintageRow], then_release: str, now_release: str) -> bytes:
    """Return both vintages of a node, a row for each period."""
    return csv_body(
        ("day", "then", "now", "then_release", "now_release"),
        ([day.isoformat(), then, now, then_release, now_release] for day, then, now in rows),
    )

"""A raw series of readings, summed up exactly: least, most, mean, spread, count, gaps, and windows of it.

The raw file stays a document beside the log; its summary is stated, so that anyone who is given the file
can sum it up again. All sums are of whole millionths: the same file gives the same digits everywhere.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.canonical import JsonValue
from trace.events import iso_time
from trace.sensors.sensing import Quantity
from trace.sensors.sums import Sums
from trace.sensors.windows import Stretches, Window


@dataclass(frozen=True, slots=True)
class Reading:
    """One value at one moment."""

    at_ms: int
    value: int
    """In millionths of the unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a series says, in decimals written as text."""

    quantity: Quantity
    start_ms: int
    end_ms: int
    offset_minutes: int
    """Offset the first reading was written with."""
    least: str
    most: str
    mean: str
    """To four decimals, half to even."""
    sdev: str
    """Standard deviation over all readings (divided by their count), to four decimals."""
    count: int
    gap_ms: int
    """Longest time between two readings."""
    gap_at_ms: int
    """When it began."""
    window_ms: int
    windows: tuple[Window, ...]


def summed_up(readings: Iterable[Reading], quantity: Quantity, offset_minutes: int = 480) -> Summary:
    """Sum up a series of at least one reading in the order of their times.

    >>> series = [Reading(0, 18_000_000), Reading(60_000, 19_000_000), Reading(120_000, 23_000_000)]
    >>> made = summed_up(series, Quantity.TEMPERATURE, 480)
    >>> made.least, made.most, made.mean, made.sdev, made.count
    ('18', '23', '20', '2.1602', 3)
    """
    found = Sums()
    stretches: Stretches | None = None
    start_ms = last_ms = gap_ms = gap_at_ms = 0
    for reading in readings:
        if stretches is None:
            stretches = Stretches(reading.at_ms)
            start_ms = gap_at_ms = reading.at_ms
        elif reading.at_ms - last_ms > gap_ms:
            gap_ms, gap_at_ms = reading.at_ms - last_ms, last_ms
        last_ms = reading.at_ms
        found.add(reading.value)
        stretches.add(reading.at_ms, reading.value)
    if stretches is None:
        raise ValueError("a series has at least one reading")
    window_ms, windows = stretches.windows(last_ms - start_ms)
    return Summary(
        quantity=quantity,
        start_ms=start_ms,
        end_ms=last_ms,
        offset_minutes=offset_minutes,
        least=found.least,
        most=found.most,
        mean=found.mean,
        sdev=found.sdev,
        count=found.count,
        gap_ms=gap_ms,
        gap_at_ms=gap_at_ms,
        window_ms=window_ms,
        windows=windows,
    )


def stated(summary: Summary) -> dict[str, JsonValue]:
    """Return a summary as a statement says it; `summary_of` reads it back."""
    offset = summary.offset_minutes
    return {
        "quantity": summary.quantity.value,
        "uom": summary.quantity.uom,
        "start": iso_time(summary.start_ms, offset),
        "start_ms": summary.start_ms,
        "end_ms": summary.end_ms,
        "offset_minutes": offset,
        "least": summary.least,
        "most": summary.most,
        "mean": summary.mean,
        "sdev": summary.sdev,
        "count": summary.count,
        "gap_ms": summary.gap_ms,
        "gap_at_ms": summary.gap_at_ms,
        "window_ms": summary.window_ms,
        "windows": [
            [
                (each.start_ms - summary.start_ms) // summary.window_ms,
                each.least,
                each.most,
                each.mean,
                each.count,
            ]
            for each in summary.windows
        ],
    }


def summary_of(said: Mapping[str, Any]) -> Summary:
    """Read a summary back from what was stated."""
    start_ms, window_ms = said["start_ms"], said["window_ms"]
    plain = ("start_ms", "end_ms", "offset_minutes", "least", "most", "mean", "sdev", "count")
    return Summary(
        quantity=Quantity(said["quantity"]),
        **{name: said[name] for name in (*plain, "gap_ms", "gap_at_ms", "window_ms")},
        windows=tuple(
            Window(start_ms=start_ms + place * window_ms, least=least, most=most, mean=mean, count=count)
            for place, least, most, mean, count in said["windows"]
        ),
    )

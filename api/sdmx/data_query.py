"""Which values an SDMX REST data query means: its key, its time filter, its moments (SDMX REST 2.1)."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from api.errors import FieldWrong
from api.sdmx.structure import FREQUENCIES, KEY_LENGTH
from ledger.errors import Location
from priceindex.classification import Level
from priceindex.releases.series import Frequency

ANY: Final = ("*", "")
_FREQUENCY_OF: Final[dict[str, Frequency]] = {"D": "day", "W": "week", "M": "month"}
_PERIOD: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?|-W(\d{2}))?")
_OPERATORS: Final = ("eq", "ge", "gt", "le", "lt")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesKey:
    """The series meant by a key; None stands for every one."""

    frequency: Frequency | None
    family: str | None
    level: Level | None
    node: str | None


def series_key(text: str) -> SeriesKey:
    """Read `FREQ.FAMILY.LEVEL.NODE` or `*`; a node may itself hold points. Raises `FieldWrong`.

    >>> series_key("D.bozhou.herb.白芍").node, series_key("*").family
    ('白芍', None)
    """
    parts = ["*"] * KEY_LENGTH if text in ("*", "all") else text.split(".", KEY_LENGTH - 1)
    if len(parts) != KEY_LENGTH:
        raise _wrong("key", "键应为 FREQ.FAMILY.LEVEL.NODE", "a key is FREQ.FAMILY.LEVEL.NODE")
    frequency, family, level, node = (None if part in ANY else part for part in parts)
    if frequency is not None and frequency not in FREQUENCIES.values():
        raise _wrong("key", "频率应为 D、W 或 M", "the frequency is D, W or M")
    if level is not None and level not in set(Level):
        raise _wrong("key", "没有这个层级", "there is no such level")
    return SeriesKey(
        frequency=None if frequency is None else _FREQUENCY_OF[frequency],
        family=family,
        level=None if level is None else Level(level),
        node=node,
    )


def time_bounds(text: str | None) -> tuple[date | None, date | None]:
    """Read `c[TIME_PERIOD]`: conditions such as `ge:2025-01`, joined by `+` where all must hold.

    Returns the first and the last day on which a period may begin. Raises `FieldWrong`.

    >>> time_bounds("ge:2025-01+le:2025-W05")
    (datetime.date(2025, 1, 1), datetime.date(2025, 2, 2))
    """
    first: date | None = None
    last: date | None = None
    for condition in re.split(r"[+ ]", text) if text else ():
        operator, colon, written = condition.partition(":")
        if not colon:
            operator, written = "eq", condition
        if operator not in _OPERATORS:
            raise _wrong("c[TIME_PERIOD]", "运算符应为 eq、ge、gt、le、lt", "use eq, ge, gt, le or lt")
        begins, ends = _period(written)
        if operator in ("eq", "ge", "gt"):
            start = ends + timedelta(days=1) if operator == "gt" else begins
            first = start if first is None else max(first, start)
        if operator in ("eq", "le", "lt"):
            end = begins - timedelta(days=1) if operator == "lt" else ends
            last = end if last is None else min(last, end)
    return first, last


def _period(written: str) -> tuple[date, date]:
    """Return the first and last day of a year, month, ISO week or day."""
    found = _PERIOD.fullmatch(written)
    try:
        if found is None:
            raise ValueError(written)
        year, month, day, week = (None if part is None else int(part) for part in found.groups())
        if year is None or not 1900 <= year <= 2200:
            raise ValueError(written)
        if week is not None:
            first = date.fromisocalendar(year, week, 1)
            return first, first + timedelta(days=6)
        if day is not None and month is not None:
            return date(year, month, day), date(year, month, day)
        if month is not None:
            after = date(year + month // 12, month % 12 + 1, 1)
            return date(year, month, 1), after - timedelta(days=1)
        return date(year, 1, 1), date(year, 12, 31)
    except ValueError as fault:
        raise _wrong(
            "c[TIME_PERIOD]",
            "期间应如 2025、2025-01、2025-W05、2025-01-31",
            "periods are 2025, 2025-01, 2025-W05",
        ) from fault


def _wrong(field: str, zh: str, en: str) -> FieldWrong:
    return FieldWrong(at=Location(field=field), reason_zh=zh, reason_en=en)

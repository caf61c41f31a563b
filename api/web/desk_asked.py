"""What a regulator asks of a page of the desk: a quarter, an area, where a list begins, screen or file."""

from dataclasses import dataclass
from typing import Final

from fastapi import Request

from api.errors import FieldWrong
from api.web.desk_areas import finer, is_area
from ledger.errors import Location
from trace.integrity.periods import Period, earlier, period, quarter_of

SHOWN: Final = 20
"""Rows of a list on one page: on a phone each is a card of half a screen."""
IN_FILE: Final = 20_000
"""Rows of a list in one file."""
_FURTHEST: Final = 1_000_000
_YOUNG_MS: Final = 14 * 86_400_000
"""So long a quarter has too little in it: the last whole one is shown unless it is asked for."""
_OFFERED: Final = 8
"""Quarters the form offers; the address may name any other, or a whole year."""
_NO_AREA: Final = {
    "reason_zh": "地区是行政区划代码的前 2、4 或 6 位",
    "reason_en": "an area is the first 2, 4 or 6 digits of a GB/T 2260 code",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The part of a page's address that says what it is about."""

    quarter: Period
    instead: bool
    """Whether it is the last whole quarter because the present one has just begun."""
    area: str
    """Digits a GB/T 2260 code begins with; empty: everywhere."""
    start: int
    """How many rows of the list come before this page."""
    file: str
    """Name of the table asked for as CSV; empty: the page."""
    offered: tuple[str, ...]
    """The quarters the form offers, the latest first."""

    @property
    def kept(self) -> dict[str, str]:
        """Quarter and area as parameters of a link to another page of the desk."""
        return {"period": self.quarter.name} | ({"area": self.area} if self.area else {})

    @property
    def limit(self) -> int:
        """How many rows are wanted, and one more that tells whether there are further ones."""
        return 1 + (IN_FILE if self.file else SHOWN)

    @property
    def digits(self) -> int:
        """How many digits tell the parts of the area apart."""
        return finer(self.area)


def asked_of(request: Request, now_ms: int, *, whole: bool = False) -> Asked:
    """Read a page's address; raises `BadPeriod`, and `FieldWrong` for what is no area.

    Where no quarter is named it is the present one; with `whole` the one before while that is young.
    """
    typed = request.query_params
    named, area = typed.get("period", "").strip(), typed.get("area", "").strip()[:12]
    present = quarter_of(now_ms)
    young = whole and not named and now_ms - present.since_ms < _YOUNG_MS
    if not is_area(area):
        raise FieldWrong(at=Location(field="area", value=area), **_NO_AREA)
    return Asked(
        quarter=period(named) if named else earlier(present) if young else present,
        instead=young,
        area=area,
        start=start_of(typed.get("start", "")),
        file=typed.get("table", "")[:40] if typed.get("as") == "csv" else "",
        offered=_offered(present),
    )


def start_of(text: str) -> int:
    """Read where a list begins; what is no such number begins it at its first row.

    >>> start_of("50"), start_of("-1"), start_of("٣")
    (50, 0, 0)
    """
    digits = text if text.isascii() and text.isdecimal() and len(text) <= 7 else "0"
    return min(int(digits), _FURTHEST)


def _offered(present: Period) -> tuple[str, ...]:
    found = [present]
    while len(found) < _OFFERED:
        found.append(earlier(found[-1]))
    return tuple(each.name for each in found)

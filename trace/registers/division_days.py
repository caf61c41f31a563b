"""Division codes against the calendar: a code on a statement must have been in use on its day."""

from dataclasses import dataclass
from datetime import date

from ledger.errors import Location
from trace.divisions import division, retirement
from trace.identifiers import check_gb2260
from trace.registers.register_errors import DivisionRetired


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfUse:
    """Why a code cannot stand on a statement about a day."""

    code: str
    name_zh: str
    name_en: str
    years: str
    """From which year to which it was in use; an open end stays open."""
    successor: str | None
    successor_zh: str

    def advice(self, language: str) -> str:
        """Say what to use instead."""
        if self.successor is None:
            return "请按当年的行政区划代码填写" if language == "zh" else "use the code of that year"
        if language == "zh":
            return f"请改用 {self.successor}（{self.successor_zh}）"
        return f"use {self.successor}"


def out_of_use(code: str, day: date) -> OutOfUse | None:
    """Return why `code` was not in use on `day`; None when it was, or nothing is known against it.

    The year of a change allows both codes.

    >>> found = out_of_use("430521", date(2024, 3, 1))
    >>> found and found.advice("zh")
    '请改用 430582（邵东市）'
    >>> out_of_use("430521", date(2018, 3, 1)) is None
    True
    """
    known, ended = division(code), retirement(code)
    first = known.first_year if known.exact else None
    last = ended.last_year if ended else known.last_year if known.exact else None
    if (first or 0) <= day.year <= (last or day.year):
        return None
    return OutOfUse(
        code=code,
        name_zh=ended.name_zh if ended else known.words("zh"),
        name_en=known.words("en"),
        years=f"{first or ''}–{last or ''}",
        successor=ended.successor if ended else None,
        successor_zh=ended.successor_zh if ended else "",
    )


def check_division_on(code: str, day: date) -> None:
    """Raise `BadIdentifier` for a code of the wrong shape, `DivisionRetired` for one not in use on `day`.

    Of a code that is neither known by name nor known to have ended, only shape and province are judged.
    """
    check_gb2260(code)
    found = out_of_use(code, day)
    if found is not None:
        raise DivisionRetired(
            code=code,
            name_zh=found.name_zh,
            name_en=found.name_en,
            year=day.year,
            years=found.years,
            advice_zh=found.advice("zh"),
            advice_en=found.advice("en"),
            at=Location(field="division", value=code),
        )

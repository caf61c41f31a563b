"""Names of administrative divisions by their GB/T 2260 codes, for the codes this project uses.

All provinces are known; prefectures and counties as far as markets and producing areas need them.
A code that is not known by name falls back to its prefecture or province, and says so.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Final, Literal

from ledger.errors import Language
from trace.facts import rows

_OF_REGION: Final = {
    "1": "12345", "2": "123", "3": "1234567", "4": "123456", "5": "01234", "6": "12345", "7": "1", "8": "12",
}  # fmt: skip
PROVINCES: Final = frozenset(region + digit for region, digits in _OF_REGION.items() for digit in digits)
"""The first two digits of every province-level code of GB/T 2260."""

Level = Literal["province", "prefecture", "county"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """What a GB/T 2260 code names, as finely as we know it."""

    code: str
    """The code asked for, even where only a coarser name is known."""
    name_zh: str
    """Official name of the named division alone, such as 谯城区."""
    name_en: str
    level: Level
    """Level of the name given: coarser than the code when `exact` is False."""
    exact: bool
    """Whether the code itself is known, not only the division around it."""
    path_zh: str
    """The names from the province down, such as 安徽省亳州市谯城区."""
    path_en: str
    """The names from the division up, such as Qiaocheng, Bozhou, Anhui."""
    first_year: int | None = None
    """First year of a code that began after 2009."""
    last_year: int | None = None
    """Last year of a code that is no longer in use."""

    def in_use(self, day: date) -> bool:
        """Whether the code may stand on a statement about `day`; the year of a change allows both codes.

        >>> division("430521").in_use(date(2021, 1, 1))
        False
        """
        return (self.first_year or 0) <= day.year <= (self.last_year or day.year)

    def words(self, language: Language) -> str:
        """Say where it is, and say so when only the division around it is known.

        >>> division("341602").words("zh"), division("341699").words("en")
        ('安徽省亳州市谯城区', 'Bozhou, Anhui (341699)')
        """
        path = self.path_zh if language == "zh" else self.path_en
        if self.exact:
            return path
        return f"{path}（{self.code}）" if language == "zh" else f"{path} ({self.code})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retirement:
    """A code that ended since 2010, and what came after it."""

    code: str
    name_zh: str
    last_year: int
    successor: str | None
    """The code of the same name that began then; None where the sources do not settle it."""
    successor_zh: str


def retirement(code: str) -> Retirement | None:
    """Return when a code ended and what came after; None for one that did not end since 2010.

    >>> ended = retirement("430521")
    >>> ended and (ended.last_year, ended.successor)
    (2019, '430582')
    """
    return _retirements().get(code)


@cache
def _retirements() -> dict[str, Retirement]:
    return {
        row["code"]: Retirement(
            code=row["code"],
            name_zh=row["name_zh"],
            last_year=int(row["last_year"]),
            successor=row["successor"] or None,
            successor_zh=row["successor_zh"],
        )
        for row in rows("division_changes")
    }


@lru_cache(maxsize=4096)  # there are about 3,000 of them
def division(code: str) -> Division:
    """Return what is known about a code that `identifiers.check_gb2260` let through.

    Raises `KeyError` for a code of no province.
    """
    table = _table()
    ladder = (code, code[:4] + "00", code[:2] + "0000")
    known = next((step for step in ladder if step in table), None)
    if known is None:
        raise KeyError(code)
    above = [step for step in (known[:2] + "0000", known[:4] + "00", known) if step in table]
    names = list(dict.fromkeys(above))  # a province is its own first step
    row = table[known]
    return Division(
        code=code,
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        level=_level(known),
        exact=known == code,
        path_zh="".join(table[step]["name_zh"] for step in names),
        path_en=", ".join(table[step]["name_en"] for step in reversed(names)),
        first_year=int(row["first_year"]) if row["first_year"] else None,
        last_year=int(row["last_year"]) if row["last_year"] else None,
    )


def all_divisions() -> tuple[Division, ...]:
    """Return every division known by name, in the order of their codes."""
    return tuple(division(code) for code in sorted(_table()))


def code_named(text: str) -> str | None:
    """Return the code of the division in use whose name from the province down this is; None for any other.

    Its own name alone names none: there may be others of that name which are not known here.

    >>> code_named("安徽省亳州市谯城区"), code_named("谯城区")
    ('341602', None)
    """
    name = "".join(text.split())
    return next((each.code for each in all_divisions() if each.path_zh == name and not each.last_year), None)


@cache
def _table() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in rows("divisions")}


def _level(code: str) -> Level:
    if code.endswith("0000"):
        return "province"
    return "prefecture" if code.endswith("00") else "county"

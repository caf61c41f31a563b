"""How a quote history lies in its folder: one Parquet file a year, and a manifest that is written last.

`year=2025/quotes.parquet` holds every revision of every quote of that year known at the moment of the
export, sorted by day, cell, source and revision. Any program that reads Parquet can read it: names are
words, prices whole fen per kilogram, days dates.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from priceindex.history.history_errors import NoHistory

FORM: Final = 1
MANIFEST: Final = "history.json"
QUOTES: Final = "quotes.parquet"
COLUMNS: Final = {
    "day": "DATE",
    "herb": "VARCHAR",
    "grade": "VARCHAR",
    "origin": "VARCHAR",
    "market": "VARCHAR",
    "source": "VARCHAR",
    "revision": "INTEGER",
    "standing": "BOOLEAN",
    "fen_per_kg": "BIGINT",
    "low_fen_per_kg": "BIGINT",
    "high_fen_per_kg": "BIGINT",
    "tier": "VARCHAR",
    "status": "VARCHAR",
    "rules": "VARCHAR",
    "deals": "BIGINT",
    "recorded_ms": "BIGINT",
}
"""Name and type of every column. `standing` marks the newest revision of its cell, day and source."""


class YearFile(BaseModel):
    """One year of a history."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    year: int
    rows: int
    withheld: int
    """Standing quotes that may not enter an index."""


class Names(BaseModel):
    """Every name that occurs in a column, sorted: a name's place is its code."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    herb: tuple[str, ...]
    grade: tuple[str, ...]
    origin: tuple[str, ...]
    market: tuple[str, ...]
    source: tuple[str, ...]


class Manifest(BaseModel):
    """What an export holds; without it a folder is no history."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    form: int = FORM
    as_of_ms: int
    """Quotes recorded later are not in it."""
    names: Names
    years: tuple[YearFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A whole history found in a folder."""

    folder: Path
    as_of_ms: int
    names: Names
    years: tuple[YearFile, ...]

    def through(self, last: int) -> list[int]:
        """The years through `last`, oldest first."""
        return [each.year for each in self.years if each.year <= last]

    def file(self, year: int) -> str:
        """The file of a year."""
        return str(year_file(self.folder, year).resolve())

    def withheld(self, last: int) -> bool:
        """Whether any standing quote of the years through `last` may not enter an index."""
        return any(each.withheld for each in self.years if each.year <= last)

    @property
    def rows(self) -> int:
        """Revisions of quotes in it."""
        return sum(each.rows for each in self.years)


def history_in(folder: Path) -> History:
    """Find the history in a folder; raises `NoHistory`."""
    try:
        told = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError) as fault:
        raise NoHistory(folder=folder, fault=MANIFEST) from fault
    if told.form != FORM:
        raise NoHistory(folder=folder, fault=f"{MANIFEST}: form {told.form}")
    for each in told.years:
        if not year_file(folder, each.year).is_file():
            raise NoHistory(folder=folder, fault=str(year_file(Path(), each.year)))
    return History(folder=folder, as_of_ms=told.as_of_ms, names=told.names, years=told.years)


def year_file(folder: Path, year: int) -> Path:
    """Where the quotes of a year lie.

    >>> year_file(Path("history"), 2025).as_posix()
    'history/year=2025/quotes.parquet'
    """
    return folder / f"year={year}" / QUOTES

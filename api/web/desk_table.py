"""The tables of the desk: one set of rows for the screen and for the file, so that both say the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from api.web.csv_body import csv_body
from api.web.desk_asked import Asked
from api.web.formats import Formats, local
from api.web.spans import span_words
from api.web.words import Words
from api.web.work_reader import WorkReader
from trace.quantities import format_mass

UNKNOWN: Final = "–"
"""What stands where nobody knows, or where there is nothing to say."""
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell: what the file says and what the screen says."""

    raw: str | int | None
    text: str
    href: str = ""
    soft: str = ""
    """A second line, less loud."""
    tone: str = ""
    """good, doubt, bad or none: a colour that repeats what the text says."""
    chinese: bool = False
    """Whether the text is a Chinese name, to be marked so on an English page."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the file and its heading on the screen."""

    key: str
    heading: str
    number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskTable:
    """Rows under their headings, with what to say when there are none."""

    name: str
    """Unique on the page; names the file."""
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Shown]]
    empty: str
    note: str = ""
    back: str = ""
    """Address of the page before; empty: this is the first."""
    on: str = ""
    """Address of the next page; empty: this is the last."""
    file: str = ""
    """Address of the file where it is not the page's own."""

    @property
    def csv(self) -> bytes:
        """The rows as a file."""
        raw = [[cell.raw for cell in row] for row in self.rows]
        return csv_body([column.key for column in self.columns], raw)


@dataclass(frozen=True, slots=True)
class Cells:
    """Writes cells in the reader's language."""

    words: Words
    formats: Formats

    @classmethod
    def of(cls, words: Words) -> "Cells":
        """Return the writer of a language."""
        return cls(words, Formats(words.language))

    def columns(self, *keys: str) -> tuple[Column, ...]:
        """Return columns by their keys; ``#`` before a key marks a column of numbers."""
        return tuple(
            Column(key.lstrip("#"), self.words(f"desk_column.{key.lstrip('#')}"), key.startswith("#"))
            for key in keys
        )

    def number(self, value: int | None, *, href: str = "", tone: str = "") -> Shown:
        """Write a count."""
        return Shown(value, UNKNOWN if value is None else self.formats.number(value), href, tone=tone)

    def grams(self, value: int | None) -> Shown:
        """Write a mass."""
        return Shown(value, UNKNOWN if value is None else format_mass(value, self.words.language))

    def share(self, per_mille: int | None) -> Shown:
        """Write thousandths as per cent."""
        return Shown(per_mille, UNKNOWN if per_mille is None else self.formats.share(per_mille / 1000))

    def moment(self, at_ms: int | None) -> Shown:
        """Write a time in China; in the file with its offset."""
        if at_ms is None:
            return Shown(None, UNKNOWN)
        return Shown(local(at_ms).isoformat(timespec="seconds"), self.formats.moment(at_ms))

    def hours(self, between_ms: int, *, tone: str = "") -> Shown:
        """Write a stretch of time, in days where it is long; the file has whole hours, rounded down."""
        hours = max(0, between_ms) // 3_600_000
        return Shown(hours, span_words(between_ms, self.words), tone=tone)


def paged(found: Sequence[Row], asked: Asked) -> Sequence[Row]:
    """Return the rows of a page without the one more that was asked for."""
    return found[: asked.limit - 1]


def turned(table: DeskTable, found: int, asked: Asked, reader: WorkReader) -> DeskTable:
    """Return a table with the addresses of the pages beside it; `found` counts the one more too."""
    shown = asked.limit - 1
    back = reader.switched(start=str(max(0, asked.start - shown))) if asked.start else ""
    return replace(
        table, back=back, on=reader.switched(start=str(asked.start + shown)) if found > shown else ""
    )


def leafed(table: DeskTable, asked: Asked, reader: WorkReader) -> DeskTable:
    """Return the page asked for of a table that was counted whole."""
    some = table.rows[asked.start : asked.start + asked.limit]
    return turned(replace(table, rows=some[: asked.limit - 1]), len(some), asked, reader)


def rows_of(found: Sequence[Row], write: Callable[[Row], Sequence[Shown]]) -> list[Sequence[Shown]]:
    """Write every row."""
    return [write(each) for each in found]

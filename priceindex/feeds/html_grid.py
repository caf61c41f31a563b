"""The tables of a page as grids, and a page's text as lines; scripts, styles and comments say nothing.

A table with cells that span rows or columns is layout, or its columns cannot be told apart for certain: it
is not read.
"""

from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Final

from ledger.errors import Location
from priceindex.feeds.csv_grid import decode_text
from priceindex.feeds.feed_errors import NoTable, TooManyRows
from priceindex.feeds.grid import Grid

MAX_ROWS: Final = 100_000
_SILENT: Final = frozenset(("script", "style", "template", "noscript", "title"))
_BREAKING: Final = frozenset(
    ("br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "section", "article", "td")
)
_ENDING: Final = "-->"
_SPACE: Final = str.maketrans({"\xa0": " ", "\u3000": " "})


def html_grids(content: bytes, name: str) -> tuple[Grid, ...]:
    """Return the tables of a page that have a heading and a row; raises `NoTable`, `TooManyRows`."""
    page = _read(content, name)
    grids = tuple(
        Grid(name=name, heading=tuple(rows[0]), rows=list(enumerate(rows[1:], start=2)))
        for rows in page.tables
        if len(rows) > 1
    )
    if sum(len(rows) for rows in page.tables) > MAX_ROWS:
        raise TooManyRows(at=Location(file=name), name=name, limit=MAX_ROWS)
    if not grids:
        raise NoTable(at=Location(file=name), name=name)
    return grids


def lines_of(content: bytes, name: str) -> Sequence[str]:
    """Return the visible text of a page, a line for every block; raises `UnreadableFile`."""
    page = _read(content, name)
    lines = "".join(page.text).translate(_SPACE).split("\n")
    return [line.strip() for line in lines if line.strip()]


def _read(content: bytes, name: str) -> "_Page":
    page = _Page()
    # What is opened and never ended is ended here: the parser would search the rest of the page for the
    # end of each of them, which takes a page of "<!--<!--…" hours.
    page.feed(decode_text(content, name) + _ENDING)
    page.close()
    return page


class _Page(HTMLParser):
    """Collects tables of texts, and the text as a whole."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self.text: list[str] = []
        self._open: list[tuple[list[list[str]], bool]] = []
        """Tables begun and not ended, each with whether a cell of it spans others."""
        self._cell: list[str] | None = None
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row or a cell."""
        if tag in _SILENT:
            self._silent += 1
        if tag in _BREAKING:
            self.text.append("\n")
        if tag == "table":
            self._end_cell()
            self._open.append(([], False))
        elif self._open and tag == "tr":
            self._end_cell()
            self._open[-1][0].append([])
        elif self._open and tag in ("td", "th"):
            self._end_cell()
            rows, spans = self._open[-1]
            if any(given in ("rowspan", "colspan") and value != "1" for given, value in attrs):
                spans = True
            self._open[-1] = (rows, spans)
            if not rows:
                rows.append([])
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        """End a cell or a table."""
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        if tag in _BREAKING:
            self.text.append("\n")
        if tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "table" and self._open:
            self._end_cell()
            rows, spans = self._open.pop()
            if not spans:
                self.tables.append([row for row in rows if any(row)])

    def handle_data(self, data: str) -> None:
        """Take up visible text."""
        if self._silent:
            return
        self.text.append(data)
        if self._cell is not None:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is not None and self._open:
            self._open[-1][0][-1].append(" ".join("".join(self._cell).translate(_SPACE).split()))
        self._cell = None

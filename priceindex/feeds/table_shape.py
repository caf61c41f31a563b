"""Our own shape: a table with a row for every quote, in CSV, xlsx, HTML or JSON."""

from ledger.errors import DaodiError, Location
from priceindex.collection_pause import collection_paused
from priceindex.errors import EmptyBody
from priceindex.feeds.contract import RawBody, Reading
from priceindex.feeds.grids import grids_of
from priceindex.feeds.rows import RowReader
from priceindex.quotes import Quote, ReadResult


class TableShape:
    """Rows of herb, grade, origin, market, day and price, under Chinese or English headings."""

    @collection_paused()
    def read(self, raw: RawBody, reading: Reading) -> ReadResult:
        """Read every row of every table; a bad row becomes a fault with its place and a remedy.

        What is wrong with the body as a whole is raised, and no row is judged: `UnreadableFile`,
        `BrokenCsv`, `EmptyBody`, `MissingColumn`, `UnreadableSheet`, `UnreadableJson`, `NoTable`,
        `TooManyRows`.
        """
        quotes: list[Quote] = []
        faults: list[DaodiError] = []
        for grid in grids_of(raw):
            rows = RowReader(grid, reading)
            for number, row in grid.rows:
                try:
                    quotes.append(rows.quote(row, number))
                except DaodiError as fault:
                    faults.append(fault)
        if not quotes and not faults:
            raise EmptyBody(at=Location(file=raw.name), name=raw.name)
        return ReadResult(tuple(quotes), tuple(faults))

"""As-of queries: each of the three Pink Sheet vintages out of our store of published values, to the bit."""

import os
import tempfile
import time
from pathlib import Path

from figures.row import Row
from sqlmodel import Session, SQLModel, create_engine

from tests.priceindex.forecast.outside_vintages import Cells, PriceList, as_of, keep, pink_sheet

FILE = "commodity/pinksheet_long_3vintages.csv.gz"
ROOT = Path(__file__).resolve().parents[3]


def rows(*, quick: bool) -> list[Row]:
    """One line a vintage: its cells, and how many of them the query gave back as they were written.

    `quick` asks for every vintage at its own moment only, else also just before the next one came.
    """
    what = "as-of queries, the World Bank's Pink Sheet"
    file = Path(os.environ.get("DAODI_SHARED", ROOT.parent / "shared")) / "data" / FILE
    if not file.is_file():
        return [Row(what=what, ours="not measured", note=f"DAODI_SHARED holds no data/{FILE}")]
    prices = pink_sheet(file)
    with tempfile.TemporaryDirectory(prefix="daodi-bench-") as folder:
        engine = create_engine(f"sqlite:///{folder}/vintages.sqlite")
        SQLModel.metadata.create_all(engine)
        with Session(engine) as session, session.begin():
            keep(session, prices)
        with Session(engine) as session:
            found = [_row(session, prices, place, quick=quick) for place in range(len(prices.vintages))]
        engine.dispose()
    return found


def _row(session: Session, prices: PriceList, place: int, *, quick: bool) -> Row:
    known_ms, cells = prices.vintages[place]
    until_ms = [at_ms for at_ms, _ in prices.vintages[place + 1 :]][:1] or [known_ms + 86_400_000]
    began = time.perf_counter()
    same = min(_same(session, prices, at_ms, cells) for at_ms in (known_ms, until_ms[0] - 1)[: 2 - quick])
    seconds = time.perf_counter() - began
    return Row(
        what=f"as-of query, Pink Sheet vintage of {time.strftime('%Y-%m-%d', time.gmtime(known_ms / 1000))}",
        ours=f"{same:,} of {len(cells):,} cells",
        target="every cell",
        met=same == len(cells),
        note=f"{_against_before(prices, place)}; bit for bit, no cell more; {seconds:.1f} s on SQLite",
    )


def _same(session: Session, prices: PriceList, at_ms: int, cells: Cells) -> int:
    """Cells given back as the list writes them, less those it does not have."""
    found = as_of(session, prices, at_ms)
    equal = sum(repr(float(value)) == cells.get(place) for place, value in found.items())
    return equal - len(found.keys() - cells.keys())


def _against_before(prices: PriceList, place: int) -> str:
    if not place:
        return "the first"
    before, after = prices.vintages[place - 1][1], prices.vintages[place][1]
    changed = sum(before[each] != after[each] for each in before.keys() & after.keys())
    added, withdrawn = len(after.keys() - before.keys()), len(before.keys() - after.keys())
    return f"{changed:,} changed, {added:,} added, {withdrawn:,} withdrawn since the one before"

"""Raw quotes in Parquet to cells to every level, beside the bare group-by of the same files and run."""

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from figures.measure import Spread, cpu_in_turn, timed
from figures.row import Row

from index_parts.quote_files import Shape, write_quotes
from priceindex.engine.index_run import IndexRun
from priceindex.families import family_version
from priceindex.history.computing import Beside, compute_history
from priceindex.history.duck import DuckLimits, opened
from priceindex.history.layout import history_in

TIMES = 2.0
LIMITS = DuckLimits()
_BARE = """
    CREATE TEMP TABLE bare AS
    SELECT day, herb, grade, origin, market, avg(ln(fen_per_kg)) AS mean, sum(fen_per_kg * deals) AS fen,
        sum(deals) AS deals, count(*) AS quotes
    FROM read_parquet($files) GROUP BY ALL"""


def rows(*, quick: bool) -> list[Row]:
    """The figure of the issue, and the same with everything a newer text asks for."""
    shape = Shape(days=60, herbs=100, sources=3) if quick else Shape(days=365, herbs=300, sources=9)
    folder = Path(tempfile.mkdtemp(prefix="daodi-bench-"))
    try:
        started = time.perf_counter()
        write_quotes(folder, shape)
        made = time.perf_counter() - started
        return [*_figures(folder, shape, runs=1 if quick else 5), _export(folder, shape, made)]
    finally:
        shutil.rmtree(folder)


def bare(folder: Path) -> None:
    """Group the same files by cell and day: mean logarithm, value, deals and count, in DuckDB alone."""
    with opened(folder, LIMITS) as connection:
        history = history_in(folder)
        connection.execute(_BARE, {"files": [history.file(each.year) for each in history.years]})


def computed(folder: Path, shape: Shape, method: str) -> IndexRun:
    """Every level of a family from the same files."""
    beside = Beside(class_of=shape.class_of)
    return compute_history(folder, family_version(method), shape.last, beside, LIMITS)


def _figures(folder: Path, shape: Shape, runs: int) -> list[Row]:
    works: list[Callable[[], object]] = [
        lambda: bare(folder),
        lambda: computed(folder, shape, "herbs@1"),
        lambda: computed(folder, shape, "herbs@2"),
    ]
    floor, plain, whole = cpu_in_turn(works, runs)
    walls = [Spread(tuple(timed(work)[0] for _ in range(runs))) for work in works]
    ratio = floor.median / plain.median
    note = (
        f"{shape.cells:,} cells, {shape.days} days, {shape.sources} sources; wall "
        f"{walls[1].text(' s', 2)} against {walls[0].text(' s', 2)}; the ratio is of CPU seconds"
    )
    return [
        Row(
            what=f"{shape.rows:,} quotes in Parquet to every level",
            ours=plain.text(" CPU s", 2),
            baseline=f"group-by {floor.text(' CPU s', 2)}",
            ratio=ratio,
            target=f"≤ {TIMES:.0f}x its seconds",
            met=plain.median <= TIMES * floor.median,
            note=f"{note}; herbs@1: day by day, grade, herb, class, composite with all counts",
        ),
        Row(
            what="  the same with cuts, weeks, months, outliers",
            ours=whole.text(" CPU s", 2),
            ratio=floor.median / whole.median,
            note=f"herbs@2: three more trees and two more frequencies; wall {walls[2].text(' s', 2)}",
        ),
    ]


def _export(folder: Path, shape: Shape, seconds: float) -> Row:
    size = sum(file.stat().st_size for file in folder.rglob("*.parquet"))
    return Row(
        what="  size of the history",
        ours=f"{size / shape.rows:.1f} bytes a quote",
        note=f"{size / 1e6:,.0f} MB, zstd; made by DuckDB in {seconds:.0f} s",
    )

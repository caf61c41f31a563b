"""Geary-Khamis and weighted time product dummy from a long table to the series: time and memory."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from figures.measure import Spread, cpu_in_turn
from figures.row import Row

from index_parts.sales import Sales, sales
from priceindex.formulas.relatives import Floats
from priceindex.multilateral.coded_panel import code_panel
from priceindex.multilateral.geary_khamis import geary_khamis
from priceindex.multilateral.time_product_dummy import time_product_dummy

MONTHS = 25
GK_SECONDS, WTPD_SECONDS = 0.30, 0.35
GIGABYTES = 1.5


def rows(*, quick: bool) -> list[Row]:
    """Both methods; the peak of memory is that of a process that does nothing else."""
    size, runs = (100_000, 3) if quick else (1_000_000, 11)
    table = sales(size, MONTHS)
    taken = cpu_in_turn((lambda: gk(table), lambda: wtpd(table)), runs)
    return [
        _row(name, len(table), spread, seconds, _peak_of_a_process(size, work))
        for name, work, seconds, spread in (
            ("Geary-Khamis", gk, GK_SECONDS, taken[0]),
            ("weighted time product dummy", wtpd, WTPD_SECONDS, taken[1]),
        )
    ]


def gk(table: Sales) -> Floats:
    """Geary-Khamis from the long table, every product counting."""
    return geary_khamis(code_panel(table.month, table.product, table.price, table.quantity)).levels


def wtpd(table: Sales) -> Floats:
    """Time product dummy weighted by shares, from the long table."""
    return time_product_dummy(code_panel(table.month, table.product, table.price, table.quantity)).levels


def peak_gigabytes(size: int, work: Callable[[Sales], Floats]) -> float:
    """Make the table, do the work, and tell the most memory this process ever held, as Linux tells it.

    Not `getrusage`, whose peak a child inherits from the process that started it.
    """
    work(sales(size, MONTHS))
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(told["VmHWM"].split()[0]) * 1024 / 1e9


def _peak_of_a_process(size: int, work: Callable[[Sales], Floats]) -> float:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
        return fresh.submit(peak_gigabytes, size, work).result()


def _row(name: str, size: int, spread: Spread, seconds: float, gigabytes: float) -> Row:
    return Row(
        what=f"{name}, {MONTHS} months, {size:,} rows to series",
        ours=spread.text(" CPU s", 3),
        baseline=f"peak {gigabytes:.2f} GB",
        target=f"≤ {seconds:.2f} s, < {GIGABYTES} GB",
        met=spread.median <= seconds and gigabytes < GIGABYTES,
        note="the peak is that of a fresh process with the long table, the panel and the result",
    )

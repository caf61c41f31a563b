"""A table of figures from the parts in a package: the command line of a benchmark program.

A part is a module with `rows(quick: bool) -> list[Row]`. `--quick` takes small sizes and single runs, to
see that every part works; its verdicts are hints. A program ends with 1 when a target is missed.
"""

import argparse
import datetime
import gc
import importlib
import os
import pkgutil
import platform
import sqlite3
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Final

from figures.row import Row

COLUMNS: Final = (("what", 46), ("ours", 30), ("baseline", 26), ("ratio", 8), ("target", 22), ("", 6))


def run(package: ModuleType, what: str, arguments: list[str] | None = None) -> int:
    """Measure the parts of `package`, print the table, and return the exit code."""
    known = parts(package)
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("--quick", action="store_true", help="small sizes, single runs")
    parser.add_argument("--only", nargs="+", choices=sorted(known), help="these parts only")
    asked = parser.parse_args(arguments)
    print(machine())
    measured: list[Row] = []
    for name in asked.only or known:
        measured += part_rows(name, known[name], quick=asked.quick)
    print_table(measured)
    missed = [row.what for row in measured if row.met is False]
    print(
        f"\n{len(measured)} figures, {len(missed)} missed" + "".join(f"\n  missed: {what}" for what in missed)
    )
    return 1 if missed else 0


def parts(package: ModuleType) -> dict[str, Callable[..., list[Row]]]:
    """Every module of `package` that measures something, by its name."""
    modules = (
        importlib.import_module(f"{package.__name__}.{found.name}")
        for found in pkgutil.iter_modules(package.__path__)
    )
    return {module.__name__.rpartition(".")[2]: module.rows for module in modules if hasattr(module, "rows")}


def part_rows(name: str, rows: Callable[..., list[Row]], *, quick: bool) -> list[Row]:
    """Run one part and tell on standard error how long it took."""
    print(f"{name} …", end=" ", flush=True, file=sys.stderr)
    started = time.perf_counter()
    found = rows(quick=quick)
    gc.collect()
    print(f"{time.perf_counter() - started:.0f} s", flush=True, file=sys.stderr)
    return found


def print_table(measured: list[Row]) -> None:
    """One line for each figure, its note below it."""
    print("".join(f"{title:<{width}}" for title, width in COLUMNS).rstrip())
    for row in measured:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}x"
        cells = (row.what, row.ours, row.baseline, ratio, row.target, row.verdict)
        widths = (width for _, width in COLUMNS)
        print("".join(f"{cell:<{width - 1}} " for cell, width in zip(cells, widths, strict=True)).rstrip())
        if row.note:
            print(textwrap.indent(textwrap.fill(row.note, 130), "    "))


def machine() -> str:
    """When and where this ran: figures of another machine are not comparable."""
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC")
    load = "/".join(f"{average:.1f}" for average in os.getloadavg())
    return (
        f"{now}, {os.cpu_count()} cores ({cpu_model()}), load {load}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, {platform.system()} {platform.release()}"
    )


def cpu_model() -> str:
    """The processor's name as Linux tells it."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.exists() else []
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")),
        platform.machine(),
    )

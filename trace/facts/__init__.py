"""The committed tables of facts, one CSV each, and how they are read; README.md names every source."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parent


def rows(name: str) -> Iterator[dict[str, str]]:
    """Read the fact table `name` row by row; lines that begin with `#` say where it comes from."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(line for line in lines if not line.startswith("#"))

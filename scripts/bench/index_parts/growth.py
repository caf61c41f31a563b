"""What a computation costs over 10^5, 10^6 and 10^7 quotes: it must grow no faster than they do."""

import shutil
import tempfile
from pathlib import Path

from figures.measure import Spread, cpu_in_turn
from figures.row import Row

from index_parts.history import computed
from index_parts.quote_files import Shape, write_quotes

GROWTH = 1.5
METHOD = "herbs@1"


def rows(*, quick: bool) -> list[Row]:
    """Seconds a quote at each size; the days stay, the market grows."""
    herbs = (3, 30) if quick else (3, 30, 300)
    shapes = [Shape(days=365, herbs=number, sources=9) for number in herbs]
    taken = [_measured(shape, 1 if quick else 3) for shape in shapes]
    each = [spread.median / shape.rows for spread, shape in zip(taken, shapes, strict=True)]
    return [
        Row(
            what=f"  cost of every level over {shape.rows:,} quotes",
            ours=f"{cost * 1e9:,.0f} ns/quote",
            baseline="" if place == 0 else f"{each[place - 1] * 1e9:,.0f} ns/quote before",
            target="" if place == 0 else f"≤ {GROWTH}x a tenth's",
            met=None if place == 0 else cost <= GROWTH * each[place - 1],
            note=spread.text(" CPU s", 3),
        )
        for place, (shape, spread, cost) in enumerate(zip(shapes, taken, each, strict=True))
    ]


def _measured(shape: Shape, runs: int) -> Spread:
    folder = Path(tempfile.mkdtemp(prefix="daodi-bench-"))
    try:
        write_quotes(folder, shape)
        (found,) = cpu_in_turn([lambda: computed(folder, shape, METHOD)], runs)
        return found
    finally:
        shutil.rmtree(folder)

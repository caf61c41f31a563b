"""The cells under a grade with their standing prices: the lowest step of the drill-down."""

import math
from dataclasses import dataclass

from priceindex.classification import grade_key
from priceindex.engine.index_run import IndexRun
from priceindex.quotes import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class CellPrice:
    """One cell on the last index day."""

    cell: Cell
    before_fen: int | None
    """Price that stood on the index day before, fen per kilogram; None where there was none."""
    now_fen: int | None
    carried: bool
    """Whether an earlier quote stands in for one of that day."""


def cell_prices(run: IndexRun, grade: str) -> tuple[CellPrice, ...]:
    """Return the cells of a grade, by origin and market."""
    panels = [part.panel for part in run.main.segments]
    now, stale = panels[-1].fen[-1], panels[-1].stale[-1]
    earlier = [row for panel in panels[-2:] for row in panel.fen][-2:-1]
    found = []
    for place, cell in enumerate(run.tree.cells):
        if grade_key(cell) == grade:
            found.append(
                CellPrice(
                    cell=cell,
                    before_fen=_fen(float(earlier[0][place])) if earlier else None,
                    now_fen=_fen(float(now[place])),
                    carried=bool(stale[place]),
                )
            )
    return tuple(sorted(found, key=lambda each: (each.cell.origin, each.cell.market)))


def _fen(price: float) -> int | None:
    return int(price) if math.isfinite(price) else None

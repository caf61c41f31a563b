"""The hierarchy of a release: Jevons cells, 600 grades, 12 classes, the whole, from a long table in memory.

Twenty-five monthly links with parental imputation and price-updated weights, as StatCan's piar makes
them; the second figure adds the contributions of every grade, herb and class to the change of every month.
"""

from collections.abc import Iterator

import numpy as np
from figures.measure import cpu_timed
from figures.row import Row

from priceindex.engine.aggregate import Hierarchy, aggregate, level_weights, price_updated
from priceindex.formulas.elementary import jevons
from priceindex.formulas.relatives import Floats, group_sums

MONTHS, GRADES, HERBS, CLASSES = 25, 600, 120, 12
MISSING = 0.05
ASKED, ASKED_WITH = 0.15, 0.30
RUNS = 5
FULL = 1_000_000


class LongTable:
    """Month, product and price of every observation, and the grade of each product."""

    def __init__(self, rows: int) -> None:
        draw = np.random.default_rng(25)
        products = rows * 20 // (19 * MONTHS)
        kept = draw.random((MONTHS, products)) >= MISSING
        self.month, self.product = (found.astype(np.int64) for found in np.nonzero(kept))
        walk = np.cumsum(draw.normal(0.0, 0.02, (MONTHS, products)), axis=0) + draw.normal(8.0, 1.0, products)
        self.price = np.rint(np.exp(walk[kept]))
        self.grade = np.arange(products, dtype=np.int64) % GRADES
        self.products = products

    def __len__(self) -> int:
        """How many observations there are."""
        return len(self.price)


TREE = Hierarchy(
    (np.arange(GRADES) % HERBS, np.arange(HERBS) % CLASSES, np.zeros(CLASSES, dtype=np.int64)),
    (GRADES, HERBS, CLASSES, 1),
)


def chained(table: LongTable) -> list[tuple[tuple[Floats, ...], Floats]]:
    """Every node's movement and the grades' weights, month by month; the index is their running product."""
    dense = np.full((MONTHS, table.products), np.nan)
    dense[table.month, table.product] = table.price
    weights = np.ones(GRADES)
    found: list[tuple[tuple[Floats, ...], Floats]] = []
    for month in range(1, MONTHS):
        bottom = jevons(dense[month : month + 1], dense[month - 1], table.grade, GRADES)
        levels = aggregate(TREE, bottom, weights).levels
        found.append((levels, weights))
        weights = price_updated(weights, levels[0][0])
    return found


def with_contributions(table: LongTable) -> list[Floats]:
    """The same, and what each grade, herb and class adds to the change of each month, in index points."""
    level, found = 1000.0, []
    for levels, weights in chained(table):
        share = weights / level_weights(TREE, weights)[-1][0]
        parts = level * share * (levels[0][0] - 1.0)
        found += list(_up_the_tree(parts))
        level *= float(levels[-1][0, 0])
    return found


def _up_the_tree(parts: Floats) -> Iterator[Floats]:
    yield parts
    for parents, size in zip(TREE.parents, TREE.sizes[1:], strict=True):
        parts = group_sums(parts[None, :], parents, size)[0]
        yield parts


def rows(*, quick: bool) -> list[Row]:
    """Processor seconds of both figures."""
    table = LongTable(FULL // 10 if quick else FULL)
    plain = min(cpu_timed(lambda: chained(table))[0] for _ in range(RUNS))
    told = min(cpu_timed(lambda: with_contributions(table))[0] for _ in range(RUNS))
    shape = f"{len(table):,} rows, {MONTHS} months, {table.products:,} cells, best of {RUNS}"
    return [
        Row(
            what="hierarchy to every level",
            ours=f"{plain:.3f} CPU s",
            target=f"≤ {ASKED} s",
            met=plain <= ASKED,
            note=shape,
        ),
        Row(
            what="hierarchy with contributions",
            ours=f"{told:.3f} CPU s",
            target=f"≤ {ASKED_WITH} s",
            met=told <= ASKED_WITH,
            note=shape,
        ),
    ]

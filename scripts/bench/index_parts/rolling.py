"""Rolling CCDI: 36 windows of 25 months spliced on the published series, all out of one matrix of links.

Baseline: the same series with every window computed from its own rows.
"""

import numpy as np
from figures.measure import cpu_in_turn
from figures.row import Row

from index_parts.sales import Sales, sales
from priceindex.formulas.relatives import Floats
from priceindex.multilateral.coded_panel import CodedPanel, code_panel
from priceindex.multilateral.geks import geks
from priceindex.multilateral.pairwise import links
from priceindex.multilateral.splices import spliced
from priceindex.multilateral.windows import of_links, of_panel, rolling

MONTHS, WIDTH, ROWS = 60, 25, 100_000
SECONDS = 0.03


def rows(*, quick: bool) -> list[Row]:
    """The one figure, from the long table to the spliced series."""
    table = sales(ROWS, MONTHS)
    ours, alone = cpu_in_turn((lambda: by_one_matrix(table), lambda: by_windows(table)), 3 if quick else 25)
    same = np.allclose(by_one_matrix(table), by_windows(table), rtol=1e-12)
    return [
        Row(
            what=f"rolling CCDI, window {WIDTH}, {MONTHS} months, {len(table):,} rows",
            ours=ours.text(" CPU s", 4),
            baseline=f"each window anew {alone.text(' CPU s', 3)}",
            ratio=alone.median / ours.median,
            target=f"≤ {SECONDS:.2f} s",
            met=bool(ours.median <= SECONDS and same),
            note="mean splice on published; from the long table in memory; series equal to 1e-12, or missed",
        )
    ]


def by_one_matrix(table: Sales) -> Floats:
    """Our series: one matrix, every window a part of it."""
    return spliced(rolling(of_links(links(_panel(table))), MONTHS, WIDTH), "mean", "published")


def by_windows(table: Sales) -> Floats:
    """The same with the links of each window computed anew."""
    each = of_panel(_panel(table), lambda window: geks(links(window)))
    return spliced(rolling(each, MONTHS, WIDTH), "mean", "published")


def _panel(table: Sales) -> CodedPanel:
    return code_panel(table.month, table.product, table.price, table.quantity)

"""CCDI over 25 months from a long table to the series, beside a plain pandas loop over pairs of months.

The loop does what scanner-data packages in Python do: it joins each two months on the product and takes
Törnqvist of what they share. Both must give the same series to ten digits, or the figure is missed.
"""

import itertools

import numpy as np
import pandas as pd
from figures.measure import Spread, cpu_in_turn, cpu_timed
from figures.row import Row

from index_parts.sales import Sales, sales
from priceindex.formulas.relatives import Floats
from priceindex.multilateral.coded_panel import code_panel
from priceindex.multilateral.geks import geks
from priceindex.multilateral.pairwise import links

MONTHS = 25
SECONDS = 0.30
TIMES = 20


def rows(*, quick: bool) -> list[Row]:
    """The figure of the issue, the same with products written as words, and how the cost grows."""
    size, runs = (100_000, 1) if quick else (1_000_000, 5)
    table = sales(size, MONTHS)
    loop_seconds, looped = cpu_timed(lambda: by_pandas(table))
    ours, again = cpu_in_turn((lambda: by_matrices(table), lambda: by_pandas(table)), runs)
    loop = Spread((*again.values, loop_seconds))
    same = np.allclose(by_matrices(table), looped, rtol=1e-10)
    ratio = loop.median / ours.median
    return [
        Row(
            what=f"CCDI, {MONTHS} months, {len(table):,} rows to series",
            ours=ours.text(" CPU s", 3),
            baseline=f"pandas loop {loop.text(' CPU s', 2)}",
            ratio=ratio,
            target=f"≤ {SECONDS:.2f} s, ≥ {TIMES}x",
            met=bool(ours.median <= SECONDS and ratio >= TIMES and same),
            note="integer labels, rows in random order, 5 % missing; series equal to 1e-10, or missed",
        ),
        _by_words(table, runs),
        *_growth(quick=quick),
    ]


def by_matrices(table: Sales) -> Floats:
    """Our series from the long table."""
    return geks(links(code_panel(table.month, table.product, table.price, table.quantity))).levels


def by_pandas(table: Sales) -> Floats:
    """The same by joining each two months."""
    frame = pd.DataFrame(
        {
            "month": table.month,
            "product": table.product,
            "price": table.price,
            "value": table.price * table.quantity,
        }
    )
    months = [part[["product", "price", "value"]] for _, part in frame.groupby("month")]
    log = np.zeros((len(months), len(months)))
    for one, two in itertools.combinations(range(len(months)), 2):
        both = months[one].merge(months[two], on="product", suffixes=("0", "1"))
        shares = (both["value0"] / both["value0"].sum() + both["value1"] / both["value1"].sum()) / 2
        log[one, two] = (shares * np.log(both["price1"] / both["price0"])).sum()
        log[two, one] = -log[one, two]
    return np.asarray(np.exp((log - log[:, :1]).mean(axis=0)))


def _by_words(table: Sales, runs: int) -> Row:
    words = [f"白芍|统|亳州|{product}" for product in table.product.tolist()]
    (taken,) = cpu_in_turn(
        (lambda: geks(links(code_panel(table.month, words, table.price, table.quantity))),), runs
    )
    return Row(
        what="  the same, products written as words",
        ours=taken.text(" CPU s", 3),
        note="a list of Chinese words, coded by a dictionary",
    )


def _growth(*, quick: bool) -> list[Row]:
    found = []
    for size in (10_000, 100_000) if quick else (100_000, 1_000_000, 10_000_000):
        table = sales(size, MONTHS)
        (taken,) = cpu_in_turn((lambda table=table: by_matrices(table),), 1 if quick else 3)
        found.append(
            Row(
                what=f"  cost of CCDI over {len(table):,} rows",
                ours=f"{taken.median / len(table) * 1e9:.0f} ns/row",
                note=taken.text(" CPU s", 3),
            )
        )
    return found

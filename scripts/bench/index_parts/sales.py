"""Long tables of sales for the multilateral figures: products by months, 5 % missing, rows shuffled."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MISSING = 0.05


@dataclass(frozen=True, slots=True)
class Sales:
    """Four columns of one length, one row a product in a month."""

    month: NDArray[np.int64]
    product: NDArray[np.int64]
    price: NDArray[np.float64]
    quantity: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.month)


def sales(rows: int, months: int) -> Sales:
    """About `rows` rows over `months` months, the same ones every time."""
    draw = np.random.default_rng(2025)
    products = round(rows / (1 - MISSING) / months)
    month, product = np.divmod(np.arange(months * products), products)
    order = draw.permutation(np.flatnonzero(draw.random(len(month)) >= MISSING))
    month, product = month[order], product[order]
    levels = np.exp(draw.normal(3, 1, products))
    price = levels[product] * np.exp(0.01 * month + draw.normal(0, 0.1, len(order)))
    return Sales(202_301 + month, 1_000_000 + product, price, draw.integers(1, 1000, len(order)) / 1.0)

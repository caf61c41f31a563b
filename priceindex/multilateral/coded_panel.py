"""From a long table of sales to a dense panel: one row a period, one column a product, integer coded.

The panel holds periods x products numbers and nothing larger: no method here builds products x products
or periods x products x products.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from priceindex.formulas.relatives import Floats, Places
from priceindex.multilateral.conventions import Repeats
from priceindex.multilateral.multilateral_errors import ObservedTwice, PanelMisshapen, PanelTooLarge

MOST_CELLS = 50_000_000
"""Two matrices of 8 bytes a cell are held: 800 MB at the most."""
BLOCK_WORK = 262_000
"""Periods squared times the products taken at a time: small enough for the cache, and below the 262,144 from
which OpenBLAS shares a product of matrices among threads, at a cost, and with other last bits."""
LEAST_BLOCK = 64

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedPanel:
    """Prices and quantities by period and product; absent is price 0 and quantity 0."""

    periods: tuple[Hashable, ...]
    """Labels of the rows, ascending."""
    products: tuple[Hashable, ...]
    """Labels of the columns, ascending."""
    prices: Floats
    """(periods, products); 0 where the product was not observed."""
    quantities: Floats
    """(periods, products); 0 where the product was not observed."""

    @property
    def present(self) -> Bools:
        """(periods, products): whether there is a price."""
        return self.prices > 0

    @property
    def whole_window(self) -> Bools:
        """(products,): whether the product is there in every period."""
        there: Bools = np.all(self.present, axis=0)
        return there

    def window(self, first: int, last: int) -> "CodedPanel":
        """Return the periods `first` to `last`, both counted from 0 and both in, without copying."""
        return CodedPanel(
            periods=self.periods[first : last + 1],
            products=self.products,
            prices=self.prices[first : last + 1],
            quantities=self.quantities[first : last + 1],
        )

    def of_products(self, kept: Bools) -> "CodedPanel":
        """Return the panel of the products marked in `kept` (products,)."""
        return CodedPanel(
            periods=self.periods,
            products=tuple(label for label, keep in zip(self.products, kept.tolist(), strict=True) if keep),
            prices=self.prices[:, kept],
            quantities=self.quantities[:, kept],
        )

    def blocks(self) -> Iterator[tuple[Floats, Floats]]:
        """Give prices and quantities of some products at a time, in the order of their labels."""
        width = max(BLOCK_WORK // len(self.periods) ** 2, LEAST_BLOCK)
        for start in range(0, max(self.prices.shape[1], 1), width):
            block = slice(start, start + width)
            yield self.prices[:, block], self.quantities[:, block]


def code_panel(
    period: ArrayLike | Sequence[Hashable],
    product: ArrayLike | Sequence[Hashable],
    price: ArrayLike,
    quantity: ArrayLike | None = None,
    *,
    repeats: Repeats = "refuse",
) -> CodedPanel:
    """Return the panel of a long table: four columns of one length, one row an observation.

    Without `quantity` every observation counts one. The order of the rows changes nothing: labels are
    sorted. Raises `PanelMisshapen`, `ObservedTwice` and `PanelTooLarge`.

    >>> panel = code_panel([1, 1, 2], ["a", "b", "a"], [2.0, 3.0, 4.0], [1, 1, 5])
    >>> panel.products, panel.prices.tolist()
    (('a', 'b'), [[2.0, 3.0], [4.0, 0.0]])
    """
    prices = np.asarray(price, dtype=np.float64)
    quantities = np.ones(len(prices)) if quantity is None else np.asarray(quantity, dtype=np.float64)
    periods, row = coded(period)
    products, column = coded(product)
    _check(prices, quantities, row, column)
    shape = len(periods), len(products)
    if shape[0] * shape[1] > MOST_CELLS:
        raise PanelTooLarge(periods=shape[0], products=shape[1], limit=MOST_CELLS)
    cell, size = row * shape[1] + column, shape[0] * shape[1]
    dense = _placed(cell, prices, size)
    if np.count_nonzero(dense) == len(cell):
        sold = _placed(cell, quantities, size)
    elif repeats == "refuse":
        again = divmod(int(np.argmax(np.bincount(cell) > 1)), shape[1])
        raise ObservedTwice(period=periods[again[0]], product=products[again[1]])
    else:
        dense, sold = _unit_values(cell, prices, quantities, size)
    return CodedPanel(
        periods=periods, products=products, prices=dense.reshape(shape), quantities=sold.reshape(shape)
    )


def coded(labels: ArrayLike | Sequence[Hashable]) -> tuple[tuple[Hashable, ...], Places]:
    """Return the distinct labels in order, and for each row the place of its label among them.

    >>> known, places = coded(["b", "a", "b"])
    >>> known, places.tolist()
    (('a', 'b'), [1, 0, 1])
    """
    if isinstance(labels, (list, tuple)) and labels and isinstance(labels[0], str):
        return _coded_by_dictionary(labels)  # an array of words would hold them all twice
    column: NDArray[Any] = np.asarray(labels)
    if column.dtype.kind in "iu" and len(column):
        least, most = int(column.min()), int(column.max())
        if most - least <= 4 * len(column):
            return _coded_by_table(column.astype(np.int64, copy=False), least, most)
    return _coded_by_dictionary(column.tolist())


def _coded_by_dictionary(listed: Sequence[Any]) -> tuple[tuple[Hashable, ...], Places]:
    known = tuple(sorted(set(listed)))
    place = {label: code for code, label in enumerate(known)}
    return known, np.fromiter(map(place.__getitem__, listed), dtype=np.int64, count=len(listed))


def _coded_by_table(column: Places, least: int, most: int) -> tuple[tuple[Hashable, ...], Places]:
    """Code integers that lie close together by looking each up, which takes no sorting."""
    seen = np.zeros(most - least + 1, dtype=np.bool_)
    offset = column - least
    seen[offset] = True
    known = tuple((np.flatnonzero(seen) + least).tolist())
    return known, offset if len(known) == len(seen) else (np.cumsum(seen) - 1)[offset]


def _check(prices: Floats, quantities: Floats, row: Places, column: Places) -> None:
    if not len(prices) == len(quantities) == len(row) == len(column):
        raise PanelMisshapen(why_zh="各列长度不同", why_en="the columns differ in length")
    if not len(prices):
        raise PanelMisshapen(why_zh="没有任何行", why_en="there is no row")
    if not (prices.min() > 0 and prices.max() < np.inf):
        raise PanelMisshapen(why_zh="有价格不为正数", why_en="a price is not a positive number")
    if not (quantities.min() >= 0 and quantities.max() < np.inf):
        raise PanelMisshapen(why_zh="有数量为负或不是数", why_en="a quantity is negative or no number")


def _placed(cell: Places, values: Floats, size: int) -> Floats:
    dense = np.zeros(size)
    dense[cell] = values
    return dense


def _unit_values(cell: Places, prices: Floats, quantities: Floats, size: int) -> tuple[Floats, Floats]:
    """Sum quantities and values; where nothing was sold, the plain mean of the prices stands."""
    sold: Floats = np.bincount(cell, weights=quantities, minlength=size).astype(np.float64)
    value = np.bincount(cell, weights=prices * quantities, minlength=size)
    count = np.bincount(cell, minlength=size)
    mean = np.bincount(cell, weights=prices, minlength=size) / np.maximum(count, 1)
    unit: Floats = np.where(sold > 0, value / np.where(sold > 0, sold, 1.0), mean)
    return unit, sold

"""Trees of four levels drawn at random, and weights and errors for them."""

import numpy as np

from priceindex.forecast.panel import Floats
from priceindex.forecast.reconciliation.hierarchy import Hierarchy, TreeNode, build


def drawn_tree(seed: int, widths: tuple[int, int, int] = (3, 9, 14)) -> Hierarchy:
    """Composite, classes, herbs and grades; some inner nodes are left without children, some have one."""
    rng = np.random.default_rng(seed)
    nodes = [TreeNode(key="all", parent=None, weight=1.0)]
    above = ["all"]
    for level, width in enumerate(widths):
        keys = [f"{level}/{place}" for place in range(width)]
        parents = rng.choice(above, size=width)
        nodes += [
            TreeNode(key=key, parent=str(parent), weight=float(rng.uniform(0.01, 5.0)))
            for key, parent in zip(keys, parents, strict=True)
        ]
        above = keys
    order = rng.permutation(len(nodes))
    return build([nodes[place] for place in order])


def drawn(seed: int, *shape: int) -> Floats:
    """Standard normal numbers."""
    return np.random.default_rng(seed).standard_normal(shape)

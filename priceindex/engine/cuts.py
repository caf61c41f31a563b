"""Second cuts over the same cells: by market, origin and theme, each an interacted classification.

A cut is a tree of its own whose classes are the markets (or origins, or themes) and whose grades and
herbs are counted apart in each of them: what the family would be if its basket were that market alone.
The chain, the weights and the imputation are those of the tree (reference: StatCan's piar `interact`).
"""

from dataclasses import dataclass

import numpy as np

from priceindex.classification import Level, Tree, grade_key
from priceindex.engine.inputs import Themes
from priceindex.formulas.relatives import Places
from priceindex.quotes import Cell

CUTS = {"market": Level.MARKET, "origin": Level.ORIGIN, "theme": Level.THEME}
"""Level by the name a family text gives the cut."""
_APART = "\x1f"
"""Keeps the node and the grade apart in the keys of a cut; no name may contain it."""


@dataclass(frozen=True, slots=True)
class Cut:
    """One cut: its tree, and which cell of the family each of its cells is."""

    level: Level
    tree: Tree
    columns: Places
    """Place of each cell of the cut among the family's cells; a cell in two themes stands twice."""
    weight_keys: tuple[str, ...]
    """Grade key of each grade of the cut."""
    herbs: tuple[str, ...]
    """Herb of each herb node of the cut."""


def cut(tree: Tree, level: Level, themes: Themes) -> Cut | None:
    """Cut the cells of `tree` by market, origin or theme; None where no cell belongs anywhere."""
    told = [(node, place) for place, cell in enumerate(tree.cells) for node in _nodes(cell, level, themes)]
    if not told:
        return None
    nodes = tuple(sorted({node for node, _ in told}))
    cells = tuple(tree.cells[place] for _, place in told)
    grades = tuple(sorted({_key(node, grade_key(tree.cells[place])) for node, place in told}))
    herbs = tuple(sorted({key.split("|", 1)[0] for key in grades}))
    grade_at = {key: place for place, key in enumerate(grades)}
    herb_at = {key: place for place, key in enumerate(herbs)}
    node_at = {key: place for place, key in enumerate(nodes)}
    made = Tree(
        cells=cells,
        grades=grades,
        herbs=herbs,
        classes=nodes,
        grade_of_cell=tuple(grade_at[_key(node, grade_key(tree.cells[place]))] for node, place in told),
        herb_of_grade=tuple(herb_at[key.split("|", 1)[0]] for key in grades),
        class_of_herb=tuple(node_at[key.split(_APART, 1)[0]] for key in herbs),
    )
    columns = np.array([place for _, place in told], dtype=np.int64)
    return Cut(
        level=level,
        tree=made,
        columns=columns,
        weight_keys=tuple(key.split(_APART, 1)[1] for key in grades),
        herbs=tuple(key.split(_APART, 1)[1] for key in herbs),
    )


def _key(node: str, key: str) -> str:
    return f"{node}{_APART}{key}"


def _nodes(cell: Cell, level: Level, themes: Themes) -> list[str]:
    """The nodes a cell belongs to; none for a cell whose origin nobody told."""
    if level is Level.MARKET:
        return [cell.market]
    if level is Level.ORIGIN:
        return [cell.origin] if cell.origin else []
    return [theme for theme in sorted(themes) if cell.herb in themes[theme]]

"""One tree computed: its segments, and what is told of every node by day, week and month.

The family's own tree and each of its cuts go through the same functions.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from priceindex.calendar import day_number, month_start
from priceindex.classification import Level, Tree
from priceindex.engine import periods
from priceindex.engine.aggregate import Hierarchy, level_weights
from priceindex.engine.basket import Basket
from priceindex.engine.chain import Codes, Recipe, Segment, Standing, link
from priceindex.engine.cuts import Cut
from priceindex.engine.inputs import Inputs
from priceindex.engine.tallies import ways
from priceindex.engine.told import LeftOutDays, Teller, Told
from priceindex.families import Family
from priceindex.formulas.elementary import FORMULAS
from priceindex.formulas.relatives import Floats, Places
from priceindex.seasonal.off_season import link_limits

BEFORE_ALL = -(2**40)
"""A day number before any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeRun:
    """Everything computed over one tree."""

    tree: Tree
    depths: Mapping[Level, int]
    """Which level of the arrays (bottom up) is published as which level."""
    columns: Places
    """Place of each cell of the tree among the family's cells."""
    recipe: Recipe
    segments: tuple[Segment, ...]
    opened: Standing | None
    """The basket after the last month, once that month is over."""
    told: Mapping[str, tuple[Told, ...]]
    """By frequency, in order of time."""
    left_out: LeftOutDays
    """Quotes that did not count."""

    def keys(self, level: Level) -> tuple[str, ...]:
        """The nodes of a published level."""
        return (self.tree.grades, self.tree.herbs, self.tree.classes, ("all",))[self.depths[level]]

    def shares(self, level: Level) -> Floats:
        """Share of each node of a level in the whole at the last link."""
        found = level_weights(self.recipe.hierarchy, self.segments[-1].standing.weights)
        return found[self.depths[level]] / (found[-1][0] or 1.0)


def hierarchy_of(tree: Tree) -> Hierarchy:
    """The tree above the cells as integer arrays, bottom up."""
    parents = (
        np.asarray(tree.herb_of_grade, dtype=np.int64),
        np.asarray(tree.class_of_herb, dtype=np.int64),
        np.zeros(len(tree.classes), dtype=np.int64),
    )
    return Hierarchy(parents, (len(tree.grades), len(tree.herbs), len(tree.classes), 1))


def recipe_of(
    inputs: Inputs,
    tree: Tree,
    cut: Cut | None = None,
    herbs: tuple[str, ...] = (),
) -> Recipe:
    """What the chain needs to know of a family and a tree; `herbs` are the family's where it is a cut's."""
    family, names = inputs.family, cut.herbs if cut else tree.herbs
    counted = herbs or tree.herbs
    herb_at = {herb: place for place, herb in enumerate(counted)}
    grade = np.asarray(tree.grade_of_cell, dtype=np.int64)
    herb = np.asarray(tree.herb_of_grade, dtype=np.int64)
    plain = np.array([herb_at[name] for name in names], dtype=np.int64)
    markets = sorted({cell.market for cell in tree.cells})
    seasonal = family.seasonal.herbs if family.seasonal.rule != "none" else ()
    basket = Basket(
        family=family,
        tree=tree,
        sets=inputs.weight_sets,
        reviews=inputs.reviews,
        listed=_listed(inputs, tree, cut),
        weight_keys=cut.weight_keys if cut else tree.grades,
        herbs=counted,
        herb_of_grade=plain[herb],
        seasonal=np.array([names[place] in seasonal for place in herb.tolist()], dtype=bool),
        capped=cut is None,
    )
    return Recipe(
        formula=FORMULAS[family.elementary],
        order=family.aggregation_order,
        price_update=family.chain.price_update,
        level=float(family.level),
        limits=link_limits([cell.herb for cell in tree.cells], family.seasonal, family.missing.imputed_links),
        codes=Codes(
            grade=grade,
            herb=herb[grade],
            part_class=np.asarray(tree.class_of_herb, dtype=np.int64)[herb[grade]],
            market=np.array([markets.index(cell.market) for cell in tree.cells], dtype=np.int64),
        ),
        hierarchy=hierarchy_of(tree),
        basket=basket,
        imputation=family.missing.imputation,
        outliers_left_out=family.outliers.effect == "left_out" and family.outliers.rule != "none",
    )


def _listed(inputs: Inputs, tree: Tree, cut: Cut | None) -> Places:
    """The year in which each grade's herb came on the list of the family's theme and of its node's."""
    names, herbs = cut.herbs if cut else tree.herbs, tree.herb_of_grade
    whole = inputs.themes.get(inputs.family.basket.theme, {})
    years = np.array([whole.get(names[herb], 0) for herb in herbs], dtype=np.int64)
    if cut is None or cut.level is not Level.THEME:
        return years
    nodes = [inputs.themes[tree.classes[tree.class_of_herb[herb]]] for herb in herbs]
    of_node = [node[names[herb]] for node, herb in zip(nodes, herbs, strict=True)]
    return np.maximum(years, np.array(of_node, dtype=np.int64))


def teller_of(family: Family, recipe: Recipe, left_out: LeftOutDays) -> Teller:
    """What tells the values of a tree."""
    return Teller(family, recipe, ways(recipe.codes.grade, recipe.hierarchy), left_out)


def opened_after(segments: tuple[Segment, ...], recipe: Recipe, until: int) -> Standing | None:
    """The basket after the last month if that month is over on day number `until`."""
    over = until + 1 >= day_number(month_start(segments[-1].month + 1))
    return link(segments[-1], recipe, segments) if over else None


def tell_all(
    family: Family, teller: Teller, segments: tuple[Segment, ...], opened: Standing | None, until: int
) -> dict[str, tuple[Told, ...]]:
    """Tell days, weeks and months, as far as the family's text asks for them."""
    recipe = teller.recipe
    told: dict[str, tuple[Told, ...]] = {"day": tuple(teller.tell(part) for part in segments)}
    if "week" in family.values.frequencies:
        found = periods.weeks(segments, opened, recipe, teller, until, BEFORE_ALL)
        told["week"] = (found,) if found else ()
    if "month" in family.values.frequencies:
        found = periods.months(segments, recipe, teller, until, BEFORE_ALL)
        told["month"] = (found,) if found else ()
    return told

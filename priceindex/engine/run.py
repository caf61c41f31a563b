"""One computation of one family: from inputs to every node's series, without database or clock.

`service.compute` and the offline verifier call the same `run`, so a release and its verification
cannot drift apart.
"""

from collections.abc import Iterable

import numpy as np

from priceindex.calendar import day_number, month_numbers
from priceindex.classification import TREE_LEVELS, Level, Tree, classify
from priceindex.engine.base_period import base_days
from priceindex.engine.cell_prices import CellDays, cell_days
from priceindex.engine.chain import Recipe, Screen, Segment, begin, link, segment
from priceindex.engine.cuts import CUTS, Cut, cut
from priceindex.engine.index_run import IndexRun, Kept
from priceindex.engine.inputs import Inputs, LeftOut
from priceindex.engine.outliers import screen_by
from priceindex.engine.panel import CarryRule, LastQuotes, build_panel
from priceindex.engine.told import LeftOutDays
from priceindex.engine.tree_run import TreeRun, opened_after, recipe_of, tell_all, teller_of
from priceindex.errors import NothingQuoted
from priceindex.families import Family
from priceindex.formulas.relatives import Places
from priceindex.quotes import Cell

__all__ = ["IndexRun", "carry_rule", "quotes_kept_out", "run"]


def run(inputs: Inputs, bundle: bytes | None = None, priced: CellDays | None = None) -> IndexRun:
    """Compute a family from its inputs; `bundle` are their canonical bytes when already at hand.

    `priced` are the cell prices when the quotes were priced elsewhere by the same rule; the quotes may
    then be absent from the inputs.

    Raises `NothingQuoted`, `NothingInBase`, `WeightsMissing`, `WeightsWrong`, `ReviewMissing`,
    `UnclassifiedHerb`.
    """
    family = inputs.family
    quoted = cell_days(inputs) if priced is None else priced
    if not len(quoted.day):
        raise NothingQuoted(family=family.id)
    tree = classify(inputs.cells, inputs.class_of)
    recipe = recipe_of(inputs, tree)
    screen = screen_by(family.outliers, recipe.codes.part_class)
    carry = carry_rule(family, tree)
    segments, kept = _walk(inputs, quoted, recipe, screen, carry)
    main = _tree_run(inputs, tree, recipe, segments, np.arange(len(tree.cells)), None, segments)
    cuts: dict[Level, TreeRun] = {}
    for name in family.cuts:
        found = cut(tree, CUTS[name], inputs.themes)
        if found is not None:
            cuts[found.level] = _cut_run(inputs, tree, found, segments)
    return IndexRun(head=inputs, told_bundle=bundle, main=main, cuts=cuts, kept=kept)


def carry_rule(family: Family, tree: Tree) -> CarryRule:
    """How long quotes stand in: a seasonal herb's never beyond its own month."""
    seasonal = family.seasonal.herbs if family.seasonal.rule != "none" else ()
    return CarryRule(
        family.missing.carry_days,
        np.array([cell.herb in seasonal for cell in tree.cells], dtype=bool),
        family.missing.imputed_links,
    )


def _walk(
    inputs: Inputs, priced: CellDays, recipe: Recipe, screen: Screen | None, carry: CarryRule
) -> tuple[tuple[Segment, ...], Kept]:
    """Chain month after month over the family's own tree."""
    days = np.unique(priced.day)
    base = base_days(inputs.family, days, inputs.base_month)
    months = month_numbers(days)
    ends = np.unique(months[months >= int(months[base].max())])
    last = LastQuotes.none(len(recipe.codes.grade))
    before = np.full(len(recipe.codes.grade), np.nan)
    segments: list[Segment] = []
    start = 0
    for end in ends.tolist():
        stop = int(np.searchsorted(months, end, side="right"))
        part = priced.between(int(days[start]), int(days[stop - 1]))
        panel, last = build_panel(part, carry, last, before)
        standing = (
            link(segments[-1], recipe, tuple(segments)) if segments else begin(panel, base[:stop], recipe)
        )
        segments.append(segment(panel, standing, recipe, screen))
        before = segments[-1].panel.carried[-1]
        start = stop
    return tuple(segments), Kept(last, carry, screen)


def _cut_run(inputs: Inputs, tree: Tree, found: Cut, segments: tuple[Segment, ...]) -> TreeRun:
    """Chain a cut over the prices that counted in the family's own tree."""
    recipe = recipe_of(inputs, found.tree, found, tree.herbs)
    base = base_days(inputs.family, segments[0].panel.days, inputs.base_month)
    made: list[Segment] = []
    for part in segments:
        panel = part.panel.columns(found.columns)
        standing = link(made[-1], recipe, tuple(made)) if made else begin(panel, base, recipe)
        made.append(segment(panel, standing, recipe))
    return _tree_run(inputs, found.tree, recipe, tuple(made), found.columns, found.level, segments)


def _tree_run(
    inputs: Inputs,
    tree: Tree,
    recipe: Recipe,
    segments: tuple[Segment, ...],
    columns: Places,
    level: Level | None,
    screened: tuple[Segment, ...],
) -> TreeRun:
    """Tell all that a tree's segments found."""
    until = day_number(inputs.until)
    opened = opened_after(segments, recipe, until)
    kept_out = quotes_kept_out(inputs, inputs.left_out, screened)
    left_out = LeftOutDays.of(kept_out, tree, level)
    teller = teller_of(inputs.family, recipe, left_out)
    depths = {level: 2} if level else {one: 3 - place for place, one in enumerate(TREE_LEVELS)}
    return TreeRun(
        tree=tree,
        depths=depths,
        columns=columns,
        recipe=recipe,
        segments=segments,
        opened=opened,
        told=tell_all(inputs.family, teller, segments, opened, until),
        left_out=left_out,
    )


def quotes_kept_out(
    inputs: Inputs, left_out: Iterable[LeftOut], screened: Iterable[Segment]
) -> list[tuple[Cell, int]]:
    """Quotes that did not count, as cell and day number: kept out by intake, and as outliers left out."""
    found = [(out.cell, day_number(out.day)) for out in left_out]
    if inputs.family.outliers.effect == "left_out":
        for part in screened:
            rows, columns = np.nonzero(part.marked)
            heard = part.whole.quotes[rows, columns]
            cells = np.repeat(columns, heard).tolist()
            days = np.repeat(part.whole.days[rows], heard).tolist()
            found += [(inputs.cells[cell], day) for cell, day in zip(cells, days, strict=True)]
    return found

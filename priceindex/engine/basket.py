"""The basket over time: what is in at the base, what enters and leaves at a link, when weights are renewed.

Every change happens at a link, by the rules of the family's text and never by hand, and is listed with
the release that first shows it.
"""

import datetime
from dataclasses import dataclass
from typing import Literal

import numpy as np

from priceindex.calendar import day_number, month_of, month_start
from priceindex.classification import Tree
from priceindex.engine import weights as weighing
from priceindex.engine.caps import capped
from priceindex.engine.engine_errors import ReviewMissing
from priceindex.engine.panel import Marks
from priceindex.engine.selection import Review, chosen
from priceindex.engine.weights import WeightSet
from priceindex.errors import WeightsMissing
from priceindex.families import Family
from priceindex.formulas.relatives import Floats, Places

Why = Literal["new_herb", "new_grade", "returned", "silent", "selected", "not_selected"]
_SEASON_MONTHS = 12
"""A seasonal herb may be silent for a year longer: its season comes again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketChange:
    """A grade that entered or left the basket."""

    grade: str
    month: datetime.date
    """First day of the month at whose end it entered or left."""
    entered: bool
    why: Why


@dataclass(frozen=True, slots=True)
class Started:
    """The first basket."""

    weights: Floats
    members: Marks
    weight_set: WeightSet | None = None
    """The set the weights are of; None where they are declared."""


@dataclass(frozen=True, slots=True)
class Turned:
    """The basket after a link."""

    weights: Floats
    members: Marks
    left: Marks
    """Grades that left at this link."""
    changes: tuple[BasketChange, ...]
    weight_set: WeightSet | None = None
    """The set the weights are of; None where they are declared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What a basket is asked about at a link."""

    month: int
    """The month that closes."""
    since: int
    """The month that closed with the link before: what was due after it is due now."""
    weight_set: WeightSet | None
    """The set that is in."""
    weights: Floats
    """The grades' present (price-updated) weights, 0 for those not in."""
    priced: Marks
    """Grades with a reference price, an imputed one too."""
    entering: Marks
    """Grades quoted and priced in the closing month: they may enter."""
    silent: Places
    """Months in a row in which each grade was not quoted."""
    was_in: Marks
    """Grades that were in at any time before."""
    members: Marks
    links: Floats
    """Link value of each grade."""
    history: tuple[tuple[Places, Floats], ...]
    """Days and grade values of every segment so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """The rules of one tree's basket; arrays over its grades unless said otherwise."""

    family: Family
    tree: Tree
    sets: tuple[WeightSet, ...]
    """By effective month; empty under `declared_equal`."""
    reviews: tuple[Review, ...]
    """By month; of the herbs that are in by a share."""
    listed: Places
    """The year in which each grade's herb was put on the list of the tree's theme; 0 where it needs none."""
    weight_keys: tuple[str, ...]
    """The key of each grade in a weight set."""
    herbs: tuple[str, ...]
    """The herbs counted and selected: those of the whole family, also in a cut."""
    herb_of_grade: Places
    """Place of each grade's herb among `herbs`."""
    seasonal: Marks
    """Grades of seasonal herbs."""
    capped: bool = True
    """Whether the caps hold here: they bound shares of the composite, so not in a cut."""

    @property
    def unit(self) -> str:
        """What an entering grade is weighed by: its herb, or its own value."""
        equal = self.family.weights.rule == "declared_equal"
        return self.family.weights.unit if equal else "grade"

    def begin(self, month: int, priced: Marks) -> Started:
        """The basket of the base period that ends in `month`.

        Raises `WeightsMissing`, `WeightsWrong`, `ReviewMissing`.
        """
        members = self._reviewed(month, np.ones(len(self.herbs), dtype=bool))
        used = self.set_for(month)
        declared = self._declared(used)
        entering = np.flatnonzero(priced & self._may_enter(members, month)).tolist()
        first = weighing.admit(np.zeros(len(priced)), declared, entering, self.tree, self.unit)
        return Started(self._cap(first), members, used)

    def turn(self, closing: Closing) -> Turned:
        """The basket after the month `closing` describes."""
        due, used = self._renews(closing), closing.weight_set
        members = closing.members
        if self.family.selection.reviewed == "yearly" and self._anniversary(closing):
            members = self._reviewed(self._newest_anniversary(closing.month), members)
        picked = members[self.herb_of_grade]
        inside = closing.weights > 0
        limit = self.family.chain.leaves_after_months
        patience = limit + np.where(self.seasonal, _SEASON_MONTHS, 0)
        silent = inside & (closing.silent >= patience) if limit else np.zeros(len(inside), dtype=bool)
        left = silent | (inside & ~picked)
        weights = weighing.leave(closing.weights, left, self.tree, self.unit)
        entering = closing.entering & self._may_enter(members, closing.month) & ~inside
        if due:
            used = self.set_for(closing.month)
            weights = self._renewed(used, closing, entering | (inside & ~left))
        elif entering.any():
            weights = weighing.admit(
                weights,
                self._declared(used),
                np.flatnonzero(entering).tolist(),
                self.tree,
                self.unit,
            )
        entered = entering & (weights > 0)
        changes = self._told(closing, entered, left, silent)
        return Turned(weights, members, left, changes, used)

    def _renewed(self, used: WeightSet | None, closing: Closing, inside: Marks) -> Floats:
        """Weights set anew at a link, moved to its prices where the text says so (Lowe: w·I(T)/I(y))."""
        declared = self._declared(used)
        if used is not None and self.family.weights.reference == "price_updated":
            declared = declared * _movement_since(used, closing)
        places = np.flatnonzero(inside).tolist()
        return self._cap(weighing.admit(np.zeros(len(inside)), declared, places, self.tree, self.unit))

    def _newest_anniversary(self, month: int) -> int:
        """The newest month through `month` at whose end weights and herbs are due."""
        return month - (month + 1 - self.family.weights.month) % 12

    def _anniversary(self, closing: Closing) -> bool:
        """Whether such a month ended since the link before: what is due waits for the first link there is."""
        return closing.since < self._newest_anniversary(closing.month)

    def _renews(self, closing: Closing) -> bool:
        """Whether weights are set anew at this link; only with a set that is not in already."""
        if self.family.weights.renewed != "yearly" or not self._anniversary(closing):
            return False
        if not self.sets:
            return self.family.weights.rule == "declared_equal"
        return self.set_for(closing.month) is not closing.weight_set

    def set_for(self, month: int) -> WeightSet | None:
        """The newest set in force at the end of `month`; the first one before any is.

        None where shares are equal: by the text, or before the first set of recorded trades. Nothing
        traded later may weigh an earlier month.
        """
        rule = self.family.weights.rule
        if rule == "declared_equal":
            return None
        in_force = [one for one in self.sets if month_of(one.effective) <= month]
        if rule == "turnover" and not in_force:
            return None
        if not self.sets:
            raise WeightsMissing(family=self.family.id)
        if self.family.weights.renewed == "never":
            return self.sets[0]
        return in_force[-1] if in_force else self.sets[0]

    def _declared(self, used: WeightSet | None) -> Floats:
        if used is None:
            return weighing.declared_equal(self.tree, self.family.weights.unit)
        return weighing.from_set(self.weight_keys, used)

    def _cap(self, weights: Floats) -> Floats:
        herb_cap, class_cap = float(self.family.weights.herb_cap), float(self.family.weights.class_cap)
        if not self.capped or (herb_cap == 1 and class_cap == 1):
            return weights
        return capped(weights, self.tree, herb_cap, class_cap)

    def _reviewed(self, month: int, members: Marks) -> Marks:
        """The herbs in after the review at the end of `month`; `members` where it found nothing."""
        rule = self.family.selection
        if rule.rule == "all":
            return members
        found = next((each for each in self.reviews if month_of(each.effective) == month), None)
        if found is None:
            raise ReviewMissing(family=self.family.id, month=f"{month_start(month):%Y-%m}")
        marks = chosen(rule, found, self.herbs)
        return members if marks is None else marks

    def _may_enter(self, members: Marks, month: int) -> Marks:
        """Grades whose herbs are selected and, from the year after, on the list of the tree's theme."""
        return np.asarray(members[self.herb_of_grade] & (self.listed < month_start(month + 1).year))

    def _told(self, closing: Closing, entered: Marks, left: Marks, silent: Marks) -> tuple[BasketChange, ...]:
        """List what entered and left, each with its reason, by grade."""
        month = month_start(closing.month)
        herbs = np.asarray(self.tree.herb_of_grade, dtype=np.int64)
        known = np.bincount(herbs, weights=closing.weights > 0, minlength=len(self.tree.herbs)) > 0
        newly = ~closing.members[self.herb_of_grade]
        found: list[BasketChange] = []
        for place in np.flatnonzero(entered | left).tolist():
            why: Why
            if left[place]:
                why = "silent" if silent[place] else "not_selected"
            elif newly[place]:
                why = "selected"
            elif closing.was_in[place]:
                why = "returned"
            else:
                why = "new_grade" if known[herbs[place]] else "new_herb"
            found.append(
                BasketChange(grade=self.tree.grades[place], month=month, entered=not left[place], why=why)
            )
        return tuple(found)


def _movement_since(used: WeightSet, closing: Closing) -> Floats:
    """I(T)/I(y) of each grade: its link value over its mean value in the set's reference period.

    1 where the index has no value in that period: it is older than the chain.
    """
    first, last = day_number(used.first), day_number(used.last)
    total, count = np.zeros(len(closing.links)), np.zeros(len(closing.links))
    for days, values in closing.history:
        for row in np.flatnonzero((days >= first) & (days <= last)).tolist():
            known = np.isfinite(values[row])
            total += np.where(known, values[row], 0.0)
            count += known
    mean = total / np.where(count > 0, count, 1.0)
    return np.where(count > 0, closing.links / np.where(count > 0, mean, 1.0), 1.0)

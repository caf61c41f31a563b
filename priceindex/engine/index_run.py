"""What one computation found: every node's series, what changed in the basket, what was withheld."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

import numpy as np

from priceindex.calendar import day_of
from priceindex.classification import COMPOSITE, TREE_LEVELS, Level, Tree
from priceindex.engine.basket import BasketChange
from priceindex.engine.chain import Screen
from priceindex.engine.engine_errors import QuotesElsewhere
from priceindex.engine.inputs import Inputs, QuoteColumns, joined
from priceindex.engine.outliers import OutlierFound, found_in
from priceindex.engine.panel import CarryRule, LastQuotes
from priceindex.engine.told import MINIMA, Told
from priceindex.engine.tree_run import TreeRun
from priceindex.families import Family
from priceindex.formulas.relatives import Places
from priceindex.releases import bundle as bundles
from priceindex.releases.exclusions import Exclusion, exclusions
from priceindex.releases.series import COUNTS, UNPUBLISHED, Frequency, Series


@dataclass(frozen=True, slots=True)
class Kept:
    """What the next day needs: the last quotes, and how they are carried and screened."""

    last: LastQuotes
    carry: CarryRule
    screen: Screen | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """A composite value that is not published, and what it lacked."""

    frequency: Frequency
    day: datetime.date
    code: str
    """`imputed`, or a name of `priceindex.engine.told.MINIMA`."""
    found: int
    """Basis points imputed, or how many there were."""
    needed: int
    """Basis points at most, or how many at least."""


@dataclass(slots=True)
class _Made:
    """What is made once, when somebody asks for it."""

    inputs: Inputs | None = None
    bundle: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRun:
    """Everything one computation found."""

    head: Inputs
    """The inputs, without the quotes of the days this run was extended by."""
    main: TreeRun
    """The family's own tree."""
    cuts: Mapping[Level, TreeRun]
    kept: Kept = field(repr=False)
    tails: tuple[QuoteColumns, ...] = field(default=(), repr=False)
    """The quotes of those days."""
    told_bundle: bytes | None = field(default=None, repr=False)
    _made: _Made = field(default_factory=_Made, repr=False, compare=False)

    @property
    def inputs(self) -> Inputs:
        """Everything the run depends on; put together when first asked for."""
        if not self.tails:
            return self.head
        if self._made.inputs is None:
            self._made.inputs = replace(self.head, quotes=joined([self.head.quotes, *self.tails]))
        return self._made.inputs

    @property
    def family(self) -> Family:
        """The family computed."""
        return self.head.family

    @property
    def tree(self) -> Tree:
        """The family's own tree."""
        return self.main.tree

    @property
    def bundle(self) -> bytes:
        """Canonical bytes of the inputs, made when first asked for; raises `QuotesElsewhere`."""
        if self.told_bundle is not None:
            return self.told_bundle
        if not len(self.inputs.quotes):
            raise QuotesElsewhere
        if self._made.bundle is None:
            self._made.bundle = bundles.encode(self.inputs)
        return self._made.bundle

    @property
    def bundle_sha256(self) -> str:
        """Digest of the inputs, hex."""
        return bundles.digest(self.bundle)

    @property
    def day_numbers(self) -> Places:
        """The index days as day numbers, oldest first."""
        return np.concatenate([part.panel.days for part in self.main.segments])

    @property
    def days(self) -> tuple[datetime.date, ...]:
        """The index days, oldest first."""
        return tuple(day_of(number) for number in self.day_numbers.tolist())

    @property
    def exclusions(self) -> tuple[Exclusion, ...]:
        """How many quotes of the basket were left out, and why; empty when none was."""
        return exclusions(self.head.left_out)

    @property
    def weights_words(self) -> str:
        """The label of the weights in force at the end: `declared_equal`, or rule, source and period."""
        used = self.main.segments[-1].standing.weight_set
        return "declared_equal" if used is None else used.words

    @property
    def changes(self) -> tuple[BasketChange, ...]:
        """All that entered and left the basket, in order of time."""
        parts = [part.standing for part in self.main.segments]
        parts += [self.main.opened] if self.main.opened else []
        return tuple(change for standing in parts for change in standing.changes)

    @property
    def entered(self) -> tuple[BasketChange, ...]:
        """The grades that entered after the base."""
        return tuple(change for change in self.changes if change.entered)

    @property
    def left(self) -> tuple[BasketChange, ...]:
        """The grades that left."""
        return tuple(change for change in self.changes if not change.entered)

    @property
    def outliers(self) -> tuple[OutlierFound, ...]:
        """Every price that was far from the rest of its class, by day and cell."""
        out = self.main.recipe.outliers_left_out
        return tuple(
            found for part in self.main.segments for found in found_in(part, self.tree, left_out=out)
        )

    @property
    def withheld(self) -> tuple[Withheld, ...]:
        """Composite values that are not published, each with its first reason."""
        return tuple(
            one
            for frequency in self.family.values.frequencies
            for told in self.main.told[frequency]
            for one in _withheld(told, frequency, self.family)
        )

    def keys(self, level: Level | str) -> tuple[str, ...]:
        """The nodes of a level, sorted; empty for a cut the family does not have."""
        which = Level(level)
        found = self._tree_of(which)
        return found.keys(which) if found else ()

    def series(self, level: Level | str, node: str, frequency: Frequency = "day") -> Series:
        """The series of one node; raises KeyError for a node the basket does not have."""
        which = Level(level)
        keys = self.keys(which)
        if node not in keys or not self._told(which, frequency):
            raise KeyError(node)
        return self._level(which, frequency, [keys.index(node)])[0]

    def all_series(self) -> list[Series]:
        """Every node's series by frequency; in each the composite first, then by level and key."""
        found: list[Series] = []
        for frequency in self.family.values.frequencies:
            for level in (*TREE_LEVELS, *self.cuts):
                if self._told(level, frequency):
                    found += self._level(level, frequency, range(len(self.keys(level))))
        return found

    def _tree_of(self, level: Level) -> TreeRun | None:
        return self.main if level in TREE_LEVELS else self.cuts.get(level)

    def _told(self, level: Level, frequency: Frequency) -> tuple[Told, ...]:
        found = self._tree_of(level)
        return found.told.get(frequency, ()) if found else ()

    def _level(self, level: Level, frequency: Frequency, places: list[int] | range) -> list[Series]:
        """The series of some nodes of a level: each column cut out of the whole at once."""
        found = self._tree_of(level)
        if found is None:
            return []
        parts, depth, kept = self._told(level, frequency), found.depths[level], self.family.digits.kept
        chosen = np.asarray(places, dtype=np.int64)
        days = np.concatenate([part.days for part in parts])
        units = np.concatenate([part.units[depth][:, chosen] for part in parts]).T.copy()
        counts = {
            name: np.concatenate([part.counts[depth][name][:, chosen] for part in parts]).T.copy()
            for name in COUNTS
        }
        keys, shares = found.keys(level), found.shares(level)
        return [
            Series(
                level=level,
                node=keys[place],
                parent=_parent(found, level, place),
                weight=Decimal(f"{shares[place]:.{kept}f}"),
                frequency=frequency,
                days=days,
                units=units[row],
                kept=kept,
                counts={name: columns[row] for name, columns in counts.items()},
            )
            for row, place in enumerate(chosen.tolist())
        ]


def _parent(found: TreeRun, level: Level, place: int) -> str | None:
    return found.tree.parent(level, place) if level in TREE_LEVELS else COMPOSITE


def _withheld(told: Told, frequency: Frequency, family: Family) -> list[Withheld]:
    """The unpublished values of the composite in some periods."""
    limit = round(float(family.missing.suppress_imputed_over) * 10_000)
    found: list[Withheld] = []
    for row in np.flatnonzero(told.units[-1][:, 0] == UNPUBLISHED).tolist():
        day = day_of(int(told.days[row]))
        lacking = [name for name in MINIMA if told.lacking[name][row] >= 0]
        if not lacking:
            imputed = int(told.counts[-1]["imputed_bp"][row, 0])
            found.append(Withheld(frequency=frequency, day=day, code="imputed", found=imputed, needed=limit))
            continue
        name = lacking[0]
        there, least = int(told.lacking[name][row]), int(getattr(family.minimum, name))
        found.append(Withheld(frequency=frequency, day=day, code=name, found=there, needed=least))
    return found
